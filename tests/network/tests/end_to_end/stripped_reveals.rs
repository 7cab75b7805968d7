//! A stranger sees every batch of reveals in the pools and sends parts of it, older and younger, on
//! their own: all are refused, and no evaluator misses its duty.

use crate::{
    steps::{seat_of, wait_for_end},
    Stage,
};
use anyhow::{ensure, Context};
use codec::{Decode, Encode};
use frame_support::BoundedVec;
use pallet_proof_of_quality::Call;
use poq_network::{prompts, validator::NAMES};
use poq_runtime::{Runtime, RuntimeCall, UncheckedExtrinsic};
use std::{
    collections::BTreeSet,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
    time::Duration,
};
use subxt::rpcs::{client::RpcClient, rpc_params};

/// Tasks at a time, so that reveals travel in batches.
const TASKS: usize = 10;
/// Between two looks at the pools, far less than a block takes.
const POLL: Duration = Duration::from_millis(50);

/// What the stranger did.
#[derive(Default)]
struct Attempts {
    refused: usize,
    accepted: Vec<String>,
}

pub async fn run(stage: &mut Stage) -> anyhow::Result<()> {
    // given: a stranger with a connection to two of the nodes
    let mut nodes = Vec::new();
    for validator in [0, 1] {
        let url = stage.scenario.network.observer(validator).await?.chain.url().to_owned();
        nodes.push(RpcClient::from_insecure_url(&url).await?);
    }
    let is_over = Arc::new(AtomicBool::new(false));
    let stranger = tokio::spawn(cut_reveals(nodes, is_over.clone()));

    // when: tasks are judged as usual
    let prompts = prompts::read(&prompts::demo_file()?)?;
    let tasks = stage.scenario.submit(&prompts[..TASKS.min(prompts.len())]).await?;
    let mut judged = Vec::new();
    for task in &tasks {
        judged.push(wait_for_end(stage, *task).await?);
    }
    is_over.store(true, Ordering::Relaxed);
    let attempts = stranger.await.context("the stranger died")??;

    // then
    ensure!(attempts.refused > 0, "the stranger saw no reveal in the pools");
    ensure!(attempts.accepted.is_empty(), "a pool took a part of a batch: {:?}", attempts.accepted);
    for judged in &judged {
        for validator in 0..NAMES.len() {
            ensure!(seat_of(judged, validator)?.offence.is_none(), "a seat missed its duty: {judged:?}");
        }
    }
    println!("  {} parts of batches were refused, and nobody missed a duty in {} tasks", attempts.refused, tasks.len());
    Ok(())
}

/// Sends parts of whatever reveals are in the pools until it is over.
async fn cut_reveals(nodes: Vec<RpcClient>, is_over: Arc<AtomicBool>) -> anyhow::Result<Attempts> {
    let (mut attempts, mut seen) = (Attempts::default(), BTreeSet::new());
    while !is_over.load(Ordering::Relaxed) {
        for node in &nodes {
            let pending: Vec<String> = node.request("author_pendingExtrinsics", rpc_params![]).await?;
            for transaction in pending {
                if !seen.insert(transaction.clone()) {
                    continue;
                }
                for part in parts(&transaction)? {
                    let part = format!("0x{}", hex::encode(part.encode()));
                    match node.request::<String>("author_submitExtrinsic", rpc_params![part.clone()]).await {
                        Ok(_) => attempts.accepted.push(part),
                        Err(_) => attempts.refused += 1,
                    }
                }
            }
        }
        tokio::time::sleep(POLL).await;
    }
    Ok(attempts)
}

/// Each entry of a batch of reveals on its own, and the first half of them, with a higher
/// `sent_after`; and the whole with one.
fn parts(transaction: &str) -> anyhow::Result<Vec<UncheckedExtrinsic>> {
    let bytes = hex::decode(transaction.trim_start_matches("0x"))?;
    let UncheckedExtrinsic { preamble, function, .. } = UncheckedExtrinsic::decode(&mut &bytes[..])?;
    let RuntimeCall::ProofOfQuality(Call::reveal_scores { key, sent_after, reveals, signature }) = function else {
        return Ok(Vec::new());
    };
    let mut kept: Vec<_> = reveals.iter().map(|reveal| vec![reveal.clone()]).collect();
    kept.push(reveals[..reveals.len().div_ceil(2)].to_vec());
    kept.push(reveals.to_vec());
    let made = kept.into_iter().map(|kept| {
        let call = Call::<Runtime>::reveal_scores {
            key: key.clone(),
            sent_after: sent_after + 10,
            reveals: BoundedVec::truncate_from(kept),
            signature: signature.clone(),
        };
        UncheckedExtrinsic::from_parts(RuntimeCall::ProofOfQuality(call), preamble.clone())
    });
    Ok(made.collect())
}
