//! The inference node: joins, looks for tasks it was drawn for, asks its backend, and submits the
//! answers; where a task wants several, sealed, and opens them when all are in.
//!
//! It works from the chain's state and keeps none of its own: at each block it asks what the
//! account has to do. So it picks up where it was after a restart of the node, of itself, or a
//! reorganisation.

pub mod backend;
mod sealing;
mod step_in;

use self::{
    backend::{Backend, Patience, Question},
    step_in::FreeSlots,
};
use crate::{
    chain::{BlockRef, Chain},
    error::ClientError,
    keys,
    protocol::{AccountId, BlockNumber, Duty, Phase, Role, Standing, Task, TaskId},
    state::State,
};
use futures::StreamExt;
use std::{
    collections::HashMap,
    future::Future,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
    time::{Duration, Instant},
};
use subxt_signer::sr25519::Keypair;
use tokio::{sync::Semaphore, task::JoinSet};

/// Blocks after which a task is looked at again if the last attempt left it without our answer.
const LOOK_AGAIN: BlockNumber = 3;
/// Blocks between looks at the account's standing.
const STANDING_CHECK: BlockNumber = 20;
/// An attempt to open has to be in a block after this long; the window may be short.
const OPENING_TIMEOUT: Duration = Duration::from_secs(20);
/// Pauses between attempts to connect start with this,
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
/// and grow up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How long answers under way may still take after a shutdown was asked for.
const LAST_ORDERS: Duration = Duration::from_secs(10);

/// How an inference node works.
#[derive(Clone)]
pub struct AnswerConfig {
    /// The chain's node.
    pub url: String,
    /// The account that answers and is paid.
    pub signer: Keypair,
    /// What turns prompts into answers.
    pub backend: Arc<dyn Backend>,
    /// The bond to join with; the smallest that the chain takes if `None`.
    pub bond: Option<u128>,
    /// How many answers the backend may be asked for at once.
    pub concurrency: usize,
    /// Whether to answer tasks that others were drawn for and leave unanswered.
    pub step_in: bool,
    /// How often the backend is asked for one answer before the task is left alone.
    pub attempts: u32,
    /// How long the backend may take for one answer.
    pub timeout: Duration,
}

impl AnswerConfig {
    /// The usual settings.
    pub fn new(url: impl Into<String>, signer: Keypair, backend: Arc<dyn Backend>) -> Self {
        Self {
            url: url.into(),
            signer,
            backend,
            bond: None,
            concurrency: 4,
            step_in: false,
            attempts: 5,
            timeout: Duration::from_secs(60),
        }
    }
}

/// What an inference node did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Answers that got into a block.
    pub answered: u64,
    /// Tasks that were given up.
    pub given_up: u64,
}

#[derive(Default)]
struct Counters {
    answered: AtomicU64,
    given_up: AtomicU64,
}

/// Answers until `shutdown` is ready. Fails only if going on makes no sense: the account cannot
/// join, or the chain is not the right one.
pub async fn run(config: AnswerConfig, shutdown: impl Future<Output = ()>) -> Result<Summary, ClientError> {
    let node = Arc::new(Node {
        account: keys::account(&config.signer),
        places: Semaphore::new(config.concurrency.max(1)),
        counters: Counters::default(),
        config,
    });
    let mut progress = Progress::default();
    let outcome = {
        let working = node.clone().keep_working(&mut progress);
        tokio::select! {
            outcome = working => outcome,
            () = shutdown => Ok(()),
        }
    };
    let finishing = async { while progress.running.join_next().await.is_some() {} };
    if tokio::time::timeout(LAST_ORDERS, finishing).await.is_err() {
        tracing::warn!(
            "stopped with answers under way; they are made, and sealed ones are opened, when this node starts in time"
        );
    }
    let counters = &node.counters;
    outcome.map(|()| Summary {
        answered: counters.answered.load(Ordering::Relaxed),
        given_up: counters.given_up.load(Ordering::Relaxed),
    })
}

struct Node {
    config: AnswerConfig,
    account: AccountId,
    places: Semaphore,
    counters: Counters,
}

/// What is under way, and how earlier attempts went.
#[derive(Default)]
struct Progress {
    running: JoinSet<(Work, Ended)>,
    attempts: HashMap<Work, Attempt>,
    free_slots: FreeSlots,
}

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Work {
    task: TaskId,
    step: Step,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Step {
    /// Have an answer made and submit it.
    Answer,
    /// Publish the key to the sealed answer.
    Open,
}

enum Attempt {
    Running,
    Ended { at: BlockNumber },
    GivenUp,
}

/// How work on one task ended.
enum Ended {
    /// Answered, or lost the connection: look at the chain before doing it again.
    LookAgain,
    /// There is nothing more to do for this task.
    Settled,
}

/// Whether a task takes our answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Still,
    NoMore,
    /// The best chain does not know the task: it was submitted on a fork that lost, and will be in
    /// a block again.
    Unknown,
}

