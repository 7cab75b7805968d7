//! `poq-demo`: a whole network at work, from prompts to payouts, on one machine.

use anyhow::{ensure, Context};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use poq_client::protocol::{Phase, TaskId};
use poq_network::{
    books::Books,
    inference::Kind,
    prompts, report,
    scenario::{Scenario, BOUNTY, USER},
    validator::{Setting, NAMES},
};
use std::{
    path::PathBuf,
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

/// Starts four validators and three inference nodes on loopback, has prompts answered and judged,
/// and shows who was paid what. Everything is stopped and deleted at the end.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The prompts: JSON lines with a passage and a question [default:
    /// tests/network/prompts/demo.jsonl]
    #[arg(long, value_name = "FILE")]
    prompts: Option<PathBuf>,
    /// How many of the prompts to submit; all if left out
    #[arg(long)]
    tasks: Option<usize>,
    /// How many validators to start
    #[arg(long, default_value_t = NAMES.len(), value_parser = validators)]
    validators: usize,
    /// Keep the nodes' files and logs, and tell where they are
    #[arg(long)]
    keep_files: bool,
    /// A command to run before the end, with POQ_NODE and POQ_METRICS set to URLs of a node; its
    /// failure is the demo's
    #[arg(long, num_args = 1.., value_name = "COMMAND", allow_hyphen_values = true)]
    then: Vec<String>,
}

/// Fewer of the four validators of genesis finalize nothing.
const FEWEST: usize = 3;

fn validators(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if (FEWEST..=NAMES.len()).contains(&number) => Ok(number),
        _ => Err(format!("a number from {FEWEST} to {}: finality needs more than two thirds of them", NAMES.len())),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let started = Instant::now();
    let mut prompts = prompts::read(&arguments.prompts.map_or_else(prompts::demo_file, Ok)?)?;
    prompts.truncate(arguments.tasks.unwrap_or(prompts.len()));

    let progress = Progress::new();
    let scenario = Scenario::start(vec![Setting::default(); arguments.validators], |step| progress.step(step)).await?;
    if arguments.keep_files {
        // From here on, as they are wanted most when something goes wrong.
        scenario.network.keep_files();
        progress.step(&format!("the files are in {}", scenario.network.folder().display()));
    }
    progress.step(&format!("{USER} submits {} prompts", prompts.len()));
    let tasks = scenario.submit(&prompts).await?;
    progress.step("inference nodes answer, validators judge");
    let judged = scenario.wait(&tasks, |phases| progress.tasks(tasks.len(), phases)).await?;
    progress.step("reading every block since genesis and checking the books");
    let books = Books::read(&scenario.observer).await?;
    let accounts = books.check(&scenario.observer).await?;
    progress.done();

    let words = report::Words::new(scenario.observer.chain.token().clone())?;
    println!("{}", report::answers(&judged, &words));
    println!("{}", report::totals(&books, &words));
    let incidents = report::incidents(&judged, &words, &NAMES[..arguments.validators]);
    incidents.iter().for_each(|sentence| println!("{sentence}"));
    let token = scenario.observer.chain.token();
    let spent = books.sum(|sums| sums.spent);
    let refunded = books.sum(|sums| sums.refunded);
    ensure!(spent + refunded == BOUNTY * judged.len() as u128, "payouts and refunds are not the bounties");
    println!(
        "{} put up {}: {} went to inference nodes and validators, {} came back.",
        USER,
        token.format(spent + refunded),
        token.format(spent),
        token.format(refunded),
    );
    for kind in Kind::ALL {
        println!("The {} inference node earned {}.", kind.name(), token.format(Scenario::earned(&books, kind)?));
    }
    println!(
        "Everything adds up: the events of {} blocks explain the balances of all {accounts} accounts to the last unit.",
        books.until()
    );
    if let Some((program, rest)) = arguments.then.split_first() {
        let status = Command::new(program)
            .args(rest)
            .env("POQ_NODE", scenario.network.url())
            .env("POQ_METRICS", scenario.network.validators()[0].metrics_url())
            .status()
            .with_context(|| format!("cannot run {program}"))?;
        ensure!(status.success(), "{program} failed, {status}");
    }
    let files = scenario.network.folder().to_owned();
    drop(scenario);
    match arguments.keep_files {
        true => println!("Stopped everything; the files are in {}.", files.display()),
        false => println!("Stopped and deleted everything."),
    }
    println!("This took {} s.", started.elapsed().as_secs());
    ensure!(
        incidents.is_empty(),
        "{} things happened that must not happen to honest validators: see the sentences above",
        incidents.len()
    );
    Ok(())
}

/// What is going on, on one line of the terminal, with a line for each step that is done.
struct Progress(ProgressBar);

impl Progress {
    fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed:>4} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    fn step(&self, step: &str) {
        // Where there is no terminal, the bar is hidden and lines are all there is.
        match self.0.is_hidden() {
            true => println!("{:>4} s  {step}", self.0.elapsed().as_secs()),
            false => self.0.println(format!("{:>4} s  {step}", self.0.elapsed().as_secs())),
        }
        self.0.set_message(step.to_owned());
    }

    fn tasks(&self, all: usize, phases: &[(TaskId, Phase)]) {
        let count = |name: &str| phases.iter().filter(|(_, phase)| phase.name() == name).count();
        let ended = phases.iter().filter(|(_, phase)| phase.has_ended()).count();
        self.0.set_message(format!(
            "{} answering, {} drawing a committee, {} committing, {} revealing, {ended} of {all} ended",
            count("answering"),
            count("drawing"),
            count("committing"),
            count("revealing"),
        ));
    }

    fn done(&self) {
        self.0.finish_and_clear();
    }
}
