//! Seals: scores that are published before anybody may read them.
//!
//! A seal must *hide* (nobody reads the scores before the key is out) and *bind* (the judge cannot
//! open it to anything else). ChaCha20-Poly1305 hides and protects against change, but an AEAD
//! alone does not bind: one ciphertext can be made to open under two keys. So a seal also carries a
//! hash of its key, and the chain refuses every other key.
//!
//! Everything a seal speaks of (chain, task, seat, account, model, answers) is its [`SealContext`],
//! mixed into key commitment and authenticated data. A seal that is copied to another task, or to
//! other answers, does not open.
//!
//! The key comes from an ed25519 signature over the context, which is deterministic: a judge that
//! lost its database but kept its keystore makes the same key again ([`SealKey::from_secret`]).
//! That signature must never be published.
//!
//! Answers are sealed in the same way where a task has several, as bytes of any length ([`seal`],
//! [`open`]); scores are bytes of a fixed form ([`seal_scores`], [`open_scores`]).

use crate::{wire::ModelDigest, Score};
use alloc::vec::Vec;
use chacha20poly1305::{
    aead::{Aead, KeyInit, Payload},
    ChaCha20Poly1305, Key, Nonce,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_crypto_hashing::blake2_256;

/// Bytes that authenticate the ciphertext (the Poly1305 tag): what a ciphertext has more than what
/// is sealed.
pub const TAG_LEN: usize = 16;
/// Bytes of one score inside a seal: a little-endian `u32` of parts per million.
const SCORE_LEN: usize = 4;

// Domain separators: no hash or signature made for one purpose can serve another.
const DOMAIN_CONTEXT: &[u8] = b"poq/seal/context/1";
const DOMAIN_ANSWER_CONTEXT: &[u8] = b"poq/seal/answer-context/1";
const DOMAIN_SIGNATURE: &[u8] = b"poq/seal/derive-key/1";
const DOMAIN_KEY: &[u8] = b"poq/seal/key/1";
const DOMAIN_COMMITMENT: &[u8] = b"poq/seal/key-commitment/1";
const DOMAIN_ENCRYPTION: &[u8] = b"poq/seal/encryption-key/1";
const DOMAIN_NONCE: &[u8] = b"poq/seal/nonce/1";

/// All that a judge's seal speaks of. Two seals with different contexts never open in each other's
/// place.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SealContext<AccountId> {
    /// Hash of the chain's genesis block.
    pub genesis: [u8; 32],
    /// The task that is judged.
    pub task: u64,
    /// The judge's seat in the task's committee.
    pub seat: u32,
    /// The account that the seat belongs to.
    pub account: AccountId,
    /// The model that the scores come from.
    pub model: ModelDigest,
    /// Hash over the prompt and all answers, in order.
    pub answers: [u8; 32],
}

impl<AccountId: Encode> SealContext<AccountId> {
    /// The 32 bytes that stand for the whole context.
    pub fn hash(&self) -> ContextHash {
        ContextHash((DOMAIN_CONTEXT, self).using_encoded(blake2_256))
    }
}

/// All that the seal of an answer speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct AnswerContext<AccountId> {
    /// Hash of the chain's genesis block.
    pub genesis: [u8; 32],
    /// The task that is answered.
    pub task: u64,
    /// The account that answers.
    pub account: AccountId,
    /// blake2-256 of the prompt: on a fork where the task is another one, the seal is refused
    /// instead of opening there.
    pub prompt: [u8; 32],
}

impl<AccountId: Encode> AnswerContext<AccountId> {
    /// The 32 bytes that stand for the whole context.
    pub fn hash(&self) -> ContextHash {
        ContextHash((DOMAIN_ANSWER_CONTEXT, self).using_encoded(blake2_256))
    }
}

/// The hash of a [`SealContext`] or an [`AnswerContext`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContextHash([u8; 32]);