impl Wanted {
    fn of(task: Option<&Task>, now: BlockNumber, who: &AccountId) -> Self {
        match task {
            None => Self::Unknown,
            Some(task) => match task.phase {
                Phase::Answering { until } if now < until && !task.has_answer_of(who) => Self::Still,
                _ => Self::NoMore,
            },
        }
    }
}

impl Node {
    async fn keep_working(self: Arc<Self>, progress: &mut Progress) -> Result<(), ClientError> {
        let mut pause = SHORTEST_PAUSE;
        loop {
            let began = Instant::now();
            let error = match Chain::connect(&self.config.url).await {
                Ok(chain) => match self.work(&chain, progress).await {
                    Ok(()) => return Ok(()),
                    Err(error) => error,
                },
                Err(error) => error,
            };
            if !may_pass(&error) {
                return Err(error);
            }
            if began.elapsed() > LONGEST_PAUSE {
                pause = SHORTEST_PAUSE;
            }
            tracing::warn!("{error}; trying again in {} s", pause.as_secs());
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Works for as long as the connection lasts.
    async fn work(self: &Arc<Self>, chain: &Chain, progress: &mut Progress) -> Result<(), ClientError> {
        self.take_part(chain).await?;
        let longest = chain.best().await?.constant("MaxAnswerLen")? as usize;
        tracing::info!(
            "answering on {} as {} with the {} backend",
            chain.name(),
            self.account,
            self.config.backend.name()
        );
        let mut heads = chain.best_heads().await?;
        let (mut chilled, mut now) = (false, 0);
        loop {
            tokio::select! {
                head = heads.next() => {
                    let head = head.ok_or_else(|| ClientError::Disconnected("the node ended the subscription".into()))??;
                    now = head.number;
                    self.start_new(chain, head, longest, progress).await?;
                    if now % STANDING_CHECK == 0 {
                        chilled = self.check_standing(chain, chilled).await?;
                    }
                }
                Some(ended) = progress.running.join_next() => progress.note(ended, now),
            }
        }
    }

    /// Joins, or takes up the role again. A new connection means that the cause of the missed tasks
    /// is fixed.
    async fn take_part(&self, chain: &Chain) -> Result<(), ClientError> {
        let token = chain.token();
        match chain.participant(Role::Inference, &self.account).await?.map(|participant| participant.standing) {
            Some(Standing::Active { .. }) => (),
            Some(Standing::Leaving { until }) => tracing::warn!(
                "this account is leaving and gets no new tasks; to come back: `poq inference withdraw` from block {until} on"
            ),
            Some(Standing::Chilled) => {
                tracing::warn!("this account was chilled for missing tasks or answers it did not open; activating it again");
                match chain.activate(&self.config.signer, Role::Inference).await {
                    Ok(_) => (),
                    // What it sealed before must still be opened.
                    Err(error) if error.refusal() == Some("BondTooSmall") => tracing::warn!(
                        "the bond has become too small for new tasks; add to it with `poq inference add-bond`, then: poq \
                         inference activate"
                    ),
                    Err(error) => return Err(error),
                }
            }
            None => {
                let bond = match self.config.bond {
                    Some(bond) => bond,
                    None => chain.parameters().await?.inference_bond,
                };
                tracing::info!("joining as an inference node with a bond of {}", token.format(bond));
                chain.join_inference(&self.config.signer, bond).await?;
            }
        }
        Ok(())
    }

    /// Warns once when the account is chilled. It stays so, because the cause of the missed tasks
    /// may not be fixed.
    async fn check_standing(&self, chain: &Chain, known: bool) -> Result<bool, ClientError> {
        let participant = chain.participant(Role::Inference, &self.account).await?;
        let chilled = participant.is_some_and(|participant| participant.standing == Standing::Chilled);
        if chilled && !known {
            tracing::warn!(
                "this account missed too many tasks and gets no new ones; fix the backend, then: poq inference activate"
            );
        }
        Ok(chilled)
    }

    async fn start_new(
        self: &Arc<Self>,
        chain: &Chain,
        head: BlockRef,
        longest: usize,
        progress: &mut Progress,
    ) -> Result<(), ClientError> {
        let state = chain.at(head).await?;
        let work = state.open_work(&self.account).await?;
        progress
            .attempts
            .retain(|done, attempt| matches!(attempt, Attempt::Running) || work.iter().any(|it| it.task == done.task));
        for open in work.into_iter().filter(|open| open.duty == Duty::Answer) {
            let wants = |step| progress.wants(Work { task: open.task, step }, head.number);
            match open.phase {
                Phase::Answering { until } if head.number < until && wants(Step::Answer) => {
                    self.start_answer(&state, open.task, longest, progress).await?
                }
                Phase::RevealingAnswers { since, until } if head.number < until && wants(Step::Open) => {
                    self.start_opening(&state, open.task, since, progress).await?
                }
                _ => (),
            }
        }
        if self.config.step_in {
            for task in progress.free_slots.due(&state, &self.account).await? {
                self.start_answer(&state, task, longest, progress).await?;
            }
        }
        Ok(())
    }

    /// Starts to open our answer, if it is sealed, and if the sealing ended at least `reveal_depth`
    /// blocks ago. Then no reorganisation lets others seal once they have read it. An evaluator's
    /// worker waits a block less, because its early key harms nobody else.
    async fn start_opening(
        self: &Arc<Self>,
        state: &State,
        id: TaskId,
        since: BlockNumber,
        progress: &mut Progress,
    ) -> Result<(), ClientError> {
        let Some(task) = state.task(id).await? else { return Ok(()) };
        if !task.waits_for_key_of(&self.account)
            || state.block.number < since.saturating_add(task.parameters.reveal_depth)
        {
            return Ok(());
        }
        let work = Work { task: id, step: Step::Open };
        progress.attempts.insert(work, Attempt::Running);
        let (node, chain) = (self.clone(), state.chain.clone());
        progress.running.spawn(async move { (work, node.open(&chain, id, task.prompt).await) });
        Ok(())
    }

    /// Starts with a task, unless it has our answer.
    async fn start_answer(
        self: &Arc<Self>,
        state: &State,
        id: TaskId,
        longest: usize,
        progress: &mut Progress,
    ) -> Result<(), ClientError> {
        let Some(task) = state.task(id).await? else { return Ok(()) };
        let work = Work { task: id, step: Step::Answer };
        if task.has_answer_of(&self.account) {
            progress.attempts.insert(work, Attempt::Ended { at: state.block.number });
            return Ok(());
        }
        let Some(prompt) = state.prompt(id).await? else { return Ok(()) };
        progress.attempts.insert(work, Attempt::Running);
        let (node, chain) = (self.clone(), state.chain.clone());
        progress.running.spawn(async move {
            let prompt = String::from_utf8_lossy(&prompt).into_owned();
            (work, node.answer(&chain, id, &task, prompt, longest).await)
        });
        Ok(())
    }

    /// Asks the backend and submits what it says.
    async fn answer(&self, chain: &Chain, id: TaskId, task: &Task, prompt: String, longest: usize) -> Ended {
        let patience = Patience { attempts: self.config.attempts, timeout: self.config.timeout };
        let answer = {
            // The places bound what the backend has to do; waiting for a block needs none.
            let Ok(_place) = self.places.acquire().await else { return Ended::Settled };
            match patience.ask(&*self.config.backend, &Question { task: id, prompt }).await {
                Ok(answer) => answer,
                Err(error) => return self.give_up(id, &error),
            }
        };
        let answer = shorten(&answer, longest);
        // A refused call costs its fee all the same, so look before.
        match self.wanted(chain, id).await {
            Ok(Wanted::Still) => (),
            Ok(Wanted::NoMore) => return self.give_up(id, &"its answers closed while the backend was at work"),
            Ok(Wanted::Unknown) => return self.lost(id, &"a reorganisation took it away"),
            Err(error) => return self.lost(id, &error),
        }
        let signer = &self.config.signer;
        let submitted = match task.is_sealed() {
            true => chain.commit_answer(signer, id, task.prompt, answer.as_bytes()).await,
            false => chain.submit_answer(signer, id, answer.as_bytes()).await,
        };
        let error = match submitted {
            Ok(included) => {
                let sealed = if task.is_sealed() { ", sealed" } else { "" };
                tracing::info!("task {id}: answered in block {}{sealed}", included.block.number);
                self.counters.answered.fetch_add(1, Ordering::Relaxed);
                return Ended::LookAgain;
            }
            Err(error) => error,
        };
        match error.refusal() {
            Some("AlreadyAnswered") => Ended::Settled,
            // It is on another fork, and comes back with the next blocks.
            Some("UnknownTask" | "WrongContext" | "MustCommitAnswer" | "MustSubmitAnswer") => self.lost(id, &error),
            Some(_) => self.give_up(id, &error),
            None if matches!(error, ClientError::CannotPayFees | ClientError::Incompatible(_)) => {
                self.give_up(id, &error)
            }
            // Not about the answer: another attempt in some blocks may go through.
            None => self.lost(id, &error),
        }
    }

    /// Publishes the key to our answer.
    async fn open(&self, chain: &Chain, id: TaskId, prompt: [u8; 32]) -> Ended {
        let opening = chain.reveal_answer(&self.config.signer, id, prompt);
        let Ok(opened) = tokio::time::timeout(OPENING_TIMEOUT, opening).await else {
            return self.lost(id, &"the key is in no block yet");
        };
        let error = match opened {
            Ok(included) => {
                tracing::info!("task {id}: answer opened in block {}", included.block.number);
                return Ended::LookAgain;
            }
            Err(error) => error,
        };
        match error.refusal() {
            // Opened by an attempt before.
            Some("NoCommittedAnswer" | "AlreadyRevealed") => Ended::LookAgain,
            Some("UnknownTask" | "AnswerRevealTooEarly") => self.lost(id, &error),
            Some("WrongKey") => {
                tracing::error!(
                    "task {id}: the answer was sealed by other software with this account, and is slashed unless that opens it"
                );
                Ended::LookAgain
            }
            Some(_) => {
                tracing::error!("task {id}: the sealed answer was not opened in time and is slashed: {error}");
                Ended::LookAgain
            }
            None if matches!(error, ClientError::CannotPayFees) => {
                tracing::error!("task {id}: send this account money for fees, or its sealed answer is slashed");
                Ended::LookAgain
            }
            None => self.lost(id, &error),
        }
    }

    async fn wanted(&self, chain: &Chain, id: TaskId) -> Result<Wanted, ClientError> {
        let state = chain.best().await?;
        let task = state.task(id).await?;
        Ok(Wanted::of(task.as_ref(), state.block.number, &self.account))
    }

    fn give_up(&self, task: TaskId, why: &dyn std::fmt::Display) -> Ended {
        tracing::warn!("task {task}: not answered: {why}");
        self.counters.given_up.fetch_add(1, Ordering::Relaxed);
        Ended::Settled
    }

    fn lost(&self, task: TaskId, why: &dyn std::fmt::Display) -> Ended {
        tracing::warn!("task {task}: {why}; looking at the chain before another attempt");
        Ended::LookAgain
    }
}

impl Progress {
    /// Whether to start with it now.
    fn wants(&self, work: Work, now: BlockNumber) -> bool {
        match self.attempts.get(&work) {
            None => true,
            Some(Attempt::Running | Attempt::GivenUp) => false,
            Some(Attempt::Ended { at }) => now >= at.saturating_add(LOOK_AGAIN),
        }
    }

    fn note(&mut self, ended: Result<(Work, Ended), tokio::task::JoinError>, now: BlockNumber) {
        match ended {
            Ok((work, Ended::LookAgain)) => self.attempts.insert(work, Attempt::Ended { at: now }),
            Ok((work, Ended::Settled)) => self.attempts.insert(work, Attempt::GivenUp),
            Err(error) => {
                tracing::error!("the work on a task broke off: {error}; it is left alone until a restart");
                None
            }
        };
    }
}

/// Whether a trouble may pass by itself, or with the node's return.
fn may_pass(error: &ClientError) -> bool {
    error.is_connection()
        || matches!(
            error,
            // The last is what a node says of a block that a reorganisation took away.
            ClientError::Dropped(_)
                | ClientError::NotIncluded(_)
                | ClientError::Rejected { .. }
                | ClientError::Chain(_)
        )
}

/// Cuts an answer to the bytes that the chain takes, between characters.
fn shorten(answer: &str, longest: usize) -> &str {
    let mut end = answer.len().min(longest);
    while !answer.is_char_boundary(end) {
        end -= 1;
    }
    &answer[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_answers_are_cut_between_characters() {
        assert_eq!(shorten("honey", 100), "honey");
        assert_eq!(shorten("honey", 3), "hon");
        assert_eq!(shorten("a🐝b", 4), "a");
        assert_eq!(shorten("🐝", 3), "");
    }

    #[test]
    fn a_task_that_a_reorganisation_took_away_is_not_given_up() {
        let who = keys::account(&keys::development("bob").unwrap());
        assert_eq!(Wanted::of(None, 5, &who), Wanted::Unknown);
    }

    #[test]
    fn a_task_is_looked_at_again_only_after_some_blocks() {
        let mut progress = Progress::default();
        let work = Work { task: 1, step: Step::Answer };
        assert!(progress.wants(work, 10));
        progress.attempts.insert(work, Attempt::Running);
        assert!(!progress.wants(work, 10));
        progress.note(Ok((work, Ended::LookAgain)), 10);
        assert!(!progress.wants(work, 10 + LOOK_AGAIN - 1));
        assert!(progress.wants(work, 10 + LOOK_AGAIN));
        progress.note(Ok((work, Ended::Settled)), 20);
        assert!(!progress.wants(work, 1_000));
        assert!(progress.wants(Work { step: Step::Open, ..work }, 20), "an answer given up may still be opened");
    }
}
