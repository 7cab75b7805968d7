//! The evaluator key: ed25519 under the key type `poqe`, kept in the node's keystore.
//!
//! It must be ed25519, because seal keys are derived from its signatures. Only a deterministic
//! signature can be made again after a database is lost.

use codec::Encode;
use scale_info::prelude::vec::Vec;
use sp_core::crypto::KeyTypeId;

/// The keystore's name for evaluator keys.
pub const KEY_TYPE: KeyTypeId = KeyTypeId(*b"poqe");

mod app {
    use sp_core::ed25519;
    sp_application_crypto::app_crypto!(ed25519, super::KEY_TYPE);
}

/// The public key of an evaluator.
pub type EvaluatorId = app::Public;
/// A signature by an evaluator key.
pub type EvaluatorSignature = app::Signature;

/// What a key signs when it is registered for `account`. The signature proves that the account's
/// owner also holds the key.
pub fn registration_message<AccountId: Encode, Hash: Encode>(genesis: &Hash, account: &AccountId) -> Vec<u8> {
    (b"poq/evaluator-key/1", genesis, account).encode()
}

/// What a key signs to authorize a batch of sealed scores.
pub fn commit_message<Hash: Encode, BlockNumber: Encode, Batch: Encode>(
    genesis: &Hash,
    key: &EvaluatorId,
    sent_after: &BlockNumber,
    batch: &Batch,
) -> Vec<u8> {
    batch_message(b"poq/commit/1", genesis, key, sent_after, batch)
}

/// What a key signs to authorize a batch of reveals. Without it, a third party could cut a batch
/// that it saw into parts. Each part would then replace the whole batch in the pools.
pub fn reveal_message<Hash: Encode, BlockNumber: Encode, Batch: Encode>(
    genesis: &Hash,
    key: &EvaluatorId,
    sent_after: &BlockNumber,
    batch: &Batch,
) -> Vec<u8> {
    batch_message(b"poq/reveal/1", genesis, key, sent_after, batch)
}

fn batch_message<Hash: Encode, BlockNumber: Encode, Batch: Encode>(
    label: &[u8; 12],
    genesis: &Hash,
    key: &EvaluatorId,
    sent_after: &BlockNumber,
    batch: &Batch,
) -> Vec<u8> {
    (label, genesis, key, sent_after, batch).encode()
}
