//! Reputation: the trust and dues of evaluators, and the past qualities that a guess is measured
//! against.

use crate::*;
use alloc::collections::BTreeSet;
use frame_support::pallet_prelude::*;
use poq_mechanism::{
    payout::split,
    skill::{median, remember, settle, spread, Skill},
};
use sp_runtime::Permill;

/// The roster must have at least this many times the evaluators that recent pairings keep off a
/// committee.
const SPARED: usize = 4;

/// The skill of a perfect seat, in millionths.
const PERFECT: Skill = 1_000_000;

impl<T: Config> Pallet<T> {
    /// What a guess is measured against. `None` until half of the past qualities to be remembered
    /// are known.
    ///
    /// All tasks share the memory, so today's parameters apply to it and not those of a task.
    pub(crate) fn current_baseline() -> Option<Baseline> {
        let qualities = RecentPastQualities::<T>::get();
        if qualities.len() < usize::from(CurrentParameters::<T>::get().rules.past_qualities) / 2 {
            return None;
        }
        Some(Baseline {
            guess: median(&qualities)?,
            spread: spread(&qualities)?,
            past_qualities: qualities.len() as u32,
        })
    }

    /// Remembers the qualities of a task's answers.
    pub(crate) fn remember_qualities(bounty: BalanceOf<T>, consensus: &[Permill]) {
        let parameters = CurrentParameters::<T>::get();
        RecentPastQualities::<T>::mutate(|qualities| {
            let mut known = core::mem::take(qualities).into_inner();
            for quality in consensus {
                let past = PastQuality::new(*quality, bounty, parameters.min_bounty, consensus.len() as u32);
                remember(&mut known, past, parameters.rules.past_qualities.into());
            }
            // This cuts nothing, because the rules remember no more than fit.
            *qualities = BoundedVec::truncate_from(known);
        });
    }

    /// The evaluators that recent pairings keep off a committee for these authors, unless no one
    /// else is available.
    ///
    /// The set is empty if the roster is too small to spare them. Otherwise the last committees of
    /// an author could keep away that many honest evaluators that the others are the majority.
    pub fn recently_paired(authors: &[&T::AccountId], rules: &Rules) -> BTreeSet<T::AccountId> {
        let last = |author: &&T::AccountId| {
            let committees = RecentPairings::<T>::get(author);
            let old = committees.len().saturating_sub(rules.recent_pairings.into());
            committees.into_iter().skip(old).flatten()
        };
        let paired: BTreeSet<T::AccountId> = authors.iter().flat_map(last).collect();
        if paired.len().saturating_mul(SPARED) > RosterSize::<T>::get(Role::Evaluator) as usize {
            return BTreeSet::new();
        }
        paired
    }

    /// Remembers the committee that scored this inference node, and forgets the oldest one.
    pub(crate) fn remember_pairing(author: &T::AccountId, rules: &Rules, committee: &[T::AccountId]) {
        RecentPairings::<T>::mutate(author, |committees| {
            while !committees.is_empty() && committees.len() >= usize::from(rules.recent_pairings) {
                committees.remove(0);
            }
            if rules.recent_pairings > 0 {
                let committee = BoundedVec::truncate_from(committee.to_vec());
                let _ = committees.try_push(committee);
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

    /// What a revealed seat is paid without a consensus to compare it with: it is paid for its
    /// work, whatever its scores.
    pub(crate) fn without_consensus(rules: &Rules) -> Skill {
        PERFECT - Skill::from(rules.skill.margin.deconstruct())
    }
}
