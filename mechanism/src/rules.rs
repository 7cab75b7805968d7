//! All rules of the mechanism in one place, checked as a whole.

use crate::{
    aggregate::Aggregator,
    offence::OffenceRules,
    payout::{split, AnswerRules},
    skill::SkillRules,
    trust::{Trust, TrustRules, Update},
    Score,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_arithmetic::traits::AtLeast32BitUnsigned;

/// The maximum number of past qualities that are remembered. A guess is measured against them.
pub const MAX_PAST_QUALITIES: u16 = 256;

/// The maximum number of an inference node's tasks whose committees are remembered.
pub const MAX_RECENT_PAIRINGS: u8 = 4;

/// The rules of judging and paying.
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
pub struct Rules {
    /// How the scores of the committee become one consensus.
    pub aggregator: Aggregator,
    /// How trust changes after a task.
    pub trust: TrustRules,
    /// How skill is measured and paid.
    pub skill: SkillRules,
    /// What neglected duties cost.
    pub offence: OffenceRules,
    /// What answers are paid for.
    pub answer: AnswerRules,
    /// The share of a bounty that goes to the seats. The rest goes to the responders.
    pub judging_share: Score,
    /// The number of past qualities that a guess is measured against, from 8 to 256.
    pub past_qualities: u16,
    /// The number of an inference node's latest tasks whose evaluators are kept off its next
    /// committee, unless no one else is available. At most 4.
    pub recent_pairings: u8,
}

/// The rule that is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleError {
    /// `trust.min` must be from 1 to 1,000,000, and `trust.max` at least 1,000,000: trust must be
    /// able to be neutral.
    TrustBounds,
    /// `trust.rate` and `trust.home` must be at most one half. Trust that changes faster with one
    /// task is no memory.
    TrustRate,
    /// `skill.min_spread` must be at least 1 %. If past qualities are all alike, the noise of the
    /// judge would otherwise decide an evaluator's skill.
    MinSpread,
    /// `skill.limit` must be at least 1: one task must be able to cost as much as it can earn.
    SkillLimit,
    /// `skill.probation` must be at least 1: otherwise a participant could try its luck again and
    /// again with new accounts.
    Probation,
    /// `skill.margin` must be at most one half, so that an honest evaluator earns something.
    Margin,
    /// `offence.absent` must be above 0, and not above the other rates. Otherwise an absence is
    /// free, or costs more than a worse offence.
    Offences,
    /// `offence.chilled_at` and `offence.forgiven_after` must be at least 1. With 0 an evaluator is
    /// always chilled, or an offence is forgotten at once.
    Chilling,
    /// `answer.alpha` must be above 0, and `answer.floor` below 1: a perfect answer without delay
    /// must be paid something.
    Alpha,
    /// `judging_share` must be above 0 and below 1: otherwise one of the roles is paid nothing.
    JudgingShare,
    /// `past_qualities` must be from 8 to [`MAX_PAST_QUALITIES`].
    PastQualities,
    /// `recent_pairings` must be at most [`MAX_RECENT_PAIRINGS`].
    RecentPairings,
    /// `trust.update` must not be [`Update::Published`], which lets every trust climb to the
    /// maximum. It is only there for the simulation to compare with.
    PublishedUpdate,
    /// With these bounties, bonds and rates, withholding a key can pay.
    WithholdingPays,
}

impl Rules {
    /// Checks that the rules fit together.
    ///
    /// # Errors
    ///
    /// The first rule that is broken, as a [`RuleError`]. [`RuleError::WithholdingPays`] needs more
    /// than the rules: see [`Rules::check_withholding`].
    pub fn check(&self) -> Result<(), RuleError> {
        let ensure = |holds: bool, error| if holds { Ok(()) } else { Err(error) };
        let Self { trust, skill, offence, answer, .. } = self;
        ensure(
            trust.min > Trust::from_ppm(0) && trust.min <= Trust::NEUTRAL && trust.max >= Trust::NEUTRAL,
            RuleError::TrustBounds,
        )?;
        ensure(trust.update != Update::Published, RuleError::PublishedUpdate)?;
        ensure(trust.rate.max(trust.home) <= Score::from_percent(50), RuleError::TrustRate)?;
        ensure(skill.min_spread >= Score::from_percent(1), RuleError::MinSpread)?;
        ensure(skill.limit >= 1, RuleError::SkillLimit)?;
        ensure(skill.probation >= 1, RuleError::Probation)?;
        ensure(skill.margin <= Score::from_percent(50), RuleError::Margin)?;
        let others = offence.withheld.min(offence.unopenable);
        ensure(offence.absent > Score::zero() && offence.absent <= others, RuleError::Offences)?;
        ensure(offence.chilled_at >= 1 && offence.forgiven_after >= 1, RuleError::Chilling)?;
        ensure(answer.alpha > 0 && answer.floor < Score::one(), RuleError::Alpha)?;
        ensure(self.judging_share > Score::zero() && self.judging_share < Score::one(), RuleError::JudgingShare)?;
        ensure((8..=MAX_PAST_QUALITIES).contains(&self.past_qualities), RuleError::PastQualities)?;
        ensure(self.recent_pairings <= MAX_RECENT_PAIRINGS, RuleError::RecentPairings)
    }
}

