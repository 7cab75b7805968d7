//! Payouts: what answering and judging earn from one task's bounty.
//!
//! The bounty is cut once, at the start, into equal parts: one for each responder and one for each seat of the
//! committee ([`Split`]). Nobody is ever paid more than one part, so payouts cannot exceed the bounty; what is not
//! earned, and all rounding dust, goes back to the user.

use crate::Score;
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
    let distance: u64 = scores
        .iter()
        .zip(consensus)
        .map(|(score, consensus)| u64::from(score.deconstruct().abs_diff(consensus.deconstruct())))
        .sum();
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

    #[test]
    fn nobody_to_pay_is_no_division_by_zero() {
        assert_eq!(split(1_000u64, Score::from_percent(20), 0, 0), Split { responder: 0, seat: 0 });
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
