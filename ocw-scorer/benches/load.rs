//! The judge under load: pairs per second with a queue that is never empty, and the memory it takes
//! as it goes on.
//!
//! Usage: load MODEL_FOLDER --threads N --tokens T --answers A
//!
//! Prints a line of JSON for each tenth of the answers: {"judged": .., "seconds": ..,
//! "resident_mib": ..}.

use clap::Parser;
use ocw_scorer::{
    http::ThreadStart,
    internal::{prose, resident_memory, Queue, QueueError, Work},
    Scorer,
};
use prometheus::IntGauge;
use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

#[derive(Parser)]
struct Arguments {
    /// The model folder.
    model: PathBuf,
    /// Workers.
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// About so many tokens in each pair.
    #[arg(long, default_value_t = 128)]
    tokens: usize,
    /// How many answers are judged in all.
    #[arg(long, default_value_t = 500)]
    answers: usize,
}

/// Waiting requests: more than workers, so that none of these waits.
const WAITING: usize = 16;
const LATE: Duration = Duration::from_secs(3600);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Test runs start benches as well, with flags of their own; without a model there is nothing to
    // time.
    if std::env::args().skip(1).all(|argument| argument.starts_with('-')) {
        return Ok(());
    }
    let arguments = Arguments::parse();
    let judge = Arc::new(Scorer::load(&arguments.model)?);
    let depth = IntGauge::new("depth", "how many wait")?;
    let ask = |judge: &Arc<Scorer>, prompt: &[u8], answer: &[u8]| judge.judge(prompt, answer);
    let queue = Queue::start(arguments.threads, WAITING, depth, ThreadStart::default(), ask)?;
    // Beside the prompt and the frame, and no text twice.
    let answer = |number: usize| prose(arguments.tokens.saturating_sub(11), number as u32).into_bytes();
    let start = Instant::now();
    let mut waiting = VecDeque::new();
    let tenth = (arguments.answers / 10).max(1);
    for number in 0..arguments.answers + WAITING {
        if number < arguments.answers {
            let work = Work { prompt: b"What was sold, and when?".to_vec(), answers: vec![answer(number)] };
            waiting.push_back(loop {
                match queue.submit(judge.clone(), work.clone(), Instant::now() + LATE) {
                    Err(QueueError::Busy) => std::thread::yield_now(),
                    other => break other?,
                }
            });
        }
        if number + 1 > WAITING {
            if let Some(outcome) = waiting.pop_front() {
                outcome.blocking_recv()??;
            }
            let judged = number + 1 - WAITING;
            if judged.is_multiple_of(tenth) {
                let resident = resident_memory().unwrap_or(0);
                println!(
                    r#"{{"judged": {judged}, "seconds": {:.3}, "resident_mib": {resident}}}"#,
                    start.elapsed().as_secs_f64()
                );
            }
        }
    }
    Ok(())
}
