//! Judging: sealed scores come in, then the keys that open them.
//!
//! Both calls are *authorized*: their content names the sender, and they pay no fee. The same
//! checks run in the pool and again in the block. So what a check refuses never enters a block.
//! Each check is a rule with its own error. The pool reports it as [`InvalidTransaction::Custom`]
//! with the index of that error in the metadata.

use crate::{Task, *};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{pallet_prelude::*, traits::Get};
use frame_system::pallet_prelude::BlockNumberFor;
use poq_mechanism::seal::{open_scores, sealed_len, ContextHash, OpenError, SealContext, SealKey};
use sp_application_crypto::RuntimeAppPublic;
use sp_runtime::{
    traits::{Saturating, UniqueSaturatedInto},
    transaction_validity::{
        InvalidTransaction, TransactionSource, TransactionValidityError, TransactionValidityWithRefund,
        ValidTransaction,
    },
};

/// The maximum number of blocks that the sender's best block may be ahead of this node's.
const MAX_LEAD: u32 = 16;

/// A seat that may act, with its task.
struct Acting<T: Config> {
    task: Task<T>,
    index: SeatIndex,
    seat: Seat<T>,
    /// The last block in which the seat may act.
    until: BlockNumberFor<T>,
}

impl<T: Config> Pallet<T> {
    /// What the seals of this seat are made for.
    pub fn seal_context(id: TaskId, task: &Task<T>, index: SeatIndex, account: &T::AccountId) -> ContextHash {
        SealContext {
            genesis: Self::genesis_bytes(),
            task: id,
            seat: index,
            account: account.clone(),
            model: task.parameters.model,
            answers: task.answers_hash(),
        }
        .hash()
    }

    fn seat_of(key: &EvaluatorId, id: TaskId) -> Result<(SeatIndex, Seat<T>), Error<T>> {
        let index = OpenSeats::<T>::get(key, id).ok_or(Error::<T>::NoSeat)?;
        let seat = Seats::<T>::get(id, index).ok_or(Error::<T>::NoSeat)?;
        Ok((index, seat))
    }

    fn check_commit(key: &EvaluatorId, commit: &Commit<T>) -> Result<Acting<T>, Error<T>> {
        let now = frame_system::Pallet::<T>::block_number();
        let task = Tasks::<T>::get(commit.task).ok_or(Error::<T>::UnknownTask)?;
        let until = match task.phase {
            Phase::Answering { .. } | Phase::RevealingAnswers { .. } | Phase::Drawing => {
                return Err(Error::<T>::CommitTooEarly)
            }
            Phase::Committing { until } if now <= until => until,
            _ => return Err(Error::<T>::CommitTooLate),
        };
        let (index, seat) = Self::seat_of(key, commit.task)?;
        ensure!(seat.state == SeatState::Drawn, Error::<T>::AlreadyCommitted);
        let context = Self::seal_context(commit.task, &task, index, &seat.account);
        ensure!(commit.context == context.to_bytes(), Error::<T>::WrongContext);
        ensure!(commit.seal.ciphertext.len() == sealed_len(task.answers.len()), Error::<T>::WrongSealLength);
        Ok(Acting { task, index, seat, until })
    }

    fn check_reveal(key: &EvaluatorId, reveal: &Reveal) -> Result<(Acting<T>, ContextHash, SealOf<T>), Error<T>> {
        let now = frame_system::Pallet::<T>::block_number();
        let task = Tasks::<T>::get(reveal.task).ok_or(Error::<T>::UnknownTask)?;
        let until = match task.phase {
            Phase::Answering { .. } | Phase::RevealingAnswers { .. } | Phase::Drawing | Phase::Committing { .. } => {
                return Err(Error::<T>::RevealTooEarly)
            }
            Phase::Revealing { until, .. } if now <= until => until,
            // The vote is closed, but the duty to give the key is not.
            Phase::Settled { .. } => {
                KeysDue::<T>::get(reveal.task).filter(|until| now <= *until).ok_or(Error::<T>::RevealTooLate)?
            }
            _ => return Err(Error::<T>::RevealTooLate),
        };
        let (index, seat) = Self::seat_of(key, reveal.task)?;
        let seal = match &seat.state {
            SeatState::Committed { seal } => seal.clone(),
            SeatState::Drawn => return Err(Error::<T>::NotCommitted),
            SeatState::Revealed { .. } | SeatState::Unopenable => return Err(Error::<T>::AlreadyRevealed),
        };
        let context = Self::seal_context(reveal.task, &task, index, &seat.account);
        ensure!(SealKey(reveal.key).commitment(&context) == seal.commitment, Error::<T>::WrongKey);
        Ok((Acting { task, index, seat, until }, context, seal))
    }

