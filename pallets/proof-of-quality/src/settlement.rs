//! Settlement: from revealed scores to a consensus for each answer, payouts, slashes and the
//! refund.

use crate::{
    scoring::{Judged, Votes},
    Task, *,
};
use alloc::vec::Vec;
use frame_support::pallet_prelude::*;
use frame_system::pallet_prelude::BlockNumberFor;
use poq_mechanism::{payout::delay_cost, skill};
use sp_runtime::{
    traits::{One, Saturating, UniqueSaturatedInto, Zero},
    Permill,
};

impl<T: Config> Pallet<T> {
    /// Settles a task whose reveal phase is over. If too few seats revealed, the task expires.
    pub(crate) fn settle(id: TaskId, task: Task<T>) {
        if task.revealed < task.quorum() {
            return Self::expire(id, task, Expiry::NoQuorum);
        }
        Self::end(id, task, None);
    }

    /// Ends a task without a consensus. Seats that revealed are paid for their work, and the
    /// submitter gets back all the rest.
    pub(crate) fn expire(id: TaskId, task: Task<T>, reason: Expiry) {
        Self::end(id, task, Some(reason));
    }

    fn end(id: TaskId, mut task: Task<T>, expired: Option<Expiry>) {
        let seats: Vec<Seat<T>> = (0..task.seats).filter_map(|seat| Seats::<T>::get(id, seat)).collect();
        let rules = task.parameters.rules;
        let caps = task.caps();
        let votes = Votes::<T>::of(&seats);
        let consensus = match expired {
            None => votes.consensus(&rules, task.answers.len()),
            Some(_) => None,
        };
        let judged = match &consensus {
            Some(_) => votes.judge(&rules, task.answers.len(), Self::current_baseline()),
            None => votes.unjudged(&rules),
        };

        let answers = Self::pay_answers(id, &task, consensus.as_deref(), caps.responder);
        let keys_due = Self::keys_due(&task);
        let seats = seats
            .into_iter()
            .zip(judged)
            .map(|(seat, judged)| match (&seat.state, keys_due) {
                (SeatState::Committed { .. }, Some(_)) => Self::leave_seat(seat, judged),
                _ => Self::close_seat(id, &task, seat, judged, caps.seat),
            })
            .collect();
        let unrevealed = Self::close_responders(id, &task);
        let outcome = Outcome {
            expired,
            answers: BoundedVec::truncate_from(answers),
            seats: BoundedVec::<SeatOutcome<T>, _>::truncate_from(seats),
            refunded: Zero::zero(),
            unrevealed,
        };
        let paid = outcome.answers.iter().map(|answer| answer.paid).chain(outcome.seats.iter().map(|seat| seat.paid));
        let spent = paid.fold(BalanceOf::<T>::zero(), |sum, paid| sum.saturating_add(paid));
        let refunded = Self::refund(id, &task.submitter, task.bounty.saturating_sub(spent));
        let outcome = Outcome { refunded, ..outcome };

        if let Some(consensus) = &consensus {
            Self::remember_qualities(task.bounty, consensus);
        }
        let at = frame_system::Pallet::<T>::block_number();
        task.phase = match expired {
            None => Phase::Settled { at },
            Some(reason) => Phase::Expired { at, reason },
        };
        Self::schedule(at.saturating_add(task.parameters.retention), id);
        if let Some(until) = keys_due {
            KeysDue::<T>::insert(id, until);
            Self::schedule(until.saturating_add(One::one()), id);
        }
        Tasks::<T>::insert(id, task);
        Outcomes::<T>::insert(id, &outcome);
        Self::deposit_event(match expired {
            None => Event::TaskSettled { task: id, outcome },
            Some(_) => Event::TaskExpired { task: id, outcome },
        });
    }

    fn pay_answers(
        id: TaskId,
        task: &Task<T>,
        consensus: Option<&[Permill]>,
        cap: BalanceOf<T>,
    ) -> Vec<AnswerOutcome<T::AccountId, BalanceOf<T>>> {
        let rules = &task.parameters.rules.answer;
        let window = task.parameters.answer_window.unique_saturated_into();
        task.answers
            .iter()
            .enumerate()
            .map(|(index, answer)| {
                let author = answer.author.clone();
                let quality = consensus.and_then(|consensus| consensus.get(index)).copied();
                let delay = delay_cost(answer.at.saturating_sub(task.submitted_at).unique_saturated_into(), window);
                let share = quality.map(|quality| rules.share(quality, delay)).unwrap_or_default();
                let paid = Self::pay(id, &task.submitter, &author, Role::Inference, share.mul_floor(cap));
                AnswerOutcome { author, quality, delay, share, paid }
            })
            .collect()
    }

