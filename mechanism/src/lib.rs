//! The pure rules of Proof of Quality: no FRAME, no storage, no clock, `no_std`.
//!
//! The pallet and the simulator run this very code. Each concern has one module:
//!
//! - [`seal`]: how an evaluator publishes scores that cannot be read yet, and reveals them later;
//! - [`draw`]: how a committee is drawn from a seed;
//! - [`aggregate`]: how revealed scores become one consensus quality;
//! - [`trust`]: how much an evaluator's scores count, and how that changes;
//! - [`payout`]: how a bounty is split, and what answers earn;
//! - [`skill`]: what scores were worth beyond a guess;
//! - [`offence`]: what a neglected duty costs;
//! - [`rules`]: all rules in one place.
//!
//! ```
//! use poq_mechanism::{
//!     seal::{open_scores, seal_scores, SealContext, SealKey},
//!     Score,
//! };
//!
//! // An evaluator seals its scores of two answers. Later the chain opens the seal with the key.
//! let context = SealContext { genesis: [1; 32], task: 7, seat: 0, account: [2u8; 32], model: [3; 32], answers: [5; 32] }.hash();
//! let (key, scores) = (SealKey([4; 32]), [Score::from_percent(80), Score::from_percent(15)]);
//! let seal = seal_scores(&context, &key, &scores);
//! assert_eq!(open_scores(&context, &seal, &key, 2), Ok(scores.to_vec()));
//! ```
//!
//! All arithmetic is integer arithmetic in ppm ([`Score`]). It is deterministic, and saturating or
//! checked.

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

pub use poq_wire::{Score, SCORE_STEP};

/// The distance of two scores, in ppm. One step of rounding counts as 0.
pub fn distance(a: &Score, b: &Score) -> u64 {
    match a.deconstruct().abs_diff(b.deconstruct()) {
        0..=SCORE_STEP => 0,
        apart => u64::from(apart),
    }
}
