//! The people of a network and the judge that they run: configuration, from a file.

use crate::random::Random;
use anyhow::Context;
use serde::Deserialize;
use std::path::Path;

/// A network's people and its judge.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What the profile is of.
    pub name: String,
    /// How many evaluators there are.
    pub evaluators: usize,
    /// How many inference nodes answer a task.
    pub responders: usize,
    /// The standard deviation of what two honest judges of the same model say: processors,
    /// versions.
    pub own_noise: f64,
    /// What the model says less what the answer is worth, for answers from worthless to perfect:
    /// measured errors to draw from. All honest judges make the same error, as they run the same
    /// model. In a file of its own, which `make judge-report` writes.
    #[serde(skip)]
    pub judge_errors: Vec<Errors>,
    /// That file, beside the profile; without one the model makes no errors.
    pub judge_errors_file: Option<String>,
    /// The inference nodes.
    pub nodes: Vec<Node>,
}

/// Errors of the judge for answers of about one quality.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Errors {
    /// Answers worth at least this.
    pub from: f64,
    /// What the model said less what they were worth.
    pub errors: Vec<f64>,
}

/// One inference node.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// What it is.
    pub name: String,
    /// The mean worth of its answers, from 0 to 1.
    pub quality: f64,
    /// The standard deviation of their worth.
    pub quality_noise: f64,
    /// The share of the answer window that it takes.
    pub delay: f64,
    /// How much better than they are its answers seem to the model.
    #[serde(default)]
    pub fools: f64,
    /// Whether it belongs to the group that colludes.
    #[serde(default)]
    pub colludes: bool,
}

/// The judge's errors in a file.
fn measured(path: &Path) -> anyhow::Result<Vec<Errors>> {
    #[derive(Deserialize)]
    struct Measured {
        judge_errors: Vec<Errors>,
    }
    let text = std::fs::read_to_string(path).with_context(|| {
        format!("cannot read the judge's errors {}; `make judge-report` writes them", path.display())
    })?;
    let Measured { judge_errors } =
        toml::from_str(&text).with_context(|| format!("{} holds no errors of a judge", path.display()))?;
    Ok(judge_errors)
}

impl Profile {
    /// Reads a profile.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read the profile {}", path.display()))?;
        let mut profile: Self =
            toml::from_str(&text).with_context(|| format!("{} is not a profile", path.display()))?;
        anyhow::ensure!(
            profile.evaluators > 0 && profile.responders > 0 && profile.responders <= profile.nodes.len(),
            "{}: a network needs evaluators, and at least as many nodes as responders",
            path.display()
        );
        if let Some(name) = &profile.judge_errors_file {
            profile.judge_errors = measured(&path.with_file_name(name))?;
        }
        anyhow::ensure!(
            profile.judge_errors.iter().all(|errors| !errors.errors.is_empty()),
            "{}: a quality without errors to draw from; leave it out or give [0.0]",
            path.display()
        );
        Ok(profile)
    }

    /// An error of the judge on an answer of this worth.
    pub fn judge_error(&self, worth: f64, random: &mut Random) -> f64 {
        let about = self.judge_errors.iter().rev().find(|errors| worth >= errors.from).or(self.judge_errors.first());
        about.and_then(|errors| random.pick(&errors.errors)).copied().unwrap_or(0.0)
    }
}
