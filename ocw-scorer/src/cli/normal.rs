//! `ocw-scorer normal`: the normal form of prompts and answers, for those who train or examine a
//! model.

use super::lines;
use anyhow::Context;
use clap::Args;
use ocw_scorer::internal::{normal, Side};
use serde::{Deserialize, Serialize};
use std::{
    io::{self, BufWriter, Write},
    path::PathBuf,
};

#[derive(Args)]
pub(super) struct Normal {
    /// A file of JSON lines {"prompt": "...", "answer": "..."}; standard input if left out
    file: Option<PathBuf>,
}

#[derive(Deserialize, Serialize)]
struct Line {
    prompt: String,
    answer: String,
}

impl Normal {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        for (number, line) in lines(self.file)? {
            let Line { prompt, answer } =
                serde_json::from_slice(&line?).with_context(|| format!("line {number} is no prompt and answer"))?;
            let line = Line { prompt: normal(&prompt, Side::Prompt), answer: normal(&answer, Side::Answer) };
            serde_json::to_writer(&mut out, &line)?;
            writeln!(out)?;
        }
        Ok(out.flush()?)
    }
}
