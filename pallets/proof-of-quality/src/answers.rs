//! Answers: which account may answer, committing and revealing, and the texts.
//!
//! A task with several answer slots takes answers in two steps, so that no author can copy another.
//! Authors first commit sealed answers ([`Phase::Answering`]), and then reveal their keys
//! ([`Phase::RevealingAnswers`]). With one answer slot there is no other answer to copy, so the
//! text comes at once.

use crate::{Task, *};
use alloc::vec::Vec;
use frame_support::pallet_prelude::*;
use frame_system::pallet_prelude::BlockNumberFor;
use poq_mechanism::seal::{open, AnswerContext, ContextHash, OpenError, SealKey, TAG_LEN};
use sp_io::hashing::blake2_256;
use sp_runtime::traits::{One, Saturating};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_submit_answer(who: T::AccountId, id: TaskId, answer: AnswerOf<T>) -> DispatchResult {
        let mut task = Tasks::<T>::get(id).ok_or(Error::<T>::UnknownTask)?;
        Self::check_may_answer(&who, &task)?;
        ensure!(!task.is_sealed(), Error::<T>::MustCommitAnswer);
        ensure!(!answer.is_empty(), Error::<T>::EmptyAnswer);
        let now = frame_system::Pallet::<T>::block_number();
        let index = Self::append_answer(id, &mut task, who.clone(), now, answer)?;
        if task.slots_taken() == task.responders.len() {
            // All answers are in, so the committee is drawn at the end of the next block.
            task.phase = Phase::Answering { until: now };
            Self::schedule(now.saturating_add(One::one()), id);
        }
        Duties::<T>::insert(&who, id, Duty::Answer);
        Tasks::<T>::insert(id, task);
        Self::deposit_event(Event::AnswerSubmitted { task: id, index, author: who });
        Ok(())
    }

    pub(crate) fn do_commit_answer(
        who: T::AccountId,
        id: TaskId,
        context: [u8; 32],
        seal: AnswerSealOf<T>,
    ) -> DispatchResult {
        let mut task = Tasks::<T>::get(id).ok_or(Error::<T>::UnknownTask)?;
        Self::check_may_answer(&who, &task)?;
        ensure!(task.is_sealed(), Error::<T>::MustSubmitAnswer);
        ensure!(context == Self::answer_context(id, &task, &who).to_bytes(), Error::<T>::WrongContext);
        ensure!(seal.ciphertext.len() > TAG_LEN, Error::<T>::EmptyAnswer);
        let now = frame_system::Pallet::<T>::block_number();
        task.sealed
            .try_push(SealedAnswer { author: who.clone(), at: now, unopenable: false })
            .map_err(|_| Error::<T>::AnswersFull)?;
        SealedAnswers::<T>::insert(id, &who, seal);
        Duties::<T>::insert(&who, id, Duty::Answer);
        Self::deposit_event(Event::AnswerCommitted { task: id, author: who });
        if task.slots_taken() == task.responders.len() {
            Self::start_answer_reveals(id, &mut task);
        }
        Tasks::<T>::insert(id, task);
        Ok(())
    }

    pub(crate) fn do_reveal_answer(who: T::AccountId, id: TaskId, key: SealKey) -> DispatchResult {
        let mut task = Tasks::<T>::get(id).ok_or(Error::<T>::UnknownTask)?;
        let now = frame_system::Pallet::<T>::block_number();
        match task.phase {
            Phase::Answering { .. } => return Err(Error::<T>::AnswerRevealTooEarly.into()),
            Phase::RevealingAnswers { until, .. } if now <= until => (),
            _ => return Err(Error::<T>::AnswerRevealTooLate.into()),
        }
        let position =
            task.sealed.iter().position(|answer| answer.author == who).ok_or(Error::<T>::NoCommittedAnswer)?;
        ensure!(!task.sealed[position].unopenable, Error::<T>::AlreadyRevealed);
        let seal = SealedAnswers::<T>::get(id, &who).ok_or(Error::<T>::NoCommittedAnswer)?;
        match open(&Self::answer_context(id, &task, &who), &seal, &key) {
            Ok(text) => {
                let answer = AnswerOf::<T>::try_from(text).map_err(|_| Error::<T>::WrongSealLength)?;
                let at = task.sealed.remove(position).at;
                SealedAnswers::<T>::remove(id, &who);
                let index = Self::append_answer(id, &mut task, who.clone(), at, answer)?;
                Self::deposit_event(Event::AnswerRevealed { task: id, index, author: who });
            }
            Err(OpenError::WrongKey) => return Err(Error::<T>::WrongKey.into()),
            // The key is the right one: the author made the seal like this.
            Err(OpenError::Unopenable | OpenError::WrongLength | OpenError::NotScores) => {
                task.sealed[position].unopenable = true;
                Self::deposit_event(Event::AnswerUnopenable { task: id, author: who });
            }
        }
        if let Phase::RevealingAnswers { until, .. } = &mut task.phase {
            if task.sealed.iter().all(|answer| answer.unopenable) {
                // All authors have given their keys.
                *until = now;
                Self::schedule(now.saturating_add(One::one()), id);
            }
        }
        Tasks::<T>::insert(id, task);
        Ok(())
    }

    /// Checks that an account may take an answer slot, with a sealed answer or with a text.
    fn check_may_answer(who: &T::AccountId, task: &Task<T>) -> DispatchResult {
        let now = frame_system::Pallet::<T>::block_number();
        ensure!(matches!(task.phase, Phase::Answering { until } if now <= until), Error::<T>::AnswersClosed);
        ensure!(who != &task.submitter, Error::<T>::OwnTask);
        ensure!(!task.has_answer_of(who), Error::<T>::AlreadyAnswered);
        ensure!(task.slots_taken() < task.responders.len(), Error::<T>::AnswersFull);
        if !task.responders.contains(who) {
            let second_half = task.submitted_at.saturating_add(task.parameters.answer_window / 2u32.into());
            ensure!(now > second_half && Self::is_active(who, Role::Inference), Error::<T>::NotDrawn);
        }
        Ok(())
    }

    /// Makes an answer readable that came in block `at`, and returns its position in the task.
    fn append_answer(
        id: TaskId,
        task: &mut Task<T>,
        author: T::AccountId,
        at: BlockNumberFor<T>,
        answer: AnswerOf<T>,
    ) -> Result<u32, Error<T>> {
        let index = task.answers.len() as u32;
        task.answers
            .try_push(AnswerRecord { author, hash: blake2_256(&answer), at })
            .map_err(|_| Error::<T>::AnswersFull)?;
        Answers::<T>::insert(id, index, answer);
        Ok(index)
    }

    /// Starts the phase in which authors reveal their sealed answers.
    pub(crate) fn start_answer_reveals(id: TaskId, task: &mut Task<T>) {
        let since = frame_system::Pallet::<T>::block_number();
        let until = since.saturating_add(task.parameters.reveal_window);
        task.phase = Phase::RevealingAnswers { since, until };
        Self::schedule(until.saturating_add(One::one()), id);
        Self::deposit_event(Event::AnswerRevealPhaseStarted { task: id, sealed: task.sealed.len() as u32 });
    }

    /// What the sealed answer of `who` is made for.
    pub fn answer_context(id: TaskId, task: &Task<T>, who: &T::AccountId) -> ContextHash {
        AnswerContext { genesis: Self::genesis_bytes(), task: id, account: who.clone(), prompt: task.prompt }.hash()
    }

    pub(crate) fn full_answers(id: TaskId) -> Vec<FullAnswer<T::AccountId, BlockNumberFor<T>>> {
        let records = Tasks::<T>::get(id).map(|task| task.answers).unwrap_or_default();
        records
            .into_iter()
            .zip(0u32..)
            .map(|(record, index)| FullAnswer {
                author: record.author,
                at: record.at,
                text: Answers::<T>::get(id, index).map(Into::into).unwrap_or_default(),
            })
            .collect()
    }

    fn is_active(who: &T::AccountId, role: Role) -> bool {
        Participants::<T>::get(role, who)
            .is_some_and(|participant| matches!(participant.standing, Standing::Active { .. }))
    }
}
