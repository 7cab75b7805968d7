//! What the off-chain worker and the scorer say to each other.
//!
//! `POST /v1/score` with `Content-Type: application/octet-stream` takes a SCALE-encoded
//! [`ScoreRequest`]; status 200 carries a SCALE-encoded [`ScoreResponse`], every other status a
//! SCALE-encoded [`ScoreError`]. Both sides take the types from here, so neither needs to know the
//! other. What a score is stands here as well: [`Score`], and the step to which it is rounded.
//!
//! ```
//! use codec::{Decode, Encode};
//! use poq_wire::{ScoreRequest, WIRE_VERSION};
//!
//! let request = ScoreRequest {
//!     version: WIRE_VERSION,
//!     model: [7; 32],
//!     prompt: b"What is the capital of France?".to_vec(),
//!     answers: vec![b"Paris.".to_vec()],
//! };
//! assert_eq!(ScoreRequest::decode(&mut &*request.encode()), Ok(request));
//! ```

#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs)]

extern crate alloc;

use alloc::{string::String, vec::Vec};
use codec::{Decode, Encode};

/// A quality from 0 (worthless) to 1 (perfect), in ppm.
pub type Score = sp_arithmetic::Permill;

/// The step to which evaluators round their scores, in ppm.
///
/// Two honest evaluators with the same model on different processors add floats in another order.
/// That moves a score by a few ppm (`docs/benchmarks.md`). After rounding most of their scores are
/// equal. A score near the edge of a step may differ by one step. Rules that compare scores must
/// treat such a difference as none.
pub const SCORE_STEP: u32 = 100;

/// The path of the scoring endpoint, below the scorer's base URL.
pub const SCORE_PATH: &str = "/v1/score";

/// The `Content-Type` of SCALE bodies.
pub const SCALE_CONTENT_TYPE: &str = "application/octet-stream";

/// The version this crate writes; a reader refuses every other one.
pub const WIRE_VERSION: u8 = 1;

/// The sha256 of a model's `manifest.json`, which in turn pins every file of the model.
pub type ModelDigest = [u8; 32];

/// One prompt and all its answers, to be judged by one model.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ScoreRequest {
    /// [`WIRE_VERSION`].
    pub version: u8,
    /// The model the scores must come from.
    pub model: ModelDigest,
    /// The prompt, any bytes.
    pub prompt: Vec<u8>,
    /// The answers, any bytes each, in the order in which scores are wanted.
    pub answers: Vec<Vec<u8>>,
}

/// One verdict for each answer of the request, in the same order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ScoreResponse {
    /// The model that judged; equal to the one asked for.
    pub model: ModelDigest,
    /// One entry for each answer.
    pub verdicts: Vec<Verdict>,
}

/// What the judge says of one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Verdict {
    /// The model judged it.
    Judged(Score),
    /// The answer cannot be judged; it is worth [`Score::zero`].
    Refused(Refusal),
}

impl Verdict {
    /// The score that enters the consensus: a refused answer is worth nothing.
    pub fn score(&self) -> Score {
        match self {
            Self::Judged(score) => *score,
            Self::Refused(_) => Score::zero(),
        }
    }
}

/// Why an answer was refused rather than judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Refusal {
    /// Nothing in it: no bytes, or only white space, control characters and punctuation.
    Empty,
    /// The prompt, or most of it, word for word.
    Echo,
    /// The same few words over and over.
    Repetition,
    /// Mostly characters that are no text.
    // Index 3 was a guard that is gone; runtimes that chains run now know this one as index 4.
    #[codec(index = 4)]
    Noise,
}

/// Why a request got no scores at all.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum ScoreError {
    /// The body could not be read as a request of this version (status 400).
    Malformed(String),
    /// This scorer does not run that model (status 409).
    WrongModel {
        /// What it runs; the first one, if it runs several.
        running: ModelDigest,
    },
    /// The body or the number of answers is over the scorer's limit (status 413).
    TooLarge {
        /// The limit, in bytes or in answers, as `what` says.
        limit: u64,
        /// `"bytes"` or `"answers"`.
        what: String,
    },
    /// The queue is full; ask again on the next block (status 429).
    Busy,
    /// Not done before the deadline (status 503).
    DeadlineExceeded,
    /// The model failed on this input (status 500).
    Internal(String),
}
