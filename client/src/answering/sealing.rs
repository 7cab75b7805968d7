//! Sealed answers: the key, the seal, and the two calls.
//!
//! The key to a seal follows from the account's secret and the task alone. So an inference node
//! that was restarted, or lost its disk, can still open what it sealed.

use crate::{
    chain::Chain,
    error::ClientError,
    keys,
    protocol::{TaskId, PALLET},
    transactions::Included,
};
use poq_mechanism::seal::{seal, AnswerContext, ContextHash, Seal, SealKey};
use subxt::ext::scale_encode::EncodeAsType;
use subxt_signer::{sr25519::Keypair, DeriveJunction};

/// A seal as the call takes it.
#[derive(EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
struct SealArgument {
    commitment: [u8; 32],
    nonce: [u8; 12],
    ciphertext: Vec<u8>,
}

impl Chain {
    /// Answers a task that wants several answers, sealed under a key that [`Chain::reveal_answer`]
    /// makes again. Returns once it is in a block.
    ///
    /// `prompt` is the blake2-256 of the task's prompt.
    pub async fn commit_answer(
        &self,
        signer: &Keypair,
        task: TaskId,
        prompt: [u8; 32],
        answer: &[u8],
    ) -> Result<Included, ClientError> {
        let context = self.answer_context(signer, task, prompt);
        let Seal { commitment, nonce, ciphertext } = seal(&context, &derive_key(signer, &context), answer);
        let seal = SealArgument { commitment, nonce, ciphertext };
        self.call(signer, PALLET, "commit_answer", (task, context.to_bytes(), seal)).await
    }

    /// Publishes the key to the answer that [`Chain::commit_answer`] sealed.
    pub async fn reveal_answer(
        &self,
        signer: &Keypair,
        task: TaskId,
        prompt: [u8; 32],
    ) -> Result<Included, ClientError> {
        let key = derive_key(signer, &self.answer_context(signer, task, prompt));
        self.call(signer, PALLET, "reveal_answer", (task, key.0)).await
    }

    fn answer_context(&self, signer: &Keypair, task: TaskId, prompt: [u8; 32]) -> ContextHash {
        AnswerContext { genesis: self.genesis(), task, account: keys::account(signer).0, prompt }.hash()
    }
}

/// The key that only the account's owner can make, and always makes again.
///
/// Signatures with sr25519 differ each time, so they are no source of a key. Hard derivation gives
/// the same account each time, and nobody without the secret can tell its public key, which is
/// never used otherwise.
fn derive_key(signer: &Keypair, context: &ContextHash) -> SealKey {
    let secret = signer.derive([DeriveJunction::hard(context.key_message())]).public_key();
    SealKey::from_secret(&secret.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use poq_mechanism::seal::open;

    fn context(task: TaskId) -> ContextHash {
        AnswerContext { genesis: [1; 32], task, account: [2u8; 32], prompt: [3; 32] }.hash()
    }

    #[test]
    fn a_key_made_again_opens_the_seal() {
        let context = context(7);
        let sealed = seal(&context, &derive_key(&keys::development("bob").unwrap(), &context), b"Honey.");
        let again = derive_key(&keys::development("bob").unwrap(), &context);
        assert_eq!(open(&context, &sealed, &again).unwrap(), b"Honey.");
    }

    #[test]
    fn other_accounts_and_tasks_have_other_keys() {
        let (bob, eve) = (keys::development("bob").unwrap(), keys::development("eve").unwrap());
        let key = derive_key(&bob, &context(7));
        assert_ne!(derive_key(&eve, &context(7)), key);
        assert_ne!(derive_key(&bob, &context(8)), key);
    }

    #[test]
    fn the_key_stays_what_it_was() {
        // From a version to the next: what was sealed before an update must be opened after it. The
        // secret is also what polkadot.js gives as the public key of `//Bob//0x<key message>`.
        let context = context(7);
        assert_eq!(hex::encode(context.key_message()), KEY_MESSAGE);
        assert_eq!(hex::encode(derive_key(&keys::development("bob").unwrap(), &context).0), KEY);
    }

    const KEY_MESSAGE: &str = "d6b07659fcaf097cbb55406bfb720dd135c4ec009b5ee7fc0501cf50798148ed";
    const KEY: &str = "0e87342e3de8893cc092cd57040d718cec34b56c8cd5247c98fbac0c9fdc5012";
}
