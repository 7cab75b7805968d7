//! Skill: what an evaluator's scores were worth beyond a guess, and how they are paid.
//!
//! An evaluator that always reports the usual score is often near the consensus, without having
//! read anything. So an evaluator is measured against the best report that needs no reading: the
//! median of the past qualities. The mean distance of the past qualities from their median is the
//! *spread*. An evaluator's error is the distance of its score from what the others said. Its skill
//! is what its errors leave of the spread:
//!
//! `skill = 1 − mean over the answers of c(m)`, at least `−limit`, where `m = error / spread`,
//! `c(m) = m` up to 1 and `m²` beyond
//!
//! A perfect evaluator has skill 1. The best guess has 0 on average or less, and any other guess
//! still less. An error above the spread counts by its square, for each answer alone. So an
//! evaluator that lies on a few answers loses more on them than it earns on the rest.
//!
//! A seat is paid its skill as a share of its cap. A negative skill becomes a debt, which is earned
//! off before anything is paid ([`settle`]). So a guesser loses on some tasks what luck gives it on
//! others. A new account first proves its skill without pay, so a fresh account has no luck to
//! spend either.
//!
//! The design is our own. The papers pay closeness to the consensus itself.

use crate::{aggregate::Range, trust::Trust, Score};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_arithmetic::traits::AtLeast32BitUnsigned;

/// How skill is measured and paid.
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
pub struct SkillRules {
    /// The minimum spread. If past qualities are more alike, an evaluator's own noise would decide,
    /// so skill is measured against this spread. The pay then shrinks in proportion, because a
    /// guess does well there too.
    pub min_spread: Score,
    /// What is taken off every skill. So guessing does not pay even with more luck than average.
    pub margin: Score,
    /// The maximum that one task can cost an evaluator, in multiples of the seat's cap.
    pub limit: u8,
    /// The pay that a new evaluator earns without receiving it, in multiples of a seat's cap.
    pub probation: u8,
}

/// Skill in millionths. It is at most 1,000,000, and negative for an evaluator that was worse than
/// the best guess.
pub type Skill = i64;

const MILLION: i64 = 1_000_000;

/// The quality of one earlier answer. Guesses are measured against it.
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
pub struct PastQuality {
    /// The consensus of the committee for the answer.
    pub quality: Score,
    /// How much the past quality counts, from 1 to 32.
    pub weight: u8,
}

/// The maximum weight of one past quality.
pub const MAX_WEIGHT: u8 = 32;

impl PastQuality {
    /// The past quality of one of `answers` answers of a task. Its weight is the answer's share of
    /// the bounty, in multiples of `min_bounty`, from 1 to [`MAX_WEIGHT`].
    pub fn new<Balance: AtLeast32BitUnsigned + Copy>(
        quality: Score,
        bounty: Balance,
        min_bounty: Balance,
        answers: u32,
    ) -> Self {
        let weight = bounty.checked_div(&min_bounty.saturating_mul(answers.into())).unwrap_or(Balance::one());
        Self { quality, weight: weight.clamp(Balance::one(), Balance::from(MAX_WEIGHT)).unique_saturated_into() }
    }
}

/// Adds a past quality, oldest first, as long as there are fewer than `max`.
///
/// Otherwise its weight is taken off the oldest one. If nothing of the oldest is left, the new one
/// replaces it. So flushing the memory with small tasks of one's own costs what honest users spent
/// on what is in it.
pub fn remember(qualities: &mut Vec<PastQuality>, past: PastQuality, max: usize) {
    // There is a surplus after governance has made the memory smaller.
    let surplus = qualities.len().saturating_sub(max);
    qualities.drain(..surplus);
    if qualities.len() < max {
        qualities.push(past);
        return;
    }
    let Some(oldest) = qualities.first_mut() else { return };
    oldest.weight = oldest.weight.saturating_sub(past.weight);
    if oldest.weight == 0 {
        qualities.remove(0);
        qualities.push(past);
    }
}

/// The mean distance of the best guess: the weighted mean distance of the past qualities from their
/// weighted median. It is rounded down, against the guess. `None` without past qualities.
pub fn spread(qualities: &[PastQuality]) -> Option<Score> {
    let median = median(qualities)?;
    let weight: u64 = qualities.iter().map(|past| u64::from(past.weight)).sum();
    let off = |past: &PastQuality| u64::from(past.quality.deconstruct().abs_diff(median.deconstruct()));
    let sum: u64 = qualities.iter().map(|past| off(past) * u64::from(past.weight)).sum();
    // A mean of numbers up to a million.
    Some(Score::from_parts(sum.checked_div(weight)? as u32))
}

