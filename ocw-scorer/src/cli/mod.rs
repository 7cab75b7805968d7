//! What the commands have in common.

mod fetch;
mod inspect;
mod normal;
mod score;
mod serve;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use ocw_scorer::Scorer;
use std::{
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

/// Judges how well an answer fits a prompt, with a small cross-encoder on the CPU.
#[derive(Parser)]
#[command(version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer requests for scores over HTTP until interrupted
    Serve(serve::Serve),
    /// Score one prompt and answer, or JSON lines of them, and print JSON lines
    Score(score::Score),
    /// Print the normal form of texts, as models that were trained on it read them
    Normal(normal::Normal),
    /// Check a model folder and show what it is, its limits and its speed on this machine
    Inspect(inspect::Inspect),
    /// Bring a model from a Hugging Face hub, check it and write its manifest
    Fetch(fetch::Fetch),
}

impl Cli {
    /// Runs the command that was given.
    pub fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Serve(serve) => serve.run(),
            Command::Score(score) => score.run(),
            Command::Normal(normal) => normal.run(),
            Command::Inspect(inspect) => inspect.run(),
            Command::Fetch(fetch) => fetch.run(),
        }
    }
}

/// Which model.
#[derive(Args)]
struct ModelArgs {
    /// The model folder: manifest.json and the files it lists
    #[arg(long, env = "OCW_SCORER_MODEL", value_name = "FOLDER", default_value = "models/mpnet-judge")]
    model: PathBuf,
}

impl ModelArgs {
    fn load(&self) -> anyhow::Result<Scorer> {
        load(&self.model)
    }
}

/// The lines of a file, or of standard input, that are not blank, as they come: their numbers and
/// bytes.
fn lines(file: Option<PathBuf>) -> anyhow::Result<impl Iterator<Item = (usize, anyhow::Result<Vec<u8>>)>> {
    let reader: Box<dyn BufRead> = match &file {
        Some(path) => {
            let file = std::fs::File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
            Box::new(BufReader::new(file))
        }
        None => Box::new(io::stdin().lock()),
    };
    let is_blank = |line: &io::Result<Vec<u8>>| line.as_ref().is_ok_and(|line| line.trim_ascii().is_empty());
    Ok((1..)
        .zip(reader.split(b'\n'))
        .filter(move |(_, line)| !is_blank(line))
        .map(|(number, line)| (number, line.context("the input cannot be read"))))
}

fn load(folder: &Path) -> anyhow::Result<Scorer> {
    Scorer::load(folder).with_context(|| format!("cannot load the model in {}", folder.display()))
}
