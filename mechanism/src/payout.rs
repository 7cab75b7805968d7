//! Payouts: how a bounty is split into caps, and what an answer earns. What a seat earns is in
//! [`crate::skill`].
//!
//! The bounty is split once, when the task ends: into one cap for each responder and one for each
//! seat of the committee ([`Split`]). All caps of a role are equal. An answer or a seat never earns
//! more than its cap, so payouts cannot exceed the bounty. What is not earned goes back to the
//! submitter, with all that rounding leaves.

use crate::Score;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_arithmetic::traits::AtLeast32BitUnsigned;

/// A bounty split into caps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split<Balance> {
    /// The cap of one responder: the highest amount that its answer can earn.
    pub responder: Balance,
    /// The cap of one seat: the highest amount that it can earn.
    pub seat: Balance,
}

/// Splits `bounty` into one cap for each of `responders` and one for each of `seats`. `judging` is
/// the share of the bounty that goes to the seats. Divisions round down. A role without
/// participants has a cap of 0.
pub fn split<Balance: AtLeast32BitUnsigned + Copy>(
    bounty: Balance,
    judging: Score,
    responders: u32,
    seats: u32,
) -> Split<Balance> {
    let for_seats = judging.mul_floor(bounty);
    let for_responders = bounty.saturating_sub(for_seats);
    let cap = |pot: Balance, among: u32| match among {
        0 => Balance::zero(),
        among => pot / among.into(),
    };
    Split { responder: cap(for_responders, responders), seat: cap(for_seats, seats) }
}

/// What answers are paid for. An answer earns `clamp(alpha · quality − beta · cost, 0, 1)` of its
/// cap, and nothing if its quality is below the floor.
///
/// The form is that of cost-aware Proof of Quality (arXiv 2512.16317). The cost is our own: the
/// delay that the chain itself saw, because a responder could report any figures.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[scale_info(capture_docs = "always")]
pub struct AnswerRules {
    /// What quality is worth, in hundredths. With 100 a perfect answer without delay earns its
    /// whole cap.
    pub alpha: u8,
    /// What delay costs, in hundredths. With 10 an answer at the end of the window loses a tenth of
    /// its cap.
    pub beta: u8,
    /// The quality below which an answer earns nothing.
    pub floor: Score,
}

/// The delay of an answer as a share of its window, rounded up. Both are in blocks. Without a
/// window it is 1.
pub fn delay_cost(delay: u32, window: u32) -> Score {
    match window {
        0 => Score::one(),
        window => Score::from_parts((u64::from(delay.min(window)) * 1_000_000).div_ceil(u64::from(window)) as u32),
    }
}

impl AnswerRules {
    /// The share of its cap that an answer earns, rounded down. `cost` is its delay, as
    /// [`delay_cost`] returns it.
    pub fn share(&self, quality: Score, cost: Score) -> Score {
        if quality < self.floor {
            return Score::zero();
        }
        let worth = u64::from(self.alpha) * u64::from(quality.deconstruct()) / 100;
        let lost = (u64::from(self.beta) * u64::from(cost.deconstruct())).div_ceil(100);
        // At most a million, so the cast cannot cut anything.
        Score::from_parts(worth.saturating_sub(lost).min(1_000_000) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        skill::{settle, Dues},
        trust::Trust,
    };
    use proptest::prelude::*;

    fn score() -> impl Strategy<Value = Score> {
        (0u32..=1_000_000).prop_map(Score::from_parts)
    }

    proptest! {
        #[test]
        fn payouts_never_exceed_the_bounty(
            bounty: u128,
            judging in score(),
            qualities in prop::collection::vec((score(), score()), 0..16),
            skills in prop::collection::vec(-3_000_000i64..=1_000_000, 0..16),
            trust: u32,
        ) {
            let split = split(bounty, judging, qualities.len() as u32, skills.len() as u32);
            let answers = qualities.iter().map(|(quality, delay)| RULES.share(*quality, *delay).mul_floor(split.responder));
            let seats = skills.iter().map(|skill| settle(split.seat, *skill, Trust::from_ppm(trust), Dues::default()).0);
            let paid = answers.chain(seats).try_fold(0u128, |sum, pay| sum.checked_add(pay));
            prop_assert!(paid.is_some_and(|paid| paid <= bounty));
        }

    }

    #[test]
    fn all_caps_of_a_role_are_equal() {
        assert_eq!(split(1_000u64, Score::from_percent(20), 2, 4), Split { responder: 400, seat: 50 });
    }

    const RULES: AnswerRules = AnswerRules { alpha: 110, beta: 10, floor: Score::from_percent(30) };

    #[test]
    fn an_answer_is_paid_by_quality_less_its_delay() {
        let share = |quality, cost| RULES.share(Score::from_percent(quality), Score::from_percent(cost)).deconstruct();
        assert_eq!(share(50, 0), 550_000);
        assert_eq!(share(50, 100), 450_000);
        assert_eq!(share(100, 0), 1_000_000);
        assert_eq!(share(29, 0), 0);
    }

    #[test]
    fn delay_is_a_share_of_the_window() {
        assert_eq!([0, 1, 3, 9].map(|delay| delay_cost(delay, 3).deconstruct()), [0, 333_334, 1_000_000, 1_000_000]);
        assert_eq!(delay_cost(0, 0), Score::one());
    }

    proptest! {
        #[test]
        fn better_and_faster_never_earns_less(
            alpha: u8, beta: u8, floor in score(), a in score(), b in score(), c in score(), d in score(),
        ) {
            let rules = AnswerRules { alpha, beta, floor };
            prop_assert!(rules.share(a.max(b), c) >= rules.share(a.min(b), c));
            prop_assert!(rules.share(a, c.min(d)) >= rules.share(a, c.max(d)));
        }
    }

    #[test]
    fn a_role_without_participants_is_no_division_by_zero() {
        assert_eq!(split(1_000u64, Score::from_percent(20), 0, 0), Split { responder: 0, seat: 0 });
    }
}
