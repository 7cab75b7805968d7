//! Skill: what judging was worth beyond guessing, and how it is paid.
//!
//! Whoever always reports the usual score is often near the consensus without having read anything. So a judge is measured against the best
//! report that needs no reading: the median of the recent outcomes. How far such a report is off on average is the *spread* of the outcomes;
//! a judge's skill is the part of it that the judge's own error leaves:
//!
//! `skill = 1 − m` for `m = error / spread` up to 1, `1 − m²` beyond, at least `−limit`
//!
//! A perfect judge has skill 1, the best guess 0 on average or less, every other guess still less. Errors beyond what a guess would make weigh by
//! their square, so that who is careless on some tasks loses there more than careful ones bring. Skill is paid in shares of the seat's part, and a
//! negative one is owed: it must be earned back before anything is paid ([`settle`]), so what luck gives a guesser on one task it loses on
//! others. A new account owes an entry, so that a fresh one has no luck to spend either.
//!
//! Our own design; the papers pay closeness to the consensus itself.

use crate::{distance, trust::Trust, Score};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_arithmetic::traits::AtLeast32BitUnsigned;

/// How skill is measured and paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct SkillRules {
    /// The spread below which outcomes count as all alike: measured against less, a judge's own noise would decide, so it is measured against
    /// this, and paid in proportion, as a guess does well there too.
    pub least_spread: Score,
    /// What is taken off every skill, so that guessing does not pay even with more luck than average.
    pub margin: Score,
    /// The most that one task can cost, in parts of a seat.
    pub limit: u8,
    /// What a new account owes, in parts of a seat of its first task.
    pub entry: u8,
}

/// Skill in millionths: at most 1,000,000, and negative for those who were worse than the best guess.
pub type Skill = i64;

const MILLION: i64 = 1_000_000;

/// How far the best guess is off on average: the mean distance of the outcomes from their median, rounded down, against the guess. `None` without outcomes.
pub fn spread(outcomes: &[Score]) -> Option<Score> {
    let mut parts: Vec<u32> = outcomes.iter().map(|outcome| outcome.deconstruct()).collect();
    parts.sort_unstable();
    let median = *parts.get(parts.len() / 2)?;
    let sum: u64 = parts.iter().map(|part| u64::from(part.abs_diff(median))).sum();
    Some(Score::from_parts((sum / parts.len() as u64) as u32))
}

/// How far one judge's scores are from what the others say, on average over the answers, rounded up so that rounding never favours the
/// one who is paid. `None` where there is nothing to compare or the two differ in length.
pub fn deviation(scores: &[Score], others: &[Score]) -> Option<Score> {
    if scores.is_empty() || scores.len() != others.len() {
        return None;
    }
    let sum: u64 = scores.iter().zip(others).map(|(score, other)| distance(score, other)).sum();
    Some(Score::from_parts(sum.div_ceil(scores.len() as u64) as u32))
}

impl SkillRules {
    /// The skill of a judge that was off by `deviation` while the recent outcomes had this `spread`.
    pub fn skill(&self, deviation: Score, spread: Score) -> Skill {
        let told = i64::from(spread.deconstruct());
        let spread = told.max(i64::from(self.least_spread.deconstruct())).max(1);
        // Rounded up: neither factor is negative.
        let missed = (i64::from(deviation.deconstruct()) * MILLION + spread - 1) / spread;
        // At most 10^12 before it is squared, as the spread is at least 1; limited before, so that the square cannot overflow.
        let limit = i64::from(self.limit) * MILLION;
        let charged = if missed <= MILLION { missed } else { squared(missed.min(limit + 2 * MILLION)) };
        let skill = MILLION - charged - i64::from(self.margin.deconstruct());
        if skill > 0 {
            return skill * told / spread;
        }
        skill.max(-limit)
    }

    /// What a new account owes, when the part of its first seat is `part`.
    pub fn entry_debt<Balance: AtLeast32BitUnsigned + Copy>(&self, part: Balance) -> Balance {
        part.saturating_mul(self.entry.into())
    }
}

/// The square of a share in millionths of at most 257 million, rounded up.
fn squared(share: i64) -> i64 {
    (share * share + MILLION - 1) / MILLION
}