/// The best guess: the weighted median of the past qualities. `None` without past qualities of any
/// weight.
pub fn median(qualities: &[PastQuality]) -> Option<Score> {
    let mut sorted = qualities.to_vec();
    sorted.sort_unstable_by_key(|past| past.quality);
    let total: u64 = sorted.iter().map(|past| u64::from(past.weight)).sum();
    let mut reached = 0;
    let crosses = |past: &&PastQuality| {
        reached += u64::from(past.weight);
        2 * reached > total
    };
    sorted.iter().find(crosses).map(|past| past.quality)
}

/// The distance of an evaluator's score for each answer from what the others said. `None` if there
/// is nothing to compare, or if the two differ in length.
pub fn distances(scores: &[Score], others: &[Range]) -> Option<Vec<Score>> {
    if scores.is_empty() || scores.len() != others.len() {
        return None;
    }
    // No two scores are further apart than a million.
    let distance = |(score, others): (&Score, &Range)| Score::from_parts(others.distance(score) as u32);
    Some(scores.iter().zip(others).map(distance).collect())
}

/// The deviation: the mean of the distances. It is rounded up, so that rounding never favours the
/// evaluator that is paid.
pub fn deviation(distances: &[Score]) -> Score {
    let sum: u64 = distances.iter().map(|distance| u64::from(distance.deconstruct())).sum();
    Score::from_parts(sum.div_ceil((distances.len() as u64).max(1)) as u32)
}

impl SkillRules {
    /// The skill of an evaluator with these `distances`, one for each answer, and with this
    /// `spread` of the past qualities. It is 0 without answers.
    pub fn skill(&self, distances: &[Score], spread: Score) -> Skill {
        let measured = i64::from(spread.deconstruct());
        let spread = measured.max(i64::from(self.min_spread.deconstruct())).max(1);
        let limit = i64::from(self.limit) * MILLION;
        let charge = |distance: &Score| {
            // Rounded up: neither factor is negative. The product is at most 10^12, as the spread
            // is at least 1. The limit comes before the square, so that the square cannot overflow.
            let missed = (i64::from(distance.deconstruct()) * MILLION + spread - 1) / spread;
            if missed <= MILLION {
                missed
            } else {
                squared(missed.min(limit + 2 * MILLION))
            }
        };
        let Some(answers) = i64::try_from(distances.len()).ok().filter(|answers| *answers > 0) else { return 0 };
        let charged: i64 = distances.iter().map(charge).sum();
        let skill = MILLION - (charged + answers - 1) / answers - i64::from(self.margin.deconstruct());
        if skill > 0 {
            return skill * measured / spread;
        }
        skill.max(-limit)
    }

    /// The dues of a new account.
    pub fn probation_dues<Balance: AtLeast32BitUnsigned>(&self) -> Dues<Balance> {
        // At most 255 million.
        Dues { probation: u32::from(self.probation) * 1_000_000, debt: Balance::zero() }
    }
}

/// The square of a share in millionths, rounded up. The share is at most 257 million.
fn squared(share: i64) -> i64 {
    (share * share + MILLION - 1) / MILLION
}

/// What an evaluator must earn off before it is paid.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[scale_info(capture_docs = "always")]
pub struct Dues<Balance> {
    /// The skill that a new account still has to prove without pay, in millionths of a seat's cap.
    /// The size of the cap does not matter. So a fresh account has no luck to spend, on small tasks
    /// or on large ones.
    pub probation: u32,
    /// What bad scores took from others. It is an amount, so a debt from a large task takes many
    /// small tasks to earn off.
    pub debt: Balance,
}

