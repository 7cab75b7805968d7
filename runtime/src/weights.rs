//! Weights of `pallet_proof_of_quality`, measured with this runtime's limits. Written by
//! `scripts/weights.sh`; do not edit.
//!
//! frame-omni-bencher 64.0.0, 2026-11-21, 20 steps, 10 repetitions, Compiled wasm, on AMD EPYC.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![deny(missing_docs)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// The measured weights.
pub struct Measured<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_proof_of_quality::WeightInfo for Measured<T> {
    // Storage: `ProofOfQuality::CurrentParameters` (r:1 w:0)
    // Proof: `ProofOfQuality::CurrentParameters` (`max_values`: Some(1), `max_size`: Some(200), added: 695, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::CurrentLedger` (r:1 w:1)
    // Proof: `ProofOfQuality::CurrentLedger` (`max_values`: Some(1), `max_size`: Some(64), added: 559, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::TaskCount` (r:1 w:1)
    // Proof: `ProofOfQuality::TaskCount` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    // Storage: `Babe::AuthorVrfRandomness` (r:1 w:0)
    // Proof: `Babe::AuthorVrfRandomness` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
    // Storage: `System::ParentHash` (r:1 w:0)
    // Proof: `System::ParentHash` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::RosterSize` (r:1 w:0)
    // Proof: `ProofOfQuality::RosterSize` (`max_values`: None, `max_size`: Some(13), added: 2488, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Roster` (r:8 w:0)
    // Proof: `ProofOfQuality::Roster` (`max_values`: None, `max_size`: Some(53), added: 2528, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Agenda` (r:0 w:1)
    // Proof: `ProofOfQuality::Agenda` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Prompts` (r:0 w:1)
    // Proof: `ProofOfQuality::Prompts` (`max_values`: None, `max_size`: Some(16404), added: 18879, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Tasks` (r:0 w:1)
    // Proof: `ProofOfQuality::Tasks` (`max_values`: None, `max_size`: Some(1424), added: 3899, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Duties` (r:0 w:8)
    // Proof: `ProofOfQuality::Duties` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
    // `b` is from 1 to 16384.
    // `r` is from 1 to 8.
    fn submit_task(b: u32, r: u32, ) -> Weight {
        // At least 149_312 nanoseconds.
        Weight::from_parts(129_265_734, 3593)
            // Standard error 82.
            .saturating_add(Weight::from_parts(1_606, 0).saturating_mul(b.into()))
            // Standard error 179_560.
            .saturating_add(Weight::from_parts(6_256_129, 0).saturating_mul(r.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(r.into())))
            .saturating_add(T::DbWeight::get().writes(7))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(r.into())))
            .saturating_add(Weight::from_parts(0, 2528).saturating_mul(r.into()))
    }
    // Storage: `ProofOfQuality::Tasks` (r:1 w:1)
    // Proof: `ProofOfQuality::Tasks` (`max_values`: None, `max_size`: Some(1424), added: 3899, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Agenda` (r:0 w:1)
    // Proof: `ProofOfQuality::Agenda` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Answers` (r:0 w:1)
    // Proof: `ProofOfQuality::Answers` (`max_values`: None, `max_size`: Some(16416), added: 18891, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Duties` (r:0 w:1)
    // Proof: `ProofOfQuality::Duties` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
    // `b` is from 1 to 16384.
    fn submit_answer(b: u32, ) -> Weight {
        // At least 43_265 nanoseconds.
        Weight::from_parts(47_938_435, 4889)
            // Standard error 54.
            .saturating_add(Weight::from_parts(1_564, 0).saturating_mul(b.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    // Storage: `ProofOfQuality::Tasks` (r:1 w:1)
    // Proof: `ProofOfQuality::Tasks` (`max_values`: None, `max_size`: Some(1424), added: 3899, mode: `MaxEncodedLen`)
    // Storage: `System::BlockHash` (r:1 w:0)
    // Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::SealedAnswers` (r:0 w:1)
    // Proof: `ProofOfQuality::SealedAnswers` (`max_values`: None, `max_size`: Some(16512), added: 18987, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Agenda` (r:0 w:1)
    // Proof: `ProofOfQuality::Agenda` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Duties` (r:0 w:1)
    // Proof: `ProofOfQuality::Duties` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
    // `b` is from 17 to 16400.
    fn commit_answer(b: u32, ) -> Weight {
        // At least 52_568 nanoseconds.
        Weight::from_parts(58_362_767, 4889)
            // Standard error 47.
            .saturating_add(Weight::from_parts(629, 0).saturating_mul(b.into()))
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    // Storage: `ProofOfQuality::Tasks` (r:1 w:1)
    // Proof: `ProofOfQuality::Tasks` (`max_values`: None, `max_size`: Some(1424), added: 3899, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::SealedAnswers` (r:1 w:1)
    // Proof: `ProofOfQuality::SealedAnswers` (`max_values`: None, `max_size`: Some(16512), added: 18987, mode: `MaxEncodedLen`)
    // Storage: `System::BlockHash` (r:1 w:0)
    // Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Answers` (r:0 w:1)
    // Proof: `ProofOfQuality::Answers` (`max_values`: None, `max_size`: Some(16416), added: 18891, mode: `MaxEncodedLen`)
    fn reveal_answer() -> Weight {
        // At least 138_646 nanoseconds.
        Weight::from_parts(156_432_000, 19977)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `ProofOfQuality::Tasks` (r:8 w:8)
    // Proof: `ProofOfQuality::Tasks` (`max_values`: None, `max_size`: Some(1424), added: 3899, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::OpenSeats` (r:8 w:0)
    // Proof: `ProofOfQuality::OpenSeats` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Seats` (r:8 w:8)
    // Proof: `ProofOfQuality::Seats` (`max_values`: None, `max_size`: Some(186), added: 2661, mode: `MaxEncodedLen`)
    // Storage: `System::BlockHash` (r:1 w:0)
    // Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    // `n` is from 1 to 8.
    fn commit_scores(n: u32, ) -> Weight {
        // At least 45_528 nanoseconds.
        Weight::from_parts(28_039_185, 3509)
            // Standard error 115_123.
            .saturating_add(Weight::from_parts(25_501_951, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 3899).saturating_mul(n.into()))
    }
    // Storage: `ProofOfQuality::Tasks` (r:8 w:0)
    // Proof: `ProofOfQuality::Tasks` (`max_values`: None, `max_size`: Some(1424), added: 3899, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::OpenSeats` (r:8 w:0)
    // Proof: `ProofOfQuality::OpenSeats` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Seats` (r:8 w:0)
    // Proof: `ProofOfQuality::Seats` (`max_values`: None, `max_size`: Some(186), added: 2661, mode: `MaxEncodedLen`)
    // Storage: `System::BlockHash` (r:1 w:0)
    // Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    // `n` is from 1 to 8.
    fn authorize_commit_scores(n: u32, ) -> Weight {
        // At least 86_469 nanoseconds.
        Weight::from_parts(75_281_146, 3509)
            // Standard error 98_871.
            .saturating_add(Weight::from_parts(19_604_320, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 3899).saturating_mul(n.into()))
    }
    // Storage: `ProofOfQuality::Tasks` (r:8 w:8)
    // Proof: `ProofOfQuality::Tasks` (`max_values`: None, `max_size`: Some(1424), added: 3899, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::OpenSeats` (r:8 w:128)
    // Proof: `ProofOfQuality::OpenSeats` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Seats` (r:128 w:8)
    // Proof: `ProofOfQuality::Seats` (`max_values`: None, `max_size`: Some(186), added: 2661, mode: `MaxEncodedLen`)
    // Storage: `System::BlockHash` (r:1 w:0)
    // Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Reputations` (r:16 w:16)
    // Proof: `ProofOfQuality::Reputations` (`max_values`: None, `max_size`: Some(72), added: 2547, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::RecentOutcomes` (r:1 w:1)
    // Proof: `ProofOfQuality::RecentOutcomes` (`max_values`: Some(1), `max_size`: Some(1282), added: 1777, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::CurrentParameters` (r:1 w:0)
    // Proof: `ProofOfQuality::CurrentParameters` (`max_values`: Some(1), `max_size`: Some(200), added: 695, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:9 w:9)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::CurrentLedger` (r:1 w:1)
    // Proof: `ProofOfQuality::CurrentLedger` (`max_values`: Some(1), `max_size`: Some(64), added: 559, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Participants` (r:24 w:24)
    // Proof: `ProofOfQuality::Participants` (`max_values`: None, `max_size`: Some(81), added: 2556, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Agenda` (r:0 w:8)
    // Proof: `ProofOfQuality::Agenda` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Outcomes` (r:0 w:8)
    // Proof: `ProofOfQuality::Outcomes` (`max_values`: None, `max_size`: Some(3109), added: 5584, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Duties` (r:0 w:192)
    // Proof: `ProofOfQuality::Duties` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
    // `n` is from 1 to 8.
    fn reveal_scores(n: u32, ) -> Weight {
        // At least 1_042_088 nanoseconds.
        Weight::from_parts(212_464_775, 62334)
            // Standard error 3_919_931.
            .saturating_add(Weight::from_parts(888_031_988, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(54))
            .saturating_add(T::DbWeight::get().reads((18_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(52))
            .saturating_add(T::DbWeight::get().writes((44_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 42576).saturating_mul(n.into()))
    }
    // Storage: `ProofOfQuality::Tasks` (r:8 w:0)
    // Proof: `ProofOfQuality::Tasks` (`max_values`: None, `max_size`: Some(1424), added: 3899, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::OpenSeats` (r:8 w:0)
    // Proof: `ProofOfQuality::OpenSeats` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Seats` (r:8 w:0)
    // Proof: `ProofOfQuality::Seats` (`max_values`: None, `max_size`: Some(186), added: 2661, mode: `MaxEncodedLen`)
    // Storage: `System::BlockHash` (r:1 w:0)
    // Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    // `n` is from 1 to 8.
    fn authorize_reveal_scores(n: u32, ) -> Weight {
        // At least 34_802 nanoseconds, to which the signature's share of `authorize_commit_scores`
        // was added by hand: 58_172 nanoseconds. The next `make weights` measures both together.
        Weight::from_parts(75_281_146, 3509)
            // Standard error 123_892.
            .saturating_add(Weight::from_parts(22_517_454, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(n.into())))
            .saturating_add(Weight::from_parts(0, 3899).saturating_mul(n.into()))
    }
    // Storage: `ProofOfQuality::Seats` (r:16 w:0)
    // Proof: `ProofOfQuality::Seats` (`max_values`: None, `max_size`: Some(186), added: 2661, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Reputations` (r:16 w:16)
    // Proof: `ProofOfQuality::Reputations` (`max_values`: None, `max_size`: Some(72), added: 2547, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::RecentOutcomes` (r:1 w:1)
    // Proof: `ProofOfQuality::RecentOutcomes` (`max_values`: Some(1), `max_size`: Some(1282), added: 1777, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::CurrentParameters` (r:1 w:0)
    // Proof: `ProofOfQuality::CurrentParameters` (`max_values`: Some(1), `max_size`: Some(200), added: 695, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:9 w:9)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::CurrentLedger` (r:1 w:1)
    // Proof: `ProofOfQuality::CurrentLedger` (`max_values`: Some(1), `max_size`: Some(64), added: 559, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Participants` (r:24 w:24)
    // Proof: `ProofOfQuality::Participants` (`max_values`: None, `max_size`: Some(81), added: 2556, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::OpenSeats` (r:0 w:16)
    // Proof: `ProofOfQuality::OpenSeats` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Agenda` (r:0 w:1)
    // Proof: `ProofOfQuality::Agenda` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Outcomes` (r:0 w:1)
    // Proof: `ProofOfQuality::Outcomes` (`max_values`: None, `max_size`: Some(3109), added: 5584, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Tasks` (r:0 w:1)
    // Proof: `ProofOfQuality::Tasks` (`max_values`: None, `max_size`: Some(1424), added: 3899, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Duties` (r:0 w:24)
    // Proof: `ProofOfQuality::Duties` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
    fn end_task() -> Weight {
        // At least 1_007_215 nanoseconds.
        Weight::from_parts(1_052_472_000, 62334)
            .saturating_add(T::DbWeight::get().reads(69))
            .saturating_add(T::DbWeight::get().writes(95))
    }
    // Storage: `System::BlockHash` (r:1 w:0)
    // Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Participants` (r:1 w:1)
    // Proof: `ProofOfQuality::Participants` (`max_values`: None, `max_size`: Some(81), added: 2556, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::CurrentParameters` (r:1 w:0)
    // Proof: `ProofOfQuality::CurrentParameters` (`max_values`: Some(1), `max_size`: Some(200), added: 695, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::CurrentLedger` (r:1 w:1)
    // Proof: `ProofOfQuality::CurrentLedger` (`max_values`: Some(1), `max_size`: Some(64), added: 559, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::RosterSize` (r:1 w:1)
    // Proof: `ProofOfQuality::RosterSize` (`max_values`: None, `max_size`: Some(13), added: 2488, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::KeyOwners` (r:1 w:1)
    // Proof: `ProofOfQuality::KeyOwners` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::EvaluatorKeys` (r:1 w:1)
    // Proof: `ProofOfQuality::EvaluatorKeys` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Reputations` (r:0 w:1)
    // Proof: `ProofOfQuality::Reputations` (`max_values`: None, `max_size`: Some(72), added: 2547, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Roster` (r:0 w:1)
    // Proof: `ProofOfQuality::Roster` (`max_values`: None, `max_size`: Some(53), added: 2528, mode: `MaxEncodedLen`)
    fn join_evaluators() -> Weight {
        // At least 162_771 nanoseconds.
        Weight::from_parts(171_384_000, 3593)
            .saturating_add(T::DbWeight::get().reads(9))
            .saturating_add(T::DbWeight::get().writes(9))
    }
    // Storage: `ProofOfQuality::Participants` (r:1 w:1)
    // Proof: `ProofOfQuality::Participants` (`max_values`: None, `max_size`: Some(81), added: 2556, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::CurrentParameters` (r:1 w:0)
    // Proof: `ProofOfQuality::CurrentParameters` (`max_values`: Some(1), `max_size`: Some(200), added: 695, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::CurrentLedger` (r:1 w:1)
    // Proof: `ProofOfQuality::CurrentLedger` (`max_values`: Some(1), `max_size`: Some(64), added: 559, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::RosterSize` (r:1 w:1)
    // Proof: `ProofOfQuality::RosterSize` (`max_values`: None, `max_size`: Some(13), added: 2488, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Roster` (r:0 w:1)
    // Proof: `ProofOfQuality::Roster` (`max_values`: None, `max_size`: Some(53), added: 2528, mode: `MaxEncodedLen`)
    fn join_inference() -> Weight {
        // At least 78_777 nanoseconds.
        Weight::from_parts(81_501_000, 3593)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(6))
    }
    // Storage: `ProofOfQuality::Participants` (r:1 w:1)
    // Proof: `ProofOfQuality::Participants` (`max_values`: None, `max_size`: Some(81), added: 2556, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::CurrentLedger` (r:1 w:1)
    // Proof: `ProofOfQuality::CurrentLedger` (`max_values`: Some(1), `max_size`: Some(64), added: 559, mode: `MaxEncodedLen`)
    fn add_bond() -> Weight {
        // At least 82_883 nanoseconds.
        Weight::from_parts(96_363_000, 3593)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(4))
    }
    // Storage: `ProofOfQuality::Participants` (r:2 w:2)
    // Proof: `ProofOfQuality::Participants` (`max_values`: None, `max_size`: Some(81), added: 2556, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::RosterSize` (r:1 w:1)
    // Proof: `ProofOfQuality::RosterSize` (`max_values`: None, `max_size`: Some(13), added: 2488, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Roster` (r:1 w:2)
    // Proof: `ProofOfQuality::Roster` (`max_values`: None, `max_size`: Some(53), added: 2528, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::CurrentParameters` (r:1 w:0)
    // Proof: `ProofOfQuality::CurrentParameters` (`max_values`: Some(1), `max_size`: Some(200), added: 695, mode: `MaxEncodedLen`)
    fn leave() -> Weight {
        // At least 54_511 nanoseconds.
        Weight::from_parts(67_551_000, 6102)
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().writes(5))
    }
    // Storage: `ProofOfQuality::Participants` (r:1 w:1)
    // Proof: `ProofOfQuality::Participants` (`max_values`: None, `max_size`: Some(81), added: 2556, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Duties` (r:1 w:0)
    // Proof: `ProofOfQuality::Duties` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:1 w:1)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:1 w:1)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::CurrentLedger` (r:1 w:1)
    // Proof: `ProofOfQuality::CurrentLedger` (`max_values`: Some(1), `max_size`: Some(64), added: 559, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::EvaluatorKeys` (r:1 w:1)
    // Proof: `ProofOfQuality::EvaluatorKeys` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::KeyOwners` (r:0 w:1)
    // Proof: `ProofOfQuality::KeyOwners` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Reputations` (r:0 w:1)
    // Proof: `ProofOfQuality::Reputations` (`max_values`: None, `max_size`: Some(72), added: 2547, mode: `MaxEncodedLen`)
    fn withdraw_bond() -> Weight {
        // At least 101_231 nanoseconds.
        Weight::from_parts(130_614_000, 3593)
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().writes(7))
    }
    // Storage: `ProofOfQuality::Participants` (r:1 w:1)
    // Proof: `ProofOfQuality::Participants` (`max_values`: None, `max_size`: Some(81), added: 2556, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::CurrentParameters` (r:1 w:0)
    // Proof: `ProofOfQuality::CurrentParameters` (`max_values`: Some(1), `max_size`: Some(200), added: 695, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::RosterSize` (r:1 w:1)
    // Proof: `ProofOfQuality::RosterSize` (`max_values`: None, `max_size`: Some(13), added: 2488, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Roster` (r:0 w:1)
    // Proof: `ProofOfQuality::Roster` (`max_values`: None, `max_size`: Some(53), added: 2528, mode: `MaxEncodedLen`)
    fn activate() -> Weight {
        // At least 42_603 nanoseconds.
        Weight::from_parts(53_239_000, 3546)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `System::BlockHash` (r:1 w:0)
    // Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Participants` (r:1 w:0)
    // Proof: `ProofOfQuality::Participants` (`max_values`: None, `max_size`: Some(81), added: 2556, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::KeyOwners` (r:1 w:2)
    // Proof: `ProofOfQuality::KeyOwners` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::EvaluatorKeys` (r:1 w:1)
    // Proof: `ProofOfQuality::EvaluatorKeys` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    fn change_key() -> Weight {
        // At least 102_212 nanoseconds.
        Weight::from_parts(117_525_000, 3546)
            .saturating_add(T::DbWeight::get().reads(4))
            .saturating_add(T::DbWeight::get().writes(3))
    }
    // Storage: `ProofOfQuality::CurrentParameters` (r:0 w:1)
    // Proof: `ProofOfQuality::CurrentParameters` (`max_values`: Some(1), `max_size`: Some(200), added: 695, mode: `MaxEncodedLen`)
    fn set_parameters() -> Weight {
        // At least 5_047 nanoseconds.
        Weight::from_parts(5_689_000, 0)
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `ProofOfQuality::AgendaCursor` (r:1 w:1)
    // Proof: `ProofOfQuality::AgendaCursor` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Agenda` (r:1 w:0)
    // Proof: `ProofOfQuality::Agenda` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    fn look_at_agenda() -> Weight {
        // At least 4_667 nanoseconds.
        Weight::from_parts(5_128_000, 3493)
            .saturating_add(T::DbWeight::get().reads(2))
            .saturating_add(T::DbWeight::get().writes(1))
    }
    // Storage: `ProofOfQuality::Tasks` (r:1 w:1)
    // Proof: `ProofOfQuality::Tasks` (`max_values`: None, `max_size`: Some(1424), added: 3899, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Seats` (r:16 w:0)
    // Proof: `ProofOfQuality::Seats` (`max_values`: None, `max_size`: Some(186), added: 2661, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Reputations` (r:16 w:16)
    // Proof: `ProofOfQuality::Reputations` (`max_values`: None, `max_size`: Some(72), added: 2547, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Participants` (r:24 w:24)
    // Proof: `ProofOfQuality::Participants` (`max_values`: None, `max_size`: Some(81), added: 2556, mode: `MaxEncodedLen`)
    // Storage: `Balances::Holds` (r:24 w:24)
    // Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    // Storage: `System::Account` (r:25 w:25)
    // Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::CurrentLedger` (r:1 w:1)
    // Proof: `ProofOfQuality::CurrentLedger` (`max_values`: Some(1), `max_size`: Some(64), added: 559, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::RosterSize` (r:2 w:2)
    // Proof: `ProofOfQuality::RosterSize` (`max_values`: None, `max_size`: Some(13), added: 2488, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Roster` (r:12 w:23)
    // Proof: `ProofOfQuality::Roster` (`max_values`: None, `max_size`: Some(53), added: 2528, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::OpenSeats` (r:0 w:16)
    // Proof: `ProofOfQuality::OpenSeats` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Agenda` (r:0 w:1)
    // Proof: `ProofOfQuality::Agenda` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Outcomes` (r:0 w:1)
    // Proof: `ProofOfQuality::Outcomes` (`max_values`: None, `max_size`: Some(3109), added: 5584, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Duties` (r:0 w:24)
    // Proof: `ProofOfQuality::Duties` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
    fn advance_task() -> Weight {
        // At least 1_682_067 nanoseconds.
        Weight::from_parts(1_812_691_000, 66065)
            .saturating_add(T::DbWeight::get().reads(121))
            .saturating_add(T::DbWeight::get().writes(158))
    }
    // Storage: `ProofOfQuality::Tasks` (r:1 w:1)
    // Proof: `ProofOfQuality::Tasks` (`max_values`: None, `max_size`: Some(1424), added: 3899, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::DrawQueue` (r:1 w:1)
    // Proof: `ProofOfQuality::DrawQueue` (`max_values`: Some(1), `max_size`: Some(129), added: 624, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::LastJudges` (r:8 w:8)
    // Proof: `ProofOfQuality::LastJudges` (`max_values`: None, `max_size`: Some(2101), added: 4576, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::RosterSize` (r:1 w:0)
    // Proof: `ProofOfQuality::RosterSize` (`max_values`: None, `max_size`: Some(13), added: 2488, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Roster` (r:81 w:0)
    // Proof: `ProofOfQuality::Roster` (`max_values`: None, `max_size`: Some(53), added: 2528, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Reputations` (r:81 w:0)
    // Proof: `ProofOfQuality::Reputations` (`max_values`: None, `max_size`: Some(72), added: 2547, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Participants` (r:81 w:0)
    // Proof: `ProofOfQuality::Participants` (`max_values`: None, `max_size`: Some(81), added: 2556, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::EvaluatorKeys` (r:16 w:0)
    // Proof: `ProofOfQuality::EvaluatorKeys` (`max_values`: None, `max_size`: Some(80), added: 2555, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::OpenSeats` (r:0 w:16)
    // Proof: `ProofOfQuality::OpenSeats` (`max_values`: None, `max_size`: Some(68), added: 2543, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Agenda` (r:0 w:1)
    // Proof: `ProofOfQuality::Agenda` (`max_values`: None, `max_size`: Some(28), added: 2503, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Seats` (r:0 w:16)
    // Proof: `ProofOfQuality::Seats` (`max_values`: None, `max_size`: Some(186), added: 2661, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Duties` (r:0 w:16)
    // Proof: `ProofOfQuality::Duties` (`max_values`: None, `max_size`: Some(69), added: 2544, mode: `MaxEncodedLen`)
    fn draw_committee() -> Weight {
        // At least 1_411_536 nanoseconds.
        Weight::from_parts(1_518_945_000, 208026)
            .saturating_add(T::DbWeight::get().reads(270))
            .saturating_add(T::DbWeight::get().writes(59))
    }
    // Storage: `ProofOfQuality::Tasks` (r:1 w:1)
    // Proof: `ProofOfQuality::Tasks` (`max_values`: None, `max_size`: Some(1424), added: 3899, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::SealedAnswers` (r:0 w:4)
    // Proof: `ProofOfQuality::SealedAnswers` (`max_values`: None, `max_size`: Some(16512), added: 18987, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Answers` (r:0 w:4)
    // Proof: `ProofOfQuality::Answers` (`max_values`: None, `max_size`: Some(16416), added: 18891, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Seats` (r:0 w:16)
    // Proof: `ProofOfQuality::Seats` (`max_values`: None, `max_size`: Some(186), added: 2661, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Prompts` (r:0 w:1)
    // Proof: `ProofOfQuality::Prompts` (`max_values`: None, `max_size`: Some(16404), added: 18879, mode: `MaxEncodedLen`)
    // Storage: `ProofOfQuality::Outcomes` (r:0 w:1)
    // Proof: `ProofOfQuality::Outcomes` (`max_values`: None, `max_size`: Some(3109), added: 5584, mode: `MaxEncodedLen`)
    fn prune() -> Weight {
        // At least 62_072 nanoseconds.
        Weight::from_parts(66_058_000, 4889)
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().writes(27))
    }
}
