//! Skill: what judging was worth beyond guessing, and how it is paid.
//!
//! Whoever always reports the usual score is often near the consensus without having read anything.
//! So a judge is measured against the best report that needs no reading: the median of the recent
//! outcomes. How far such a report is off on average is the *spread* of the outcomes; a judge's
//! skill is the part of it that the judge's own error leaves:
//!
//! `skill = 1 − mean over the answers of c(m)`, at least `−limit`, where `m = error / spread`,
//! `c(m) = m` up to 1 and `m²` beyond
//!
//! A perfect judge has skill 1, the best guess 0 on average or less, every other guess still less.
//! Errors beyond what a guess would make weigh by their square, answer by answer, so that who is
//! careless or lies on some loses there more than the others bring. Skill is paid in shares of the
//! seat's part, and a negative one is owed: it must be earned back before anything is paid
//! ([`settle`]), so what luck gives a guesser on one task it loses on others. A new account must
//! first show skill without pay, so that a fresh one has no luck to spend either.
//!
//! Our own design; the papers pay closeness to the consensus itself.

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
    /// The spread below which outcomes count as all alike: measured against less, a judge's own
    /// noise would decide, so it is measured against this, and paid in proportion, as a guess does
    /// well there too.
    pub min_spread: Score,
    /// What is taken off every skill, so that guessing does not pay even with more luck than
    /// average.
    pub margin: Score,
    /// The most that one task can cost, in parts of a seat.
    pub limit: u8,
    /// What a new account must show before it is paid, in parts of a seat.
    pub probation: u8,
}

/// Skill in millionths: at most 1,000,000, and negative for those who were worse than the best
/// guess.
pub type Skill = i64;

const MILLION: i64 = 1_000_000;

/// How one answer came out, as it is remembered to tell what a guess would have earned.
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
    /// The consensus quality of the answer.
    pub quality: Score,
    /// How much the outcome counts, from 1 to [`MAX_WEIGHT`].
    pub weight: u8,
}

/// The most that one outcome weighs.
pub const MAX_WEIGHT: u8 = 32;

impl PastQuality {
    /// One of `answers` outcomes of a task. It weighs as much as its part of the bounty, in parts
    /// of the smallest bounty, from 1 to [`MAX_WEIGHT`].
    pub fn new<Balance: AtLeast32BitUnsigned + Copy>(
        quality: Score,
        bounty: Balance,
        smallest: Balance,
        answers: u32,
    ) -> Self {
        let parts = bounty.checked_div(&smallest.saturating_mul(answers.into())).unwrap_or(Balance::one());
        Self { quality, weight: parts.clamp(Balance::one(), Balance::from(MAX_WEIGHT)).unique_saturated_into() }
    }
}

/// Remembers an outcome, oldest first, where there is room for `most`.
///
/// Where there is none, its weight is taken off the oldest, and it takes the place of that if
/// nothing is left of it. So to flush the memory with small tasks of one's own costs what honest
/// users spent on what is in it.
pub fn remember(outcomes: &mut Vec<PastQuality>, outcome: PastQuality, most: usize) {
    // After governance has made the memory smaller.
    let surplus = outcomes.len().saturating_sub(most);
    outcomes.drain(..surplus);
    if outcomes.len() < most {
        outcomes.push(outcome);
        return;
    }
    let Some(oldest) = outcomes.first_mut() else { return };
    oldest.weight = oldest.weight.saturating_sub(outcome.weight);
    if oldest.weight == 0 {
        outcomes.remove(0);
        outcomes.push(outcome);
    }
}

/// How far the best guess is off on average: the weighted mean distance of the outcomes from their
/// weighted median, rounded down, against the guess. `None` without outcomes.
pub fn spread(outcomes: &[PastQuality]) -> Option<Score> {
    let median = median(outcomes)?;
    let weight: u64 = outcomes.iter().map(|outcome| u64::from(outcome.weight)).sum();
    let off = |outcome: &PastQuality| u64::from(outcome.quality.deconstruct().abs_diff(median.deconstruct()));
    let sum: u64 = outcomes.iter().map(|outcome| off(outcome) * u64::from(outcome.weight)).sum();
    // A mean of numbers up to a million.
    Some(Score::from_parts(sum.checked_div(weight)? as u32))
}

/// The best guess: the weighted median of the outcomes. `None` without outcomes of any weight.
pub fn median(outcomes: &[PastQuality]) -> Option<Score> {
    let mut sorted = outcomes.to_vec();
    sorted.sort_unstable_by_key(|outcome| outcome.quality);
    let total: u64 = sorted.iter().map(|outcome| u64::from(outcome.weight)).sum();
    let mut reached = 0;
    let crosses = |outcome: &&PastQuality| {
        reached += u64::from(outcome.weight);
        2 * reached > total
    };
    sorted.iter().find(crosses).map(|outcome| outcome.quality)
}