/// What an evaluator is paid for a task, and its dues after it.
///
/// `cap` is the highest amount that the seat can earn. `trust` and `dues` are the evaluator's
/// before the task. An evaluator with less than neutral trust earns by the square of its trust, but
/// loses as much as any other. So one that is careless now and then cannot live on its other tasks.
/// Divisions round in favour of the submitter: payments down, debts up.
pub fn settle<Balance: AtLeast32BitUnsigned + Copy>(
    cap: Balance,
    skill: Skill,
    trust: Trust,
    dues: Dues<Balance>,
) -> (Balance, Dues<Balance>) {
    let Dues { probation, debt } = dues;
    if skill < 0 {
        let lost = skill.unsigned_abs();
        if probation > 0 {
            let probation = u64::from(probation).saturating_add(lost).min(u32::MAX.into()) as u32;
            return (Balance::zero(), Dues { probation, debt });
        }
        // The limit of the rules, a byte, bounds it.
        let (whole, rest) = ((lost / 1_000_000).min(255) as u8, (lost % 1_000_000) as u32);
        let owed = cap.saturating_mul(whole.into()).saturating_add(Score::from_parts(rest).mul_ceil(cap));
        return (Balance::zero(), Dues { probation, debt: debt.saturating_add(owed) });
    }
    // At most a million.
    let skill = skill.min(MILLION) as u32;
    let shown = skill.min(probation);
    let trusted = Score::from_parts(trust.min(Trust::NEUTRAL).ppm()).square();
    let earned = trusted.mul_floor(Score::from_parts(skill - shown).mul_floor(cap));
    let dues = Dues { probation: probation - shown, debt: debt.saturating_sub(earned) };
    (earned.saturating_sub(debt), dues)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use proptest::prelude::*;

    const RULES: SkillRules =
        SkillRules { min_spread: Score::from_parts(50_000), margin: Score::from_parts(20_000), limit: 3, probation: 4 };

    fn past(ppm: &[u32]) -> Vec<PastQuality> {
        ppm.iter().map(|ppm| PastQuality { quality: Score::from_parts(*ppm), weight: 1 }).collect()
    }

    #[test]
    fn the_spread_is_the_mean_distance_from_the_median() {
        assert_eq!(spread(&past(&[100, 300, 900])), Some(Score::from_parts(266)));
        assert_eq!(spread(&past(&[7; 9])), Some(Score::zero()));
        assert_eq!(spread(&[]), None);
    }

    #[test]
    fn many_small_tasks_count_for_no_more_than_their_bounties() {
        let past = |ppm, bounty, answers| PastQuality::new(Score::from_parts(ppm), bounty, 100u64, answers);
        let mut qualities = Vec::new();
        for _ in 0..8 {
            remember(&mut qualities, past(900, 3_000, 1), 8);
        }
        for _ in 0..100 {
            remember(&mut qualities, past(0, 100, 1), 8);
        }
        assert_eq!(median(&qualities), Some(Score::from_parts(900)));
        let weight = |bounty, answers| past(0, bounty, answers).weight;
        assert_eq!([0, 99, 100, 250, 3_200, u64::MAX].map(|bounty| weight(bounty, 1)), [1, 1, 1, 2, 32, 32]);
        assert_eq!([weight(2_000, 4), weight(u64::MAX, u32::MAX)], [5, 32]);
        assert_eq!(PastQuality::new(Score::zero(), 5u64, 0, 0).weight, 1);
    }

    #[test]
    fn past_qualities_are_forgotten_as_fast_as_weight_comes_in() {
        let past = |ppm, weight| PastQuality { quality: Score::from_parts(ppm), weight };
        let mut qualities = vec![past(1, 2), past(2, 1)];
        remember(&mut qualities, past(3, 1), 2);
        assert_eq!(qualities, [past(1, 1), past(2, 1)]);
        remember(&mut qualities, past(4, 5), 2);
        assert_eq!(qualities, [past(2, 1), past(4, 5)]);
        // A smaller memory drops the oldest past qualities first.
        remember(&mut qualities, past(5, 5), 1);
        assert_eq!(qualities, [past(5, 5)]);
        remember(&mut qualities, past(6, 5), 0);
        assert_eq!(qualities, []);
    }

    #[test]
    fn a_perfect_evaluator_has_all_skill_but_the_margin() {
        assert_eq!(RULES.skill(&[Score::zero()], Score::from_percent(20)), 980_000);
    }

    #[test]
    fn the_best_guess_has_none() {
        assert_eq!(RULES.skill(&[Score::from_percent(20)], Score::from_percent(20)), -20_000);
    }

    #[test]
    fn errors_beyond_a_guess_weigh_by_their_square() {
        assert_eq!(RULES.skill(&[Score::from_percent(30)], Score::from_percent(20)), 1_000_000 - 2_250_000 - 20_000);
    }

    #[test]
    fn one_lie_among_honest_scores_weighs_by_its_square() {
        let off = [Score::zero(), Score::from_percent(40)];
        assert_eq!(deviation(&off), Score::from_percent(20));
        // One of the two answers has the square of two.
        assert_eq!(RULES.skill(&off, Score::from_percent(20)), 1_000_000 - 2_000_000 - 20_000);
    }

    #[test]
    fn one_task_costs_no_more_than_the_limit() {
        assert_eq!(RULES.skill(&[Score::one()], Score::from_percent(6)), -3_000_000);
    }

    #[test]
    fn past_qualities_that_are_all_alike_are_no_test_of_skill() {
        assert_eq!(RULES.skill(&[Score::from_parts(50_000)], Score::zero()), -20_000);
        assert_eq!(RULES.skill(&[Score::zero()], Score::zero()), 0);
        assert_eq!(RULES.skill(&[Score::zero()], Score::from_parts(25_000)), 490_000);
    }

    #[test]
    fn debt_is_earned_off_first() {
        let settle = |skill, debt| {
            let (paid, dues) = settle(1_000u64, skill, Trust::NEUTRAL, Dues { probation: 0, debt });
            (paid, dues.debt)
        };
        assert_eq!(settle(500_000, 0), (500, 0));
        assert_eq!(settle(-250_000, 0), (0, 250));
        assert_eq!(settle(500_000, 250), (250, 0));
        assert_eq!(settle(500_000, 700), (0, 200));
        assert_eq!(settle(-2_500_001, 100), (0, 2_601));
    }

    #[test]
    fn a_new_account_proves_skill_before_it_is_paid() {
        let mut dues = RULES.probation_dues();
        let mut judged = |skill| {
            let (paid, after) = settle(1_000u64, skill, Trust::NEUTRAL, dues);
            dues = after;
            (paid, dues.probation)
        };
        assert_eq!([900_000; 4].map(&mut judged), [(0, 3_100_000), (0, 2_200_000), (0, 1_300_000), (0, 400_000)]);
        assert_eq!(judged(-200_000), (0, 600_000));
        assert_eq!(judged(900_000), (300, 0));
        assert_eq!(judged(-200_000), (0, 0));
        assert_eq!(dues.debt, 200);
    }

    #[test]
    fn an_evaluator_with_less_trust_earns_less_and_loses_as_much() {
        let settle = |trust, skill| {
            let (paid, dues) = settle(1_000u64, skill, Trust::from_ppm(trust), Dues::default());
            (paid, dues.debt)
        };
        assert_eq!(settle(250_000, 800_000), (50, 0));
        assert_eq!(settle(2_000_000, 800_000), (800, 0));
        assert_eq!(settle(250_000, -800_000), (0, 800));
    }

    #[test]
    fn one_step_of_rounding_is_no_disagreement() {
        let others = [Range::from(Score::from_parts(500_000)); 2];
        let said = [500_100, 499_800].map(Score::from_parts);
        assert_eq!(distances(&said, &others), Some([0, 200].map(Score::from_parts).to_vec()));
    }

    #[test]
    fn scores_for_another_number_of_answers_cannot_be_compared() {
        assert_eq!(distances(&[Score::one()], &[]), None);
        assert_eq!(distances(&[], &[]), None);
    }

    proptest! {
        /// The promise itself: over the past qualities behind a spread, the skills of a constant
        /// report never have a positive sum.
        #[test]
        fn no_constant_report_beats_the_spread(
            qualities in prop::collection::vec((0u32..=1_000_000, 1u8..), 1..100), report in 0u32..=1_000_000,
        ) {
            let past = |(ppm, weight): &(u32, u8)| PastQuality { quality: Score::from_parts(*ppm), weight: *weight };
            let qualities: Vec<PastQuality> = qualities.iter().map(past).collect();
            let spread = spread(&qualities).unwrap();
            // There is no margin, and no report reaches this limit.
            let rules = SkillRules { min_spread: Score::zero(), margin: Score::zero(), limit: u8::MAX, ..RULES };
            prop_assume!(spread.deconstruct() > 4_000);
            let sum: i64 = qualities.iter().map(|past| {
                let distances = distances(&[Score::from_parts(report)], &[past.quality.into()]).unwrap();
                i64::from(past.weight) * rules.skill(&distances, spread)
            }).sum();
            prop_assert!(sum <= 0, "{}", sum);
        }

        #[test]
        fn no_seat_is_paid_more_than_its_cap(
            cap: u128, skill in -255_000_000i64..=1_000_000, trust: u32, probation: u32, debt: u128,
        ) {
            let (paid, dues) = settle(cap, skill, Trust::from_ppm(trust), Dues { probation, debt });
            prop_assert!(paid <= cap);
            prop_assert!(paid == 0 || (dues.debt == 0 && dues.probation == 0));
            prop_assert!(skill >= 0 || (paid == 0 && dues.debt >= debt && dues.probation >= probation));
        }

        #[test]
        fn closer_evaluators_never_earn_less(
            a in 0u32..=1_000_000, b in 0u32..=1_000_000, spread in 0u32..=1_000_000,
            cap: u64, trust: u32, probation: u32, debt: u64,
        ) {
            let of = |deviation: u32| {
                let skill = RULES.skill(&[Score::from_parts(deviation)], Score::from_parts(spread));
                settle(cap, skill, Trust::from_ppm(trust), Dues { probation, debt })
            };
            let (near, far) = (of(a.min(b)), of(a.max(b)));
            prop_assert!(near.0 >= far.0 && near.1.debt <= far.1.debt && near.1.probation <= far.1.probation);
        }
    }
}
