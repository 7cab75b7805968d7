//! The committee: drawn at the end of the block after the one that closed the answers.
//!
//! The draw is at the end of the block for a reason. The randomness of a block (its author's VRF
//! output) becomes readable when the randomness pallet finalizes the block, before this pallet
//! does. So the seed is younger than every answer. Still the workers see the committee as soon as
//! they import that block.
//!
//! Only the author of that one block could know the seed before. All that the author could do about
//! it is to give up the block.

use crate::*;
use alloc::vec::Vec;
use codec::Encode;
use frame_support::traits::{Get, Randomness};
use poq_mechanism::draw;
use sp_io::hashing::blake2_256;
use sp_runtime::traits::{One, Saturating};

/// The number of candidates that are examined for each seat. A neutral candidate gets a seat in
/// half of the cases. So a seat hardly ever goes to a candidate that lost its random draw while
/// others were left.
pub(crate) const LOOKS_FOR_EACH_SEAT: usize = 4;

impl<T: Config> Pallet<T> {
    /// Draws all queued committees.
    pub(crate) fn draw_committees() {
        for id in DrawQueue::<T>::take() {
            let subject = (b"poq/committee", id).encode();
            match T::Randomness::random(&subject).0 {
                Some(seed) => Self::draw_committee(id, blake2_256(seed.as_ref())),
                None => Self::postpone_draw(id),
            }
        }
    }

    /// Tries again at the end of the next block, because this one has no randomness. The attempts
    /// end at some point, because a bounty is on hold.
    fn postpone_draw(id: TaskId) {
        let Some(task) = Tasks::<T>::get(id) else { return };
        let now = frame_system::Pallet::<T>::block_number();
        let parameters = &task.parameters;
        // The latest block in which answers can have closed. The draw may take as long again as a
        // committee would have had.
        let closed =
            task.submitted_at.saturating_add(parameters.answer_window).saturating_add(parameters.reveal_window);
        if now > closed.saturating_add(parameters.commit_window) {
            return Self::expire(id, task, Expiry::NoCommittee);
        }
        Self::schedule(now.saturating_add(One::one()), id);
    }

    pub(crate) fn draw_committee(id: TaskId, seed: [u8; 32]) {
        let Some(mut task) = Tasks::<T>::get(id).filter(|task| task.phase == Phase::Drawing) else { return };
        let parameters = &task.parameters;
        let authors: Vec<&T::AccountId> = task.answers.iter().map(|answer| &answer.author).collect();
        let paired = Self::recently_paired(&authors, &parameters.rules);
        let chance = |index: u32| {
            let account = Roster::<T>::get(Role::Evaluator, index).filter(|account| !task.is_party(account))?;
            if paired.contains(&account) {
                // It gets a seat only if no one else is available.
                return Some(0);
            }
            let trust = Reputations::<T>::get(&account)?.trust;
            let bond = Participants::<T>::get(Role::Evaluator, &account)?.bond;
            // As after a slash: the bond that is left must outweigh what withholding could gain.
            if bond < parameters.chill_below(Role::Evaluator) {
                return None;
            }
            Some(draw::chance(trust, parameters.rules.trust.max, bond, parameters.evaluator_bond))
        };
        let seats = parameters.committee_size.min(T::MaxCommittee::get()) as usize;
        let looks = seats.saturating_mul(LOOKS_FOR_EACH_SEAT).saturating_add(task.max_parties());
        let committee: Vec<T::AccountId> =
            draw::seated(seed, RosterSize::<T>::get(Role::Evaluator), seats, looks, chance)
                .into_iter()
                .filter_map(|index| Roster::<T>::get(Role::Evaluator, index))
                .collect();
        if (committee.len() as u32) < task.parameters.min_committee {
            return Self::expire(id, task, Expiry::NoCommittee);
        }
        for (account, seat) in committee.iter().zip(0u32..) {
            let Some(key) = EvaluatorKeys::<T>::get(account) else {
                frame_support::defensive!("every evaluator joins with a key");
                continue;
            };
            OpenSeats::<T>::insert(&key, id, seat);
            Duties::<T>::insert(account, id, Duty::Judge { seat });
            Seats::<T>::insert(id, seat, Seat { account: account.clone(), key, state: SeatState::Drawn });
        }
        for author in authors {
            Self::remember_pairing(author, &task.parameters.rules, &committee);
        }
        let now = frame_system::Pallet::<T>::block_number();
        let until = now.saturating_add(task.parameters.commit_window);
        task.seats = committee.len() as u32;
        task.phase = Phase::Committing { until };
        Tasks::<T>::insert(id, task);
        Self::schedule(until.saturating_add(One::one()), id);
        Self::deposit_event(Event::CommitteeDrawn { task: id, seed, committee });
    }
}
