//! What the demo shows and the end-to-end test checks: a network, three inference nodes of
//! different honesty, a user with prompts, and the books at the end.

use crate::{
    books::Books,
    cleanup::Folder,
    inference::{account, key, InferenceNode, Kind},
    network::Network,
    observer::Observer,
    prompts::Prompt,
    scorer::Scorer,
    validator::Setting,
};
use anyhow::{bail, ensure, Context};
use poq_client::{
    protocol::{FullAnswer, Outcome, Phase, Role, TaskId},
    submit::NewTask,
};
use std::time::Duration;
use tokio::time::{sleep, Instant};

/// The development account of the user.
pub const USER: &str = "Eve";
/// What a task is worth, in the smallest unit: 10 tokens of 12 decimals.
pub const BOUNTY: u128 = 10_000_000_000_000;
/// How long the inference nodes may take to join.
const JOIN: Duration = Duration::from_secs(300);
/// How long a set of tasks may take from submission to finality.
const JUDGED: Duration = Duration::from_secs(600);
const POLL: Duration = Duration::from_millis(500);

/// A network with a scorer daemon and inference nodes.
pub struct Scenario {
    // In this order: clients end before the nodes they talk to.
    inference: Vec<InferenceNode>,
    /// The scorer that the honest inference node asks; validators have their own.
    pub scorer: Scorer,
    /// The validators.
    pub network: Network,
    /// The chain, through the first validator.
    pub observer: Observer,
}

/// All that is known of an ended task.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Its number.
    pub task: TaskId,
    /// Its answers.
    pub answers: Vec<FullAnswer>,
    /// How it came out.
    pub outcome: Outcome,
}

impl Scenario {
    /// Starts everything and waits until all inference nodes have joined. `tell` hears what is
    /// going on.
    pub async fn start(settings: Vec<Setting>, tell: impl Fn(&str)) -> anyhow::Result<Self> {
        let folder = Folder::new().context("cannot make a temporary folder")?;
        tell("starting the scorer of the honest inference node");
        let scorer = Scorer::start(folder.path()).await?;
        tell(&format!("starting {} validators and waiting for finality", settings.len()));
        let network = Network::start_in(folder, settings).await?;
        let observer = network.observer(0).await?;
        tell("starting three inference nodes, which put up their bonds");
        let inference = Kind::ALL
            .into_iter()
            .map(|kind| InferenceNode::start(kind, &network.url(), &scorer.url(), network.folder()))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let scenario = Self { inference, scorer, network, observer };
        scenario.wait_until_joined().await?;
        Ok(scenario)
    }

    async fn wait_until_joined(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + JOIN;
        loop {
            self.check()?;
            // Finalized: the first blocks of a chain are often replaced, and who joined in one of
            // them is not there again at once.
            let active = self.observer.chain.finalized().await?.active(Role::Inference).await?;
            if active as usize >= self.inference.len() {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "only {active} inference nodes joined in {} s", JOIN.as_secs());
            sleep(POLL).await;
        }
    }

    /// The inference node of a kind.
    pub fn inference_mut(&mut self, kind: Kind) -> anyhow::Result<&mut InferenceNode> {
        self.inference.iter_mut().find(|node| node.kind() == kind).context("every kind has a node")
    }

    /// Fails if any process has ended by itself.
    pub fn check(&self) -> anyhow::Result<()> {
        self.network.validators().iter().try_for_each(|validator| validator.check())?;
        self.inference.iter().try_for_each(InferenceNode::check)
    }

    /// Submits the prompts as the user, all at once.
    pub async fn submit(&self, prompts: &[Prompt]) -> anyhow::Result<Vec<TaskId>> {
        let responders = u32::try_from(self.inference.len())?;
        let tasks = prompts.iter().map(|prompt| NewTask::new(prompt.text(), BOUNTY, responders)).collect();
        let submitted = self.observer.chain.submit_tasks(&key(USER)?, tasks).await?;
        Ok(submitted.into_iter().collect::<Result<_, _>>()?)
    }

    /// Waits until all tasks have ended in finalized blocks. `tell` hears of each task's phase at
    /// the best block.
    pub async fn wait(
        &self,
        tasks: &[TaskId],
        mut tell: impl FnMut(&[(TaskId, Phase)]),
    ) -> anyhow::Result<Vec<Judged>> {
        let deadline = Instant::now() + JUDGED;
        loop {
            self.check()?;
            let best = self.observer.chain.best().await?;
            let mut phases = Vec::new();
            for task in tasks {
                phases.extend(best.task(*task).await?.map(|found| (*task, found.phase)));
            }
            tell(&phases);
            let ended = phases.len() == tasks.len() && phases.iter().all(|(_, phase)| phase.has_ended());
            if ended {
                let finalized = self.observer.chain.finalized().await?;
                let mut judged = Vec::new();
                for task in tasks {
                    let Some(outcome) = finalized.outcome(*task).await? else { break };
                    judged.push(Judged { task: *task, answers: finalized.answers(*task).await?, outcome });
                }
                if judged.len() == tasks.len() {
                    return Ok(judged);
                }
            }
            if Instant::now() > deadline {
                bail!("after {} s the tasks stand at {phases:?}", JUDGED.as_secs());
            }
            sleep(POLL).await;
        }
    }

    /// What each kind of inference node earned by answering.
    pub fn earned(books: &Books, kind: Kind) -> anyhow::Result<u128> {
        Ok(books.of(&account(kind.party())?).answering)
    }
}