impl ContextHash {
    /// The hash itself. It is public: a commitment names it, so that it can be refused where the
    /// context is another.
    pub fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// What whoever seals derives a secret from: a judge by signing it, an inference node by hard
    /// derivation with it. Who has that secret can open the seal.
    pub fn key_message(&self) -> [u8; 32] {
        (DOMAIN_SIGNATURE, self.0).using_encoded(blake2_256)
    }
}

/// The 32 bytes that open one seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct SealKey(pub [u8; 32]);

impl SealKey {
    /// The key that follows from a secret, which in turn follows from [`ContextHash::key_message`]:
    /// a judge's signature over it, say.
    ///
    /// The way to the secret must be deterministic (ed25519 signatures are), or who lost its
    /// database cannot open.
    pub fn from_secret(secret: &[u8]) -> Self {
        Self((DOMAIN_KEY, secret).using_encoded(blake2_256))
    }

    /// The public commitment to this key, in this context.
    pub fn commitment(&self, context: &ContextHash) -> [u8; 32] {
        (DOMAIN_COMMITMENT, context.0, self.0).using_encoded(blake2_256)
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        let key = (DOMAIN_ENCRYPTION, self.0).using_encoded(blake2_256);
        ChaCha20Poly1305::new(Key::from_slice(&key))
    }
}

/// Sealed scores, or a sealed answer, as they stand on chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct Seal<Ciphertext> {
    /// Commitment to the key that opens this seal.
    pub commitment: [u8; 32],
    /// The cipher's nonce, derived from the key and what is sealed.
    pub nonce: [u8; 12],
    /// What is sealed, encrypted: [`TAG_LEN`] bytes more; of scores [`sealed_len`].
    pub ciphertext: Ciphertext,
}

/// Length in bytes of the ciphertext that seals `scores` scores.
pub const fn sealed_len(scores: usize) -> usize {
    scores * SCORE_LEN + TAG_LEN
}

/// Why a seal does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// The ciphertext has not the length that the number of scores asks for.
    WrongLength,
    /// The key is not the one that the seal committed to. The true key may still come.
    WrongKey,
    /// The key is the right one and the ciphertext still does not decrypt: whoever made the seal
    /// made it so.
    Unopenable,
    /// It decrypts to something that is not a list of scores between 0 and 1.
    NotScores,
}

/// Seals `plain` under `key` for `context`.
///
/// The nonce follows from key and content, so sealing the same again gives the same seal, and
/// sealing something else (a judge that changed its mind before publishing) does not repeat a nonce
/// under the same key.
pub fn seal(context: &ContextHash, key: &SealKey, plain: &[u8]) -> Seal<Vec<u8>> {
    let digest = (DOMAIN_NONCE, key.0, context.0, plain).using_encoded(blake2_256);
    let mut nonce = [0u8; 12];
    nonce.copy_from_slice(&digest[..12]);
    let payload = Payload { msg: plain, aad: &context.0 };
    // The cipher only refuses messages over 256 GiB; a message that short of memory is never built
    // here.
    let ciphertext = key.cipher().encrypt(Nonce::from_slice(&nonce), payload).unwrap_or_default();
    Seal { commitment: key.commitment(context), nonce, ciphertext }
}

/// Opens `seal`, which must have been made for `context`. Never fails with
/// [`OpenError::WrongLength`] or [`OpenError::NotScores`].
pub fn open<C: AsRef<[u8]>>(context: &ContextHash, seal: &Seal<C>, key: &SealKey) -> Result<Vec<u8>, OpenError> {
    if key.commitment(context) != seal.commitment {
        return Err(OpenError::WrongKey);
    }
    let payload = Payload { msg: seal.ciphertext.as_ref(), aad: &context.0 };
    key.cipher().decrypt(Nonce::from_slice(&seal.nonce), payload).map_err(|_| OpenError::Unopenable)
}

/// Seals `scores` under `key` for `context`, as [`seal`] does.
pub fn seal_scores(context: &ContextHash, key: &SealKey, scores: &[Score]) -> Seal<Vec<u8>> {
    let plain: Vec<u8> = scores.iter().flat_map(|score| score.deconstruct().to_le_bytes()).collect();
    seal(context, key, &plain)
}

