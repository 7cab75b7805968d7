//! The worker's two jobs for one key: committing (score, seal, commit) and revealing.

use crate::{
    offchain::{
        notes::{Job, Note, Notes},
        scorer::{Scorer, ScorerFailure},
        RESEND_AFTER,
    },
    Task, *,
};
use alloc::vec::Vec;
use frame_support::{traits::Get, BoundedVec};
use frame_system::{offchain::SubmitTransaction, pallet_prelude::BlockNumberFor};
use poq_mechanism::seal::{seal_scores, ContextHash, Seal, SealKey};
use poq_wire::{ScoreRequest, Verdict, WIRE_VERSION};
use sp_application_crypto::RuntimeAppPublic;
use sp_runtime::{
    offchain::Timestamp,
    traits::{Bounded, One, Saturating},
    Permill,
};

/// Warnings about the scorer are repeated after this number of blocks, not with each block.
const WARN_EVERY: u32 = 30;

/// An open seat of one of the node's keys.
struct OpenSeat<T: Config> {
    id: TaskId,
    task: Task<T>,
    index: SeatIndex,
    seat: Seat<T>,
}

impl<T: Config> Pallet<T> {
    fn seats_of(key: &EvaluatorId) -> Vec<OpenSeat<T>> {
        let mut seats: Vec<OpenSeat<T>> = OpenSeats::<T>::iter_prefix(key)
            .filter_map(|(id, index)| {
                let (task, seat) = (Tasks::<T>::get(id)?, Seats::<T>::get(id, index)?);
                Some(OpenSeat { id, task, index, seat })
            })
            .collect();
        // The oldest task comes first: its deadline comes first, and batches must be in order.
        seats.sort_by_key(|seat| seat.id);
        seats
    }

    /// Reveals all seals of `key` whose time has come, in as many transactions as they need.
    pub(super) fn reveal_for(key: &EvaluatorId, now: BlockNumberFor<T>) {
        let seats = Self::seats_of(key);
        let mut notes = Notes::<BlockNumberFor<T>>::read(Job::Reveal, key);
        notes.by_task.retain(|task, _| seats.iter().any(|seat| seat.id == *task));
        let next = now.saturating_add(One::one());
        let mut reveals = Vec::new();
        for OpenSeat { id, task, index, seat } in &seats {
            let SeatState::Committed { seal } = &seat.state else { continue };
            let (deep_enough, until) = match task.phase {
                Phase::Revealing { since, until } => {
                    (next >= since.saturating_add(task.parameters.reveal_depth), until)
                }
                // The others made the quorum long ago, and the key still counts as given.
                Phase::Settled { .. } => match KeysDue::<T>::get(id) {
                    Some(until) => (true, until),
                    None => continue,
                },
                _ => continue,
            };
            let pending = notes.by_task.get(id).is_some_and(|note| note.is_pending(now));
            if !deep_enough || next > until || pending {
                continue;
            }
            let context = Self::seal_context(*id, task, *index, &seat.account);
            let Some(seal_key) = derive_seal_key(key, &context) else { continue };
            if seal_key.commitment(&context) != seal.commitment {
                // The chain would refuse the whole batch for it.
                log::error!(
                    target: LOG_TARGET,
                    "the keystore's evaluator key does not open its own seal in task {id}, which will be slashed: was the \
                     key used elsewhere as well, by other software?"
                );
                continue;
            }
            reveals.push(Reveal { task: *id, key: seal_key.0 });
            let answers = task.answers_hash();
            notes.by_task.insert(*id, Note { seat: *index, answers, scores: None, sent: Some(now) });
        }
        // Noted before it is sent. If a run dies in between, a later run sends it after
        // RESEND_AFTER blocks.
        notes.write();
        for batch in reveals.chunks(T::MaxBatch::get().max(1) as usize) {
            let reveals = BoundedVec::truncate_from(batch.to_vec());
            let message = keys::reveal_message(&Self::genesis_hash(), key, &now, &reveals);
            let Some(signature) = key.sign(&message) else { return key_is_gone(key) };
            log::debug!(target: LOG_TARGET, "revealing {} seals at block {now:?}", reveals.len());
            Self::submit(Call::reveal_scores { key: key.clone(), sent_after: now, reveals, signature });
        }
    }