/// What a judge is paid for a task, and what it owes from then on.
///
/// `part` is the most that the seat can earn, `trust` the judge's before the task, `debt` what was owed before. Whoever is trusted less than
/// neutral earns as much less, but loses as much as anybody: so one that is careless now and then cannot live on the other times. Divisions
/// round in favour of the user: payments down, debts up.
pub fn settle<Balance: AtLeast32BitUnsigned + Copy>(
    part: Balance,
    skill: Skill,
    trust: Trust,
    debt: Balance,
) -> (Balance, Balance) {
    if skill < 0 {
        let (whole, rest) = (skill.unsigned_abs() / 1_000_000, (skill.unsigned_abs() % 1_000_000) as u32);
        // Bounded by the limit of the rules, which is a byte.
        let whole = Balance::from(whole.min(255) as u8);
        let owed = part.saturating_mul(whole).saturating_add(Score::from_parts(rest).mul_ceil(part));
        return (Balance::zero(), debt.saturating_add(owed));
    }
    let trusted = Score::from_parts(trust.min(Trust::NEUTRAL).parts());
    let earned = trusted.mul_floor(Score::from_parts(skill.min(MILLION) as u32).mul_floor(part));
    (earned.saturating_sub(debt), debt.saturating_sub(earned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULES: SkillRules =
        SkillRules { least_spread: Score::from_parts(50_000), margin: Score::from_parts(20_000), limit: 3, entry: 4 };

    fn scores(parts: &[u32]) -> Vec<Score> {
        parts.iter().copied().map(Score::from_parts).collect()
    }

    #[test]
    fn the_spread_is_the_mean_distance_from_the_median() {
        assert_eq!(spread(&scores(&[100, 300, 900])), Some(Score::from_parts(266)));
        assert_eq!(spread(&scores(&[7; 9])), Some(Score::zero()));
        assert_eq!(spread(&[]), None);
    }

    #[test]
    fn a_perfect_judge_has_all_skill_but_the_margin() {
        assert_eq!(RULES.skill(Score::zero(), Score::from_percent(20)), 980_000);
    }

    #[test]
    fn the_best_guess_has_none() {
        assert_eq!(RULES.skill(Score::from_percent(20), Score::from_percent(20)), -20_000);
    }

    #[test]
    fn errors_beyond_a_guess_weigh_by_their_square() {
        assert_eq!(RULES.skill(Score::from_percent(30), Score::from_percent(20)), 1_000_000 - 2_250_000 - 20_000);
    }

    #[test]
    fn one_task_costs_no_more_than_the_limit() {
        assert_eq!(RULES.skill(Score::one(), Score::from_percent(6)), -3_000_000);
    }

    #[test]
    fn outcomes_that_are_all_alike_are_no_test_of_skill() {
        assert_eq!(RULES.skill(Score::from_parts(50_000), Score::zero()), -20_000);
        assert_eq!(RULES.skill(Score::zero(), Score::zero()), 0);
        assert_eq!(RULES.skill(Score::zero(), Score::from_parts(25_000)), 490_000);
    }

    #[test]
    fn what_is_owed_is_earned_back_first() {
        let settle = |skill, debt| settle(1_000u64, skill, Trust::NEUTRAL, debt);
        assert_eq!(settle(500_000, 0), (500, 0));
        assert_eq!(settle(-250_000, 0), (0, 250));
        assert_eq!(settle(500_000, 250), (250, 0));
        assert_eq!(settle(500_000, 700), (0, 200));
        assert_eq!(settle(-2_500_001, 100), (0, 2_601));
        assert_eq!(RULES.entry_debt(1_000u64), 4_000);
    }

    #[test]
    fn who_is_trusted_less_earns_less_and_loses_as_much() {
        let settle = |trust, skill| settle(1_000u64, skill, Trust::from_parts(trust), 0);
        assert_eq!(settle(250_000, 800_000), (200, 0));
        assert_eq!(settle(2_000_000, 800_000), (800, 0));
        assert_eq!(settle(250_000, -800_000), (0, 800));
    }

    #[test]
    fn scores_for_another_number_of_answers_cannot_be_compared() {
        assert_eq!(deviation(&[Score::one()], &[]), None);
        assert_eq!(deviation(&[], &[]), None);
    }

    proptest! {
        /// The promise itself: over the outcomes that the spread was taken of, no constant report has a positive sum of skills.
        #[test]
        fn no_constant_report_beats_the_spread(
            outcomes in prop::collection::vec(0u32..=1_000_000, 1..100), report in 0u32..=1_000_000,
        ) {
            let outcomes = scores(&outcomes);
            let spread = spread(&outcomes).unwrap();
            // Without the margin, and with no limit that one of them reaches.
            let rules = SkillRules { least_spread: Score::zero(), margin: Score::zero(), limit: u8::MAX, ..RULES };
            prop_assume!(spread.deconstruct() > 4_000);
            let sum: i64 = outcomes.iter().map(|outcome| {
                let deviation = deviation(&[Score::from_parts(report)], &[*outcome]).unwrap();
                rules.skill(deviation, spread)
            }).sum();
            prop_assert!(sum <= 0, "{}", sum);
        }

        #[test]
        fn nobody_is_paid_more_than_the_part(part: u128, skill in -255_000_000i64..=1_000_000, trust: u32, debt: u128) {
            let (paid, owed) = settle(part, skill, Trust::from_parts(trust), debt);
            prop_assert!(paid <= part);
            prop_assert!(paid == 0 || owed == 0);
            prop_assert!(skill >= 0 || (paid == 0 && owed >= debt));
        }

        #[test]
        fn closer_judges_never_earn_less(
            a in 0u32..=1_000_000, b in 0u32..=1_000_000, spread in 0u32..=1_000_000, part: u64, trust: u32, debt: u64,
        ) {
            let of = |deviation: u32| settle(part, RULES.skill(Score::from_parts(deviation), Score::from_parts(spread)), Trust::from_parts(trust), debt);
            let (near, far) = (of(a.min(b)), of(a.max(b)));
            prop_assert!(near.0 >= far.0 && near.1 <= far.1);
        }
    }
}
