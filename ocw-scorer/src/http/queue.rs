//! A bounded queue of requests in front of a few worker threads.
//!
//! The workers are plain threads, so that judging never takes time from an async runtime. A request
//! whose deadline passed, or whose client is gone, is dropped without being judged. A panic while
//! judging becomes an error of that request, and the worker goes on.

use crate::{panics::caught, Judgement, ScorerError};
use crossbeam_channel::{bounded, Sender, TrySendError};
use prometheus::IntGauge;
use std::{any::Any, fmt, sync::Arc, thread, time::Instant};
use tokio::sync::oneshot;

/// Called at the start of each thread that this crate starts; what it returns is kept until that
/// thread ends.
///
/// A host that ends its process on every panic lets such threads through with a guard that it keeps
/// alive here.
#[derive(Clone)]
pub struct ThreadStart(Arc<dyn Fn() -> Box<dyn Any> + Send + Sync>);

impl ThreadStart {
    /// Calls `start` at the start of each thread.
    pub fn new(start: impl Fn() -> Box<dyn Any> + Send + Sync + 'static) -> Self {
        Self(Arc::new(start))
    }

    /// Called on the new thread itself.
    pub(crate) fn enter(&self) -> Box<dyn Any> {
        (self.0)()
    }
}

impl Default for ThreadStart {
    fn default() -> Self {
        Self::new(|| Box::new(()))
    }
}

impl fmt::Debug for ThreadStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ThreadStart")
    }
}

/// Why a request got no judgements.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueueError {
    /// The queue is full.
    #[error("the queue is full; ask again later, or give the scorer more --threads")]
    Busy,
    /// Not done before the deadline.
    #[error(
        "not done before the deadline; ask again later, or give the scorer more --threads or a longer --deadline-ms"
    )]
    DeadlineExceeded,
    /// The judge failed.
    #[error(transparent)]
    Scorer(#[from] ScorerError),
}

/// A prompt and all its answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// The prompt, any bytes.
    pub prompt: Vec<u8>,
    /// The answers, any bytes each.
    pub answers: Vec<Vec<u8>>,
}

/// One judgement for each answer, in order.
pub type Outcome = Result<Vec<Judgement>, QueueError>;

struct Job<T> {
    judge: T,
    work: Work,
    deadline: Instant,
    reply: oneshot::Sender<Outcome>,
}

/// A bounded queue with its workers, for work of several judges. Dropping it lets the workers
/// finish what is queued, and end.
pub struct Queue<T> {
    jobs: Sender<Job<T>>,
    depth: IntGauge,
}

impl<T: Send + 'static> Queue<T> {
    /// Starts `threads` workers (at least one) that call `ask` for each answer, with room for
    /// `capacity` waiting requests (at least one). `depth` shows how many wait.
    pub fn start<J>(
        threads: usize,
        capacity: usize,
        depth: IntGauge,
        on_start: ThreadStart,
        ask: J,
    ) -> std::io::Result<Self>
    where
        J: Fn(&T, &[u8], &[u8]) -> Result<Judgement, ScorerError> + Send + Sync + 'static,
    {
        let (jobs, waiting) = bounded::<Job<T>>(capacity.max(1));
        let ask = Arc::new(ask);
        for index in 0..threads.max(1) {
            let (waiting, depth, ask, on_start) = (waiting.clone(), depth.clone(), ask.clone(), on_start.clone());
            thread::Builder::new().name(format!("scorer-worker-{index}")).spawn(move || {
                let _kept = on_start.enter();
                while let Ok(job) = waiting.recv() {
                    depth.dec();
                    let outcome = judge_all(&job, &*ask);
                    // The client may have gone away meanwhile; then nobody wants the outcome.
                    let _ = job.reply.send(outcome);
                }
            })?;
        }
        Ok(Self { jobs, depth })
    }

    /// Queues a request for one judge; the outcome comes through the returned channel.
    pub fn submit(&self, judge: T, work: Work, deadline: Instant) -> Result<oneshot::Receiver<Outcome>, QueueError> {
        let (reply, outcome) = oneshot::channel();
        self.depth.inc();
        self.jobs.try_send(Job { judge, work, deadline, reply }).map_err(|error| {
            self.depth.dec();
            match error {
                TrySendError::Full(_) => QueueError::Busy,
                TrySendError::Disconnected(_) => ScorerError::Panicked("all workers ended".into()).into(),
            }
        })?;
        Ok(outcome)
    }
}

fn judge_all<T, J>(job: &Job<T>, ask: &J) -> Outcome
where
    J: Fn(&T, &[u8], &[u8]) -> Result<Judgement, ScorerError>,
{
    let mut judgements = Vec::with_capacity(job.work.answers.len());
    for answer in &job.work.answers {
        if Instant::now() >= job.deadline || job.reply.is_closed() {
            return Err(QueueError::DeadlineExceeded);
        }
        let judgement = caught(|| ask(&job.judge, &job.work.prompt, answer)).map_err(ScorerError::Panicked)?;
        judgements.push(judgement?);
    }
    Ok(judgements)
}

