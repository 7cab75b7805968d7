//! The judge: how well does this answer fit this prompt?
//!
//! A [`Scorer`] loads a Hugging Face cross-encoder from a folder (`model.onnx`, `tokenizer.json`,
//! `config.json` and a small `manifest.json` that pins them) and turns a prompt and an answer, any
//! bytes, into a score between 0 and 1 or into a refusal. [`server`] puts a judge behind HTTP on
//! loopback, with a bounded queue in front of it.
//!
//! Nothing here knows of chains: a program asks over HTTP, or embeds the judge, and does with the
//! score what it wants (the callers we have in mind are a validator's off-chain worker, and the
//! node that runs it).
//!
//! ```no_run
//! let judge = ocw_scorer::Scorer::load("models/minilm-l6-judge".as_ref())?;
//! let judgement = judge.judge(b"What is the capital of France?", b"Paris.")?;
//! println!("{:?} by {}", judgement.verdict.score(), hex::encode(judge.digest()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![deny(missing_docs)]
// Allowed in `kernels/*_avx512.rs` alone.
#![deny(unsafe_code)]

pub mod bearer;
pub mod body;
pub mod error;
pub mod fetch;
pub mod folder;
mod graph;
pub mod guards;
pub mod health;
mod kernels;
pub mod manifest;
pub mod measure;
pub mod metrics;
pub mod model;
pub mod normal;
pub mod queue;
pub mod scorer;
pub mod scorers;
pub mod server;
pub mod text;
pub mod tokenizer;
mod verdicts;
pub mod windows;

mod panics;

// Compiles the example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use error::{LoadError, ScorerError};
pub use manifest::Manifest;
pub use poq_mechanism::wire::ModelDigest;
pub use scorer::{Judgement, Scorer};
pub use scorers::Scorers;
