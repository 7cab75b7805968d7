//! Payouts: what answering and judging earn from one task's bounty.
//!
//! The bounty is cut once, at the start, into equal parts: one for each responder and one for each seat of the
//! committee ([`Split`]). Nobody is ever paid more than one part, so payouts cannot exceed the bounty; what is not
//! earned, and all rounding dust, goes back to the user.

use crate::{distance, Score};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_arithmetic::traits::AtLeast32BitUnsigned;

/// A bounty cut into parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split<Balance> {
    /// The most that one responder can earn.
    pub responder: Balance,
    /// The most that one seat can earn.
    pub seat: Balance,
}

/// Cuts `bounty` into one part for each of `responders` and one for each of `seats`; `judging` is the share of the
/// bounty that goes to the seats. Divisions round down. Parts for nobody are 0.
pub fn split<Balance: AtLeast32BitUnsigned + Copy>(
    bounty: Balance,
    judging: Score,
    responders: u32,
    seats: u32,
) -> Split<Balance> {
    let for_seats = judging.mul_floor(bounty);
    let for_responders = bounty.saturating_sub(for_seats);
    let part = |pot: Balance, among: u32| match among {
        0 => Balance::zero(),
        among => pot / among.into(),
    };
    Split { responder: part(for_responders, responders), seat: part(for_seats, seats) }
}

/// What an answer of `quality` earns of its responder's `part`: the product, rounded down.
pub fn answer_pay<Balance: AtLeast32BitUnsigned + Copy>(part: Balance, quality: Score) -> Balance {
    quality.mul_floor(part)
}

/// What an answer is worth to the one who pays: `clamp(alpha · quality − beta · cost, 0, 1)` of the responder's part, and nothing below a
/// floor. The form is that of cost-aware Proof of Quality (arXiv 2512.16317); the cost is our own: the delay that the chain itself saw,
/// as a responder's own figures could be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct AnswerRules {
    /// What quality is worth, in hundredths: 100 pays a perfect answer its whole part, if it came at once.
    pub alpha: u8,
    /// What delay costs, in hundredths: 10 takes a tenth of the part off an answer that came at the end of the window.
    pub beta: u8,
    /// The quality below which nothing is paid.
    pub floor: Score,
}

/// The delay of an answer as a share of its window, rounded up; both in blocks. All of it where there is no window.
pub fn delay_cost(delay: u32, window: u32) -> Score {
    match window {
        0 => Score::one(),
        window => Score::from_parts((u64::from(delay.min(window)) * 1_000_000).div_ceil(u64::from(window)) as u32),
    }
}

impl AnswerRules {
    /// The share of its part that an answer earns.
    pub fn share(&self, quality: Score, cost: Score) -> Score {
        if quality < self.floor {
            return Score::zero();
        }
        let worth = u64::from(self.alpha) * u64::from(quality.deconstruct()) / 100;
        let lost = (u64::from(self.beta) * u64::from(cost.deconstruct())).div_ceil(100);
        // Kept within a million, so the cast cannot cut anything.
        Score::from_parts(worth.saturating_sub(lost).min(1_000_000) as u32)
    }
}

/// What a seat earns of its `part` for judging with this `agreement`: the product, rounded down.
pub fn judge_pay<Balance: AtLeast32BitUnsigned + Copy>(part: Balance, agreement: Score) -> Balance {
    agreement.mul_floor(part)
}

/// How well one judge's `scores` agree with the `consensus`: one minus the mean distance over all answers.
///
/// `None` where there is nothing to compare or the two differ in length.
pub fn agreement(scores: &[Score], consensus: &[Score]) -> Option<Score> {
    if scores.is_empty() || scores.len() != consensus.len() {
        return None;
    }
    let distance: u64 = scores.iter().zip(consensus).map(|(score, consensus)| distance(score, consensus)).sum();
    // Rounded up, so that rounding never favours the one who is paid. At most 1,000,000, as every distance is.
    let mean = distance.div_ceil(scores.len() as u64) as u32;
    Some(Score::from_parts(1_000_000u32.saturating_sub(mean)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn score() -> impl Strategy<Value = Score> {
        (0u32..=1_000_000).prop_map(Score::from_parts)
    }

    proptest! {
        #[test]
        fn payouts_never_exceed_the_bounty(
            bounty: u128,
            judging in score(),
            qualities in prop::collection::vec(score(), 0..16),
            agreements in prop::collection::vec(score(), 0..16),
        ) {
            let split = split(bounty, judging, qualities.len() as u32, agreements.len() as u32);
            let answers = qualities.iter().map(|q| answer_pay(split.responder, *q));
            let judges = agreements.iter().map(|a| judge_pay(split.seat, *a));
            let paid = answers.chain(judges).try_fold(0u128, |sum, pay| sum.checked_add(pay));
            prop_assert!(paid.is_some_and(|paid| paid <= bounty));
        }

        #[test]
        fn better_answers_never_earn_less(part: u128, a in score(), b in score()) {
            prop_assert!(answer_pay(part, a.max(b)) >= answer_pay(part, a.min(b)));
            prop_assert!(judge_pay(part, a.max(b)) >= judge_pay(part, a.min(b)));
        }

        #[test]
        fn closer_judges_never_agree_less(scores in prop::collection::vec((score(), score()), 1..8)) {
            let (scores, consensus): (Vec<_>, Vec<_>) = scores.into_iter().unzip();
            let mut closer = scores.clone();
            closer[0] = Score::from_parts((scores[0].deconstruct() + consensus[0].deconstruct()) / 2);
            prop_assert!(agreement(&closer, &consensus) >= agreement(&scores, &consensus));
        }

        #[test]
        fn a_judge_who_says_the_consensus_agrees_fully(consensus in prop::collection::vec(score(), 1..8)) {
            prop_assert_eq!(agreement(&consensus, &consensus), Some(Score::one()));
        }
    }

    #[test]
    fn perfect_work_earns_its_whole_part() {
        let split = split(1_000u64, Score::from_percent(20), 2, 4);
        assert_eq!(split, Split { responder: 400, seat: 50 });
        assert_eq!(answer_pay(split.responder, Score::one()), 400);
        assert_eq!(answer_pay(split.responder, Score::from_percent(50)), 200);
        assert_eq!(answer_pay(split.responder, Score::zero()), 0);
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
    fn nobody_to_pay_is_no_division_by_zero() {
        assert_eq!(split(1_000u64, Score::from_percent(20), 0, 0), Split { responder: 0, seat: 0 });
    }

    #[test]
    fn one_step_of_rounding_is_no_disagreement() {
        let parts = |parts| [Score::from_parts(parts)];
        assert_eq!(agreement(&parts(500_000), &parts(500_100)), Some(Score::one()));
        assert_eq!(agreement(&parts(500_000), &parts(499_800)), Some(Score::from_parts(999_800)));
    }

    #[test]
    fn judging_the_opposite_earns_nothing() {
        let consensus = [Score::one(), Score::zero()];
        let opposite = [Score::zero(), Score::one()];
        assert_eq!(agreement(&opposite, &consensus), Some(Score::zero()));
    }

    #[test]
    fn scores_for_another_number_of_answers_cannot_be_compared() {
        assert_eq!(agreement(&[Score::one()], &[]), None);
        assert_eq!(agreement(&[], &[]), None);
    }
}
