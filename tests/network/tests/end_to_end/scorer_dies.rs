//! A validator's judge dies: the validator goes on making and finalizing blocks, says what to do,
//! and its seat stays empty.

use crate::{
    steps::{seat_of, submit_one, wait_for_end},
    Stage, CHARLIE,
};
use anyhow::ensure;
use poq_client::protocol::Offence;
use std::time::Duration;

pub async fn run(stage: &mut Stage) -> anyhow::Result<()> {
    stage.scorer.kill();
    println!("  killed the scorer at {}", stage.scorer.url());
    let task = submit_one(stage).await?;
    let judged = wait_for_end(stage, task).await?;
    ensure!(judged.outcome.expired.is_none(), "the others did not settle: {judged:?}");
    let seat = seat_of(&judged, CHARLIE)?;
    ensure!(seat.offence == Some(Offence::Absent), "the seat without a judge is not empty: {judged:?}");
    println!("  the others settled task {task}; the seat without a judge was slashed {}", seat.slashed);

    let charlie = &stage.scenario.network.validators()[CHARLIE];
    charlie.check()?;
    let advances =
        stage.scenario.network.observer(CHARLIE).await?.sees_finality_advance(3, Duration::from_secs(90)).await?;
    ensure!(advances, "finality does not advance on the node without a judge");
    let advice = format!("the scorer at {} does not answer: check that it runs", stage.scorer.url());
    ensure!(charlie.log().contains(&advice), "the log does not say what to do: {advice}");
    println!("  its node goes on, and its log says what to do");
    Ok(())
}
