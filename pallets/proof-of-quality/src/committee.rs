//! The committee: drawn at the end of the block after the one that closed the answers.
//!
//! Why at the end of the block: the randomness of a block (its author's VRF output) becomes readable when the randomness
//! pallet finalises it, before this pallet does. So the seed is younger than every answer, and still the workers see the
//! committee as soon as they import that block. Only the author of that one block could know it before, and all it could
//! do about it is to give up the block.

use crate::*;
use alloc::vec::Vec;
use codec::Encode;
use frame_support::traits::{Get, Randomness};
use poq_mechanism::draw::Draw;
use sp_io::hashing::blake2_256;
use sp_runtime::traits::{One, Saturating};

impl<T: Config> Pallet<T> {
    /// Draws all queued committees.
    pub(crate) fn draw_committees() {
        for id in DrawQueue::<T>::take() {
            let subject = (b"poq/committee", id).encode();
            match T::Randomness::random(&subject).0 {
                Some(seed) => Self::draw_committee(id, blake2_256(seed.as_ref())),
                // A block without randomness: try again at the end of the next.
                None => Self::schedule(frame_system::Pallet::<T>::block_number().saturating_add(One::one()), id),
            }
        }
    }

    pub(crate) fn draw_committee(id: TaskId, seed: [u8; 32]) {
        let Some(mut task) = Tasks::<T>::get(id) else { return };
        // At most this many are read: each candidate is either seated or one of the task's parties.
        let committee: Vec<T::AccountId> = Draw::new(seed, RosterSize::<T>::get(Role::Evaluator))
            .filter_map(|slot| Roster::<T>::get(Role::Evaluator, slot))
            .filter(|account| !task.is_party(account))
            .take(task.terms.committee_size.min(T::MaxCommittee::get()) as usize)
            .collect();
        if (committee.len() as u32) < task.terms.min_committee {
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
        let now = frame_system::Pallet::<T>::block_number();
        let until = now.saturating_add(task.terms.commit_window);
        task.seats = committee.len() as u32;
        task.phase = Phase::Committing { until };
        Tasks::<T>::insert(id, task);
        Self::schedule(until.saturating_add(One::one()), id);
        Self::deposit_event(Event::CommitteeDrawn { task: id, seed, committee });
    }
}
