//! End-to-end tests: real nodes, real judges, real inference nodes, one network for all tests, one
//! test after the other.
//!
//! Usage: end_to_end [FILTER]    runs the tests whose name contains FILTER; `--list` lists them.

mod demo_path;
mod lost_database;
mod scorer_dies;
mod sealed_answers;
mod steps;
mod stripped_reveals;
mod withheld;

use anyhow::Context;
use futures::future::LocalBoxFuture;
use poq_network::{
    books::Books,
    cleanup::Folder,
    network::story,
    scenario::Scenario,
    scorer::Scorer,
    validator::{Keys, ScorerLocation, Setting, NAMES},
};
use std::{process::ExitCode, time::Instant};

/// The validator whose judge is a daemon, to be killed.
const CHARLIE: usize = 2;
/// The validator whose keys are in its keystore's files only, to be killed and robbed of its
/// database.
const DAVE: usize = 3;

/// What the tests share.
struct Stage {
    scenario: Scenario,
    /// Charlie's scorer.
    scorer: Scorer,
}

type Test = for<'a> fn(&'a mut Stage) -> LocalBoxFuture<'a, anyhow::Result<()>>;

const TESTS: [(&str, Test); 6] = [
    ("honest_answers_are_paid_and_every_unit_is_accounted_for", |stage| Box::pin(demo_path::run(stage))),
    ("parts_of_reveals_that_a_stranger_sends_cost_nobody_anything", |stage| Box::pin(stripped_reveals::run(stage))),
    ("nobody_reads_a_sealed_answer_before_all_are_in", |stage| Box::pin(sealed_answers::run(stage))),
    ("a_validator_that_lost_its_database_still_opens_its_seal", |stage| Box::pin(lost_database::run(stage))),
    ("a_validator_that_dies_after_its_commit_is_slashed_and_the_others_settle", |stage| Box::pin(withheld::run(stage))),
    ("blocks_go_on_when_a_scorer_dies", |stage| Box::pin(scorer_dies::run(stage))),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        TESTS.iter().for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    // Flags of the usual harness mean nothing here.
    let filter = arguments.iter().find(|argument| !argument.starts_with('-')).map_or("", String::as_str);
    let chosen: Vec<_> = TESTS.into_iter().filter(|(name, _)| name.contains(filter)).collect();
    if chosen.is_empty() {
        println!("no end-to-end test has {filter:?} in its name");
        return ExitCode::SUCCESS;
    }
    let run = || tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run(chosen));
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("FAILED: {error:?}");
            ExitCode::FAILURE
        }
    }
}

async fn run(tests: Vec<(&'static str, Test)>) -> anyhow::Result<()> {
    let started = Instant::now();
    let folder = Folder::new().context("cannot make a temporary folder")?;
    let scorer = Scorer::start(folder.path()).await?;
    let mut settings = vec![Setting::default(); NAMES.len()];
    settings[CHARLIE].scorer = ScorerLocation::At(scorer.url());
    settings[DAVE].keys = Keys::Keystore;
    let scenario = Scenario::start(settings, |step| println!("  {step}")).await?;
    let mut stage = Stage { scenario, scorer };
    // They end as soon as all have served, and so are wide: nobody may be late where one machine
    // runs several networks. Tests in which somebody stays away set their own.
    steps::set_parameters(&stage, |parameters| {
        parameters.answer_window = 90;
        parameters.commit_window = 90;
        parameters.reveal_window = 90;
    })
    .await?;
    println!("the network is up after {} s", started.elapsed().as_secs());

    let count = tests.len();
    for (name, test) in tests {
        println!("test {name}");
        let begun = Instant::now();
        if let Err(error) = test(&mut stage).await {
            for validator in stage.scenario.network.validators() {
                eprintln!("--- {} on judging, forks and trouble\n{}", validator.name(), story(&validator.log()));
            }
            return Err(error.context(name));
        }
        println!("test {name} ... ok, {} s", begun.elapsed().as_secs());
    }
    let books = Books::read(&stage.scenario.observer).await?;
    let accounts = books.check(&stage.scenario.observer).await?;
    println!("after all tests, {} blocks explain the balances of {accounts} accounts to the last unit", books.until());
    println!("{count} end-to-end tests passed in {} s", started.elapsed().as_secs());
    Ok(())
}
