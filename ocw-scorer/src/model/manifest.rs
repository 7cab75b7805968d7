//! `manifest.json`: what a model folder says of itself, and how a logit becomes a score.
//!
//! The sha256 of the manifest's bytes is the model's digest; since the manifest pins every file,
//! the digest pins the whole model, its limits and its calibration.

use crate::LoadError;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The format of the manifests we read. It stands for the whole way from text to score, guards and
/// windows included: who changes what a text scores must raise it, so that no two validators judge
/// by different rules under one digest. A new Unicode version in the toolchain is such a change:
/// guards ask what a letter is.
pub const FORMAT: u64 = 4;

/// What a model folder says of itself.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Manifest {
    /// A short name for people, such as `mpnet-judge`.
    pub name: String,
    /// What the model is, in a sentence or two.
    #[serde(default)]
    pub description: String,
    /// The most tokens the model reads, special tokens included; between 8 and 8192.
    pub max_length: usize,
    /// How the model reads the two texts.
    #[serde(default)]
    pub kind: Kind,
    /// How the texts are read before they become tokens.
    #[serde(default)]
    pub text: Form,
    /// Which of several outputs judges, by its name in `config.json` (`id2label`), such as
    /// `entailment`. Needed where the model has more than one, and only there.
    #[serde(default)]
    pub label: Option<String>,
    /// What turns the model's output into a number between 0 and 1.
    pub activation: Activation,
    /// What turns that number into a score.
    pub calibration: Calibration,
    /// The sha256 (64 hex digits) of each file, by its plain name.
    pub files: BTreeMap<String, String>,
    /// The licence of the model, as an SPDX identifier.
    pub licence: String,
    /// Where the model comes from and how it can be made again.
    pub origin: String,
}

impl Manifest {
    /// Reads and checks a manifest.
    pub fn parse(bytes: &[u8]) -> Result<Self, LoadError> {
        #[derive(Deserialize)]
        struct Versioned {
            format: u64,
        }
        let unreadable = |error: serde_json::Error| LoadError::Manifest(error.into());
        let Versioned { format } = serde_json::from_slice(bytes).map_err(unreadable)?;
        if format != FORMAT {
            return Err(LoadError::Format { found: format, known: FORMAT });
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(unreadable)?;
        manifest.calibration.check()?;
        if !(8..=8192).contains(&manifest.max_length) {
            return Err(LoadError::Manifest(
                format!("max_length is {}, it must lie between 8 and 8192", manifest.max_length).into(),
            ));
        }
        let wants = match manifest.activation {
            Activation::Cosine => Some(Kind::BiEncoder),
            Activation::Sigmoid | Activation::Softmax => Some(Kind::CrossEncoder),
            Activation::Identity => None,
        };
        if wants.is_some_and(|kind| kind != manifest.kind) {
            return Err(LoadError::Manifest(
                format!(
                "the activation {:?} does not go with the kind {:?}; a bi-encoder takes \"cosine\" or \"identity\", a \
                 cross-encoder \"sigmoid\", \"softmax\" or \"identity\"",
                manifest.activation, manifest.kind
            )
                .into(),
            ));
        }
        if let Some(name) = manifest.files.keys().find(|name| !is_plain(name)) {
            return Err(LoadError::FileName(name.clone()));
        }
        Ok(manifest)
    }

    /// The score of what the model put out, between 0 and 1: `outputs` are all its numbers, `index`
    /// is the one that judges. NaN stays NaN.
    pub fn score(&self, outputs: &[f32], index: usize) -> f64 {
        self.calibration.apply(self.activation.apply(outputs, index))
    }
}

/// Whether `name` can only mean a file in the folder itself.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('.')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

/// How texts are read before they become tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// As they are: what models expect that were trained elsewhere.
    #[default]
    Raw,
    /// In the first normal form, which `ocw-scorer normal` prints.
    Normal1,
}

/// How a model reads a prompt and an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Both at once: it answers with a logit, or one for each label.
    #[default]
    CrossEncoder,
    /// Each alone: it turns a text into a vector, the mean of its tokens', and the two are compared
    /// by their cosine.
    BiEncoder,
}

/// What turns the model's output into a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// `1 / (1 + e^-x)`: for models that give a logit.
    Sigmoid,
    /// `e^x_i / sum(e^x_j)` over all labels: for models that give a logit for each label.
    Softmax,
    /// `(1 + x) / 2`: for cosines.
    Cosine,
    /// The number itself: for models whose graph ends in its own activation.
    Identity,
}

impl Activation {
    fn apply(self, outputs: &[f32], index: usize) -> f64 {
        let Some(x) = outputs.get(index).copied().map(f64::from) else { return f64::NAN };
        match self {
            Self::Sigmoid => 1.0 / (1.0 + (-x).exp()),
            Self::Softmax => 1.0 / outputs.iter().map(|other| (f64::from(*other) - x).exp()).sum::<f64>(),
            Self::Cosine => (1.0 + x) / 2.0,
            Self::Identity => x,
        }
    }
}

/// A piecewise linear function from `[0, 1]` to `[0, 1]` that never falls.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Calibration(Vec<(f64, f64)>);

