//! Answers: who may answer, and the texts.

use crate::*;
use alloc::vec::Vec;
use frame_support::pallet_prelude::*;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_io::hashing::blake2_256;
use sp_runtime::traits::{One, Saturating};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_submit_answer(who: T::AccountId, id: TaskId, answer: AnswerOf<T>) -> DispatchResult {
        let mut task = Tasks::<T>::get(id).ok_or(Error::<T>::UnknownTask)?;
        let now = frame_system::Pallet::<T>::block_number();
        let Phase::Answering { until } = task.phase else {
            return Err(Error::<T>::AnswersClosed.into());
        };
        ensure!(now <= until, Error::<T>::AnswersClosed);
        ensure!(!answer.is_empty(), Error::<T>::EmptyAnswer);
        ensure!(who != task.submitter, Error::<T>::OwnTask);
        ensure!(!task.answers.iter().any(|answer| answer.author == who), Error::<T>::AlreadyAnswered);
        let places = task.responders.len();
        ensure!(task.answers.len() < places, Error::<T>::AnswersFull);
        if !task.responders.contains(&who) {
            let second_half = task.submitted_at.saturating_add(task.terms.answer_window / 2u32.into());
            ensure!(now > second_half && Self::is_active(&who, Role::Inference), Error::<T>::NotDrawn);
        }
        let hash = blake2_256(&answer);
        ensure!(!task.answers.iter().any(|answer| answer.hash == hash), Error::<T>::DuplicateAnswer);

        let index = task.answers.len() as u32;
        task.answers
            .try_push(AnswerRecord { author: who.clone(), hash, at: now })
            .map_err(|_| Error::<T>::AnswersFull)?;
        if task.answers.len() == places {
            // Nobody is left to wait for: the committee is drawn at the end of the next block.
            task.phase = Phase::Answering { until: now };
            Self::schedule(now.saturating_add(One::one()), id);
        }
        Duties::<T>::insert(&who, id, Duty::Answer);
        Answers::<T>::insert(id, index, answer);
        Tasks::<T>::insert(id, task);
        Self::deposit_event(Event::AnswerSubmitted { task: id, index, author: who });
        Ok(())
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