/// Opens `seal`, which must hold exactly `scores` scores for `context`.
pub fn open_scores<C: AsRef<[u8]>>(
    context: &ContextHash,
    seal: &Seal<C>,
    key: &SealKey,
    scores: usize,
) -> Result<Vec<Score>, OpenError> {
    if seal.ciphertext.as_ref().len() != sealed_len(scores) {
        return Err(OpenError::WrongLength);
    }
    let plain = open(context, seal, key)?;
    plain
        .chunks_exact(SCORE_LEN)
        .map(|bytes| {
            let parts = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            if parts > 1_000_000 {
                return Err(OpenError::NotScores);
            }
            Ok(Score::from_parts(parts))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn context() -> SealContext<u64> {
        SealContext { genesis: [7; 32], task: 3, seat: 1, account: 42, model: [9; 32], answers: [5; 32] }
    }

    fn scores() -> impl Strategy<Value = Vec<Score>> {
        prop::collection::vec((0u32..=1_000_000).prop_map(Score::from_parts), 0..16)
    }

    proptest! {
        #[test]
        fn a_seal_opens_to_what_was_sealed(scores in scores(), key: [u8; 32]) {
            let (context, key) = (context().hash(), SealKey(key));
            let sealed = seal_scores(&context, &key, &scores);
            prop_assert_eq!(sealed.ciphertext.len(), sealed_len(scores.len()));
            prop_assert_eq!(open_scores(&context, &sealed, &key, scores.len()), Ok(scores));
        }

        #[test]
        fn sealing_twice_gives_the_same_seal(scores in scores(), key: [u8; 32]) {
            let (context, key) = (context().hash(), SealKey(key));
            prop_assert_eq!(seal_scores(&context, &key, &scores), seal_scores(&context, &key, &scores));
        }

        #[test]
        fn other_scores_never_reuse_a_nonce(a in scores(), b in scores(), key: [u8; 32]) {
            prop_assume!(a != b);
            let (context, key) = (context().hash(), SealKey(key));
            prop_assert_ne!(seal_scores(&context, &key, &a).nonce, seal_scores(&context, &key, &b).nonce);
        }

        #[test]
        fn any_changed_bit_fails(scores in scores(), key: [u8; 32], bit: prop::sample::Index) {
            let (context, key) = (context().hash(), SealKey(key));
            let mut sealed = seal_scores(&context, &key, &scores);
            let bits = (32 + 12 + sealed.ciphertext.len()) * 8;
            let bit = bit.index(bits);
            let (byte, mask) = (bit / 8, 1u8 << (bit % 8));
            match byte {
                0..=31 => sealed.commitment[byte] ^= mask,
                32..=43 => sealed.nonce[byte - 32] ^= mask,
                _ => sealed.ciphertext[byte - 44] ^= mask,
            }
            let expected = if byte < 32 { OpenError::WrongKey } else { OpenError::Unopenable };
            prop_assert_eq!(open_scores(&context, &sealed, &key, scores.len()), Err(expected));
        }

        #[test]
        fn another_key_fails(scores in scores(), key: [u8; 32], other: [u8; 32]) {
            prop_assume!(key != other);
            let context = context().hash();
            let sealed = seal_scores(&context, &SealKey(key), &scores);
            prop_assert_eq!(open_scores(&context, &sealed, &SealKey(other), scores.len()), Err(OpenError::WrongKey));
        }

        #[test]
        fn another_context_fails(scores in scores(), key: [u8; 32], field in 0usize..6) {
            let key = SealKey(key);
            let sealed = seal_scores(&context().hash(), &key, &scores);
            let mut other = context();
            match field {
                0 => other.genesis[0] ^= 1,
                1 => other.task += 1,
                2 => other.seat += 1,
                3 => other.account += 1,
                4 => other.model[31] ^= 1,
                _ => other.answers[16] ^= 1,
            }
            prop_assert_eq!(open_scores(&other.hash(), &sealed, &key, scores.len()), Err(OpenError::WrongKey));

            // Even one who copies the commitment over cannot make the ciphertext speak of another
            // context.
            let moved = Seal { commitment: key.commitment(&other.hash()), ..sealed };
            prop_assert_eq!(open_scores(&other.hash(), &moved, &key, scores.len()), Err(OpenError::Unopenable));
        }

        #[test]
        fn another_number_of_scores_fails(scores in scores(), more in 1usize..4) {
            let (context, key) = (context().hash(), SealKey([1; 32]));
            let sealed = seal_scores(&context, &key, &scores);
            prop_assert_eq!(open_scores(&context, &sealed, &key, scores.len() + more), Err(OpenError::WrongLength));
        }
    }

    fn answer_context() -> AnswerContext<u64> {
        AnswerContext { genesis: [7; 32], task: 3, account: 42, prompt: [5; 32] }
    }

    proptest! {
        #[test]
        fn a_sealed_answer_opens_to_its_bytes(answer: Vec<u8>, key: [u8; 32]) {
            let (context, key) = (answer_context().hash(), SealKey(key));
            let sealed = seal(&context, &key, &answer);
            prop_assert_eq!(sealed.ciphertext.len(), answer.len() + TAG_LEN);
            prop_assert_eq!(open(&context, &sealed, &key), Ok(answer));
        }

        #[test]
        fn an_answer_does_not_open_for_another_author_task_prompt_or_chain(answer: Vec<u8>, key: [u8; 32], field in 0usize..4) {
            let key = SealKey(key);
            let sealed = seal(&answer_context().hash(), &key, &answer);
            let mut other = answer_context();
            match field {
                0 => other.genesis[0] ^= 1,
                1 => other.task += 1,
                2 => other.account += 1,
                _ => other.prompt[31] ^= 1,
            }
            prop_assert_eq!(open(&other.hash(), &sealed, &key), Err(OpenError::WrongKey));
            // Who copies the ciphertext with a commitment of its own has sealed nothing.
            let copied = Seal { commitment: key.commitment(&other.hash()), ..sealed };
            prop_assert_eq!(open(&other.hash(), &copied, &key), Err(OpenError::Unopenable));
        }

        #[test]
        fn any_bytes_in_place_of_a_ciphertext_are_an_error(ciphertext: Vec<u8>, nonce: [u8; 12], key: [u8; 32]) {
            let (context, key) = (answer_context().hash(), SealKey(key));
            let sealed = Seal { commitment: key.commitment(&context), nonce, ciphertext };
            prop_assert_eq!(open(&context, &sealed, &key), Err(OpenError::Unopenable));
        }
    }

    #[test]
    fn a_seal_of_scores_is_none_of_an_answer() {
        // Even where all fields encode alike, the two contexts differ by their domain.
        let answer = AnswerContext { genesis: [7; 32], task: 3, account: (1u32, 42u64, [9u8; 32]), prompt: [5; 32] };
        let scores =
            SealContext { genesis: [7; 32], task: 3, seat: 1, account: 42u64, model: [9; 32], answers: [5; 32] };
        assert_eq!(answer.encode(), scores.encode());
        assert_ne!(answer.hash(), scores.hash());
    }

    #[test]
    fn a_sealed_number_over_one_is_no_score() {
        let (context, key) = (context().hash(), SealKey([1; 32]));
        let payload = Payload { msg: &1_000_001u32.to_le_bytes()[..], aad: &context.0 };
        let ciphertext = key.cipher().encrypt(Nonce::from_slice(&[0; 12]), payload).unwrap();
        let sealed = Seal { commitment: key.commitment(&context), nonce: [0; 12], ciphertext };
        assert_eq!(open_scores(&context, &sealed, &key, 1), Err(OpenError::NotScores));
    }

    #[test]
    fn the_key_message_differs_from_the_context_hash() {
        // The signature over the key message is secret; nothing else signed by the judge may equal
        // it.
        let hash = context().hash();
        assert_ne!(hash.key_message(), hash.0);
    }
}
