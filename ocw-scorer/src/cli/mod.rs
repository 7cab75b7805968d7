//! What the commands have in common.

mod fetch;
mod inspect;
mod score;
mod serve;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use ocw_scorer::Judge;
use std::path::{Path, PathBuf};

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
            Command::Inspect(inspect) => inspect.run(),
            Command::Fetch(fetch) => fetch.run(),
        }
    }
}

/// Which model.
#[derive(Args)]
struct ModelArgs {
    /// The model folder: manifest.json and the files it lists
    #[arg(long, env = "OCW_SCORER_MODEL", value_name = "FOLDER", default_value = "models/minilm-l6-judge")]
    model: PathBuf,
}

impl ModelArgs {
    fn load(&self) -> anyhow::Result<Judge> {
        load(&self.model)
    }
}

fn load(folder: &Path) -> anyhow::Result<Judge> {
    Judge::load(folder).with_context(|| format!("cannot load the model in {}", folder.display()))
}