/// How far one judge's score for each answer is from what the others say. `None` where there is
/// nothing to compare or the two differ in length.
pub fn distances(scores: &[Score], others: &[Range]) -> Option<Vec<Score>> {
    if scores.is_empty() || scores.len() != others.len() {
        return None;
    }
    // No two scores are further apart than a million.
    let distance = |(score, others): (&Score, &Range)| Score::from_parts(others.distance(score) as u32);
    Some(scores.iter().zip(others).map(distance).collect())
}

/// The mean distance, rounded up, so that rounding never favours the one who is paid.
pub fn deviation(distances: &[Score]) -> Score {
    let sum: u64 = distances.iter().map(|distance| u64::from(distance.deconstruct())).sum();
    Score::from_parts(sum.div_ceil((distances.len() as u64).max(1)) as u32)
}

impl SkillRules {
    /// The skill of a judge that was off by these `distances`, one for each answer, while the
    /// recent outcomes had this `spread`. None without answers.
    pub fn skill(&self, distances: &[Score], spread: Score) -> Skill {
        let told = i64::from(spread.deconstruct());
        let spread = told.max(i64::from(self.min_spread.deconstruct())).max(1);
        let limit = i64::from(self.limit) * MILLION;
        let charge = |distance: &Score| {
            // Rounded up: neither factor is negative. At most 10^12 before it is squared, as the
            // spread is at least 1; limited before, so that the square cannot overflow.
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
            return skill * told / spread;
        }
        skill.max(-limit)
    }

    /// What a new account starts with.
    pub fn probation_dues<Balance: AtLeast32BitUnsigned>(&self) -> Dues<Balance> {
        // At most 255 million.
        Dues { probation: u32::from(self.probation) * 1_000_000, debt: Balance::zero() }
    }
}

/// The square of a share in millionths of at most 257 million, rounded up.
fn squared(share: i64) -> i64 {
    (share * share + MILLION - 1) / MILLION
}

/// What an evaluator must earn before it is paid.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[scale_info(capture_docs = "always")]
pub struct Dues<Balance> {
    /// Skill that a new account has yet to show without pay, in millionths of a seat's part,
    /// whatever the part: so a fresh account has no luck to spend, on small tasks or large ones.
    pub probation: u32,
    /// What bad judging took from others, as an amount: so it cannot be made good on smaller tasks
    /// than it was done on.
    pub debt: Balance,
}

