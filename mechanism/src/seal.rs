//! Seals: scores and answers that are published before anyone can read them.
//!
//! A seal must *hide*: the scores cannot be read before the key is published. It must also *bind*:
//! its maker cannot open it to anything else. ChaCha20-Poly1305 hides, and protects against
//! changes, but an AEAD alone does not bind. One ciphertext can be made to open under two keys. So
//! a seal also carries a hash of its key, and the chain refuses every other key.
//!
//! What a seal is made for (chain, task, seat, account, model, answers) is its [`SealContext`]. The
//! context is part of the key commitment and of the authenticated data. So a seal that is copied to
//! another task, or to other answers, does not open.
//!
//! The key comes from an ed25519 signature over the context, and that signature is deterministic.
//! So an evaluator that lost its database but kept its keystore derives the same key again
//! ([`SealKey::from_secret`]). The signature must never be published.
//!
//! Answers are sealed in the same way if a task has several answer slots. Answers are bytes of any
//! length ([`seal`], [`open`]), and scores are bytes of a fixed form ([`seal_scores`],
//! [`open_scores`]).

use crate::Score;
use alloc::vec::Vec;
use chacha20poly1305::{
    aead::{Aead, KeyInit, Payload},
    ChaCha20Poly1305, Key, Nonce,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use poq_wire::ModelDigest;
use scale_info::TypeInfo;
use sp_crypto_hashing::blake2_256;

/// The length in bytes of the Poly1305 tag, which authenticates the ciphertext. A ciphertext is
/// longer by this than what is sealed.
pub const TAG_LEN: usize = 16;
/// The length in bytes of one score inside a seal: a little-endian `u32`, in ppm.
const SCORE_LEN: usize = 4;

// Domain separators: a hash or signature made for one purpose cannot serve another.
const DOMAIN_CONTEXT: &[u8] = b"poq/seal/context/1";
const DOMAIN_ANSWER_CONTEXT: &[u8] = b"poq/seal/answer-context/1";
const DOMAIN_SIGNATURE: &[u8] = b"poq/seal/derive-key/1";
const DOMAIN_KEY: &[u8] = b"poq/seal/key/1";
const DOMAIN_COMMITMENT: &[u8] = b"poq/seal/key-commitment/1";
const DOMAIN_ENCRYPTION: &[u8] = b"poq/seal/encryption-key/1";
const DOMAIN_NONCE: &[u8] = b"poq/seal/nonce/1";

/// What the seal of an evaluator's scores is made for. A seal never opens in another context than
/// its own.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SealContext<AccountId> {
    /// The hash of the chain's genesis block.
    pub genesis: [u8; 32],
    /// The task whose answers are scored.
    pub task: u64,
    /// The evaluator's seat in the committee of the task.
    pub seat: u32,
    /// The account that the seat belongs to.
    pub account: AccountId,
    /// The model that the scores come from.
    pub model: ModelDigest,
    /// The hash over the prompt and all answers, in order.
    pub answers: [u8; 32],
}

impl<AccountId: Encode> SealContext<AccountId> {
    /// The hash that stands for the whole context.
    pub fn hash(&self) -> ContextHash {
        ContextHash((DOMAIN_CONTEXT, self).using_encoded(blake2_256))
    }
}

/// What the seal of an answer is made for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct AnswerContext<AccountId> {
    /// The hash of the chain's genesis block.
    pub genesis: [u8; 32],
    /// The task that is answered.
    pub task: u64,
    /// The account of the author.
    pub account: AccountId,
    /// The blake2-256 hash of the prompt. On a fork where the task has another prompt, the chain
    /// refuses the seal instead of taking one that cannot open.
    pub prompt: [u8; 32],
}

impl<AccountId: Encode> AnswerContext<AccountId> {
    /// The hash that stands for the whole context.
    pub fn hash(&self) -> ContextHash {
        ContextHash((DOMAIN_ANSWER_CONTEXT, self).using_encoded(blake2_256))
    }
}

