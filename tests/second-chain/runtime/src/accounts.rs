//! Accounts that are Ethereum addresses, and the signatures of their owners.

use codec::{Decode, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;
use sp_core::{ecdsa, H160};
use sp_crypto_hashing::keccak_256;
use sp_runtime::traits::{IdentifyAccount, Lazy, Verify};

/// An ECDSA signature over the Keccak hash of a message.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Signature(pub ecdsa::Signature);

/// Who signs: its address is all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Signer(pub H160);

impl IdentifyAccount for Signer {
    type AccountId = H160;

    fn into_account(self) -> H160 {
        self.0
    }
}

impl Verify for Signature {
    type Signer = Signer;

    fn verify<L: Lazy<[u8]>>(&self, mut message: L, signer: &H160) -> bool {
        sp_io::crypto::secp256k1_ecdsa_recover(self.0.as_ref(), &keccak_256(message.get()))
            .is_ok_and(|public| H160::from_slice(&keccak_256(&public)[12..]) == *signer)
    }
}
