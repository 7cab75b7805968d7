//! Following tasks and events, block by block.

use crate::{
    chain::{BlockRef, Chain},
    error::ClientError,
    protocol::{Event, Outcome, Phase, TaskId},
};
use futures::{Stream, StreamExt};
use serde::Serialize;
use std::time::Duration;

/// How long a lost connection is tried again.
const PATIENCE: Duration = Duration::from_secs(120);

/// The pallet's events of one block.
#[derive(Clone, Debug, Serialize)]
pub struct BlockEvents {
    /// The block.
    pub block: BlockRef,
    /// What happened in it.
    pub events: Vec<Event>,
}

impl Chain {
    /// The pallet's events, for each finalized block without gaps. Nothing of it changes any more.
    pub async fn finalized_events(
        &self,
    ) -> Result<impl Stream<Item = Result<BlockEvents, ClientError>> + Unpin, ClientError> {
        Ok(events_at(self.clone(), self.finalized_heads().await?))
    }

    /// The pallet's events, for each new best block. Sooner than [`Chain::finalized_events`], but
    /// blocks may be skipped, and events may come twice when another block takes the place of one.
    pub async fn best_events(
        &self,
    ) -> Result<impl Stream<Item = Result<BlockEvents, ClientError>> + Unpin, ClientError> {
        Ok(events_at(self.clone(), self.best_heads().await?))
    }
}

fn events_at(
    chain: Chain,
    heads: impl Stream<Item = Result<BlockRef, ClientError>> + Unpin,
) -> impl Stream<Item = Result<BlockEvents, ClientError>> + Unpin {
    Box::pin(heads.then(move |head| {
        let chain = chain.clone();
        async move {
            let block = head?;
            let events = chain.at(block).await?.events().await?;
            Ok(BlockEvents { block, events })
        }
    }))
}

/// Waits until a task has ended at the best block, and tells each new phase on the way.
///
/// It survives a restart of the node. It has no deadline of its own: a task always ends while
/// blocks are made.
pub async fn wait_until_ended(
    chain: &Chain,
    task: TaskId,
    mut on_phase: impl FnMut(&Phase),
) -> Result<Outcome, ClientError> {
    let mut last = None;
    let mut on_new = |phase: &Phase| {
        if last.as_ref() != Some(phase) {
            last = Some(*phase);
            on_phase(phase);
        }
    };
    let mut chain = chain.clone();
    loop {
        match follow(&chain, task, false, &mut on_new).await {
            Err(error) if error.is_connection() => chain = reconnect(&chain, error).await?,
            other => return other,
        }
    }
}

/// Waits until a task has ended at the finalized block: its outcome is for good.
pub async fn wait_until_finalized(chain: &Chain, task: TaskId) -> Result<Outcome, ClientError> {
    let mut chain = chain.clone();
    loop {
        match follow(&chain, task, true, &mut |_| ()).await {
            Err(error) if error.is_connection() => chain = reconnect(&chain, error).await?,
            other => return other,
        }
    }
}

async fn follow(
    chain: &Chain,
    task: TaskId,
    finalized: bool,
    on_phase: &mut impl FnMut(&Phase),
) -> Result<Outcome, ClientError> {
    // A block in which the task is not there yet may be another fork's, or not yet finalized.
    const BLOCKS_TO_APPEAR: u32 = 10;
    let mut heads = chain.best_heads().await?;
    let mut missing = 0;
    while let Some(head) = heads.next().await {
        let head = head?;
        let state = match finalized {
            true => chain.finalized().await?,
            false => chain.at(head).await?,
        };
        let Some(record) = state.task(task).await? else {
            missing += 1;
            if !finalized && missing > BLOCKS_TO_APPEAR {
                return Err(ClientError::UnknownTask(task));
            }
            continue;
        };
        on_phase(&record.phase);
        if record.phase.has_ended() {
            return state.outcome(task).await?.ok_or(ClientError::UnknownTask(task));
        }
    }
    Err(ClientError::Disconnected("the node ended the subscription".into()))
}

/// Connects again, with growing pauses.
pub(crate) async fn reconnect(chain: &Chain, lost: ClientError) -> Result<Chain, ClientError> {
    tracing::warn!("{lost}; connecting again");
    let connecting = async {
        let mut pause = Duration::from_millis(500);
        loop {
            match chain.reconnect().await {
                Err(error) if error.is_connection() => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(10));
                }
                other => return other,
            }
        }
    };
    tokio::time::timeout(PATIENCE, connecting).await.unwrap_or(Err(lost))
}