impl Calibration {
    fn check(&self) -> Result<(), LoadError> {
        let refuse = |why: String| Err(LoadError::Calibration(why));
        let points = &self.0;
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return refuse("it has no points".into());
        };
        if first.0 != 0.0 || last.0 != 1.0 {
            return refuse(format!("it goes from x = {} to x = {}", first.0, last.0));
        }
        if let Some((x, y)) = points.iter().find(|(_, y)| !(0.0..=1.0).contains(y)) {
            return refuse(format!("at x = {x} it gives {y}"));
        }
        for pair in points.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            if x1 <= x0 || y1 < y0 {
                return refuse(format!("[{x1}, {y1}] comes after [{x0}, {y0}]"));
            }
        }
        Ok(())
    }

    /// The value at `x`; outside `[0, 1]` the value at the nearer end.
    fn apply(&self, x: f64) -> f64 {
        if x.is_nan() {
            return x;
        }
        let after = self.0.partition_point(|(at, _)| *at <= x);
        match (after.checked_sub(1).and_then(|i| self.0.get(i)), self.0.get(after)) {
            (Some(&(x0, y0)), Some(&(x1, y1))) => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
            (Some(&(_, y)), None) | (None, Some(&(_, y))) => y,
            (None, None) => f64::NAN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{json, Value};

    fn manifest() -> Value {
        json!({
            "format": FORMAT, "name": "a-judge", "max_length": 512, "activation": "sigmoid",
            "calibration": [[0.0, 0.0], [0.5, 0.2], [1.0, 1.0]],
            "files": { "model.onnx": "00" }, "licence": "Apache-2.0", "origin": "here"
        })
    }

    fn parse(change: impl FnOnce(&mut Value)) -> Result<Manifest, LoadError> {
        let mut value = manifest();
        change(&mut value);
        Manifest::parse(value.to_string().as_bytes())
    }

    mod parse {
        use super::*;

        #[test]
        fn takes_a_complete_manifest() {
            assert_eq!(parse(|_| ()).unwrap().name, "a-judge");
        }

        #[test]
        fn refuses_another_format_even_if_the_rest_is_unknown() {
            let refused = Manifest::parse(br#"{"format": 5}"#);
            assert!(matches!(refused, Err(LoadError::Format { found, known: FORMAT }) if found == FORMAT + 1));
        }

        #[test]
        fn refuses_a_missing_field() {
            let refused = parse(|m| drop(m.as_object_mut().unwrap().remove("licence")));
            assert!(matches!(refused, Err(LoadError::Manifest(why)) if why.to_string().contains("licence")));
        }

        #[test]
        fn refuses_file_names_that_leave_the_folder() {
            for name in ["../model.onnx", "/etc/passwd", "a/b", "a\\b", "..", ".hidden", "", "nul\0"] {
                let refused = parse(|m| m["files"] = json!({ name: "00" }));
                assert!(matches!(refused, Err(LoadError::FileName(found)) if found == name), "{name:?}");
            }
        }

        #[test]
        fn refuses_a_calibration_that_is_no_rising_line_from_0_to_1() {
            for bad in [
                json!([]),
                json!([[0.0, 0.0]]),
                json!([[0.1, 0.0], [1.0, 1.0]]),
                json!([[0.0, 0.0], [0.9, 1.0]]),
                json!([[0.0, 0.0], [0.5, 0.5], [0.5, 0.6], [1.0, 1.0]]),
                json!([[0.0, 0.0], [0.5, 0.5], [0.6, 0.4], [1.0, 1.0]]),
                json!([[0.0, -0.1], [1.0, 1.0]]),
                json!([[0.0, 0.0], [1.0, 1.1]]),
            ] {
                let refused = parse(|m| m["calibration"] = bad.clone());
                assert!(matches!(refused, Err(LoadError::Calibration(_))), "{bad}");
            }
        }

        #[test]
        fn refuses_an_activation_of_another_kind_of_model() {
            for (kind, activation) in
                [("bi-encoder", "sigmoid"), ("bi-encoder", "softmax"), ("cross-encoder", "cosine")]
            {
                let refused = parse(|m| (m["kind"], m["activation"]) = (json!(kind), json!(activation)));
                assert!(
                    matches!(refused, Err(LoadError::Manifest(why)) if why.to_string().contains("does not go with"))
                );
            }
            assert!(parse(|m| (m["kind"], m["activation"]) = (json!("bi-encoder"), json!("cosine"))).is_ok());
        }

        #[test]
        fn refuses_a_limit_that_no_model_has() {
            for bad in [0, 7, 8193] {
                assert!(matches!(parse(|m| m["max_length"] = json!(bad)), Err(LoadError::Manifest(_))));
            }
        }
    }

    mod score {
        use super::*;

        #[test]
        fn follows_the_line_between_two_points() {
            let manifest = parse(|m| m["activation"] = json!("identity")).unwrap();
            for (x, y) in [(0.0, 0.0), (0.25, 0.1), (0.5, 0.2), (0.75, 0.6), (1.0, 1.0)] {
                assert!((manifest.score(&[x], 0) - y).abs() < 1e-7, "{x}");
            }
        }

        #[test]
        fn stays_within_0_and_1_for_every_logit() {
            let manifest = parse(|_| ()).unwrap();
            for logit in [f32::NEG_INFINITY, -1e9, -1.0, 0.0, 1.0, 1e9, f32::INFINITY] {
                assert!((0.0..=1.0).contains(&manifest.score(&[logit], 0)), "{logit}");
            }
            assert_eq!(manifest.score(&[0.0], 0), 0.2);
        }

        #[test]
        fn weighs_a_label_against_the_others() {
            let line = json!([[0.0, 0.0], [1.0, 1.0]]);
            let manifest = parse(|m| (m["activation"], m["calibration"]) = (json!("softmax"), line)).unwrap();
            let outputs = [1.0, 3.0, -2.0];
            let shares: Vec<f64> = (0..3).map(|index| manifest.score(&outputs, index)).collect();
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9 && shares[1] > 0.85, "{shares:?}");
            assert!((manifest.score(&[1e30, -1e30], 0) - 1.0).abs() < 1e-9);
        }

        #[test]
        fn keeps_what_is_not_a_number() {
            assert!(parse(|_| ()).unwrap().score(&[f32::NAN], 0).is_nan());
        }
    }
}
