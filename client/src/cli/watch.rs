//! `poq watch`: one task until it ends, or all of the pallet's events.

use super::render::{self, say};
use crate::{watch, Chain, TaskId};
use clap::Args;
use futures::StreamExt;
use std::process::ExitCode;

#[derive(Args)]
pub struct Watch {
    /// Follow this task until it ends.
    #[arg(long, value_name = "NUMBER")]
    task: Option<TaskId>,
    /// Show only what is finalized, and so for good.
    #[arg(long)]
    finalized: bool,
    /// Print JSON: one object for each block, or for the ended task; amounts are in the smallest
    /// unit.
    #[arg(long)]
    json: bool,
}

impl Watch {
    pub async fn run(self, node: &str) -> anyhow::Result<ExitCode> {
        let chain = Chain::connect(node).await?;
        match self.task {
            Some(task) => self.follow(&chain, task).await,
            None => self.events(chain).await,
        }
    }

    async fn follow(&self, chain: &Chain, task: TaskId) -> anyhow::Result<ExitCode> {
        let outcome = watch::wait_until_ended(chain, task, |phase| eprintln!("task {task}: {phase}")).await;
        let mut outcome = outcome?;
        if self.finalized {
            eprintln!("task {task}: waiting for finality");
            outcome = watch::wait_until_finalized(chain, task).await?;
        }
        let chain = match chain.is_connected() {
            true => chain.clone(),
            false => chain.reconnect().await?,
        };
        let answers = chain.answers(task).await?;
        match self.json {
            true => say(render::ended_json(task, &answers, &outcome)?)?,
            false => say(render::ended(task, &answers, &outcome, chain.token()))?,
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn events(&self, chain: Chain) -> anyhow::Result<ExitCode> {
        let mut blocks = match self.finalized {
            true => chain.finalized_events().await?.left_stream(),
            false => chain.best_events().await?.right_stream(),
        };
        while let Some(block) = blocks.next().await {
            let block = block?;
            if self.json {
                if !block.events.is_empty() {
                    say(serde_json::to_string(&block)?)?;
                }
                continue;
            }
            for event in &block.events {
                say(format_args!("{:>8}  {}", block.block.number, render::event(event, chain.token())))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
