//! The judges of one server: mostly one, and two while a chain goes from one model to another.

use crate::{ModelDigest, Scorer};
use std::sync::Arc;

/// One judge or more, each of another model. A request names the model that it wants; without a
/// name the first one judges.
#[derive(Clone)]
pub struct Scorers {
    first: Arc<Scorer>,
    others: Vec<Arc<Scorer>>,
}

/// Why these judges cannot serve together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScorersError {
    /// There is none.
    #[error("no model is given; give at least one")]
    None,
    /// Two have the same model.
    #[error("the model 0x{} is given twice; give each model once", hex::encode(.0))]
    Twice(ModelDigest),
}

impl Scorers {
    /// These judges, the first one for requests that name no model.
    pub fn new(judges: impl IntoIterator<Item = Arc<Scorer>>) -> Result<Self, ScorersError> {
        let mut judges = judges.into_iter();
        let mut all = Self::from(judges.next().ok_or(ScorersError::None)?);
        for judge in judges {
            let model = judge.digest();
            if all.of(Some(model)).is_some() {
                return Err(ScorersError::Twice(model));
            }
            all.others.push(judge);
        }
        Ok(all)
    }

    /// The one that judges when no model is named.
    pub fn first(&self) -> &Arc<Scorer> {
        &self.first
    }

    /// All, the first one first.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Scorer>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// All models, in the same order.
    pub fn models(&self) -> Vec<ModelDigest> {
        self.all().map(|judge| judge.digest()).collect()
    }

    /// The judge of this model, or the first if none is named; `None` if nobody here runs it.
    pub fn of(&self, model: Option<ModelDigest>) -> Option<&Arc<Scorer>> {
        match model {
            Some(model) => self.all().find(|judge| judge.digest() == model),
            None => Some(&self.first),
        }
    }
}

impl From<Arc<Scorer>> for Scorers {
    fn from(first: Arc<Scorer>) -> Self {
        Self { first, others: Vec::new() }
    }
}
