//! Submitting tasks and answers.

use crate::{
    chain::Chain,
    error::ClientError,
    protocol::{AccountId, Event, TaskId, TaskOptions, PALLET},
    transactions::{Call, Included},
};
use subxt::config::{substrate::BlakeTwo256, Hasher};
use subxt_signer::sr25519::Keypair;

/// What a user asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    /// The prompt.
    pub prompt: Vec<u8>,
    /// The bounty, in the smallest unit.
    pub bounty: u128,
    /// How many inference nodes are to answer.
    pub responders: u32,
    /// Insist on being judged by this model.
    pub model: Option<[u8; 32]>,
}

type SubmitArgs = (Vec<u8>, u128, TaskOptions);

impl NewTask {
    /// A task judged by whatever model the chain judges by.
    pub fn new(prompt: impl Into<Vec<u8>>, bounty: u128, responders: u32) -> Self {
        Self { prompt: prompt.into(), bounty, responders, model: None }
    }

    fn call(self) -> Call<SubmitArgs> {
        let options = TaskOptions { responders: self.responders, model: self.model };
        subxt::dynamic::transaction(PALLET, "submit_task", (self.prompt, self.bounty, options))
    }
}

impl Chain {
    /// Submits a prompt with a bounty in the smallest unit; returns once it is in a block.
    pub async fn submit_task(
        &self,
        signer: &Keypair,
        prompt: &[u8],
        bounty: u128,
        responders: u32,
    ) -> Result<TaskId, ClientError> {
        let mut ids = self.submit_tasks(signer, vec![NewTask::new(prompt, bounty, responders)]).await?;
        ids.pop().unwrap_or(Err(ClientError::MissingEvent("TaskSubmitted")))
    }

    /// Submits many tasks at once, so that they may share a block. The results are in the order of
    /// the tasks.
    pub async fn submit_tasks(
        &self,
        signer: &Keypair,
        tasks: Vec<NewTask>,
    ) -> Result<Vec<Result<TaskId, ClientError>>, ClientError> {
        let calls: Vec<_> = tasks.into_iter().map(NewTask::call).collect();
        let included = self.calls(signer, &calls).await?;
        Ok(included.into_iter().map(|included| included.and_then(|included| submitted_task(&included))).collect())
    }

    /// Submits an answer to a task that wants one; returns once it is in a block. Where several are
    /// wanted, use [`Chain::commit_answer`].
    pub async fn submit_answer(&self, signer: &Keypair, task: TaskId, answer: &[u8]) -> Result<Included, ClientError> {
        self.call(signer, PALLET, "submit_answer", (task, answer.to_vec())).await
    }
}

fn submitted_task(included: &Included) -> Result<TaskId, ClientError> {
    included
        .events
        .iter()
        .find_map(|event| match event {
            Event::TaskSubmitted { task, .. } => Some(*task),
            _ => None,
        })
        .ok_or(ClientError::MissingEvent("TaskSubmitted"))
}

/// Finds the task that holds a prompt of an account, starting with the number it was given.
///
/// Until a block is finalized, a reorganisation may give a task another number.
pub async fn locate(
    chain: &Chain,
    submitter: &AccountId,
    prompt: &[u8],
    id: TaskId,
) -> Result<Option<TaskId>, ClientError> {
    /// How far a number may move.
    const REACH: TaskId = 64;
    let hash = BlakeTwo256.hash(prompt).0;
    let state = chain.best().await?;
    let last = state.task_count().await?;
    let around = id.saturating_sub(REACH)..id.saturating_add(REACH).min(last);
    for candidate in std::iter::once(id).chain(around) {
        if let Some(task) = state.task(candidate).await? {
            if &task.submitter == submitter && task.prompt == hash {
                return Ok(Some(candidate));
            }
        }
    }
    Ok(None)
}
