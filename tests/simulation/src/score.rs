//! Scores as numbers and back.

use poq_mechanism::{Score, SCORE_STEP};

/// A number as a score, in the steps that evaluators round to.
pub fn score(value: f64) -> Score {
    Score::from_parts((value.clamp(0.0, 1.0) * 1e6 / f64::from(SCORE_STEP)).round() as u32 * SCORE_STEP)
}

/// How far two scores lie apart, from 0 to 1.
pub fn apart(a: Score, b: Score) -> f64 {
    f64::from(a.deconstruct().abs_diff(b.deconstruct())) / 1e6
}