    /// Pays or slashes a seat, and frees its evaluator of the duty.
    fn close_seat(
        id: TaskId,
        task: &Task<T>,
        seat: Seat<T>,
        judged: Judged<BalanceOf<T>>,
        cap: BalanceOf<T>,
    ) -> SeatOutcome<T> {
        let Judged { mut reputation, trust, deviation, skill, pays } = judged;
        let offence = match &seat.state {
            // The chain never gave the seat the time to reveal, because the commit phase itself
            // failed.
            SeatState::Committed { .. } if !matches!(task.phase, Phase::Revealing { .. }) => None,
            state => state.offence(),
        };
        let mut paid = Zero::zero();
        if let Some(skill) = pays {
            let pay;
            (pay, reputation.dues) = skill::settle(cap, skill, reputation.trust, reputation.dues);
            paid = Self::pay(id, &task.submitter, &seat.account, Role::Evaluator, pay);
        }
        let (reputation, slashed) = Self::free_seat(id, task, &seat, Reputation { trust, ..reputation }, offence);
        let scores = match seat.state {
            SeatState::Revealed { scores } => scores,
            _ => Default::default(),
        };
        SeatOutcome { account: seat.account, scores, deviation, skill, paid, reputation, offence, slashed }
    }

    /// Frees the evaluator of a seat of its duty, and records what it did. Returns its reputation
    /// from now on, which is `reputation` unless there is an offence, and what was slashed.
    fn free_seat(
        id: TaskId,
        task: &Task<T>,
        seat: &Seat<T>,
        mut reputation: Reputation<BalanceOf<T>>,
        offence: Option<Offence>,
    ) -> (Reputation<BalanceOf<T>>, BalanceOf<T>) {
        OpenSeats::<T>::remove(&seat.key, id);
        Duties::<T>::remove(&seat.account, id);
        if offence.is_some() {
            reputation.trust = task.parameters.rules.trust.after_absence(reputation.trust);
        }
        Reputations::<T>::insert(&seat.account, reputation);
        let slashed = Self::note_duty(id, task, &seat.account, Role::Evaluator, offence);
        (reputation, slashed)
    }

    /// The last block in which a task that is settled now takes keys, if any seat still owes one.
    ///
    /// Only the vote closes early. An evaluator that is slow, or was away for a moment, keeps the
    /// whole `reveal_window`.
    fn keys_due(task: &Task<T>) -> Option<BlockNumberFor<T>> {
        let Phase::Revealing { since, .. } = task.phase else { return None };
        let until = since.saturating_add(task.parameters.reveal_window);
        (!task.has_all_keys() && frame_system::Pallet::<T>::block_number() <= until).then_some(until)
    }

    /// The outcome of a seat whose key may still come. It is not paid, and nothing else changes
    /// yet.
    fn leave_seat(seat: Seat<T>, judged: Judged<BalanceOf<T>>) -> SeatOutcome<T> {
        let Judged { reputation, .. } = judged;
        SeatOutcome {
            account: seat.account,
            scores: Default::default(),
            deviation: None,
            skill: None,
            paid: Zero::zero(),
            reputation,
            offence: None,
            slashed: Zero::zero(),
        }
    }

    /// Closes the window for late keys. A key that did not come is withheld.
    pub(crate) fn close_late_keys(id: TaskId, task: &Task<T>) {
        for index in 0..task.seats {
            let Some(seat) = Seats::<T>::get(id, index) else { continue };
            if matches!(seat.state, SeatState::Committed { .. }) {
                Self::close_late_seat(id, task, index, &seat);
            }
        }
        KeysDue::<T>::remove(id);
    }

    /// Closes a seat after the settlement of its task. It was neither paid nor slashed there.
    pub(crate) fn close_late_seat(id: TaskId, task: &Task<T>, index: SeatIndex, seat: &Seat<T>) {
        let reputation = Reputations::<T>::get(&seat.account).unwrap_or_default();
        let offence = seat.state.offence();
        let (reputation, slashed) = Self::free_seat(id, task, seat, reputation, offence);
        if offence.is_some() {
            Outcomes::<T>::mutate(id, |outcome| {
                let seats = outcome.as_mut().map(|outcome| &mut outcome.seats);
                if let Some(seat) = seats.and_then(|seats| seats.get_mut(index as usize)) {
                    (seat.offence, seat.slashed, seat.reputation) = (offence, slashed, reputation);
                }
            });
        }
        if task.has_all_keys() {
            KeysDue::<T>::remove(id);
        }
    }

    /// Frees the inference nodes of their duty. An author that did not reveal is slashed, and a
    /// responder without an answer is recorded as absent.
    fn close_responders(
        id: TaskId,
        task: &Task<T>,
    ) -> BoundedVec<UnrevealedAnswer<T::AccountId, BalanceOf<T>>, T::MaxResponders> {
        for author in task.answers.iter().map(|answer| &answer.author) {
            Duties::<T>::remove(author, id);
            Self::note_duty(id, task, author, Role::Inference, None);
        }
        for responder in task.responders.iter().filter(|responder| !task.has_answer_of(responder)) {
            Duties::<T>::remove(responder, id);
            // If others took all answer slots, the chain itself refused the answer.
            if task.slots_taken() < task.responders.len() {
                Self::note_duty(id, task, responder, Role::Inference, Some(Offence::Absent));
            }
        }
        let unrevealed = |answer: &SealedAnswer<T::AccountId, BlockNumberFor<T>>| {
            let author = answer.author.clone();
            Duties::<T>::remove(&author, id);
            let offence = if answer.unopenable { Offence::Unopenable } else { Offence::Withheld };
            let slashed = Self::note_duty(id, task, &author, Role::Inference, Some(offence));
            UnrevealedAnswer { author, offence, slashed }
        };
        BoundedVec::truncate_from(task.sealed.iter().map(unrevealed).collect())
    }
}
