//! `poq status`: the chain at a glance, or one account.

use super::{
    arguments::parse_account,
    render::say,
    table::{dues, facts, percent, table},
};
use crate::{
    amount::Token,
    protocol::{Balance, Duty, Hold, Ledger, OpenWork, Parameters, Participant, Phase, Reputation, Role, TaskId},
    AccountId, BlockRef, Chain, State,
};
use clap::Args;
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
                    false => account_text(&status, chain.token()),
                }
            }
            None => {
                let status = chain_status(&chain, &state).await?;
                match self.json {
                    true => serde_json::to_string(&status)?,
                    false => chain_text(&status, chain.url(), chain.token()),
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

/// The chain at a glance, for people.
fn chain_text(status: &ChainStatus, url: &str, token: &Token) -> String {
    let p = &status.parameters;
    let rules = &p.rules;
    let mut facts = facts();
    let ledger = &status.ledger;
    for (name, value) in [
        ("chain", format!("{} at {url}", status.name)),
        ("block", format!("{} (finalized {})", status.best.number, status.finalized.number)),
        ("judged by model", format!("0x{}", hex::encode(p.model))),
        ("active", format!("{} evaluators, {} inference nodes", status.evaluators, status.inference_nodes)),
        ("tasks", format!("{} submitted, {} open", status.submitted, status.open.len())),
        ("bounties", format!("from {} to {}", token.format(p.min_bounty), token.format(p.max_bounty))),
        (
            "smallest bonds",
            format!("evaluator {}, inference node {}", token.format(p.evaluator_bond), token.format(p.inference_bond)),
        ),
        (
            "committee",
            format!("{} seats (at least {}), quorum {}", p.committee_size, p.min_committee, percent(p.quorum)),
        ),
        (
            "judging",
            format!(
                "{} of the bounty by skill, consensus by {}; new evaluators first show {} seats' worth",
                percent(rules.judging_share),
                rules.aggregator,
                rules.skill.probation
            ),
        ),
        (
            "answers",
            format!(
                "{:.2} for quality less {:.2} for delay, nothing below {}",
                f64::from(rules.answer.alpha) / 100.0,
                f64::from(rules.answer.beta) / 100.0,
                rules.answer.floor
            ),
        ),
        (
            "windows",
            format!(
                "answer {}, commit {}, reveal {} blocks; grace {}, reveal depth {}",
                p.answer_window, p.commit_window, p.reveal_window, p.grace, p.reveal_depth
            ),
        ),
        (
            "slashes",
            format!(
                "absent {}, withheld {}, unopenable {}, doubled by each offence on record; chilled at {}",
                percent(rules.offence.absent),
                percent(rules.offence.withheld),
                percent(rules.offence.unopenable),
                rules.offence.chilled_at
            ),
        ),
        ("unbonding", format!("{} blocks; ended tasks stay for {} blocks", p.unbonding, p.retention)),
        (
            "money",
            format!(
                "funded {} = held {} + paid {} + refunded {} + slashed {}",
                token.format(ledger.funded),
                token.format(ledger.held()),
                token.format(ledger.paid),
                token.format(ledger.refunded),
                token.format(ledger.slashed)
            ),
        ),
    ] {
        facts.add_row([name.to_owned(), value]);
    }
    if status.open.is_empty() {
        return facts.to_string();
    }
    let mut open = table(["task", "phase", "bounty", "answers", "committed", "opened"]);
    for task in &status.open {
        open.add_row([
            task.task.to_string(),
            task.phase.to_string(),
            token.format(task.bounty),
            format!("{} of {}", task.answers, task.responders),
            format!("{} of {}", task.committed, task.seats),
            format!("{} of {}", task.revealed, task.seats),
        ]);
    }
    format!("{facts}\n{open}")
}

/// One account, for people.
fn account_text(status: &AccountStatus, token: &Token) -> String {
    let mut facts = facts();
    let role = |participant: &Option<Participant>| match participant {
        Some(it) => format!("{}; bond {}, {} offences on record", it.standing, token.format(it.bond), it.record),
        None => "not joined".into(),
    };
    facts.add_row(["account".to_owned(), status.account.to_string()]);
    facts.add_row(["free".to_owned(), token.format(status.balance.free)]);
    facts.add_row(["held".to_owned(), token.format(status.balance.held)]);
    for hold in &status.holds {
        facts.add_row([format!("  {}", hold.reason), token.format(hold.amount)]);
    }
    facts.add_row(["evaluator".to_owned(), role(&status.evaluator)]);
    if let Some(key) = &status.evaluator_key {
        facts.add_row(["  key".to_owned(), key.clone()]);
    }
    if let Some(reputation) = &status.reputation {
        facts.add_row(["  trust".to_owned(), reputation.trust.to_string()]);
        facts.add_row(["  to earn before it is paid".to_owned(), dues(&reputation.dues, token)]);
    }
    facts.add_row(["inference node".to_owned(), role(&status.inference)]);
    for work in &status.open_work {
        let duty = match work.duty {
            Duty::Answer => "to answer".to_owned(),
            Duty::Judge { seat } => format!("to judge from seat {seat}"),
        };
        facts.add_row([format!("task {}", work.task), format!("{duty}; {}", work.phase)]);
    }
    facts.to_string()
}
