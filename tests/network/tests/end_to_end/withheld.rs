//! A validator dies after its commit and stays away: the others settle, and the user pays only for
//! what was judged. When the window for its key is over, it is slashed.

use crate::{
    steps::{
        catches_up, distributed, seat_of, set_parameters, submit_one, validator_account, wait_for_commit, wait_for_end,
        when_found_wanting,
    },
    Stage, DAVE,
};
use anyhow::{ensure, Context};
use poq_client::protocol::{Offence, Role};
use poq_network::scenario::BOUNTY;

pub async fn run(stage: &mut Stage) -> anyhow::Result<()> {
    let before = stage.scenario.observer.chain.parameters().await?;
    // Blocks enough between commit and reveal to die in time.
    set_parameters(stage, |parameters| {
        parameters.reveal_depth = 6;
        parameters.reveal_window = 20;
        parameters.grace = 8;
    })
    .await?;
    let who = validator_account(DAVE)?;
    let bonded = stage.scenario.observer.chain.participant(Role::Evaluator, &who).await?;
    let before_it = bonded.context("the validator has no bond")?;
    let bond = before_it.bond;

    let task = submit_one(stage).await?;
    wait_for_commit(stage, task, DAVE).await?;
    stage.scenario.network.validator_mut(DAVE).kill();
    println!("  killed {} after its commit to task {task}", stage.scenario.network.validators()[DAVE].name());

    let judged = wait_for_end(stage, task).await?;
    ensure!(judged.outcome.expired.is_none(), "the others did not settle: {judged:?}");
    ensure!(seat_of(&judged, DAVE)?.offence.is_none(), "its key may still come: {judged:?}");
    let seat = when_found_wanting(stage, task, DAVE).await?;
    ensure!(seat.offence == Some(Offence::Withheld), "it was not found withholding: {judged:?}");
    // Each offence on record, as one from an earlier scenario, has doubled it.
    let share = u128::from(before.rules.offence.withheld.0) << before_it.record;
    let slash = (bond * share).div_ceil(1_000_000);
    ensure!(seat.slashed == slash, "it was slashed {}, not {slash} of its bond of {bond}", seat.slashed);
    ensure!(seat.paid == 0, "it was paid for judging: {judged:?}");
    let others = judged.outcome.seats.iter().filter(|seat| seat.account != who);
    ensure!(others.clone().count() == 3 && others.clone().all(|seat| seat.offence.is_none()), "{judged:?}");
    ensure!(distributed(&judged) == BOUNTY, "the user lost more than what was judged: {judged:?}");
    println!("  the others settled; it was slashed {slash}; the user got back {}", judged.outcome.refunded);

    stage.scenario.network.validator_mut(DAVE).restart()?;
    catches_up(stage, DAVE).await?;
    set_parameters(stage, |parameters| *parameters = before).await
}
