//! A model, its tokenizer and its calibration together: from bytes to a verdict.

use crate::{
    model::{
        folder::{Folder, CONFIG, MODEL, TOKENIZER},
        manifest::{Activation, Form, Kind, Manifest},
        network::{Model, Output},
    },
    panics::caught,
    text::{
        bytes::Text,
        guards,
        normal::{normal, Side},
        tokenizer::{Pair, Tokenizer},
        windows,
    },
    LoadError, ModelDigest, ScorerError,
};
use poq_wire::{Refusal, Score, Verdict, SCORE_STEP};
use serde::Deserialize;
use std::{
    collections::{btree_map::Entry, BTreeMap},
    path::Path,
    time::Duration,
};
use tract_onnx::prelude::TractError;

/// Scores answers with one model. Shared between threads; a judgement runs on the thread that asks
/// for it.
pub struct Scorer {
    manifest: Manifest,
    digest: ModelDigest,
    tokens: Tokenizer,
    model: Model,
    /// Which of the model's outputs judges.
    output: usize,
}

/// What the judge says of one answer, and what it saw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// The score or the refusal.
    pub verdict: Verdict,
    /// What the model itself put out: the logit, that of the label, or the cosine; of several
    /// windows the best. `None` if the answer was refused.
    pub logit: Option<f32>,
    /// How many tokens the model read, special tokens included, in all windows; 0 if the answer was
    /// refused.
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
    /// How many tokens the model knows.
    vocab_size: Option<usize>,
    /// The names of its outputs.
    #[serde(default)]
    id2label: BTreeMap<usize, String>,
}

impl Scorer {
    /// Loads the model in `folder`: checks every file against the manifest, and prepares the graph.
    pub fn load(folder: &Path) -> Result<Self, LoadError> {
        let folder = Folder::read(folder)?;
        let max_length = folder.manifest.max_length;
        let config: Config =
            serde_json::from_slice(folder.file(CONFIG)?).map_err(|error| LoadError::Config(error.into()))?;
        if let Some(positions) = config.max_position_embeddings.filter(|positions| *positions < max_length) {
            return Err(LoadError::Config(
                format!("it allows {positions} positions, but max_length in manifest.json is {max_length}").into(),
            ));
        }
        let tokens = caught(|| Tokenizer::parse(folder.file(TOKENIZER)?, max_length))
            .map_err(|why| LoadError::Tokenizer(why.into()))??;
        let wanted = match folder.manifest.kind {
            Kind::CrossEncoder => Output::Logits,
            Kind::BiEncoder => Output::Embedding,
        };
        let model = caught(|| Model::parse(folder.file(MODEL)?, |name| folder.beside(name), wanted, max_length))
            .map_err(|why| LoadError::Model(why.into()))??;
        fits(&tokens, &config, &model)?;
        let output = output(&folder.manifest, &config, &model)?;
        Ok(Self { manifest: folder.manifest, digest: folder.digest, tokens, model, output })
    }

    /// The sha256 of the model's `manifest.json`.
    pub fn digest(&self) -> ModelDigest {
        self.digest
    }

    /// What the model folder says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Where the time of one run of the model goes, by kind of operator, for a pair of so many
    /// tokens.
    pub fn profile(&self, tokens: usize) -> Result<BTreeMap<String, Duration>, ScorerError> {
        // Any ids do: what a run costs does not depend on them.
        let pair = Pair { ids: vec![0; tokens], types: (0..tokens).map(|at| i64::from(at * 2 >= tokens)).collect() };
        self.model.profile(&pair).map_err(model_failed)
    }

    /// Judges one answer to one prompt: any bytes, any length. Does not panic.
    ///
    /// The same bytes get the same verdict on every machine up to the last digits of floating point
    /// arithmetic. For graphs that quantize their activations as they run these can tip a rounding:
    /// such a graph is none for a committee of different processors.
    pub fn judge(&self, prompt: &[u8], answer: &[u8]) -> Result<Judgement, ScorerError> {
        caught(|| self.judge_or_panic(prompt, answer)).map_err(ScorerError::Panicked)?
    }

    fn judge_or_panic(&self, prompt: &[u8], answer: &[u8]) -> Result<Judgement, ScorerError> {
        let (prompt, answer) = (self.read(prompt, Side::Prompt), self.read(answer, Side::Answer));
        if let Some(guard) = guards::settle(&prompt.text, &answer.text) {
            return Ok(refused(guard));
        }
        let (windows, truncated) = match self.manifest.kind {
            Kind::CrossEncoder => self.read_at_once(&prompt, &answer)?,
            Kind::BiEncoder => self.read_apart(&prompt, &answer)?,
        };
        let mut scores = Vec::new();
        let (mut best, mut tokens) = (f32::NEG_INFINITY, 0);
        for window in &windows {
            let score = self.manifest.score(&window.outputs, self.output);
            let output = window.outputs.get(self.output).copied().unwrap_or(f32::NAN);
            if score.is_nan() {
                return Err(ScorerError::NotANumber(output.to_string()));
            }
            scores.push((score, window.weight));
            best = best.max(output);
            tokens += window.tokens;
        }
        // No windows: a text in which this tokenizer sees nothing.
        let Some(score) = windows::combine(&scores) else { return Ok(refused(Refusal::Empty)) };
        Ok(Judgement {
            verdict: Verdict::Judged(rounded(score)),
            logit: Some(best),
            tokens,
            windows: scores.len(),
            truncated,
        })
    }

