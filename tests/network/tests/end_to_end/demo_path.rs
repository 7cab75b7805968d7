//! The demo's path: ten prompts, three inference nodes of different honesty, four judges, and the
//! books to the last unit.

use crate::{
    steps::{distributed, finalizes, set_parameters},
    Stage,
};
use anyhow::{ensure, Context};
use poq_network::{
    books::Books,
    inference::Kind,
    prompts,
    scenario::{Judged, Scenario, BOUNTY},
    validator::NAMES,
};
use std::time::{Duration, Instant};

/// What a dishonest node may earn, in percent of the honest one's earnings.
const NEXT_TO_NOTHING: u128 = 15;

pub async fn run(stage: &mut Stage) -> anyhow::Result<()> {
    let before = stage.scenario.observer.chain.parameters().await?;
    // Ten committees judge at the same time, and nobody may miss a seat even where one machine runs
    // several networks.
    set_parameters(stage, |parameters| parameters.grace = 60).await?;
    judge_all(stage).await?;
    set_parameters(stage, |parameters| *parameters = before).await
}

async fn judge_all(stage: &Stage) -> anyhow::Result<()> {
    let scenario = &stage.scenario;
    let prompts = prompts::read(&prompts::demo_file()?)?;
    let tasks = scenario.submit(&prompts).await?;
    println!("  submitted tasks {tasks:?}");
    let judged = scenario.wait(&tasks, |_| ()).await?;

    for task in &judged {
        let Judged { task: id, outcome, .. } = task;
        ensure!(outcome.expired.is_none(), "task {id} expired: {outcome:?}");
        ensure!(outcome.answers.len() == Kind::ALL.len(), "not everybody answered task {id}: {outcome:?}");
        ensure!(outcome.seats.len() == NAMES.len(), "not everybody had a seat in task {id}: {outcome:?}");
        let judges = outcome.seats.iter().all(|seat| seat.offence.is_none() && seat.scores.len() == Kind::ALL.len());
        ensure!(judges, "not everybody judged task {id}: {outcome:?}");
        ensure!(distributed(task) == BOUNTY, "payouts and refund of task {id} are not the bounty: {outcome:?}");
    }

    let books = Books::read(&scenario.observer).await?;
    let accounts = books.check(&scenario.observer).await?;
    println!("  {} blocks explain the balances of {accounts} accounts to the last unit", books.until());

    let honest = Scenario::earned(&books, Kind::Honest)?;
    for kind in [Kind::OffTopic, Kind::Echo] {
        let earned = Scenario::earned(&books, kind)?;
        println!("  the {} node earned {} % of the honest one's pay", kind.name(), earned * 100 / honest.max(1));
        ensure!(
            earned * 100 < honest * NEXT_TO_NOTHING,
            "the {} node earned {earned}, too much next to the honest one's {honest}",
            kind.name()
        );
    }
    same_on_all_nodes(scenario, &judged).await?;
    metrics_tell(scenario, judged.len()).await
}

/// Each validator's metrics tell of all seats that its evaluator served. They follow finality by a
/// moment.
async fn metrics_tell(scenario: &Scenario, tasks: usize) -> anyhow::Result<()> {
    for validator in scenario.network.validators() {
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            let text = reqwest::get(validator.metrics_url()).await?.text().await?;
            let expected = [
                format!("poq_seats_drawn_total {tasks}"),
                format!("poq_seats_committed_total {tasks}"),
                format!("poq_seats_revealed_total {tasks}"),
                format!("poq_tasks_ended_total{{outcome=\"settled\"}} {tasks}"),
                format!("poq_answer_to_payout_blocks_count {tasks}"),
                "poq_seats_missed_total{offence=\"absent\"} 0".into(),
            ];
            let Some(missing) = expected.iter().find(|line| !text.lines().any(|found| without_chain(found) == **line))
            else {
                break;
            };
            let ours = || text.lines().filter(|line| line.starts_with("poq_")).collect::<Vec<_>>().join("\n");
            ensure!(Instant::now() < deadline, "{} does not show {missing}:\n{}", validator.name(), ours());
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }
    println!("  the metrics of all validators tell of {tasks} seats served");
    Ok(())
}

/// A line without the label that the node puts on all its metrics.
fn without_chain(line: &str) -> String {
    let (start, end) = (line.find("chain=\""), line.find('}'));
    match (start, end) {
        (Some(start), Some(end)) => {
            let label_end = line[start..end].find("\",").map_or(end, |comma| start + comma + 2);
            format!("{}{}", &line[..start], &line[label_end..]).replace("{}", "").replace(",}", "}")
        }
        _ => line.into(),
    }
}

/// All validators have finalized the same block with the same outcomes.
async fn same_on_all_nodes(scenario: &Scenario, judged: &[Judged]) -> anyhow::Result<()> {
    let mut observers = Vec::new();
    for index in 0..NAMES.len() {
        observers.push(scenario.network.observer(index).await?);
    }
    let height = scenario.observer.finalized_number().await?;
    let hash = scenario.observer.block(height).await?.hash;
    for (observer, name) in observers.iter().zip(NAMES) {
        finalizes(observer, name, height).await?;
        ensure!(observer.block(height).await?.hash == hash, "{name} has another block {height}");
        let state = observer.state(height).await?;
        for Judged { task, outcome, .. } in judged {
            let found = state.outcome(*task).await?.with_context(|| format!("{name} has no outcome of task {task}"))?;
            ensure!(found == *outcome, "{name} has another outcome of task {task}: {found:?}, not {outcome:?}");
        }
    }
    println!("  all {} validators finalized block {height} with the same outcomes", NAMES.len());
    Ok(())
}
