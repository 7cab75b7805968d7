//! Accounts of the second chain with their keys: the development accounts that everybody knows.

use second_runtime::{genesis::ACCOUNTS, AccountId, Signature};
use sp_core::{ecdsa, hex2array, Pair as _};
use sp_crypto_hashing::keccak_256;

/// The owner of an account.
pub struct Owner {
    account: AccountId,
    pair: ecdsa::Pair,
}

impl Owner {
    /// The second of the evaluators.
    pub fn baltathar() -> Self {
        let secret = hex2array!("8075991ce870b93a8870eca0c0f91913d12f47948ca0fd25b49c6fa7cdbeee8b");
        Self { account: ACCOUNTS[1], pair: ecdsa::Pair::from_seed(&secret) }
    }

    /// Dorothy, Ethan and Faith, who have money and no role.
    pub fn without_role() -> [Self; 3] {
        let secrets = [
            hex2array!("39539ab1876910bbf3a223d84a29e28f1cb4e2e456503e7e91ed39b2e7223d68"),
            hex2array!("7dce9bc8babb68fec1409be38c8e1a52650206a7ed90ff956ae8a6d15eeaaef4"),
            hex2array!("b9d2ea9a615f3165812e8d44de0d24da9bbd164b65c4f0573e1ce2c8dbd9c8df"),
        ];
        let mut accounts = ACCOUNTS.into_iter().skip(3);
        secrets.map(|secret| Self {
            account: accounts.next().expect("three accounts have no role"),
            pair: ecdsa::Pair::from_seed(&secret),
        })
    }

    pub fn account(&self) -> AccountId {
        self.account
    }

    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.pair.sign_prehashed(&keccak_256(message)))
    }
}
