//! The pure rules of Proof of Quality: no FRAME, no storage, no clock, `no_std`.
//!
//! The pallet and the simulator run this very code. One module for each rule:
//!
//! - [`seal`]: how a judge publishes scores nobody can read yet, and opens them later;
//! - [`draw`]: how a committee is drawn from a seed;
//! - [`aggregate`]: how opened scores become one consensus quality;
//! - [`trust`]: how far an evaluator's word counts, and how that changes;
//! - [`payout`]: how a bounty is cut, and what answers earn;
//! - [`skill`]: what judging was worth beyond guessing;
//! - [`offence`]: what it costs to take a seat and not do its duty;
//! - [`rules`]: all parameters in one place;
//! - [`wire`]: what the off-chain worker and the scorer say to each other.
//!
//! ```
//! use poq_mechanism::{
//!     seal::{open_scores, seal_scores, SealContext, SealKey},
//!     Score,
//! };
//!
//! // A judge seals what it thinks of two answers, and opens it when all others are sealed.
//! let context = SealContext { genesis: [1; 32], task: 7, seat: 0, account: [2u8; 32], model: [3; 32], answers: [5; 32] }.hash();
//! let (key, scores) = (SealKey([4; 32]), [Score::from_percent(80), Score::from_percent(15)]);
//! let seal = seal_scores(&context, &key, &scores);
//! assert_eq!(open_scores(&context, &seal, &key, 2), Ok(scores.to_vec()));
//! ```
//!
//! All arithmetic is integer arithmetic on parts per million ([`Score`]), deterministic, and
//! saturating or checked.

#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs)]

extern crate alloc;

pub mod aggregate;
pub mod draw;
pub mod offence;
pub mod payout;
pub mod rules;
pub mod seal;
pub mod skill;
pub mod trust;
pub mod wire;

/// A quality between 0 (worthless) and 1 (perfect), in parts per million.
pub type Score = sp_arithmetic::Permill;

/// The parts per million that judges round their scores to.
///
/// Two honest judges of the same model on different processors add floats up in another order,
/// which moves a score by a few parts per million (`docs/benchmarks.md`). Rounded, most of their
/// scores are equal, and where one lies on an edge they differ by one step: rules that compare
/// scores must treat so small a difference as none, as [`distance`] does.
pub const SCORE_STEP: u32 = 100;

/// How far two scores are apart, in parts per million: one step of rounding is as good as nothing.
pub fn distance(a: &Score, b: &Score) -> u64 {
    match a.deconstruct().abs_diff(b.deconstruct()) {
        0..=SCORE_STEP => 0,
        apart => u64::from(apart),
    }
}
