//! `ocw-scorer inspect`: what a model folder is, and what it costs here.

use super::ModelArgs;
use clap::Args;
use ocw_scorer::{
    internal::{prose, resident_memory},
    Scorer,
};
use std::{
    collections::BTreeMap,
    io::{stdout, Write as _},
    time::{Duration, Instant},
};

#[derive(Args)]
pub(super) struct Inspect {
    #[command(flatten)]
    model: ModelArgs,
    /// Also show where the time of a run over so many tokens goes
    #[arg(long, value_name = "TOKENS", value_parser = clap::value_parser!(u16).range(2..=8192))]
    profile: Option<u16>,
}

/// How often a pair is judged to measure the time.
const RUNS: u32 = 5;

impl Inspect {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let start = Instant::now();
        let judge = self.model.load()?;
        let load = start.elapsed();
        let manifest = judge.manifest();
        // Whoever reads may stop in the middle, as `head` does: that is an error here, and none in
        // `main`.
        let row = |name: &str, value: &str| writeln!(stdout(), "{name:<12} {value}");
        row("name", &manifest.name)?;
        row("digest", &hex::encode(judge.digest()))?;
        row("description", &manifest.description)?;
        row("licence", &manifest.licence)?;
        row("origin", &manifest.origin)?;
        row("limit", &format!("{} tokens for prompt and answer together", manifest.max_length))?;
        for (name, sha256) in &manifest.files {
            row("file", &format!("{name} sha256 {sha256}, verified"))?;
        }
        row("load time", &format!("{:.2} s", load.as_secs_f64()))?;
        for tokens in [128, 512] {
            let tokens = tokens.min(manifest.max_length);
            row("speed", &speed(&judge, tokens)?)?;
        }
        if let Some(memory) = resident_memory() {
            row("memory", &format!("{memory} MiB resident after judging"))?;
        }
        if let Some(tokens) = self.profile {
            for (operator, time) in profile(&judge, usize::from(tokens).min(manifest.max_length))? {
                row("profile", &format!("{:8.3} ms  {operator}", time.as_secs_f64() * 1000.0))?;
            }
        }
        Ok(())
    }
}

/// The mean time of a pair that fills `tokens` tokens, on one thread.
fn speed(judge: &Scorer, tokens: usize) -> anyhow::Result<String> {
    let prompt = b"What is this?";
    let answer = |words: usize| prose(words, 1).into_bytes();
    // What a word costs depends on the tokenizer: find the longest answer that leaves the pair
    // within `tokens`.
    let (mut fits, mut too_long) = (1, tokens);
    while too_long - fits > 1 {
        let words = (fits + too_long) / 2;
        let judged = judge.judge(prompt, &answer(words))?;
        if judged.tokens > tokens || judged.truncated {
            too_long = words;
        } else {
            fits = words;
        }
    }
    let answer = answer(fits);
    let start = Instant::now();
    let mut read = 0;
    for _ in 0..RUNS {
        read = judge.judge(prompt, &answer)?.tokens;
    }
    let mean = start.elapsed() / RUNS;
    Ok(format!("{:.1} ms for {read} tokens on one thread, mean of {RUNS}", mean.as_secs_f64() * 1000.0))
}

/// The mean time of each kind of operator, longest first.
fn profile(judge: &Scorer, tokens: usize) -> anyhow::Result<Vec<(String, Duration)>> {
    let mut times = BTreeMap::<String, Duration>::new();
    for _ in 0..RUNS {
        for (operator, time) in judge.profile(tokens)? {
            *times.entry(operator).or_default() += time / RUNS;
        }
    }
    let mut times: Vec<_> = times.into_iter().collect();
    times.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    Ok(times)
}
