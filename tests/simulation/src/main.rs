//! Experiments on the rules of Proof of Quality: who earns what, and how far liars move the
//! consensus. Run them with `make simulate`.
//!
//! Writes `sweep.csv` (a line for each cell, added as it is done: a run that was interrupted goes
//! on where it was), the plots and the report to `docs/simulation/`.

mod cell;
mod profile;
mod random;
mod report;
mod score;
mod single;
mod strategy;
mod world;

use anyhow::Context;
use cell::{Cell, Row};
use clap::Parser;
use indicatif::{ParallelProgressIterator, ProgressBar, ProgressStyle};
use poq_mechanism::{aggregate::Aggregator, rules::Rules, trust::Update};
use profile::Profile;
use rayon::prelude::*;
use std::{
    collections::BTreeSet,
    fs::OpenOptions,
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
    sync::Mutex,
};
use strategy::Strategy;

/// Who earns what, and how far liars move the consensus: the chain's own rules, without a chain
#[derive(Parser)]
struct Arguments {
    /// The network's people and its judge
    #[arg(long, default_value = "tests/simulation/profiles/judge.toml")]
    profile: PathBuf,
    /// Tasks that count, for each cell
    #[arg(long, default_value_t = 5_000)]
    tasks: usize,
    /// What fixes all random numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the table, the plots and the report go
    #[arg(long, default_value = "docs/simulation")]
    out: PathBuf,
    /// Forget the table of an earlier run
    #[arg(long)]
    afresh: bool,
}

const COMMITTEES: [usize; 4] = [3, 5, 7, 11];
const PERCENTS: [usize; 6] = [0, 10, 20, 30, 40, 45];
const AGGREGATORS: [Aggregator; 4] = [Aggregator::Mean, Aggregator::Median, Aggregator::Trimmed, Aggregator::Trusted];
const UPDATES: [Update; 2] = [Update::Published, Update::Centred];

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for committee in COMMITTEES {
        for aggregator in AGGREGATORS {
            for update in UPDATES {
                for strategy in Strategy::OTHERS {
                    for percent in PERCENTS {
                        // With nobody who follows it, one strategy is as good as another.
                        if percent > 0 || strategy == Strategy::OTHERS[0] {
                            cells.push(Cell { committee, aggregator, update, strategy, percent });
                        }
                    }
                }
            }
        }
    }
    cells
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let profile = Profile::read(&arguments.profile)?;
    std::fs::create_dir_all(&arguments.out)?;
    let path = arguments.out.join("sweep.csv");
    if arguments.afresh && path.exists() {
        std::fs::remove_file(&path)?;
    }
    let rules = Rules::default();
    rules.check().map_err(|error| anyhow::anyhow!("the default rules do not hold together: {error:?}"))?;
    let fingerprint = fingerprint(&(rules, &profile, arguments.tasks, arguments.seed));
    let earlier = rows(&path)?;
    if let Some(row) = earlier.iter().find(|row| row.fingerprint != fingerprint) {
        let (path, other) = (path.display(), &row.fingerprint);
        anyhow::bail!("{path} is of other rules, people or arguments ({other}, these are {fingerprint}); run with --afresh, or with another --out");
    }
    let known: BTreeSet<String> = earlier.iter().map(key).collect();
    let left: Vec<Cell> = cells().into_iter().filter(|cell| !known.contains(&cell.key(&profile.name))).collect();
    if !left.is_empty() {
        let bar = ProgressBar::new(left.len() as u64);
        bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} cells, {eta} left")?);
        let is_new = !path.exists();
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        let table = Mutex::new(csv::WriterBuilder::new().has_headers(is_new).from_writer(file));
        left.par_iter().progress_with(bar).try_for_each(|cell| {
            let row = cell.run(rules, &profile, arguments.tasks, arguments.seed, &fingerprint);
            let mut table = table.lock().map_err(|_| anyhow::anyhow!("another cell failed"))?;
            table.serialize(row)?;
            table.flush().map_err(anyhow::Error::from)
        })?;
    }
    let mut rows = rows(&path)?;
    // Cells end in any order; the table is for people to compare.
    let place = |row: &Row| cells().iter().position(|cell| cell.key(&profile.name) == key(row));
    rows.sort_by_cached_key(place);
    let mut table = csv::Writer::from_path(&path)?;
    rows.iter().try_for_each(|row| table.serialize(row))?;
    table.flush()?;
    let singles = single::all(rules, &profile, arguments.seed);
    report::write(&arguments.out, &profile, rules, &rows, &singles)?;
    println!("{}", std::fs::read_to_string(arguments.out.join("REPORT.md"))?);
    Ok(())
}

fn key(row: &Row) -> String {
    format!("{}/{}/{}/{}/{}/{}", row.profile, row.committee, row.aggregator, row.trust, row.strategy, row.percent)
}

fn rows(path: &std::path::Path) -> anyhow::Result<Vec<Row>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    csv::Reader::from_path(path)?
        .deserialize()
        .map(|row| row.with_context(|| format!("{} is damaged; run with --afresh", path.display())))
        .collect()
}

/// A short name for all that a table depends on but the code itself.
fn fingerprint(of: &impl std::fmt::Debug) -> String {
    let mut hasher = DefaultHasher::new();
    format!("{of:?}").hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
