//! Several answers: nobody can read one before all are in; an inference node that lost all but its
//! key opens what it sealed; and one that does not open is not judged, and slashed.

use crate::{
    steps::{distributed, set_parameters, wait_for_end},
    Stage,
};
use anyhow::{bail, ensure, Context};
use poq_client::{
    protocol::{Offence, Phase, Role, Task, TaskId, UnrevealedAnswer},
    State,
};
use poq_network::{
    inference::{account, key, Kind},
    prompts,
    scenario::{BOUNTY, USER},
};
use std::time::{Duration, Instant};

/// The inference node that seals and never opens: this test itself.
const WITHHOLDER: &str = "Inference8";

pub async fn run(stage: &mut Stage) -> anyhow::Result<()> {
    let chain = stage.scenario.observer.chain.clone();
    let before = chain.parameters().await?;
    // Blocks enough between sealing and opening to start again in time. All of the last window
    // pass, as one does not open.
    set_parameters(stage, |parameters| {
        parameters.reveal_depth = 3;
        parameters.reveal_window = 16;
    })
    .await?;
    let (signer, withholder) = (key(WITHHOLDER)?, account(WITHHOLDER)?);
    chain.join_inference(&signer, before.inference_bond).await?;

    // given: a task that all four answer
    let prompt = prompts::read(&prompts::demo_file()?)?.into_iter().next().context("the demo has no prompts")?.text();
    let task = chain.submit_task(&key(USER)?, prompt.as_bytes(), BOUNTY, 4).await?;
    let submitted = wait_until(stage, task, "the task is there", |_| true).await?;
    let drawn = submitted.task(task).await?.context("the task is gone")?;
    ensure!(drawn.responders.contains(&withholder), "all active nodes are drawn: {drawn:?}");
    let honest = account(Kind::Honest.party())?;
    wait_until(stage, task, "the honest node has sealed", |task| task.has_answer_of(&honest)).await?;
    let sealed = chain.best().await?;
    ensure!(sealed.answers(task).await?.is_empty(), "an answer can be read before all are sealed");
    let early = chain.reveal_answer(&key(Kind::Honest.party())?, task, drawn.prompt).await;
    ensure!(early.as_ref().is_err_and(|error| error.refusal() == Some("AnswerRevealTooEarly")), "{early:?}");

    // when: the honest node dies, the last answer is sealed, and the honest node starts again
    stage.scenario.inference_mut(Kind::Honest)?.kill();
    chain.commit_answer(&signer, task, drawn.prompt, b"Only I shall know.").await?;
    let all_in = wait_until(stage, task, "all have sealed", |task| task.sealed.len() == 4).await?;
    ensure!(all_in.answers(task).await?.is_empty(), "an answer can be read before anybody could open it");
    stage.scenario.inference_mut(Kind::Honest)?.restart()?;

    // then
    let judged = wait_for_end(stage, task).await?;
    let authors: Vec<_> = judged.outcome.answers.iter().map(|answer| answer.author).collect();
    ensure!(authors.len() == 3 && !authors.contains(&withholder), "not the three that opened were judged: {judged:?}");
    ensure!(judged.outcome.expired.is_none() && distributed(&judged) == BOUNTY, "{judged:?}");
    let best = judged.outcome.answers.iter().max_by_key(|answer| answer.paid).context("there are answers")?;
    ensure!(best.author == honest && best.paid > 0, "the honest answer did not earn most: {judged:?}");
    let slashed = before.inference_bond * u128::from(before.rules.offence.withheld.0) / 1_000_000;
    let expected = UnrevealedAnswer { author: withholder, offence: Offence::Withheld, slashed };
    ensure!(judged.outcome.unrevealed == [expected], "the one that did not open: {judged:?}");
    println!("  three opened, one of them after a restart; the fourth was slashed {slashed}");

    chain.leave(&signer, Role::Inference).await?;
    set_parameters(stage, |parameters| *parameters = before).await
}

/// Waits until the task's answers are so, and gives the state in which they are.
async fn wait_until(stage: &Stage, id: TaskId, what: &str, so: impl Fn(&Task) -> bool) -> anyhow::Result<State> {
    let deadline = Instant::now() + Duration::from_secs(300);
    loop {
        let state = stage.scenario.observer.chain.best().await?;
        let task = state.task(id).await?;
        if task.as_ref().is_some_and(&so) {
            return Ok(state);
        }
        let over = task
            .as_ref()
            .is_some_and(|task| !matches!(task.phase, Phase::Answering { .. } | Phase::RevealingAnswers { .. }));
        if over || Instant::now() > deadline {
            bail!("waited in vain until {what}: {task:?}");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
