//! The off-chain worker: finds the seats of the node's own keys, has the answers judged, and sends
//! commits and reveals.
//!
//! There are two jobs with a lock each, so that a reveal never waits behind slow judging. All that
//! matters is on chain, or can be made again from the keystore. What a job notes in the node's
//! local storage only saves work and double sending:
//!
//! - scores that are already known, so that a lost transaction does not cost a second judging;
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

/// The number of blocks after which a transaction without visible effect is sent again. The grace
/// period should leave time for two more attempts, because a fork can cost a transaction its place
/// in the pool.
pub const RESEND_AFTER: u32 = 2;
/// How long one run may continue to judge, in milliseconds. The next run does the rest.
const JUDGING_BUDGET_MS: u64 = 4_000;
/// How long a lock outlives a run that was killed, in milliseconds. It is longer than a run can
/// take. For judging that is the budget, and one request that starts just before its end.
const JUDGING_LOCK_MS: u64 = JUDGING_BUDGET_MS + scorer::TIMEOUT_MS + 2_000;
/// Revealing takes no more than a few signatures.
const REVEAL_LOCK_MS: u64 = 3_000;
const JUDGING_LOCK: &[u8] = b"poq/lock/judging";
const REVEAL_LOCK: &[u8] = b"poq/lock/opening";

impl<T: Config> Pallet<T> {
    /// Does one run, after the import of block `now`. Runs may overlap, repeat and fail without
    /// harm.
    pub(crate) fn run_worker(now: BlockNumberFor<T>) {
        let keys = EvaluatorId::all();
        if keys.is_empty() {
            log::trace!(target: LOG_TARGET, "no evaluator key in the keystore: nothing to judge for");
            return;
        }
        Self::alone(REVEAL_LOCK, REVEAL_LOCK_MS, || {
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

    /// Runs `job`, which takes at most `at_most_ms`, unless another run does it.
    fn alone(name: &[u8], at_most_ms: u64, job: impl FnOnce()) {
        let mut lock = StorageLock::<Time>::with_deadline(name, Duration::from_millis(at_most_ms));
        let guard = lock.try_lock();
        match guard {
            Ok(_guard) => job(),
            Err(_) => log::debug!(target: LOG_TARGET, "an earlier run still holds the lock; it does the work"),
        };
    }
}
