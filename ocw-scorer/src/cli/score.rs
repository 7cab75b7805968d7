//! `ocw-scorer score`: one pair from the command line, or many as JSON lines.

use super::{lines, ModelArgs};
use anyhow::bail;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use ocw_scorer::{internal::JsonVerdict, Scorer};
use serde::{Deserialize, Serialize};
use std::{
    io::{self, Write},
    path::PathBuf,
};

#[derive(Args)]
pub(super) struct Score {
    #[command(flatten)]
    model: ModelArgs,
    /// The prompt; with --answer
    #[arg(long, requires = "answer")]
    prompt: Option<String>,
    /// The answer; with --prompt
    #[arg(long, requires = "prompt", conflicts_with = "file")]
    answer: Option<String>,
    /// A file of JSON lines {"prompt": "...", "answer": "..."}, "id" is passed through; standard
    /// input if left out
    file: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Line {
    id: Option<serde_json::Value>,
    prompt: String,
    answer: String,
}

#[derive(Serialize)]
struct Scored {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<serde_json::Value>,
    #[serde(flatten)]
    verdict: JsonVerdict,
    /// What the model itself put out.
    logit: Option<f32>,
}

impl Score {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let judge = self.model.load()?;
        let mut out = io::stdout().lock();
        if let (Some(prompt), Some(answer)) = (self.prompt, self.answer) {
            return print(&mut out, &scored(&judge, Line { id: None, prompt, answer })?);
        }
        let progress = progress()?;
        let (mut all, mut failed) = (0usize, 0usize);
        // One by one, so that a program can ask with what it has learned from the last answer.
        for (number, line) in lines(self.file)? {
            let line = line?;
            all += 1;
            match serde_json::from_slice(&line).map_err(Into::into).and_then(|line| scored(&judge, line)) {
                Ok(scored) => print(&mut out, &scored)?,
                Err(error) => {
                    failed += 1;
                    print(&mut out, &serde_json::json!({ "line": number, "error": error.to_string() }))?;
                }
            }
            progress.inc(1);
        }
        progress.finish_and_clear();
        if failed > 0 {
            bail!("{failed} of {all} lines got no score; the lines with \"error\" say why");
        }
        Ok(())
    }
}

fn scored(judge: &Scorer, line: Line) -> anyhow::Result<Scored> {
    let judgement = judge.judge(line.prompt.as_bytes(), line.answer.as_bytes())?;
    Ok(Scored { id: line.id, verdict: (&judgement).into(), logit: judgement.logit })
}

fn print(out: &mut impl Write, line: &impl Serialize) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    writeln!(out)?;
    Ok(())
}

/// A counter on standard error; hidden where that is no terminal.
fn progress() -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{spinner} {pos} answers, {per_sec}")?;
    Ok(ProgressBar::new_spinner().with_style(style))
}