    /// A text in the form that the model expects.
    fn read<'a>(&self, bytes: &'a [u8], side: Side) -> Text<'a> {
        let text = Text::read(bytes);
        match self.manifest.text {
            Form::Raw => text,
            Form::Normal1 => Text { text: normal(&text.text, side).into(), cut: text.cut },
        }
    }

    fn read_at_once(&self, prompt: &Text<'_>, answer: &Text<'_>) -> Result<(Vec<Read>, bool), ScorerError> {
        let reading = self.tokens.read(prompt, answer).map_err(tokenizer_failed)?;
        let windows = reading.windows.iter().map(|(pair, weight)| {
            let outputs = self.model.logits(pair).map_err(model_failed)?;
            Ok(Read { outputs, weight: *weight, tokens: pair.ids.len() })
        });
        Ok((windows.collect::<Result<_, _>>()?, reading.truncated))
    }

    fn read_apart(&self, prompt: &Text<'_>, answer: &Text<'_>) -> Result<(Vec<Read>, bool), ScorerError> {
        let reading = self.tokens.read_apart(prompt, answer).map_err(tokenizer_failed)?;
        // Windows often share what they show of the prompt.
        let mut prompts = BTreeMap::<&[i64], Vec<f32>>::new();
        let windows = reading.windows.iter().map(|([prompt, answer], weight)| {
            let embed = |text: &Pair| self.model.embedding(text).map_err(model_failed);
            let p = match prompts.entry(&prompt.ids) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(embed(prompt)?),
            };
            let a = embed(answer)?;
            let cosine: f64 = p.iter().zip(&a).map(|(p, a)| f64::from(*p) * f64::from(*a)).sum();
            Ok(Read { outputs: vec![cosine as f32], weight: *weight, tokens: prompt.ids.len() + answer.ids.len() })
        });
        Ok((windows.collect::<Result<_, _>>()?, reading.truncated))
    }
}

/// What the model made of one window.
struct Read {
    outputs: Vec<f32>,
    /// How many tokens of the answer it read.
    weight: usize,
    /// How many tokens in all.
    tokens: usize,
}

/// Whether the tokenizer is of this model: whether the model knows its last token.
fn fits(tokens: &Tokenizer, config: &Config, model: &Model) -> Result<(), LoadError> {
    let last = tokens.last_id();
    if let Some(known) = config.vocab_size.filter(|known| last as usize >= *known) {
        return Err(LoadError::Tokenizer(
            format!(
            "it numbers tokens up to {last}, but config.json says that the model knows {known}: it is another model's"
        )
            .into(),
        ));
    }
    let pair = Pair { ids: vec![i64::from(last); 8], types: vec![0; 8] };
    let run = caught(|| model.logits(&pair).map(drop).map_err(|error| format!("{error:#}")));
    run.and_then(|outcome| outcome).map_err(|why| {
        LoadError::Tokenizer(
            format!("the model does not know its token {last}, so it is another model's ({why})").into(),
        )
    })
}

fn tokenizer_failed(error: tokenizers::Error) -> ScorerError {
    ScorerError::Tokenizer(error.to_string())
}

fn model_failed(error: TractError) -> ScorerError {
    ScorerError::Model(format!("{error:#}"))
}

/// Which of the model's outputs judges: the only one, or the one that the manifest names.
fn output(manifest: &Manifest, config: &Config, model: &Model) -> Result<usize, LoadError> {
    if manifest.kind == Kind::BiEncoder {
        return match &manifest.label {
            None => Ok(0),
            Some(label) => Err(LoadError::Label(format!("it names {label:?}, but a bi-encoder has no labels"))),
        };
    }
    let probe = Pair { ids: vec![0; 8], types: vec![0; 8] };
    let count = model.logits(&probe).map_err(|error| LoadError::Model(error.into()))?.len();
    let names = || config.id2label.values().cloned().collect::<Vec<_>>().join(", ");
    match &manifest.label {
        // Over one output a softmax is always 1.
        _ if count == 1 && manifest.activation == Activation::Softmax => {
            Err(LoadError::Manifest("the activation softmax needs a model with several outputs; take sigmoid".into()))
        }
        None if count == 1 => Ok(0),
        Some(label) if count == 1 => Err(LoadError::Label(format!("it names {label:?}, but the model has one output"))),
        None => Err(LoadError::Label(format!("it names none, but the model has {count} outputs: {}", names()))),
        Some(label) => {
            let named = config.id2label.iter().find(|(_, name)| name.eq_ignore_ascii_case(label));
            named.map(|(index, _)| *index).filter(|index| *index < count).ok_or_else(|| {
                LoadError::Label(format!("it names {label:?}, but the model's {count} outputs are: {}", names()))
            })
        }
    }
}

fn refused(guard: Refusal) -> Judgement {
    Judgement { verdict: Verdict::Refused(guard), logit: None, tokens: 0, windows: 0, truncated: false }
}

/// A number in [0, 1] as a score, rounded to the nearest step.
fn rounded(score: f64) -> Score {
    let steps = (score.clamp(0.0, 1.0) * 1_000_000.0 / f64::from(SCORE_STEP)).round();
    // A float to integer cast saturates, and the score is a number.
    Score::from_parts(steps as u32 * SCORE_STEP)
}
