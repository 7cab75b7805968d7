//! The off-chain worker: finds the seats of the node's own keys, has the answers judged, and sends
//! commitments and reveals.
//!
//! Two jobs with a lock each, so that a reveal never waits behind a slow judgement. All that
//! matters is on chain or can be made again from the keystore; what a job notes in the node's local
//! storage only saves work and double sending:
//!
//! - scores already judged, so that a lost transaction costs no second judgement;
//! - the block in which a transaction was sent. The pool accepting it means little: a job sends
//!   again after [`RESEND_AFTER`] blocks unless the chain shows the effect.

mod jobs;
mod notes;
pub mod scorer;

use crate::{keys::EvaluatorId, *};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_application_crypto::RuntimeAppPublic;
use sp_runtime::offchain::{
    storage_lock::{StorageLock, Time},
    Duration,
};

/// Blocks after which a transaction without visible effect is sent again. The grace period should
/// leave time for two more attempts: a fork can cost a transaction its place in the pool.
pub const RESEND_AFTER: u32 = 2;
/// How long one run may go on judging, in milliseconds; what is left is done in the next run.
const JUDGING_BUDGET_MS: u64 = 4_000;
/// How long a lock outlives a run that was killed, in milliseconds. Longer than a run can take: for
/// judging the budget and one request that starts just before its end.
const JUDGING_LOCK_MS: u64 = JUDGING_BUDGET_MS + scorer::TIMEOUT_MS + 2_000;
/// Opening takes no more than a few signatures.
const OPENING_LOCK_MS: u64 = 3_000;
const JUDGING_LOCK: &[u8] = b"poq/lock/judging";
const OPENING_LOCK: &[u8] = b"poq/lock/opening";

impl<T: Config> Pallet<T> {
    /// One run, after the import of block `now`. Runs may overlap, repeat and fail; none of it does
    /// harm.
    pub(crate) fn run_worker(now: BlockNumberFor<T>) {
        let keys = EvaluatorId::all();
        if keys.is_empty() {
            log::trace!(target: LOG_TARGET, "no evaluator key in the keystore: nothing to judge for");
            return;
        }
        Self::alone(OPENING_LOCK, OPENING_LOCK_MS, || {
            for key in &keys {
                Self::reveal_for(key, now);
            }
        });
        Self::alone(JUDGING_LOCK, JUDGING_LOCK_MS, || {
            let deadline = sp_io::offchain::timestamp().add(Duration::from_millis(JUDGING_BUDGET_MS));
            for key in &keys {
                Self::judge_for(key, now, deadline);
            }
        });
    }

    /// Runs `job`, which takes no longer than `at_most_ms`, unless another run is at it.
    fn alone(name: &[u8], at_most_ms: u64, job: impl FnOnce()) {
        let mut lock = StorageLock::<Time>::with_deadline(name, Duration::from_millis(at_most_ms));
        let guard = lock.try_lock();
        match guard {
            Ok(_guard) => job(),
            Err(_) => log::debug!(target: LOG_TARGET, "an earlier run still holds the lock; it does the work"),
        };
    }
}