    fn check_batch(tasks: impl Iterator<Item = TaskId>) -> Result<(), Error<T>> {
        let tasks: Vec<TaskId> = tasks.collect();
        ensure!(!tasks.is_empty(), Error::<T>::EmptyBatch);
        ensure!(tasks.windows(2).all(|pair| pair[0] < pair[1]), Error::<T>::BatchNotAscending);
        Ok(())
    }

    pub(crate) fn authorize_commits(
        _source: TransactionSource,
        key: &EvaluatorId,
        sent_after: &BlockNumberFor<T>,
        commits: &CommitsOf<T>,
        signature: &EvaluatorSignature,
    ) -> TransactionValidityWithRefund {
        Self::check_sent_after(sent_after).map_err(invalid)?;
        let until = Self::check_commits(key, commits).map_err(invalid)?;
        // The signature comes last, because its check costs most.
        let message = keys::commit_message(&Self::genesis_hash(), key, sent_after, commits);
        ensure!(key.verify(&message, signature), invalid(Error::<T>::BadSignature));
        Self::valid("PoqCommit", key, sent_after, commits.iter().map(|commit| commit.task), until)
    }

    fn check_commits(key: &EvaluatorId, commits: &CommitsOf<T>) -> Result<BlockNumberFor<T>, Error<T>> {
        Self::check_batch(commits.iter().map(|commit| commit.task))?;
        first_deadline(commits.iter().map(|commit| Ok(Self::check_commit(key, commit)?.until)))
    }

    pub(crate) fn authorize_reveals(
        _source: TransactionSource,
        key: &EvaluatorId,
        sent_after: &BlockNumberFor<T>,
        reveals: &RevealsOf<T>,
        signature: &EvaluatorSignature,
    ) -> TransactionValidityWithRefund {
        Self::check_sent_after(sent_after).map_err(invalid)?;
        let until = Self::check_reveals(key, reveals).map_err(invalid)?;
        let message = keys::reveal_message(&Self::genesis_hash(), key, sent_after, reveals);
        ensure!(key.verify(&message, signature), invalid(Error::<T>::BadSignature));
        Self::valid("PoqReveal", key, sent_after, reveals.iter().map(|reveal| reveal.task), until)
    }

    fn check_reveals(key: &EvaluatorId, reveals: &RevealsOf<T>) -> Result<BlockNumberFor<T>, Error<T>> {
        Self::check_batch(reveals.iter().map(|reveal| reveal.task))?;
        first_deadline(reveals.iter().map(|reveal| Ok(Self::check_reveal(key, reveal)?.0.until)))
    }

    /// Later attempts win over earlier ones by their height, so a sender must not make up a height.
    /// Nodes need not be at the same height.
    fn check_sent_after(sent_after: &BlockNumberFor<T>) -> Result<(), Error<T>> {
        let now = frame_system::Pallet::<T>::block_number();
        ensure!(*sent_after <= now.saturating_add(MAX_LEAD.into()), Error::<T>::SentTooFarAhead);
        Ok(())
    }

    /// The pool's view of a good batch. It has one tag for each task, so that a seat never has two
    /// transactions in the pool at once. Its priority lets a repeated batch replace the first one.
    /// It lives until the first deadline. All of this follows from the content alone, whenever the
    /// batch is validated.
    ///
    /// The first one must give way because other nodes may have refused it. Then only this node
    /// would ever include it.
    fn valid(
        prefix: &'static str,
        key: &EvaluatorId,
        sent_after: &BlockNumberFor<T>,
        tasks: impl Iterator<Item = TaskId>,
        until: BlockNumberFor<T>,
    ) -> TransactionValidityWithRefund {
        let now = frame_system::Pallet::<T>::block_number();
        let blocks_left: u64 = until.saturating_sub(now).unique_saturated_into();
        let attempt: u64 = (*sent_after).unique_saturated_into();
        let builder = ValidTransaction::with_tag_prefix(prefix)
            .priority(T::JudgingPriority::get().saturating_add(attempt))
            .longevity(blocks_left.max(1))
            .propagate(true);
        tasks
            .fold(builder, |builder, task| builder.and_provides((key, task)))
            .build()
            .map(|valid| (valid, Weight::zero()))
    }

    pub(crate) fn do_commit(key: &EvaluatorId, commits: CommitsOf<T>) -> DispatchResult {
        for commit in commits {
            let Acting { mut task, index, mut seat, .. } = match Self::check_commit(key, &commit) {
                Err(error) if is_stale(&error) => continue,
                checked => checked?,
            };
            Self::deposit_event(Event::ScoresCommitted { task: commit.task, evaluator: seat.account.clone() });
            seat.state = SeatState::Committed { seal: commit.seal };
            Seats::<T>::insert(commit.task, index, seat);
            task.committed.saturating_inc();
            if task.committed == task.seats {
                Self::start_score_reveals(commit.task, &mut task);
            } else if task.committed == task.quorum() {
                if let Phase::Committing { until } = &mut task.phase {
                    *until = Self::shorten(commit.task, *until, task.parameters.grace);
                }
            }
            Tasks::<T>::insert(commit.task, task);
        }
        Ok(())
    }