impl Rules {
    /// Checks that withholding a key never pays.
    ///
    /// It holds for tasks of at most `bounty` with `seats` seats, and for evaluators with at least
    /// `bond` left. A chain checks it with its limits whenever its parameters are set.
    ///
    /// # Errors
    ///
    /// [`RuleError::WithholdingPays`] if withholding can pay.
    pub fn check_withholding<Balance: AtLeast32BitUnsigned + Copy>(
        &self,
        bounty: Balance,
        seats: u32,
        bond: Balance,
    ) -> Result<(), RuleError> {
        let seat = split(bounty, self.judging_share, 1, seats).seat;
        match self.offence.withholding_never_pays(self.skill.limit, bounty, seats, seat, bond) {
            true => Ok(()),
            false => Err(RuleError::WithholdingPays),
        }
    }
}

impl Default for Rules {
    /// The defaults with which the experiments in `tests/simulation/` run.
    fn default() -> Self {
        Self {
            aggregator: Aggregator::Trusted,
            trust: TrustRules {
                update: Update::Centred,
                rate: Score::from_percent(25),
                home: Score::from_percent(1),
                floor: Score::from_percent(10),
                absence: Score::from_percent(10),
                min: Trust::from_ppm(50_000),
                max: Trust::from_ppm(2_000_000),
            },
            skill: SkillRules {
                min_spread: Score::from_percent(5),
                margin: Score::from_percent(5),
                limit: 3,
                probation: 8,
            },
            offence: OffenceRules {
                absent: Score::from_parts(2_500),
                withheld: Score::from_percent(10),
                unopenable: Score::from_percent(10),
                forgiven_after: 100,
                chilled_at: 3,
            },
            answer: AnswerRules { alpha: 110, beta: 10, floor: Score::from_percent(20) },
            judging_share: Score::from_percent(20),
            past_qualities: 64,
            recent_pairings: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(change: impl FnOnce(&mut Rules)) -> Result<(), RuleError> {
        let mut rules = Rules::default();
        change(&mut rules);
        rules.check()
    }

    #[test]
    fn the_defaults_hold_together() {
        assert_eq!(checked(|_| ()), Ok(()));
    }

    #[test]
    fn withholding_never_pays_by_default_with_twenty_bounties_left_of_the_bond() {
        for seats in [3, 5, 7, 11] {
            assert_eq!(Rules::default().check_withholding(1_000_000u64, seats, 20_000_000), Ok(()));
        }
        assert_eq!(Rules::default().check_withholding(1_000_000u64, 7, 15_000_000), Err(RuleError::WithholdingPays));
    }

    #[test]
    fn each_broken_rule_is_named() {
        use RuleError::*;
        assert_eq!(checked(|r| r.trust.min = Trust::from_ppm(0)), Err(TrustBounds));
        assert_eq!(checked(|r| r.trust.max = Trust::from_ppm(999_999)), Err(TrustBounds));
        assert_eq!(checked(|r| r.trust.update = Update::Published), Err(PublishedUpdate));
        assert_eq!(checked(|r| r.trust.rate = Score::from_percent(51)), Err(TrustRate));
        assert_eq!(checked(|r| r.skill.min_spread = Score::zero()), Err(MinSpread));
        assert_eq!(checked(|r| r.skill.limit = 0), Err(SkillLimit));
        assert_eq!(checked(|r| r.skill.margin = Score::one()), Err(Margin));
        assert_eq!(checked(|r| r.skill.probation = 0), Err(Probation));
        assert_eq!(checked(|r| r.offence.forgiven_after = 0), Err(Chilling));
        assert_eq!(checked(|r| r.answer.floor = Score::one()), Err(Alpha));
        assert_eq!(checked(|r| r.offence.absent = Score::zero()), Err(Offences));
        assert_eq!(checked(|r| r.offence.absent = Score::from_percent(11)), Err(Offences));
        assert_eq!(checked(|r| r.offence.chilled_at = 0), Err(Chilling));
        assert_eq!(checked(|r| r.answer.alpha = 0), Err(Alpha));
        assert_eq!(checked(|r| r.judging_share = Score::zero()), Err(JudgingShare));
        assert_eq!(checked(|r| r.judging_share = Score::one()), Err(JudgingShare));
        assert_eq!(checked(|r| r.past_qualities = 7), Err(PastQualities));
        assert_eq!(checked(|r| r.past_qualities = MAX_PAST_QUALITIES + 1), Err(PastQualities));
        assert_eq!(checked(|r| r.recent_pairings = MAX_RECENT_PAIRINGS + 1), Err(RecentPairings));
    }
}
