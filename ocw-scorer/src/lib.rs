//! The judge: how well does this answer fit this prompt?
//!
//! A [`Scorer`] loads a Hugging Face cross-encoder from a folder (`model.onnx`, `tokenizer.json`,
//! `config.json` and a small `manifest.json` that pins them) and turns a prompt and an answer, any
//! bytes, into a score between 0 and 1 or into a refusal. [`http`] puts a scorer behind HTTP on
//! loopback, with a bounded queue in front of it.
//!
//! Nothing here knows of chains: a program asks over HTTP, or embeds the judge, and does with the
//! score what it wants (the callers we have in mind are a validator's off-chain worker, and the
//! node that runs it).
//!
//! ```no_run
//! let judge = ocw_scorer::Scorer::load("models/mpnet-judge".as_ref())?;
//! let judgement = judge.judge(b"What is the capital of France?", b"Paris.")?;
//! println!("{:?} by {}", judgement.verdict.score(), hex::encode(judge.digest()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![deny(missing_docs)]

mod error;
pub mod http;
mod measure;
mod model;
mod panics;
mod scorer;
mod scorers;
mod text;

// Compiles the example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use error::{Cause, LoadError, ScorerError};
pub use model::{
    fetch,
    manifest::{self, Manifest},
};
pub use poq_wire::ModelDigest;
pub use scorer::{Judgement, Scorer};
pub use scorers::{Scorers, ScorersError};

/// What the command line, the tests, the benches and the fuzz targets of this package need beyond
/// its public surface. It may change with every version.
#[doc(hidden)]
pub mod internal {
    pub use crate::{
        http::{
            body::{Form, JsonVerdict, MAX_ANSWERS},
            queue::{Queue, QueueError, Work},
        },
        measure::{prose, resident_memory},
        model::network::{Model, Output},
        text::{
            bytes::Text,
            guards,
            normal::{normal, Side},
            tokenizer::Pair,
        },
    };
}
