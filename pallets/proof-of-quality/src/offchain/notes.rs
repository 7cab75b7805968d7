//! What a worker notes in the node's local storage for each of its keys: scores that it knows, and
//! transactions that it sent.
//!
//! Notes only save work. A note is dropped as soon as its seat is no longer open, so notes cannot
//! grow.

use crate::{keys::EvaluatorId, offchain::RESEND_AFTER, SeatIndex, TaskId};
use alloc::{collections::BTreeMap, vec::Vec};
use codec::{Decode, Encode};
use sp_runtime::{offchain::storage::StorageValueRef, traits::AtLeast32BitUnsigned, Permill};

/// Each of the worker's two jobs keeps its own notes, because they may run at the same time.
#[derive(Clone, Copy, Encode)]
pub enum Job {
    /// Judging and committing.
    Commit,
    /// Revealing the keys of seals.
    Reveal,
}

/// What is noted of one seat.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Note<BlockNumber> {
    /// The seat. With the task and the answers it identifies what the scores are for.
    pub seat: SeatIndex,
    /// The hash over the prompt and the answers that were judged. On another fork they may differ.
    pub answers: [u8; 32],
    /// The scores, one for each answer. `None` while they are not needed or not known.
    pub scores: Option<Vec<Permill>>,
    /// The block after which the transaction was last sent.
    pub sent: Option<BlockNumber>,
}

impl<BlockNumber: AtLeast32BitUnsigned + Copy> Note<BlockNumber> {
    /// Whether a transaction is on its way and should get more time.
    pub fn is_pending(&self, now: BlockNumber) -> bool {
        // A block lower than that of the sending means a reorganisation: the transaction may be
        // gone.
        self.sent.is_some_and(|sent| sent <= now && now < sent.saturating_add(RESEND_AFTER.into()))
    }
}

/// The notes of one key for one job.
pub struct Notes<BlockNumber> {
    storage_key: Vec<u8>,
    /// The notes by their task.
    pub by_task: BTreeMap<TaskId, Note<BlockNumber>>,
}

impl<BlockNumber: Encode + Decode> Notes<BlockNumber> {
    /// Reads the notes. Notes that cannot be read (of an older version) count as none, because all
    /// can be made again.
    pub fn read(job: Job, key: &EvaluatorId) -> Self {
        let storage_key = (b"poq/notes/1", job, key).encode();
        let by_task = StorageValueRef::persistent(&storage_key).get().ok().flatten().unwrap_or_default();
        Self { storage_key, by_task }
    }

    /// Writes the notes to the local storage.
    pub fn write(&self) {
        StorageValueRef::persistent(&self.storage_key).set(&self.by_task);
    }
}
