//! A validator commits, dies, loses its database, and comes back with nothing but its keystore: it
//! can still open.

use crate::{
    steps::{seat_of, set_parameters, submit_one, wait_for_commit, wait_for_end},
    Stage, DAVE,
};
use anyhow::ensure;

pub async fn run(stage: &mut Stage) -> anyhow::Result<()> {
    let before = stage.scenario.observer.chain.parameters().await?;
    // Blocks enough to die between commit and reveal, and for a rebirth before it is too late. The
    // phase ends as soon as all have opened.
    set_parameters(stage, |parameters| {
        parameters.reveal_depth = 5;
        parameters.reveal_window = 120;
        parameters.grace = 100;
    })
    .await?;
    let task = submit_one(stage).await?;
    wait_for_commit(stage, task, DAVE).await?;
    let dave = stage.scenario.network.validator_mut(DAVE);
    dave.kill();
    println!("  killed {} after its commit to task {task}", dave.name());
    dave.lose_database()?;
    dave.restart()?;
    println!("  deleted its database and started it again");

    let judged = wait_for_end(stage, task).await?;
    let seat = seat_of(&judged, DAVE)?;
    ensure!(judged.outcome.expired.is_none(), "the task expired: {judged:?}");
    ensure!(seat.offence.is_none() && !seat.scores.is_empty(), "it did not open its seal: {judged:?}");
    println!("  it opened its seal: {:?}", seat.scores.iter().map(ToString::to_string).collect::<Vec<_>>());
    set_parameters(stage, |parameters| *parameters = before).await
}
