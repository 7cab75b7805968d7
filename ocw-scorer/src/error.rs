//! What can go wrong when a model is loaded or asked, in sentences that say what to do next.

use std::{error::Error, path::PathBuf};

/// The error of a library that we use, or a sentence of our own.
pub type Cause = Box<dyn Error + Send + Sync>;

/// Why a model folder could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The folder, or a file in it, is missing or cannot be read.
    #[error("cannot read {path}: {error}; point --model at a folder with manifest.json, model.onnx, tokenizer.json and config.json")]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        error: std::io::Error,
    },
    /// `manifest.json` is not the JSON we expect.
    #[error("manifest.json is not valid: {0}; see ocw-scorer/README.md for the fields it needs")]
    Manifest(#[source] Cause),
    /// `manifest.json` is of a later or unknown format.
    #[error("manifest.json has format {found}, this program reads format {known}; update the program or take an older model")]
    Format {
        /// The format of the file.
        found: u64,
        /// The format we read.
        known: u64,
    },
    /// The calibration is not a non-decreasing line from 0 to 1.
    #[error("the calibration in manifest.json is not usable: {0}; give points [x, y] with x strictly rising from 0 to 1 and y not falling, both within 0 and 1")]
    Calibration(String),
    /// A name in the manifest is not the plain name of a file in the folder.
    #[error("manifest.json lists the file {0:?}, which is not a plain file name; list only files that lie in the model folder itself")]
    FileName(String),
    /// A file that every model needs is not in the manifest.
    #[error("manifest.json does not list {0}; add it under \"files\" with its sha256")]
    NotListed(&'static str),
    /// A file is not the one that the manifest pins.
    #[error("{file} has sha256 {found}, but manifest.json pins {pinned}; the file is damaged or of another model, copy the folder again")]
    Hash {
        /// The name of the file.
        file: String,
        /// What the manifest says.
        pinned: String,
        /// What the file is.
        found: String,
    },
    /// `config.json` cannot be used.
    #[error("config.json is not usable: {0}; take the one that came with the model")]
    Config(#[source] Cause),
    /// `tokenizer.json` cannot be used.
    #[error("tokenizer.json is not usable: {0}; take the one that came with the model (the fast tokenizer's file)")]
    Tokenizer(#[source] Cause),
    /// The label in the manifest is not one of the model's.
    #[error("the label in manifest.json is not usable: {0}; give \"label\" (or `ocw-scorer fetch --label`) one of the names in config.json, and leave it out where there is one output")]
    Label(String),
    /// `model.onnx` cannot be used.
    #[error("model.onnx is not usable: {}; export a cross-encoder or a bi-encoder whose inputs are input_ids, attention_mask and token_type_ids (or some of them)", chain(&**.0))]
    Model(#[source] Cause),
}

/// Why an answer got neither a score nor a refusal. The fault is the model's or ours, never the
/// caller's.
///
/// Causes are texts here, because requests for the same answer share one outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScorerError {
    /// The tokenizer failed.
    #[error("the tokenizer failed: {0}; check the model folder with `ocw-scorer inspect`")]
    Tokenizer(String),
    /// The model failed.
    #[error("the model failed: {0}; check the model folder with `ocw-scorer inspect`")]
    Model(String),
    /// The model's output is not a number.
    #[error("the model answered {0}, which is no score; check the model folder with `ocw-scorer inspect`")]
    NotANumber(String),
    /// Something panicked; the panic was caught.
    #[error("the judge panicked: {0}; it goes on with the next answer, please report this")]
    Panicked(String),
}

/// An error and all that caused it, in one sentence.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
