//! Tasks: submitting, and the agenda of deadlines that moves them on.

use crate::{Task, *};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{pallet_prelude::*, traits::Randomness, weights::WeightMeter};
use frame_system::pallet_prelude::BlockNumberFor;
use poq_mechanism::draw::Draw;
use sp_io::hashing::blake2_256;
use sp_runtime::traits::{One, Saturating, Zero};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_submit_task(
        who: T::AccountId,
        prompt: PromptOf<T>,
        bounty: BalanceOf<T>,
        options: TaskOptions,
    ) -> DispatchResult {
        let parameters = CurrentParameters::<T>::get();
        ensure!(!prompt.is_empty(), Error::<T>::EmptyPrompt);
        ensure!(bounty >= parameters.min_bounty, Error::<T>::BountyTooSmall);
        ensure!(bounty <= parameters.max_bounty, Error::<T>::BountyTooLarge);
        ensure!(options.model.is_none_or(|model| model == parameters.model), Error::<T>::UnknownModel);
        ensure!((1..=T::MaxResponders::get()).contains(&options.responders), Error::<T>::BadResponderCount);
        Self::hold(&who, HoldReason::Bounty, bounty)?;

        let task = TaskCount::<T>::get();
        TaskCount::<T>::put(task.saturating_add(1));
        let responders = Self::draw_responders(task, &who, options.responders);
        ensure!(!responders.is_empty(), Error::<T>::NoInferenceNodes);
        for responder in &responders {
            Duties::<T>::insert(responder, task, Duty::Answer);
        }
        let now = frame_system::Pallet::<T>::block_number();
        let until = now.saturating_add(parameters.answer_window);
        Self::schedule(until.saturating_add(One::one()), task);
        let record = Task {
            submitter: who.clone(),
            bounty,
            submitted_at: now,
            prompt: blake2_256(&prompt),
            parameters,
            phase: Phase::Answering { until },
            responders,
            answers: Default::default(),
            seats: 0,
            committed: 0,
            revealed: 0,
            unopenable: 0,
            sealed: Default::default(),
        };
        Self::deposit_event(Event::TaskSubmitted {
            task,
            submitter: who,
            bounty,
            responders: record.responders.to_vec(),
        });
        Tasks::<T>::insert(task, record);
        Prompts::<T>::insert(task, prompt);
        Ok(())
    }

    /// Draws the inference nodes that are to answer, without the submitter.
    ///
    /// The submitter may know the seed in advance. All that it can gain by waiting for a better one
    /// is other nodes for its own money.
    fn draw_responders(
        task: TaskId,
        submitter: &T::AccountId,
        wanted: u32,
    ) -> BoundedVec<T::AccountId, T::MaxResponders> {
        let subject = (b"poq/responders", task).encode();
        let seed = match T::Randomness::random(&subject).0 {
            Some(seed) => blake2_256(seed.as_ref()),
            None => blake2_256(&(subject, frame_system::Pallet::<T>::parent_hash()).encode()),
        };
        let drawn: Vec<_> = Draw::new(seed, RosterSize::<T>::get(Role::Inference))
            .filter_map(|index| Roster::<T>::get(Role::Inference, index))
            .filter(|account| account != submitter)
            .take(wanted as usize)
            .collect();
        BoundedVec::truncate_from(drawn)
    }

    /// Puts `task` on the agenda of block `when`. An entry that has become stale by then does no
    /// harm.
    pub(crate) fn schedule(when: BlockNumberFor<T>, task: TaskId) {
        Agenda::<T>::insert(when, task, ());
    }

    /// Does what is due, oldest first, as far as the weight allows. The rest is done in the next
    /// blocks.
    pub(crate) fn work_off_agenda(now: BlockNumberFor<T>, meter: &mut WeightMeter) {
        // The other half of the block stays free for transactions, even if many deadlines fall
        // together.
        let mut share = WeightMeter::with_limit(meter.remaining() / 2);
        Self::work_off(now, &mut share);
        meter.consume(share.consumed());
    }

    fn work_off(now: BlockNumberFor<T>, meter: &mut WeightMeter) {
        let look = T::WeightInfo::look_at_agenda();
        let step = T::WeightInfo::agenda_step();
        if meter.try_consume(look).is_err() {
            return;
        }
        let mut block = AgendaCursor::<T>::get();
        if block.is_zero() {
            // In the first block with this pallet there is no agenda before it.
            block = now;
        }
        'blocks: while block <= now {
            if meter.try_consume(look).is_err() {
                break;
            }
            // One entry at a time, because each may end a task, and only while the weight lasts.
            while let Some(task) = Agenda::<T>::iter_key_prefix(block).next() {
                if meter.try_consume(step).is_err() {
                    break 'blocks;
                }
                Agenda::<T>::remove(block, task);
                Self::advance(task, now);
            }
            block.saturating_inc();
        }
        AgendaCursor::<T>::put(block);
    }

    /// Moves a task on if its phase is over.
    pub(crate) fn advance(id: TaskId, now: BlockNumberFor<T>) {
        let Some(mut task) = Tasks::<T>::get(id) else { return };
        match task.phase {
            Phase::Answering { until } if now > until && !task.sealed.is_empty() => {
                Self::start_answer_reveals(id, &mut task);
                Tasks::<T>::insert(id, task);
            }
            Phase::Answering { until } | Phase::RevealingAnswers { until, .. } if now > until => {
                if task.answers.is_empty() {
                    Self::expire(id, task, Expiry::NoAnswers);
                } else {
                    task.phase = Phase::Drawing;
                    Tasks::<T>::insert(id, &task);
                    Self::queue_draw(id, now);
                }
            }
            Phase::Drawing => Self::queue_draw(id, now),
            Phase::Committing { until } if now > until => {
                if task.committed >= task.quorum() {
                    Self::start_score_reveals(id, &mut task);
                    Tasks::<T>::insert(id, task);
                } else {
                    Self::expire(id, task, Expiry::NoQuorum);
                }
            }
            Phase::Revealing { until, .. } if now > until => Self::settle(id, task),
            Phase::Settled { at } | Phase::Expired { at, .. } => {
                let is_pruned = now >= at.saturating_add(task.parameters.retention);
                if KeysDue::<T>::get(id).is_some_and(|until| is_pruned || now > until) {
                    Self::close_late_keys(id, &task);
                }
                if is_pruned {
                    Self::prune(id, &task);
                }
            }
            // The entry is from before the phase closed early.
            _ => (),
        }
    }

    /// Queues the draw for the end of this block, or of the next one if the queue is full.
    ///
    /// If the agenda is behind, a stale deadline can come in the very block that closed the
    /// answers. So a task that is already in the queue is not queued twice.
    fn queue_draw(id: TaskId, now: BlockNumberFor<T>) {
        if DrawQueue::<T>::get().contains(&id) {
            return;
        }
        if DrawQueue::<T>::try_append(id).is_err() {
            Self::schedule(now.saturating_add(One::one()), id);
        }
    }

    fn prune(id: TaskId, task: &Task<T>) {
        for index in 0..task.answers.len() as u32 {
            Answers::<T>::remove(id, index);
        }
        for answer in &task.sealed {
            SealedAnswers::<T>::remove(id, &answer.author);
        }
        for seat in 0..task.seats {
            Seats::<T>::remove(id, seat);
        }
        Prompts::<T>::remove(id);
        Outcomes::<T>::remove(id);
        Tasks::<T>::remove(id);
        Self::deposit_event(Event::TaskPruned { task: id });
    }

    pub(crate) fn work_of(who: &T::AccountId) -> Vec<OpenWork<BlockNumberFor<T>>> {
        Duties::<T>::iter_prefix(who)
            .filter_map(|(task, duty)| Tasks::<T>::get(task).map(|record| OpenWork { task, duty, phase: record.phase }))
            .collect()
    }
}
