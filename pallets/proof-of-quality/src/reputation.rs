//! Reputation: what evaluators are trusted with and still owe, and the recent outcomes that a guess
//! is measured against.

use crate::*;
use alloc::collections::BTreeSet;
use frame_support::pallet_prelude::*;
use poq_mechanism::{
    payout::split,
    skill::{median, remember, settle, spread, Skill},
};
use sp_runtime::Permill;

/// So many times as many evaluators as are kept from a committee must be on the roster.
const SPARED: usize = 4;

/// Skill that leaves nothing to be desired, in millionths.
const PERFECT: Skill = 1_000_000;

impl<T: Config> Pallet<T> {
    /// What a guess is measured against; `None` until half of the outcomes to be remembered are
    /// known.
    ///
    /// The memory is shared by all tasks, so the parameters of today rule over it and not those of
    /// a task.
    pub(crate) fn current_baseline() -> Option<Baseline> {
        let outcomes = RecentPastQualities::<T>::get();
        if outcomes.len() < usize::from(CurrentParameters::<T>::get().rules.past_qualities) / 2 {
            return None;
        }
        Some(Baseline { guess: median(&outcomes)?, spread: spread(&outcomes)?, past_qualities: outcomes.len() as u32 })
    }

    /// Remembers how the answers of a task came out.
    pub(crate) fn remember_outcomes(bounty: BalanceOf<T>, consensus: &[Permill]) {
        let parameters = CurrentParameters::<T>::get();
        RecentPastQualities::<T>::mutate(|outcomes| {
            let mut known = core::mem::take(outcomes).into_inner();
            for quality in consensus {
                let outcome = PastQuality::new(*quality, bounty, parameters.min_bounty, consensus.len() as u32);
                remember(&mut known, outcome, parameters.rules.past_qualities.into());
            }
            // Cuts nothing: the rules remember no more than fit.
            *outcomes = BoundedVec::truncate_from(known);
        });
    }

    /// The evaluators that judge these authors only if there is nobody else: who judged one of
    /// their last tasks.
    ///
    /// Only where the roster is large enough to spare them. Otherwise an author could have its last
    /// committees keep so many honest ones away that the others are the majority.
    pub fn met_before(authors: &[&T::AccountId], rules: &Rules) -> BTreeSet<T::AccountId> {
        let last = |author: &&T::AccountId| {
            let committees = RecentPairings::<T>::get(author);
            let old = committees.len().saturating_sub(rules.recent_pairings.into());
            committees.into_iter().skip(old).flatten()
        };
        let met: BTreeSet<T::AccountId> = authors.iter().flat_map(last).collect();
        if met.len().saturating_mul(SPARED) > RosterSize::<T>::get(Role::Evaluator) as usize {
            return BTreeSet::new();
        }
        met
    }

    /// Remembers who judged this inference node, and forgets the oldest committee.
    pub(crate) fn remember_pairing(author: &T::AccountId, rules: &Rules, committee: &[T::AccountId]) {
        RecentPairings::<T>::mutate(author, |met| {
            while !met.is_empty() && met.len() >= usize::from(rules.recent_pairings) {
                met.remove(0);
            }
            if rules.recent_pairings > 0 {
                let committee = BoundedVec::truncate_from(committee.to_vec());
                let _ = met.try_push(committee);
            }
        });
    }

    pub(crate) fn quote(who: &T::AccountId, bounty: BalanceOf<T>) -> Option<SeatQuote<BalanceOf<T>>> {
        let reputation = Reputations::<T>::get(who)?;
        let parameters = CurrentParameters::<T>::get();
        let rules = &parameters.rules;
        let cap = split(bounty, rules.judging_share, 1, parameters.committee_size).seat;
        let baseline = Self::current_baseline();
        let pay = match &baseline {
            Some(baseline) => {
                let skill = rules.skill.skill(&[Permill::zero()], baseline.spread);
                settle(cap, skill, reputation.trust, reputation.dues).0
            }
            None => Default::default(),
        };
        Some(SeatQuote { cap, pay, reputation, baseline })
    }

    /// What a seat that opened is paid where there is no consensus to compare it with: for the
    /// work, whatever it said.
    pub(crate) fn without_consensus(rules: &Rules) -> Skill {
        PERFECT - Skill::from(rules.skill.margin.deconstruct())
    }
}
