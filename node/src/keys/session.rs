//! `poq-node session-keys`: new keys to make blocks with, in the node's keystore, and the proof
//! that `session.setKeys` asks for.
//!
//! The RPC `author_rotateKeysWithOwner` does the same inside a running node. Everybody who reaches
//! that method can change the node's keys, so a node refuses it by default.

use codec::Encode as _;
use poq_runtime::{AccountId, SessionKeys};
use sc_cli::{KeystoreParams, OutputType, OutputTypeFlag, SharedParams, SubstrateCli};
use sp_core::crypto::key_types::{BABE, GRANDPA};
use sp_keystore::{KeystoreExt, KeystorePtr};
use sp_state_machine::BasicExternalities;

use super::keystore::{hexadecimal, KeystoreError, OpenKeystore};

/// Create new session keys in the keystore of this node and print what registers them on the chain.
///
/// A running node finds them by itself. The old ones stay; they are used until the session after
/// the next.
#[derive(Clone, Debug, clap::Parser)]
pub struct SessionKeysCmd {
    /// The account that will register the keys, as an SS58 address.
    #[arg(long, value_name = "SS58")]
    account: AccountId,

    #[clap(flatten)]
    output: OutputTypeFlag,

    #[clap(flatten)]
    shared_params: SharedParams,

    #[clap(flatten)]
    keystore_params: KeystoreParams,
}

impl SessionKeysCmd {
    /// Runs the command.
    pub fn run<C: SubstrateCli>(&self, cli: &C) -> Result<(), KeystoreError> {
        let OpenKeystore { keystore, .. } = OpenKeystore::of_node(cli, &self.shared_params, &self.keystore_params)?;
        let (keys, proof) = generate(keystore.into(), &self.account)?;
        let (keys, proof) = (hexadecimal(&keys), hexadecimal(&proof));
        match self.output.output_type {
            OutputType::Json => println!("{:#}", serde_json::json!({ "keys": keys, "proof": proof })),
            OutputType::Text => {
                println!("Keys:  {keys}");
                println!("Proof: {proof}");
                println!();
                println!("Register them from {} with a wallet: session.setKeys(keys, proof)", self.account);
            }
        }
        Ok(())
    }
}

/// Makes the keys, and has each of them sign for the account.
fn generate(keystore: KeystorePtr, owner: &AccountId) -> Result<(Vec<u8>, Vec<u8>), KeystoreError> {
    let mut keys = SessionKeys {
        babe: keystore.sr25519_generate_new(BABE, None)?.into(),
        grandpa: keystore.ed25519_generate_new(GRANDPA, None)?.into(),
    };
    // The proof is made by the runtime's own code, which sees nothing of a chain but the keystore.
    let mut externalities = BasicExternalities::default();
    externalities.register_extension(KeystoreExt(keystore));
    let proof = externalities
        .execute_with(|| keys.create_ownership_proof(&owner.encode()))
        .map_err(|()| sp_keystore::Error::Unavailable)?;
    Ok((keys.encode(), proof.encode()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::Decode as _;
    use sc_keystore::LocalKeystore;
    use sp_keyring::Sr25519Keyring::{Alice, Bob};
    use sp_runtime::traits::OpaqueKeys as _;

    #[test]
    fn they_are_new_and_belong_to_their_owner_alone() {
        let keystore: KeystorePtr = LocalKeystore::in_memory().into();
        let (first, proof) = generate(keystore.clone(), &Alice.to_account_id()).expect("keys are made");
        let (second, _) = generate(keystore.clone(), &Alice.to_account_id()).expect("keys are made");
        assert_ne!(first, second);
        assert_eq!(keystore.sr25519_public_keys(BABE).len(), 2);
        assert_eq!(keystore.ed25519_public_keys(GRANDPA).len(), 2);
        let keys = SessionKeys::decode(&mut &first[..]).expect("they are the runtime's");
        assert!(keys.ownership_proof_is_valid(&Alice.to_account_id().encode(), &proof));
        assert!(!keys.ownership_proof_is_valid(&Bob.to_account_id().encode(), &proof));
    }
}