    /// Commits scores for all open seats of `key` that have not committed, until `deadline`. It
    /// uses as many transactions as needed. The task with the earliest deadline is judged first,
    /// and a full batch is sent at once.
    pub(super) fn judge_for(key: &EvaluatorId, now: BlockNumberFor<T>, deadline: Timestamp) {
        let mut seats = Self::seats_of(key);
        seats.sort_by_key(|seat| match seat.task.phase {
            Phase::Committing { until } => (until, seat.id),
            _ => (Bounded::max_value(), seat.id),
        });
        let mut notes = Notes::<BlockNumberFor<T>>::read(Job::Commit, key);
        notes.by_task.retain(|task, _| seats.iter().any(|seat| seat.id == *task));
        let mut commits = Vec::new();
        for OpenSeat { id, task, index, seat } in &seats {
            let Phase::Committing { until } = task.phase else { continue };
            let answers = task.answers_hash();
            // A transaction sent on a fork with other answers, or from another seat, does not count
            // here.
            let known = notes.by_task.get(id).filter(|note| note.seat == *index && note.answers == answers);
            let pending = known.is_some_and(|note| note.is_pending(now));
            if seat.state != SeatState::Drawn || now >= until || pending {
                continue;
            }
            let scores = match known.and_then(|note| note.scores.clone()) {
                Some(scores) => scores,
                None if sp_io::offchain::timestamp() >= deadline => {
                    log::debug!(target: LOG_TARGET, "out of time at block {now:?}: task {id} is judged in the next run");
                    continue;
                }
                None => match Self::judge(*id, task) {
                    Ok(scores) => scores,
                    Err(failure) => {
                        Self::report_failure(now, *id, &failure);
                        continue;
                    }
                },
            };
            let context = Self::seal_context(*id, task, *index, &seat.account);
            let Some(seal_key) = derive_seal_key(key, &context) else { continue };
            let Seal { commitment, nonce, ciphertext } = seal_scores(&context, &seal_key, &scores);
            let seal = Seal { commitment, nonce, ciphertext: BoundedVec::truncate_from(ciphertext) };
            commits.push(Commit { task: *id, context: context.to_bytes(), seal });
            notes.by_task.insert(*id, Note { seat: *index, answers, scores: Some(scores), sent: Some(now) });
            if commits.len() == T::MaxBatch::get() as usize {
                notes.write();
                Self::send_commits(key, now, core::mem::take(&mut commits));
            }
        }
        notes.write();
        if !commits.is_empty() {
            Self::send_commits(key, now, commits);
        }
    }

    /// Sends one batch of at most `MaxBatch` commits.
    fn send_commits(key: &EvaluatorId, now: BlockNumberFor<T>, mut commits: Vec<Commit<T>>) {
        commits.sort_by_key(|commit| commit.task);
        let commits = BoundedVec::truncate_from(commits);
        let message = keys::commit_message(&Self::genesis_hash(), key, &now, &commits);
        let Some(signature) = key.sign(&message) else { return key_is_gone(key) };
        log::debug!(target: LOG_TARGET, "committing scores for {} tasks at block {now:?}", commits.len());
        Self::submit(Call::commit_scores { key: key.clone(), sent_after: now, commits, signature });
    }

    /// Asks the scorer about all answers of a task.
    fn judge(id: TaskId, task: &Task<T>) -> Result<Vec<Permill>, ScorerFailure> {
        let request = ScoreRequest {
            version: WIRE_VERSION,
            model: task.parameters.model,
            prompt: Prompts::<T>::get(id).map(Into::into).unwrap_or_default(),
            answers: Self::full_answers(id).into_iter().map(|answer| answer.text).collect(),
        };
        let response = T::Scorer::score(&request)?;
        if response.model != request.model || response.verdicts.len() != request.answers.len() {
            return Err(ScorerFailure::BadResponse(200));
        }
        Ok(response.verdicts.iter().map(Verdict::score).collect())
    }

    fn submit(call: Call<T>) {
        let transaction = T::create_authorized_transaction(call.into());
        if SubmitTransaction::<T, Call<T>>::submit_transaction(transaction).is_err() {
            // The transaction is not lost: the chain does not show it, so it is sent again.
            log::debug!(target: LOG_TARGET, "the pool refused a transaction; it is sent again in {RESEND_AFTER} blocks");
        }
    }

    fn report_failure(now: BlockNumberFor<T>, id: TaskId, failure: &ScorerFailure) {
        if failure.is_passing() {
            log::debug!(target: LOG_TARGET, "task {id} is judged in the next run: {failure}");
            return;
        }
        let last = sp_runtime::offchain::storage::StorageValueRef::persistent(b"poq/last-warning");
        let warned: Option<BlockNumberFor<T>> = last.get().ok().flatten();
        if warned.is_some_and(|warned| warned <= now && now < warned.saturating_add(WARN_EVERY.into())) {
            log::debug!(target: LOG_TARGET, "task {id} not judged: {failure}");
            return;
        }
        last.set(&now);
        log::error!(
            target: LOG_TARGET,
            "cannot judge task {id} and will be slashed for absence until it is fixed: {failure}"
        );
    }
}

/// Derives the key of a seal from a signature that is never published. So the key survives the loss
/// of the database.
fn derive_seal_key(key: &EvaluatorId, context: &ContextHash) -> Option<SealKey> {
    let signature = key.sign(&context.key_message());
    if signature.is_none() {
        key_is_gone(key);
    }
    signature.map(|signature| SealKey::from_secret(signature.as_ref()))
}

fn key_is_gone(key: &EvaluatorId) {
    log::error!(
        target: LOG_TARGET,
        "the keystore lists evaluator key {key:?} but cannot sign with it: check the files in the keystore folder"
    );
}
