//! All parameters of the mechanism in one place, checked as a whole.

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

/// The most outcomes that are remembered to tell what a guess would have earned.
pub const MAX_PAST_QUALITIES: u16 = 256;

/// The most tasks of one inference node whose committees are remembered.
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
    /// How the committee's scores become one.
    pub aggregator: Aggregator,
    /// How trust moves.
    pub trust: TrustRules,
    /// How judging is measured and paid.
    pub skill: SkillRules,
    /// What neglected duties cost.
    pub offence: OffenceRules,
    /// What answers are paid for.
    pub answer: AnswerRules,
    /// The share of a bounty that goes to the seats; the rest goes to the responders.
    pub judging_share: Score,
    /// How many recent outcomes a guess is measured against, from 8 to [`MAX_PAST_QUALITIES`].
    pub past_qualities: u16,
    /// Who judged one of the last so many tasks of an inference node judges it again only if there
    /// is nobody else; at most [`MAX_RECENT_PAIRINGS`].
    pub recent_pairings: u8,
}

/// Which rule cannot stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleError {
    /// Trust must be able to be neutral: the least at most 1,000,000, the most at least that, and
    /// the least above 0.
    TrustBounds,
    /// Trust that is lost or gained faster than by half with one task is no memory.
    TrustRate,
    /// Outcomes all alike would make any skill of a judge's own noise: the least spread is at least
    /// 1 %.
    MinSpread,
    /// One task must be able to cost as much as it earns: the limit is at least 1.
    SkillLimit,
    /// A new account must owe something, or luck could be had again and again under new names: the
    /// entry is at least 1.
    Probation,
    /// The margin would leave an honest judge nothing: it is at most a half.
    Margin,
    /// An absence must cost something, and no more than other offences, which an absence would else
    /// be better than.
    Offences,
    /// An evaluator must be chilled at some number of offences, not before the first, and offences
    /// must not be forgiven at once.
    Chilling,
    /// A perfect answer that came at once must be paid something: alpha is above 0, and the floor
    /// below 1.
    Alpha,
    /// The judging share leaves one of the roles nothing.
    JudgingShare,
    /// Too few or too many outcomes are remembered.
    PastQualities,
    /// More committees would have to be remembered than can be.
    RecentPairings,
    /// The published update of trust lets every trust climb to the maximum. It is only there for
    /// the simulation to compare with.
    PublishedUpdate,
    /// With these bounties, bonds and rates, not opening can pay.
    WithholdingPays,
}

impl Rules {
    /// Whether the rules hold together.
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
    /// Whether not opening can never pay on tasks of at most `bounty` with `seats` seats, for
    /// evaluators with at least `bond` left. To be asked with the limits of a chain whenever its
    /// parameters are set.
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
    /// The defaults that the experiments in `tests/simulation/` are run with.
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
    fn the_defaults_let_nobody_gain_by_withholding_with_twenty_bounties_left_of_the_bond() {
        for seats in [3, 5, 7, 11] {
            assert_eq!(Rules::default().check_withholding(1_000_000u64, seats, 20_000_000), Ok(()));
        }
        assert_eq!(Rules::default().check_withholding(1_000_000u64, 7, 15_000_000), Err(RuleError::WithholdingPays));
    }

    #[test]
    fn each_rule_that_cannot_stand_is_named() {
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