/// What a judge is paid for a task, and what it owes from then on.
///
/// `part` is the most that the seat can earn, `trust` the judge's before the task, `dues` what was
/// owed before. Whoever is trusted less than neutral earns by the square of it, but loses as much
/// as anybody: so one that is careless now and then cannot live on the other times. Divisions round
/// in favour of the user: payments down, debts up.
pub fn settle<Balance: AtLeast32BitUnsigned + Copy>(
    part: Balance,
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
        // Bounded by the limit of the rules, which is a byte.
        let (whole, rest) = ((lost / 1_000_000).min(255) as u8, (lost % 1_000_000) as u32);
        let owed = part.saturating_mul(whole.into()).saturating_add(Score::from_parts(rest).mul_ceil(part));
        return (Balance::zero(), Dues { probation, debt: debt.saturating_add(owed) });
    }
    // At most a million.
    let skill = skill.min(MILLION) as u32;
    let shown = skill.min(probation);
    let trusted = Score::from_parts(trust.min(Trust::NEUTRAL).ppm()).square();
    let earned = trusted.mul_floor(Score::from_parts(skill - shown).mul_floor(part));
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

    fn past(parts: &[u32]) -> Vec<PastQuality> {
        parts.iter().map(|parts| PastQuality { quality: Score::from_parts(*parts), weight: 1 }).collect()
    }

    #[test]
    fn the_spread_is_the_mean_distance_from_the_median() {
        assert_eq!(spread(&past(&[100, 300, 900])), Some(Score::from_parts(266)));
        assert_eq!(spread(&past(&[7; 9])), Some(Score::zero()));
        assert_eq!(spread(&[]), None);
    }

    #[test]
    fn many_small_tasks_count_for_no_more_than_their_bounties() {
        let outcome = |parts, bounty, answers| PastQuality::new(Score::from_parts(parts), bounty, 100u64, answers);
        let mut outcomes = Vec::new();
        for _ in 0..8 {
            remember(&mut outcomes, outcome(900, 3_000, 1), 8);
        }
        for _ in 0..100 {
            remember(&mut outcomes, outcome(0, 100, 1), 8);
        }
        assert_eq!(median(&outcomes), Some(Score::from_parts(900)));
        let weight = |bounty, answers| outcome(0, bounty, answers).weight;
        assert_eq!([0, 99, 100, 250, 3_200, u64::MAX].map(|bounty| weight(bounty, 1)), [1, 1, 1, 2, 32, 32]);
        assert_eq!([weight(2_000, 4), weight(u64::MAX, u32::MAX)], [5, 32]);
        assert_eq!(PastQuality::new(Score::zero(), 5u64, 0, 0).weight, 1);
    }

    #[test]
    fn outcomes_are_forgotten_as_fast_as_weight_comes_in() {
        let outcome = |parts, weight| PastQuality { quality: Score::from_parts(parts), weight };
        let mut outcomes = vec![outcome(1, 2), outcome(2, 1)];
        remember(&mut outcomes, outcome(3, 1), 2);
        assert_eq!(outcomes, [outcome(1, 1), outcome(2, 1)]);
        remember(&mut outcomes, outcome(4, 5), 2);
        assert_eq!(outcomes, [outcome(2, 1), outcome(4, 5)]);
        // A smaller memory drops the oldest first.
        remember(&mut outcomes, outcome(5, 5), 1);
        assert_eq!(outcomes, [outcome(5, 5)]);
        remember(&mut outcomes, outcome(6, 5), 0);
        assert_eq!(outcomes, []);
    }

    #[test]
    fn a_perfect_judge_has_all_skill_but_the_margin() {
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
        // The square of two for one of the two answers.
        assert_eq!(RULES.skill(&off, Score::from_percent(20)), 1_000_000 - 2_000_000 - 20_000);
    }

    #[test]
    fn one_task_costs_no_more_than_the_limit() {
        assert_eq!(RULES.skill(&[Score::one()], Score::from_percent(6)), -3_000_000);
    }

    #[test]
    fn outcomes_that_are_all_alike_are_no_test_of_skill() {
        assert_eq!(RULES.skill(&[Score::from_parts(50_000)], Score::zero()), -20_000);
        assert_eq!(RULES.skill(&[Score::zero()], Score::zero()), 0);
        assert_eq!(RULES.skill(&[Score::zero()], Score::from_parts(25_000)), 490_000);
    }

    #[test]
    fn what_is_owed_is_earned_back_first() {
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
    fn a_new_account_shows_skill_before_it_is_paid() {
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
    fn who_is_trusted_less_earns_less_and_loses_as_much() {
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
        /// The promise itself: over the outcomes that the spread was taken of, no constant report
        /// has a positive sum of skills.
        #[test]
        fn no_constant_report_beats_the_spread(
            outcomes in prop::collection::vec((0u32..=1_000_000, 1u8..), 1..100), report in 0u32..=1_000_000,
        ) {
            let outcome = |(parts, weight): &(u32, u8)| PastQuality { quality: Score::from_parts(*parts), weight: *weight };
            let outcomes: Vec<PastQuality> = outcomes.iter().map(outcome).collect();
            let spread = spread(&outcomes).unwrap();
            // Without the margin, and with no limit that one of them reaches.
            let rules = SkillRules { min_spread: Score::zero(), margin: Score::zero(), limit: u8::MAX, ..RULES };
            prop_assume!(spread.deconstruct() > 4_000);
            let sum: i64 = outcomes.iter().map(|outcome| {
                let distances = distances(&[Score::from_parts(report)], &[outcome.quality.into()]).unwrap();
                i64::from(outcome.weight) * rules.skill(&distances, spread)
            }).sum();
            prop_assert!(sum <= 0, "{}", sum);
        }

        #[test]
        fn nobody_is_paid_more_than_the_part(
            part: u128, skill in -255_000_000i64..=1_000_000, trust: u32, probation: u32, debt: u128,
        ) {
            let (paid, dues) = settle(part, skill, Trust::from_ppm(trust), Dues { probation, debt });
            prop_assert!(paid <= part);
            prop_assert!(paid == 0 || (dues.debt == 0 && dues.probation == 0));
            prop_assert!(skill >= 0 || (paid == 0 && dues.debt >= debt && dues.probation >= probation));
        }

        #[test]
        fn closer_judges_never_earn_less(
            a in 0u32..=1_000_000, b in 0u32..=1_000_000, spread in 0u32..=1_000_000,
            part: u64, trust: u32, probation: u32, debt: u64,
        ) {
            let of = |deviation: u32| {
                let skill = RULES.skill(&[Score::from_parts(deviation)], Score::from_parts(spread));
                settle(part, skill, Trust::from_ppm(trust), Dues { probation, debt })
            };
            let (near, far) = (of(a.min(b)), of(a.max(b)));
            prop_assert!(near.0 >= far.0 && near.1.debt <= far.1.debt && near.1.probation <= far.1.probation);
        }
    }
}
