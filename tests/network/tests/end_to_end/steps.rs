//! Steps that several tests take.

use crate::Stage;
use anyhow::{bail, ensure, Context};
use poq_client::protocol::{AccountId, Parameters, SeatOutcome, SeatState, TaskId};
use poq_network::{
    inference::{account, key},
    observer::Observer,
    prompts,
    scenario::Judged,
    validator::NAMES,
};
use std::time::{Duration, Instant};

/// Changes the parameters for tasks from now on, and waits until the change is in a block.
pub async fn set_parameters(stage: &Stage, change: impl FnOnce(&mut Parameters)) -> anyhow::Result<()> {
    let chain = &stage.scenario.observer.chain;
    let mut parameters = chain.parameters().await?;
    change(&mut parameters);
    chain.sudo_set_parameters(&key(NAMES[0])?, parameters.clone()).await?;
    // That block may be replaced; the change is then in a later one.
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let now = chain.parameters().await?;
        if now == parameters {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "the parameters are {now:?} and should be {parameters:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Submits one task.
pub async fn submit_one(stage: &Stage) -> anyhow::Result<TaskId> {
    let prompts = prompts::read(&prompts::demo_file()?)?;
    let task = stage.scenario.submit(&prompts[..1]).await?;
    task.first().copied().context("no task was submitted")
}

/// Waits until the validator's commitment is on the best chain.
pub async fn wait_for_commit(stage: &Stage, task: TaskId, validator: usize) -> anyhow::Result<()> {
    let who = validator_account(validator)?;
    let deadline = Instant::now() + Duration::from_secs(180);
    loop {
        let seats = stage.scenario.observer.chain.best().await?.seats(task).await?;
        if seats.iter().any(|seat| seat.account == who && seat.state == SeatState::Committed) {
            return Ok(());
        }
        if Instant::now() > deadline {
            bail!("{} did not commit to task {task}; its seats: {seats:?}", NAMES[validator]);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Waits until the task has ended in a finalized block.
pub async fn wait_for_end(stage: &Stage, task: TaskId) -> anyhow::Result<Judged> {
    let judged = stage.scenario.wait(&[task], |_| ()).await?;
    judged.into_iter().next().context("the task has no outcome")
}

/// The outcome of a validator's seat, once an offence is found in it. That may be after the
/// settlement.
pub async fn when_found_wanting(stage: &Stage, task: TaskId, validator: usize) -> anyhow::Result<SeatOutcome> {
    let (who, deadline) = (validator_account(validator)?, Instant::now() + Duration::from_secs(120));
    loop {
        let outcome = stage.scenario.observer.chain.outcome(task).await?.context("the task has no outcome")?;
        let seat = outcome.seats.into_iter().find(|seat| seat.account == who).context("it has no seat")?;
        if seat.offence.is_some() {
            return Ok(seat);
        }
        ensure!(Instant::now() < deadline, "no offence was found in the seat of {}", NAMES[validator]);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Waits until a validator that was restarted has finalized what the first one has by now.
pub async fn catches_up(stage: &Stage, validator: usize) -> anyhow::Result<()> {
    let goal = stage.scenario.observer.finalized_number().await?;
    finalizes(&stage.scenario.network.observer(validator).await?, NAMES[validator], goal).await
}

/// Waits until a validator has finalized the block of this height.
pub async fn finalizes(observer: &Observer, name: &str, height: u32) -> anyhow::Result<()> {
    let deadline = Instant::now() + Duration::from_secs(180);
    while observer.finalized_number().await? < height {
        ensure!(Instant::now() < deadline, "{name} does not finalize block {height}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

/// How the validator's seat came out.
pub fn seat_of(judged: &Judged, validator: usize) -> anyhow::Result<SeatOutcome> {
    let who = validator_account(validator)?;
    let seat = judged.outcome.seats.iter().find(|seat| seat.account == who);
    seat.cloned().with_context(|| format!("{} has no seat: {judged:?}", NAMES[validator]))
}

/// What the task's outcome paid and gave back, together: must be the bounty.
pub fn distributed(judged: &Judged) -> u128 {
    let answers = judged.outcome.answers.iter().map(|answer| answer.paid);
    let seats = judged.outcome.seats.iter().map(|seat| seat.paid);
    answers.chain(seats).sum::<u128>() + judged.outcome.refunded
}

/// The account of a validator.
pub fn validator_account(validator: usize) -> anyhow::Result<AccountId> {
    account(NAMES[validator])
}