    /// Opens the seals and returns the weight that was really used, because most reveals settle
    /// nothing.
    pub(crate) fn do_reveal(key: &EvaluatorId, reveals: &[Reveal]) -> DispatchResultWithPostInfo {
        let mut weight = T::WeightInfo::worst_reveal(reveals.len() as u32);
        for reveal in reveals {
            let id = reveal.task;
            let (Acting { mut task, index, mut seat, .. }, context, seal) = match Self::check_reveal(key, reveal) {
                Err(error) if is_stale(&error) => continue,
                checked => checked?,
            };
            let is_late = task.phase.has_ended();
            let evaluator = seat.account.clone();
            seat.state = match open_scores(&context, &seal, &SealKey(reveal.key), task.answers.len()) {
                Ok(scores) => {
                    task.revealed.saturating_inc();
                    Self::deposit_event(match is_late {
                        true => Event::KeyGivenLate { task: id, evaluator },
                        false => Event::ScoresRevealed { task: id, evaluator, scores: scores.clone() },
                    });
                    SeatState::Revealed { scores: BoundedVec::truncate_from(scores) }
                }
                Err(OpenError::Unopenable | OpenError::NotScores) => {
                    task.unopenable.saturating_inc();
                    Self::deposit_event(Event::ScoresUnopenable { task: id, evaluator });
                    SeatState::Unopenable
                }
                // Both were checked just before.
                Err(OpenError::WrongKey) => return Err(Error::<T>::WrongKey.into()),
                Err(OpenError::WrongLength) => return Err(Error::<T>::WrongSealLength.into()),
            };
            if is_late {
                Self::close_late_seat(id, &task, index, &seat);
                Seats::<T>::insert(id, index, seat);
                Tasks::<T>::insert(id, task);
                continue;
            }
            Seats::<T>::insert(id, index, seat);
            if task.has_all_keys() {
                Self::settle(id, task);
                continue;
            }
            weight = weight.saturating_sub(T::WeightInfo::settlement_saved());
            if task.revealed == task.quorum() {
                if let Phase::Revealing { until, .. } = &mut task.phase {
                    *until = Self::shorten(id, *until, task.parameters.grace);
                }
            }
            Tasks::<T>::insert(id, task);
        }
        Ok(Some(weight).into())
    }

    /// Ends the commit phase, and starts the reveal phase.
    pub(crate) fn start_score_reveals(id: TaskId, task: &mut Task<T>) {
        let since = frame_system::Pallet::<T>::block_number();
        let until = since.saturating_add(task.parameters.reveal_window);
        task.phase = Phase::Revealing { since, until };
        Self::schedule(until.saturating_add(1u32.into()), id);
        Self::deposit_event(Event::ScoreRevealPhaseStarted { task: id, committed: task.committed });
    }

    /// A deadline that leaves late seats at most the grace period from now on.
    fn shorten(id: TaskId, until: BlockNumberFor<T>, grace: BlockNumberFor<T>) -> BlockNumberFor<T> {
        let soon = frame_system::Pallet::<T>::block_number().saturating_add(grace);
        if soon >= until {
            return until;
        }
        Self::schedule(soon.saturating_add(1u32.into()), id);
        soon
    }
}

/// Whether an entry of a batch has nothing left to do. Such an entry is skipped, so that the others
/// still count.
fn is_stale<T: Config>(error: &Error<T>) -> bool {
    matches!(
        error,
        Error::<T>::CommitTooLate
            | Error::<T>::AlreadyCommitted
            | Error::<T>::RevealTooLate
            | Error::<T>::AlreadyRevealed
    )
}

/// The first deadline of the entries of a batch, without stale entries. A batch of stale entries
/// alone returns the error of a stale entry.
fn first_deadline<T: Config, BlockNumber: Ord + Copy>(
    entries: impl Iterator<Item = Result<BlockNumber, Error<T>>>,
) -> Result<BlockNumber, Error<T>> {
    let (mut first, mut stale) = (None, Error::<T>::EmptyBatch);
    for entry in entries {
        match entry {
            Ok(until) => first = Some(first.map_or(until, |first: BlockNumber| first.min(until))),
            Err(error) if is_stale(&error) => stale = error,
            Err(error) => return Err(error),
        }
    }
    first.ok_or(stale)
}

/// What the pool learns of a broken rule.
fn invalid<T: Config>(error: Error<T>) -> TransactionValidityError {
    // An error encodes to its index in the metadata, one byte.
    let index = error.encode().first().copied().unwrap_or(u8::MAX);
    InvalidTransaction::Custom(index).into()
}