#[cfg(test)]
mod tests {
    use super::*;
    use poq_wire::{Score, Verdict};
    use std::{
        sync::{mpsc, Mutex},
        time::Duration,
    };

    const SOON: Duration = Duration::from_secs(30);

    fn work(answer: &str) -> Work {
        Work { prompt: b"why?".to_vec(), answers: vec![answer.into()] }
    }

    fn judged() -> Judgement {
        Judgement { verdict: Verdict::Judged(Score::one()), logit: Some(1.0), tokens: 4, windows: 1, truncated: false }
    }

    fn depth() -> IntGauge {
        IntGauge::new("depth", "how many wait").unwrap()
    }

    /// One worker that panics on `panic`, and holds on `hold` until told to go on; it reports what
    /// it judges.
    fn queue(capacity: usize) -> (Queue<()>, mpsc::Sender<()>, mpsc::Receiver<Vec<u8>>) {
        let (go_on, held) = mpsc::channel();
        let (report, seen) = mpsc::channel();
        let (held, report) = (Mutex::new(held), Mutex::new(report));
        let judge = move |_: &(), _: &[u8], answer: &[u8]| {
            report.lock().unwrap().send(answer.to_vec()).unwrap();
            match answer {
                b"panic" => panic!("of the model"),
                b"hold" => held.lock().unwrap().recv().unwrap(),
                _ => (),
            }
            Ok(judged())
        };
        (Queue::start(1, capacity, depth(), ThreadStart::default(), judge).unwrap(), go_on, seen)
    }

    #[test]
    fn judges_every_answer_in_order() {
        let (queue, _, seen) = queue(1);
        let work = Work { prompt: vec![], answers: vec![b"one".to_vec(), b"two".to_vec()] };
        let outcome = queue.submit((), work, Instant::now() + SOON).unwrap();
        assert_eq!(outcome.blocking_recv().unwrap(), Ok(vec![judged(), judged()]));
        assert_eq!([seen.recv().unwrap(), seen.recv().unwrap()], [b"one".to_vec(), b"two".to_vec()]);
        assert_eq!(queue.depth.get(), 0);
    }

    #[test]
    fn goes_on_after_a_panic() {
        let (queue, _, _seen) = queue(1);
        let outcome = queue.submit((), work("panic"), Instant::now() + SOON).unwrap().blocking_recv().unwrap();
        assert_eq!(outcome, Err(ScorerError::Panicked("of the model".into()).into()));
        let outcome = queue.submit((), work("next"), Instant::now() + SOON).unwrap().blocking_recv().unwrap();
        assert_eq!(outcome, Ok(vec![judged()]));
    }

    #[test]
    fn is_busy_when_full() {
        let (queue, go_on, seen) = queue(1);
        let first = queue.submit((), work("hold"), Instant::now() + SOON).unwrap();
        seen.recv().unwrap();
        let second = queue.submit((), work("waits"), Instant::now() + SOON).unwrap();
        assert_eq!(queue.depth.get(), 1);
        assert_eq!(queue.submit((), work("one too many"), Instant::now() + SOON).err(), Some(QueueError::Busy));
        assert_eq!(queue.depth.get(), 1);
        go_on.send(()).unwrap();
        assert!(first.blocking_recv().unwrap().is_ok());
        assert!(second.blocking_recv().unwrap().is_ok());
    }

    #[test]
    fn does_not_judge_what_is_late_or_no_longer_wanted() {
        let (queue, go_on, seen) = queue(3);
        let first = queue.submit((), work("hold"), Instant::now() + SOON).unwrap();
        assert_eq!(seen.recv().unwrap(), b"hold");
        let late = queue.submit((), work("late"), Instant::now()).unwrap();
        drop(queue.submit((), work("unwanted"), Instant::now() + SOON).unwrap());
        let last = queue.submit((), work("last"), Instant::now() + SOON).unwrap();
        go_on.send(()).unwrap();
        assert!(first.blocking_recv().unwrap().is_ok());
        assert_eq!(late.blocking_recv().unwrap(), Err(QueueError::DeadlineExceeded));
        assert!(last.blocking_recv().unwrap().is_ok());
        drop(queue);
        assert_eq!(seen.iter().collect::<Vec<_>>(), [b"last".to_vec()]);
    }

    #[test]
    fn lets_the_host_prepare_each_thread() {
        let (report, names) = mpsc::channel();
        let report = Mutex::new(report);
        let on_start = ThreadStart::new(move || {
            report.lock().unwrap().send(thread::current().name().map(String::from)).unwrap();
            Box::new(())
        });
        let _queue = Queue::<()>::start(2, 1, depth(), on_start, |_, _, _| Ok(judged())).unwrap();
        let mut names = [names.recv().unwrap(), names.recv().unwrap()];
        names.sort();
        assert_eq!(names, [Some("scorer-worker-0".into()), Some("scorer-worker-1".into())]);
    }
}
