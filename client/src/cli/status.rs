//! `poq status`: the chain at a glance, or one account.

use super::{parse_account, render, say};
use clap::Args;
use poq_client::{
    protocol::{Balance, Hold, Ledger, OpenWork, Parameters, Participant, Phase, Reputation, Role, TaskId},
    AccountId, BlockRef, Chain, State,
};
use serde::Serialize;
use std::process::ExitCode;

#[derive(Args)]
pub struct Status {
    /// Show this account: an address, or //Name for a development account.
    account: Option<String>,
    /// Print JSON; amounts are in the smallest unit.
    #[arg(long)]
    json: bool,
}

/// The chain at a glance.
#[derive(Serialize)]
pub struct ChainStatus {
    pub name: String,
    pub best: BlockRef,
    pub finalized: BlockRef,
    pub parameters: Parameters,
    pub submitted: TaskId,
    pub open: Vec<OpenTask>,
    pub evaluators: u32,
    pub inference_nodes: u32,
    pub ledger: Ledger,
}

/// A task that has not ended.
#[derive(Serialize)]
pub struct OpenTask {
    pub task: TaskId,
    pub phase: Phase,
    pub bounty: u128,
    pub responders: usize,
    pub answers: usize,
    pub seats: u32,
    pub committed: u32,
    pub revealed: u32,
}

/// One account.
#[derive(Serialize)]
pub struct AccountStatus {
    pub account: AccountId,
    pub balance: Balance,
    pub holds: Vec<Hold>,
    pub evaluator: Option<Participant>,
    pub evaluator_key: Option<String>,
    pub reputation: Option<Reputation>,
    pub inference: Option<Participant>,
    pub open_work: Vec<OpenWork>,
}

impl Status {
    pub async fn run(self, node: &str) -> anyhow::Result<ExitCode> {
        let account = self.account.as_deref().map(parse_account).transpose()?;
        let chain = Chain::connect(node).await?;
        let state = chain.best().await?;
        let text = match account {
            Some(account) => {
                let status = account_status(&state, account).await?;
                match self.json {
                    true => serde_json::to_string(&status)?,
                    false => render::account(&status, chain.token()),
                }
            }
            None => {
                let status = chain_status(&chain, &state).await?;
                match self.json {
                    true => serde_json::to_string(&status)?,
                    false => render::chain(&status, chain.url(), chain.token()),
                }
            }
        };
        say(text)?;
        Ok(ExitCode::SUCCESS)
    }
}

async fn chain_status(chain: &Chain, state: &State) -> anyhow::Result<ChainStatus> {
    let open = state.open_tasks().await?.into_iter().map(|(id, task)| OpenTask {
        task: id,
        phase: task.phase,
        bounty: task.bounty,
        responders: task.responders.len(),
        answers: task.slots_taken(),
        seats: task.seats,
        committed: task.committed,
        revealed: task.revealed,
    });
    Ok(ChainStatus {
        name: chain.name().into(),
        best: state.block,
        finalized: chain.finalized_block().await?,
        parameters: state.parameters().await?,
        submitted: state.task_count().await?,
        open: open.collect(),
        evaluators: state.active(Role::Evaluator).await?,
        inference_nodes: state.active(Role::Inference).await?,
        ledger: state.ledger().await?,
    })
}

async fn account_status(state: &State, account: AccountId) -> anyhow::Result<AccountStatus> {
    let key = state.evaluator_key(&account).await?;
    Ok(AccountStatus {
        balance: state.balance(&account).await?,
        holds: state.holds(&account).await?,
        evaluator: state.participant(Role::Evaluator, &account).await?,
        evaluator_key: key.map(|key| format!("0x{}", hex::encode(key))),
        reputation: state.reputation(&account).await?,
        inference: state.participant(Role::Inference, &account).await?,
        open_work: state.open_work(&account).await?,
        account,
    })
}
