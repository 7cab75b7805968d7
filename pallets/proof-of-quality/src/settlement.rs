//! Settlement: from opened scores to a consensus for each answer, payouts, slashes and the refund.

use crate::{Task, *};
use alloc::vec::Vec;
use frame_support::pallet_prelude::*;
use poq_mechanism::{
    aggregate::{Aggregate, Aggregator, Vote},
    payout::{agreement, answer_pay, judge_pay, split},
    trust::Trust,
};
use sp_runtime::{
    traits::{Saturating, Zero},
    Permill,
};

impl<T: Config> Pallet<T> {
    /// Settles a task whose reveal phase is over, or expires it if too few seats opened.
    pub(crate) fn settle(id: TaskId, task: Task<T>) {
        if task.opened < task.quorum() {
            return Self::expire(id, task, Expiry::NoQuorum);
        }
        Self::end(id, task, None);
    }

    /// Ends a task without a consensus: seats that opened are paid for their work, the user gets back all the rest.
    pub(crate) fn expire(id: TaskId, task: Task<T>, reason: Expiry) {
        Self::end(id, task, Some(reason));
    }

    fn end(id: TaskId, mut task: Task<T>, expired: Option<Expiry>) {
        let seats: Vec<Seat<T>> = (0..task.seats).filter_map(|seat| Seats::<T>::get(id, seat)).collect();
        let consensus = match expired {
            None => Self::consensus(&task, &seats),
            Some(_) => None,
        };
        let parts = split(task.bounty, task.terms.judging_share, task.responders.len() as u32, task.seats);

        let answers = Self::pay_answers(id, &task, consensus.as_deref(), parts.responder);
        let seats =
            seats.into_iter().map(|seat| Self::close_seat(id, &task, seat, consensus.as_deref(), parts.seat)).collect();
        let outcome = Outcome {
            expired,
            answers: BoundedVec::truncate_from(answers),
            seats: BoundedVec::<SeatOutcome<T>, _>::truncate_from(seats),
            refunded: Zero::zero(),
        };
        let paid = outcome.answers.iter().map(|answer| answer.paid).chain(outcome.seats.iter().map(|seat| seat.paid));
        let spent = paid.fold(BalanceOf::<T>::zero(), |sum, paid| sum.saturating_add(paid));
        let refunded = Self::refund(id, &task.submitter, task.bounty.saturating_sub(spent));
        let outcome = Outcome { refunded, ..outcome };

        Self::close_responders(id, &task);
        let at = frame_system::Pallet::<T>::block_number();
        task.phase = match expired {
            None => Phase::Settled { at },
            Some(reason) => Phase::Expired { at, reason },
        };
        Self::schedule(at.saturating_add(task.terms.retention), id);
        Tasks::<T>::insert(id, task);
        Outcomes::<T>::insert(id, &outcome);
        Self::deposit_event(match expired {
            None => Event::TaskSettled { task: id, outcome },
            Some(_) => Event::TaskExpired { task: id, outcome },
        });
    }

    /// The consensus quality of each answer; `None` if no seat opened.
    fn consensus(task: &Task<T>, seats: &[Seat<T>]) -> Option<Vec<Permill>> {
        (0..task.answers.len())
            .map(|answer| {
                let votes: Vec<Vote> = seats
                    .iter()
                    .filter_map(|seat| match &seat.state {
                        SeatState::Opened { scores } => scores.get(answer).copied(),
                        _ => None,
                    })
                    .map(|score| Vote { score, trust: Trust::NEUTRAL })
                    .collect();
                Aggregator::Median.aggregate(&votes)
            })
            .collect()
    }

    fn pay_answers(
        id: TaskId,
        task: &Task<T>,
        consensus: Option<&[Permill]>,
        part: BalanceOf<T>,
    ) -> Vec<AnswerOutcome<T::AccountId, BalanceOf<T>>> {
        task.answers
            .iter()
            .enumerate()
            .map(|(index, answer)| {
                let author = answer.author.clone();
                let quality = consensus.and_then(|consensus| consensus.get(index)).copied();
                let paid = match quality {
                    Some(quality) => {
                        let pay = answer_pay(part, quality);
                        Self::pay(id, &task.submitter, &author, Role::Inference, quality, pay)
                    }
                    None => Zero::zero(),
                };
                AnswerOutcome { author, quality, paid }
            })
            .collect()
    }

    /// Pays or slashes a seat and frees its evaluator of the duty.
    fn close_seat(
        id: TaskId,
        task: &Task<T>,
        seat: Seat<T>,
        consensus: Option<&[Permill]>,
        part: BalanceOf<T>,
    ) -> SeatOutcome<T> {
        OpenSeats::<T>::remove(&seat.key, id);
        Duties::<T>::remove(&seat.account, id);
        let account = seat.account;
        let terms = &task.terms;
        let mut outcome = SeatOutcome {
            account: account.clone(),
            scores: Default::default(),
            agreement: None,
            paid: Zero::zero(),
            offence: None,
            slashed: Zero::zero(),
        };
        let offence = match seat.state {
            SeatState::Opened { scores } => {
                outcome.agreement = consensus.and_then(|consensus| agreement(&scores, consensus));
                // Without a consensus there is nothing to agree with: the work is paid, whatever it said.
                let merit = outcome.agreement.unwrap_or(Permill::one());
                let pay = judge_pay(part, merit);
                outcome.paid = Self::pay(id, &task.submitter, &account, Role::Evaluator, merit, pay);
                outcome.scores = scores;
                None
            }
            SeatState::Drawn => Some((Offence::Absent, terms.slash_absent)),
            // The chain never gave it the time to open: the commit phase itself failed.
            SeatState::Committed { .. } if !matches!(task.phase, Phase::Revealing { .. }) => None,
            SeatState::Committed { .. } => Some((Offence::Withheld, terms.slash_withheld)),
            SeatState::Unopenable => Some((Offence::Unopenable, terms.slash_unopenable)),
        };
        if let Some((offence, share)) = offence {
            outcome.offence = Some(offence);
            outcome.slashed = Self::slash(id, &account, offence, share);
        }
        Self::note_duty(&account, Role::Evaluator, terms, offence.is_none());
        outcome
    }

    /// Frees the inference nodes of the duty and remembers who did not answer.
    fn close_responders(id: TaskId, task: &Task<T>) {
        for author in task.answers.iter().map(|answer| &answer.author) {
            Duties::<T>::remove(author, id);
            Self::note_duty(author, Role::Inference, &task.terms, true);
        }
        for responder in &task.responders {
            if task.answers.iter().any(|answer| &answer.author == responder) {
                continue;
            }
            Duties::<T>::remove(responder, id);
            Self::note_duty(responder, Role::Inference, &task.terms, false);
        }
    }
}
