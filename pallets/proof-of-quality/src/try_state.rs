//! What must be true of the storage at any time. Tests check it after each case, and `try-runtime`
//! checks it on a live state.

use crate::*;
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{ensure, traits::fungible::hold::Inspect as InspectHold};
use sp_runtime::{
    traits::{Saturating, UniqueSaturatedInto},
    TryRuntimeError,
};

impl<T: Config> Pallet<T> {
    /// Checks all invariants. The error says which one does not hold.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::try_money()?;
        Self::try_rosters()?;
        Self::try_tasks()
    }

    /// Checks that every hold is accounted for, and that `funded == held + paid + refunded +
    /// slashed`.
    fn try_money() -> Result<(), TryRuntimeError> {
        let mut held = 0u128;
        let mut bounties = BTreeMap::<T::AccountId, BalanceOf<T>>::new();
        for task in Tasks::<T>::iter_values().filter(|task| !task.phase.has_ended()) {
            let sum = bounties.entry(task.submitter).or_default();
            *sum = sum.saturating_add(task.bounty);
        }
        let bounties = bounties.into_iter().map(|(who, amount)| (who, HoldReason::Bounty, amount));
        let bonds = Participants::<T>::iter().map(|(role, who, p)| (who, role.hold_reason(), p.bond));
        for (who, reason, amount) in bounties.chain(bonds) {
            ensure!(
                <T::Currency as InspectHold<_>>::balance_on_hold(&reason.into(), &who) == amount,
                "what is on hold for an account is not the sum of its bounties or its bond"
            );
            held = held.saturating_add(amount.unique_saturated_into());
        }
        let Ledger { funded, paid, refunded, slashed } = CurrentLedger::<T>::get();
        ensure!(funded == held + paid + refunded + slashed, "funded != held + paid + refunded + slashed");
        Ok(())
    }

    /// Checks that rosters have no gaps and agree with the participants, and that keys and owners
    /// point at each other.
    fn try_rosters() -> Result<(), TryRuntimeError> {
        for role in [Role::Evaluator, Role::Inference] {
            let size = RosterSize::<T>::get(role);
            ensure!(Roster::<T>::iter_prefix(role).count() as u32 == size, "a roster's size is wrong");
            for (who, participant) in Participants::<T>::iter_prefix(role) {
                if let Standing::Active { index } = participant.standing {
                    ensure!(index < size, "a roster index is outside of its roster");
                    ensure!(
                        Roster::<T>::get(role, index).as_ref() == Some(&who),
                        "a roster index belongs to another participant"
                    );
                }
            }
            let active = Participants::<T>::iter_prefix(role)
                .filter(|(_, participant)| matches!(participant.standing, Standing::Active { .. }))
                .count() as u32;
            ensure!(active == size, "a roster has an index without a participant");
        }
        for (who, _) in Participants::<T>::iter_prefix(Role::Evaluator) {
            let key = EvaluatorKeys::<T>::get(&who).ok_or("an evaluator has no key")?;
            ensure!(
                KeyOwners::<T>::get(&key).as_ref() == Some(&who),
                "an evaluator's key is owned by another evaluator"
            );
            ensure!(Reputations::<T>::contains_key(&who), "an evaluator has no reputation");
        }
        ensure!(
            Reputations::<T>::iter().count() == EvaluatorKeys::<T>::iter().count(),
            "a reputation has no evaluator"
        );
        for node in RecentPairings::<T>::iter_keys() {
            ensure!(Participants::<T>::contains_key(Role::Inference, &node), "committees of a node that is gone");
        }
        for (role, who) in LastOffences::<T>::iter_keys() {
            ensure!(Participants::<T>::contains_key(role, &who), "the last offence of a participant that is gone");
        }
        ensure!(EvaluatorKeys::<T>::iter().count() == KeyOwners::<T>::iter().count(), "a key has no evaluator");
        Ok(())
    }

    /// Checks that counters agree with seats, and duties with tasks. Every task that has not ended
    /// must be on the agenda.
    fn try_tasks() -> Result<(), TryRuntimeError> {
        let now = frame_system::Pallet::<T>::block_number();
        for (id, task) in Tasks::<T>::iter() {
            let answers = Answers::<T>::iter_prefix(id).count();
            ensure!(answers == task.answers.len(), "a task has more or fewer texts than answers");
            ensure!(
                SealedAnswers::<T>::iter_key_prefix(id).count() == task.sealed.len()
                    && task.sealed.iter().all(|answer| SealedAnswers::<T>::contains_key(id, &answer.author)),
                "a task's sealed answers disagree with their seals"
            );
            ensure!(task.slots_taken() <= task.responders.len(), "a task has more answers than answer slots");
            ensure!(task.is_sealed() || task.sealed.is_empty(), "an answer is sealed in a task with one answer index");
            let authors = || {
                let open = task.answers.iter().map(|answer| &answer.author);
                open.chain(task.sealed.iter().map(|answer| &answer.author))
            };
            ensure!(
                authors().collect::<BTreeSet<_>>().len() == task.slots_taken(),
                "an inference node answered a task twice"
            );
            if !task.phase.has_ended() {
                // Without the duty the inference node could withdraw its bond before it is paid or
                // slashed.
                for who in authors().chain(&task.responders) {
                    ensure!(Duties::<T>::get(who, id) == Some(Duty::Answer), "an inference node has lost its duty");
                }
            }
            ensure!(Prompts::<T>::contains_key(id), "a task has no prompt");
            ensure!(
                Outcomes::<T>::contains_key(id) == task.phase.has_ended(),
                "an outcome without an end, or an end without"
            );
            let (mut committed, mut revealed, mut unopenable) = (0u32, 0u32, 0u32);
            ensure!(
                Seats::<T>::iter_prefix(id).count() as u32 == task.seats,
                "a task has more or fewer seats than it says"
            );
            for (index, seat) in Seats::<T>::iter_prefix(id) {
                match seat.state {
                    SeatState::Drawn => (),
                    SeatState::Committed { .. } => committed += 1,
                    SeatState::Revealed { .. } => (committed, revealed) = (committed + 1, revealed + 1),
                    SeatState::Unopenable => (committed, unopenable) = (committed + 1, unopenable + 1),
                }
                let open = OpenSeats::<T>::contains_key(&seat.key, id);
                let owes_key = KeysDue::<T>::contains_key(id) && matches!(seat.state, SeatState::Committed { .. });
                ensure!(
                    open == (!task.phase.has_ended() || owes_key),
                    "a seat is open in an ended task without owing a key, or closed in a running one"
                );
                let duty = Duties::<T>::get(&seat.account, id);
                ensure!(
                    open == (duty == Some(Duty::Judge { seat: index })),
                    "an open seat without its duty, or a duty without"
                );
            }
            ensure!(
                (committed, revealed, unopenable) == (task.committed, task.revealed, task.unopenable),
                "a task's counters disagree with its seats"
            );
            let due = match task.phase {
                Phase::Answering { until }
                | Phase::RevealingAnswers { until, .. }
                | Phase::Committing { until }
                | Phase::Revealing { until, .. } => Some(until),
                Phase::Drawing => None,
                Phase::Settled { at } | Phase::Expired { at, .. } => {
                    Some(at.saturating_add(task.parameters.retention).saturating_sub(1u32.into()))
                }
            };
            if let Some(until) = KeysDue::<T>::get(id) {
                ensure!(matches!(task.phase, Phase::Settled { .. }), "keys are due in a task that is not settled");
                ensure!(committed > revealed + unopenable, "keys are due that have all come");
                ensure!(Agenda::<T>::contains_key(until.saturating_add(1u32.into()), id), "late keys are never closed");
            }
            if let Some(due) = due {
                let due = due.saturating_add(1u32.into());
                ensure!(Agenda::<T>::contains_key(due, id), "a task will never be looked at again");
                ensure!(due >= AgendaCursor::<T>::get() || due > now, "a task's deadline was passed over");
            }
        }
        for (who, id, duty) in Duties::<T>::iter() {
            let task = Tasks::<T>::get(id).ok_or("a duty in a task that is gone")?;
            let owes_key = KeysDue::<T>::contains_key(id) && matches!(duty, Duty::Judge { .. });
            ensure!(!task.phase.has_ended() || owes_key, "a duty in a task that has ended");
            let is_his = match duty {
                Duty::Answer => task.responders.contains(&who) || task.has_answer_of(&who),
                Duty::Judge { seat } => Seats::<T>::get(id, seat).is_some_and(|seat| seat.account == who),
            };
            ensure!(is_his, "a duty that nobody gave");
        }
        let known = |id: TaskId| Tasks::<T>::contains_key(id);
        ensure!(KeysDue::<T>::iter_keys().all(known), "keys are due in a task that is gone");
        ensure!(Answers::<T>::iter_keys().all(|(id, _)| known(id)), "an answer in a task that is gone");
        ensure!(SealedAnswers::<T>::iter_keys().all(|(id, _)| known(id)), "a sealed answer in a task that is gone");
        ensure!(Seats::<T>::iter_keys().all(|(id, _)| known(id)), "a seat in a task that is gone");
        ensure!(
            Outcomes::<T>::iter_keys().all(known) && Prompts::<T>::iter_keys().all(known),
            "texts of a task that is gone"
        );
        for (key, id, index) in OpenSeats::<T>::iter() {
            let seat = Seats::<T>::get(id, index);
            ensure!(seat.is_some_and(|seat| seat.key == key), "an open seat that is somebody else's");
        }
        ensure!(DrawQueue::<T>::get().iter().all(|id| known(*id)), "a draw for a task that is gone");
        Ok(())
    }
}