/// The hash of a [`SealContext`] or an [`AnswerContext`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContextHash([u8; 32]);

impl ContextHash {
    /// The hash itself. It is public: a commit carries it, so that the chain can refuse the commit
    /// where the context is another one.
    pub fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// The message from which the maker of a seal derives a secret. An evaluator signs it, and an
    /// inference node uses it for a hard derivation. Anyone with that secret can open the seal.
    pub fn key_message(&self) -> [u8; 32] {
        (DOMAIN_SIGNATURE, self.0).using_encoded(blake2_256)
    }
}

/// The 32 bytes that open one seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct SealKey(pub [u8; 32]);

impl SealKey {
    /// The key that follows from a secret, such as an evaluator's signature over
    /// [`ContextHash::key_message`].
    ///
    /// The way to the secret must be deterministic, as ed25519 signatures are. Otherwise a
    /// participant that lost its database cannot reveal.
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

/// Sealed scores, or a sealed answer, as the chain stores them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct Seal<Ciphertext> {
    /// The commitment to the key that opens this seal.
    pub commitment: [u8; 32],
    /// The nonce of the cipher, derived from the key and from what is sealed.
    pub nonce: [u8; 12],
    /// What is sealed, encrypted. It is 16 bytes longer than the plain text, in which a score has 4
    /// bytes.
    pub ciphertext: Ciphertext,
}

/// The length in bytes of the ciphertext of `scores` scores.
pub const fn sealed_len(scores: usize) -> usize {
    scores * SCORE_LEN + TAG_LEN
}

/// Why a seal does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// The length of the ciphertext does not fit the number of scores.
    WrongLength,
    /// The key is not the one that the seal commits to. The right key may still come.
    WrongKey,
    /// The key is the right one, but the ciphertext does not decrypt. The maker of the seal made it
    /// so.
    Unopenable,
    /// The plain text is not a list of scores from 0 to 1.
    NotScores,
}

/// Seals `plain` under `key` for `context`.
///
/// The nonce follows from key and content, so sealing the same content again gives the same seal.
/// Other content never repeats a nonce under the same key, such as that of an evaluator that
/// changed its scores before it published them.
pub fn seal(context: &ContextHash, key: &SealKey, plain: &[u8]) -> Seal<Vec<u8>> {
    let digest = (DOMAIN_NONCE, key.0, context.0, plain).using_encoded(blake2_256);
    let mut nonce = [0u8; 12];
    nonce.copy_from_slice(&digest[..12]);
    let payload = Payload { msg: plain, aad: &context.0 };
    // The cipher only refuses messages over 256 GiB. No machine here has the memory to build one.
    let ciphertext = key.cipher().encrypt(Nonce::from_slice(&nonce), payload).unwrap_or_default();
    Seal { commitment: key.commitment(context), nonce, ciphertext }
}

/// Opens `seal`, which must have been made for `context`, and returns the plain text.
///
/// # Errors
///
/// - [`OpenError::WrongKey`]: `key` is not the one that the seal commits to.
/// - [`OpenError::Unopenable`]: the ciphertext does not decrypt with the right key.
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
///
/// # Errors
///
/// - [`OpenError::WrongLength`]: the ciphertext does not fit this number of scores.
/// - [`OpenError::WrongKey`]: `key` is not the one that the seal commits to.
/// - [`OpenError::Unopenable`]: the ciphertext does not decrypt with the right key.
/// - [`OpenError::NotScores`]: the plain text is not a list of scores from 0 to 1.
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
            let ppm = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            if ppm > 1_000_000 {
                return Err(OpenError::NotScores);
            }
            Ok(Score::from_parts(ppm))
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

            // Even with a new commitment the ciphertext does not open in another context.
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
            // A copy of the ciphertext with a new commitment seals nothing.
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
        // The signature over the key message is secret, so it must differ from all else that the
        // evaluator signs.
        let hash = context().hash();
        assert_ne!(hash.key_message(), hash.0);
    }
}
