//! Verdicts that were given already, so that repeated requests cost nothing.
//!
//! A worker asks again where its chain went another way, for a second key, and after a deadline.
//! The same pair of texts then gets what was found before, and two requests for it at once wait
//! for one judgement.

use crate::{Judgement, ModelDigest, ScorerError};
use lru::LruCache;
use sha2::{Digest, Sha256};
use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// How many verdicts are kept: those of some hours on a busy chain, in less than a megabyte.
const KEPT: NonZeroUsize = NonZeroUsize::new(8192).expect("it is not 0");

/// The sha256 of model, prompt and answer.
type Key = [u8; 32];
/// A verdict, or the place where it is being made.
type Place = Arc<OnceLock<Result<Judgement, ScorerError>>>;

/// The latest verdicts, those of long ago dropped first.
pub(crate) struct Verdicts(Mutex<LruCache<Key, Place>>);

impl Default for Verdicts {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl Verdicts {
    /// What is known of this answer, or what `judge` finds.
    ///
    /// Where another thread is finding it, this one waits. An error is told to those that wait,
    /// and is not kept.
    pub(crate) fn get(
        &self,
        model: ModelDigest,
        prompt: &[u8],
        answer: &[u8],
        judge: impl FnOnce() -> Result<Judgement, ScorerError>,
    ) -> Result<Judgement, ScorerError> {
        let key = key(model, prompt, answer);
        let place = self.locked().get_or_insert(key, Place::default).clone();
        let found = place.get_or_init(judge).clone();
        if found.is_err() {
            let mut places = self.locked();
            // Another thread may have begun again meanwhile.
            if places.peek(&key).is_some_and(|now| Arc::ptr_eq(now, &place)) {
                places.pop(&key);
            }
        }
        found
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, LruCache<Key, Place>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(model: ModelDigest, prompt: &[u8], answer: &[u8]) -> Key {
    let mut hash = Sha256::new();
    hash.update(model);
    // With its length, so that no byte can move from one text to the other.
    hash.update((prompt.len() as u64).to_le_bytes());
    hash.update(prompt);
    hash.update(answer);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use poq_wire::{Score, Verdict};
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        thread,
        time::Duration,
    };

    fn judged() -> Judgement {
        Judgement { verdict: Verdict::Judged(Score::one()), logit: Some(1.0), tokens: 4, windows: 1, truncated: false }
    }

    #[test]
    fn the_same_texts_are_judged_once_and_others_are_not_mixed_up() {
        let (verdicts, count) = (Verdicts::default(), AtomicUsize::new(0));
        let judge = || {
            count.fetch_add(1, Ordering::Relaxed);
            Ok(judged())
        };
        for _ in 0..3 {
            assert_eq!(verdicts.get([1; 32], b"why?", b"because", judge), Ok(judged()));
        }
        assert_eq!(count.load(Ordering::Relaxed), 1);
        for (model, prompt, answer) in [
            ([2; 32], &b"why?"[..], &b"because"[..]),
            ([1; 32], b"why?b", b"ecause"),
            ([1; 32], b"why", b"?because"),
            ([1; 32], b"why?", b""),
        ] {
            verdicts.get(model, prompt, answer, judge).unwrap();
        }
        assert_eq!(count.load(Ordering::Relaxed), 5);
    }

    #[test]
    fn requests_at_the_same_time_share_one_judgement() {
        let (verdicts, count) = (Verdicts::default(), AtomicUsize::new(0));
        let judge = || {
            count.fetch_add(1, Ordering::Relaxed);
            thread::sleep(Duration::from_millis(50));
            Ok(judged())
        };
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| verdicts.get([1; 32], b"why?", b"because", judge).unwrap());
            }
        });
        assert_eq!(count.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn errors_and_panics_are_not_kept() {
        let verdicts = Verdicts::default();
        let failed = || Err(ScorerError::NotANumber("NaN".into()));
        assert!(verdicts.get([1; 32], b"why?", b"because", failed).is_err());
        let panics = || verdicts.get([1; 32], b"why?", b"because", || panic!("of the model"));
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).is_err());
        assert_eq!(verdicts.get([1; 32], b"why?", b"because", || Ok(judged())), Ok(judged()));
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let verdicts = Verdicts::default();
        for number in 0..=KEPT.get() {
            verdicts.get([1; 32], b"why?", &number.to_le_bytes(), || Ok(judged())).unwrap();
        }
        assert_eq!(verdicts.locked().len(), KEPT.get());
        let again = AtomicUsize::new(0);
        let judge = || {
            again.fetch_add(1, Ordering::Relaxed);
            Ok(judged())
        };
        verdicts.get([1; 32], b"why?", &0usize.to_le_bytes(), judge).unwrap();
        assert_eq!(again.load(Ordering::Relaxed), 1);
    }
}
