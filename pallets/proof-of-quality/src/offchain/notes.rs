//! What a worker notes in the node's local storage, for each of its keys: scores it has judged and
//! transactions it sent.
//!
//! Notes only save work. They are dropped as soon as the seat is no longer open, so they cannot
//! grow.

use crate::{keys::EvaluatorId, offchain::RESEND_AFTER, SeatIndex, TaskId};
use alloc::{collections::BTreeMap, vec::Vec};
use codec::{Decode, Encode};
use sp_runtime::{offchain::storage::StorageValueRef, traits::AtLeast32BitUnsigned, Permill};

/// The worker's two jobs keep notes of their own, as they may run at the same time.
#[derive(Clone, Copy, Encode)]
pub enum Job {
    /// Judging and committing.
    Commit,
    /// Revealing.
    Reveal,
}

/// What is noted of one seat.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Note<BlockNumber> {
    /// The seat; with the task and the answers it says what the scores are for.
    pub seat: SeatIndex,
    /// Hash over prompt and answers that were judged. On another fork they may differ.
    pub answers: [u8; 32],
    /// The scores, one for each answer; none while they are not needed or not there.
    pub scores: Option<Vec<Permill>>,
    /// The block after which the transaction was last sent.
    pub sent: Option<BlockNumber>,
}

impl<BlockNumber: AtLeast32BitUnsigned + Copy> Note<BlockNumber> {
    /// Whether a transaction is on its way and should be given more time.
    pub fn is_pending(&self, now: BlockNumber) -> bool {
        // A block lower than the one of the sending means a reorganisation: what was sent may be
        // gone.
        self.sent.is_some_and(|sent| sent <= now && now < sent.saturating_add(RESEND_AFTER.into()))
    }
}

/// The notes of one key for one job.
pub struct Notes<BlockNumber> {
    storage_key: Vec<u8>,
    /// By task.
    pub by_task: BTreeMap<TaskId, Note<BlockNumber>>,
}

impl<BlockNumber: Encode + Decode> Notes<BlockNumber> {
    /// Reads the notes. Unreadable ones (an older version's) count as none: all can be made again.
    pub fn read(job: Job, key: &EvaluatorId) -> Self {
        let storage_key = (b"poq/notes/1", job, key).encode();
        let by_task = StorageValueRef::persistent(&storage_key).get().ok().flatten().unwrap_or_default();
        Self { storage_key, by_task }
    }

    /// Writes the notes down.
    pub fn write(&self) {
        StorageValueRef::persistent(&self.storage_key).set(&self.by_task);
    }
}
