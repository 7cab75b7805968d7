//! The pure rules of Proof of Quality: no FRAME, no storage, no clock, `no_std`.
//!
//! The pallet and the simulator run this very code. One module for each rule:
//!
//! - [`seal`]: how a judge publishes scores nobody can read yet, and opens them later;
//! - [`draw`]: how a committee is drawn from a seed;
//! - [`aggregate`]: how opened scores become one consensus quality;
//! - [`payout`]: what answering and judging earn;
//! - [`wire`]: what the off-chain worker and the scorer say to each other.
//!
//! All arithmetic is integer arithmetic on parts per million ([`Score`]), deterministic, and saturating or checked.

#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs)]

extern crate alloc;

pub mod aggregate;
pub mod draw;
pub mod payout;
pub mod seal;
pub mod wire;

/// A quality between 0 (worthless) and 1 (perfect), in parts per million.
pub type Score = sp_arithmetic::Permill;
