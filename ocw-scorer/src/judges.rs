//! The judges of one server: mostly one, and two while a chain goes from one model to another.

use crate::{Judge, ModelDigest};
use std::sync::Arc;

/// One judge or more, each of another model. A request names the model that it wants; without a name the first one judges.
#[derive(Clone)]
pub struct Judges {
    first: Arc<Judge>,
    others: Vec<Arc<Judge>>,
}

/// Why these judges cannot serve together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JudgesError {
    /// There is none.
    #[error("no model is given; give at least one")]
    None,
    /// Two have the same model.
    #[error("the model 0x{} is given twice; give each model once", hex::encode(.0))]
    Twice(ModelDigest),
}

impl Judges {
    /// These judges, the first one for requests that name no model.
    pub fn new(judges: impl IntoIterator<Item = Arc<Judge>>) -> Result<Self, JudgesError> {
        let mut judges = judges.into_iter();
        let mut all = Self::from(judges.next().ok_or(JudgesError::None)?);
        for judge in judges {
            let model = judge.digest();
            if all.of(Some(model)).is_some() {
                return Err(JudgesError::Twice(model));
            }
            all.others.push(judge);
        }
        Ok(all)
    }

    /// The one that judges when no model is named.
    pub fn first(&self) -> &Arc<Judge> {
        &self.first
    }

    /// All, the first one first.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Judge>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// All models, in the same order.
    pub fn models(&self) -> Vec<ModelDigest> {
        self.all().map(|judge| judge.digest()).collect()
    }

    /// The judge of this model, or the first if none is named; `None` if nobody here runs it.
    pub fn of(&self, model: Option<ModelDigest>) -> Option<&Arc<Judge>> {
        match model {
            Some(model) => self.all().find(|judge| judge.digest() == model),
            None => Some(&self.first),
        }
    }
}

impl From<Arc<Judge>> for Judges {
    fn from(first: Arc<Judge>) -> Self {
        Self { first, others: Vec::new() }
    }
}
