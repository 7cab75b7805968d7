//! A model, its tokenizer and its calibration together: from bytes to a verdict.

use crate::{
    folder::{Folder, CONFIG, MODEL, TOKENIZER},
    guards,
    model::Model,
    panics::caught,
    text::Text,
    tokens::Tokens,
    windows, JudgeError, LoadError, Manifest, ModelDigest,
};
use poq_mechanism::{
    wire::{Refusal, Verdict},
    Score,
};
use serde::Deserialize;
use std::path::Path;

/// Scores answers with one model. Shared between threads; a judgement runs on the thread that asks for it.
pub struct Judge {
    manifest: Manifest,
    digest: ModelDigest,
    tokens: Tokens,
    model: Model,
}

/// What the judge says of one answer, and what it saw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// The score or the refusal.
    pub verdict: Verdict,
    /// What the model itself put out, of several windows for the best; `None` if the answer was refused.
    pub logit: Option<f32>,
    /// How many tokens the model read, special tokens included, in all windows; 0 if the answer was refused.
    pub tokens: usize,
    /// How many windows the model read: 1 for a pair that fits, 0 if the answer was refused.
    pub windows: usize,
    /// Whether some of the prompt or of the answer was not read.
    pub truncated: bool,
}

/// What we need of a Hugging Face `config.json`.
#[derive(Deserialize)]
struct Config {
    /// The most positions the model was built for.
    max_position_embeddings: Option<usize>,
}

impl Judge {
    /// Loads the model in `folder`: checks every file against the manifest, and prepares the graph.
    pub fn load(folder: &Path) -> Result<Self, LoadError> {
        let folder = Folder::read(folder)?;
        let max_length = folder.manifest.max_length;
        let config: Config =
            serde_json::from_slice(folder.file(CONFIG)?).map_err(|e| LoadError::Config(e.to_string()))?;
        if let Some(positions) = config.max_position_embeddings.filter(|positions| *positions < max_length) {
            return Err(LoadError::Config(format!(
                "it allows {positions} positions, but max_length in manifest.json is {max_length}"
            )));
        }
        let tokens = caught(|| Tokens::parse(folder.file(TOKENIZER)?, max_length)).map_err(LoadError::Tokenizer)??;
        let model = caught(|| Model::parse(folder.file(MODEL)?, max_length)).map_err(LoadError::Model)??;
        Ok(Self { manifest: folder.manifest, digest: folder.digest, tokens, model })
    }

    /// The sha256 of the model's `manifest.json`.
    pub fn digest(&self) -> ModelDigest {
        self.digest
    }

    /// What the model folder says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Judges one answer to one prompt: any bytes, any length. Does not panic.
    ///
    /// The same bytes get the same verdict on every machine, up to the last digits of floating point arithmetic.
    pub fn judge(&self, prompt: &[u8], answer: &[u8]) -> Result<Judgement, JudgeError> {
        caught(|| self.judge_or_panic(prompt, answer)).map_err(JudgeError::Panicked)?
    }

    fn judge_or_panic(&self, prompt: &[u8], answer: &[u8]) -> Result<Judgement, JudgeError> {
        let (prompt, answer) = (Text::read(prompt), Text::read(answer));
        if let Some(guard) = guards::settle(&prompt.text, &answer.text) {
            return Ok(refused(guard));
        }
        let reading = self.tokens.read(&prompt, &answer).map_err(|error| JudgeError::Tokenizer(error.to_string()))?;
        let mut scores = Vec::new();
        let (mut best, mut tokens) = (f32::NEG_INFINITY, 0);
        for (pair, weight) in &reading.pairs {
            let logit = self.model.logit(pair).map_err(|error| JudgeError::Model(format!("{error:#}")))?;
            let score = self.manifest.score(logit.into());
            if score.is_nan() {
                return Err(JudgeError::NotANumber(logit.to_string()));
            }
            scores.push((score, *weight));
            best = best.max(logit);
            tokens += pair.ids.len();
        }
        // No windows: a text in which this tokenizer sees nothing.
        let Some(score) = windows::combine(&scores) else { return Ok(refused(Refusal::Empty)) };
        Ok(Judgement {
            verdict: Verdict::Judged(parts_per_million(score)),
            logit: Some(best),
            tokens,
            windows: scores.len(),
            truncated: reading.truncated,
        })
    }
}

fn refused(guard: Refusal) -> Judgement {
    Judgement { verdict: Verdict::Refused(guard), logit: None, tokens: 0, windows: 0, truncated: false }
}

/// A number in [0, 1] as a score, rounded to the nearest part per million.
fn parts_per_million(score: f64) -> Score {
    // A float to integer cast saturates, and the score is a number.
    Score::from_parts((score.clamp(0.0, 1.0) * 1_000_000.0).round() as u32)
}
