//! `poq submit`: one prompt, or many from a file.

use super::{
    arguments::{parse_hex, Signing},
    render::{self, advise, say},
};
use crate::{amount::Token, keys, protocol::Outcome, submit, watch, AccountId, Chain, ClientError, NewTask, TaskId};
use anyhow::{bail, Context};
use clap::Args;
use futures::{stream::FuturesUnordered, StreamExt};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};
use std::{
    io::{IsTerminal, Read},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

/// The exit status if a task expired without a consensus.
const EXPIRED: u8 = 2;

#[derive(Args)]
#[command(after_help = "With --wait the exit status is 0 if all tasks were settled, and 2 if one expired.")]
pub struct Submit {
    /// The prompt; - reads it from the standard input, as does giving none.
    prompt: Option<String>,
    /// Read the prompt from a file.
    #[arg(long, value_name = "FILE", conflicts_with = "prompt")]
    file: Option<PathBuf>,
    /// Submit many at once: a file with one JSON object a line, {"prompt": "...", "bounty": "10",
    /// "responders": 3}, of which only the prompt is needed.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["prompt", "file"])]
    batch: Option<PathBuf>,
    /// The bounty for each task, in whole tokens; the smallest that the chain takes if not given.
    #[arg(long, value_name = "AMOUNT")]
    bounty: Option<String>,
    /// How many inference nodes are to answer.
    #[arg(long, default_value_t = 3)]
    responders: u32,
    /// Insist on being judged by the model with this digest.
    #[arg(long, value_name = "HEX", value_parser = parse_hex::<32>)]
    model: Option<[u8; 32]>,
    /// Show the phases live, and at the end answers, scores and payouts.
    #[arg(long)]
    wait: bool,
    /// Print one JSON object for each task; amounts are in the smallest unit.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    prompt: String,
    bounty: Option<String>,
    responders: Option<u32>,
}

#[derive(Serialize)]
struct Submitted {
    task: TaskId,
}

impl Submit {
    pub async fn run(self, node: &str) -> anyhow::Result<ExitCode> {
        let signer = self.signing.key()?;
        let lines = self.lines()?;
        let chain = Chain::connect(node).await?;
        let tasks = self.tasks(&chain, lines).await?;
        let prompts: Vec<Vec<u8>> = tasks.iter().map(|task| task.prompt.clone()).collect();
        let results = chain.submit_tasks(&signer, tasks).await.map_err(|error| advise(&chain, error))?;
        let account = keys::account(&signer);
        let (mut ids, mut failed) = (Vec::new(), false);
        for (place, (result, prompt)) in results.into_iter().zip(prompts).enumerate() {
            match result {
                Ok(id) => ids.push((id, prompt)),
                Err(error) => {
                    failed = true;
                    eprintln!("error: prompt {}: {:#}", place + 1, advise(&chain, error));
                }
            }
        }
        if !self.wait {
            for (task, _) in &ids {
                match self.json {
                    true => say(serde_json::to_string(&Submitted { task: *task })?)?,
                    false => say(format_args!("task {task} submitted; follow it with: poq watch --task {task}"))?,
                }
            }
            return Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS });
        }
        let expired = self.follow(&chain, &account, ids).await?;
        Ok(match (failed, expired) {
            (true, _) => ExitCode::FAILURE,
            (false, true) => ExitCode::from(EXPIRED),
            (false, false) => ExitCode::SUCCESS,
        })
    }

    fn lines(&self) -> anyhow::Result<Vec<Line>> {
        if let Some(path) = &self.batch {
            return read_batch(path);
        }
        let prompt = match (&self.prompt, &self.file) {
            (Some(prompt), _) if prompt != "-" => prompt.clone(),
            (_, Some(path)) => std::fs::read_to_string(path)
                .with_context(|| format!("cannot read the prompt in {}", path.display()))?,
            _ => {
                let mut input = std::io::stdin();
                if input.is_terminal() {
                    eprintln!("reading the prompt from the keyboard; end it with Ctrl-D");
                }
                let mut prompt = String::new();
                input.read_to_string(&mut prompt).context("cannot read the prompt from the standard input")?;
                prompt
            }
        };
        match prompt.trim() {
            "" => bail!("the prompt is empty; give one as an argument, with --file, or on the standard input"),
            prompt => Ok(vec![Line { prompt: prompt.into(), bounty: None, responders: None }]),
        }
    }

    async fn tasks(&self, chain: &Chain, lines: Vec<Line>) -> Result<Vec<NewTask>, ClientError> {
        let token = chain.token();
        let bounty = match &self.bounty {
            Some(text) => token.parse(text)?,
            None => chain.parameters().await?.min_bounty,
        };
        lines
            .into_iter()
            .map(|line| {
                Ok(NewTask {
                    prompt: line.prompt.into_bytes(),
                    bounty: line.bounty.map_or(Ok(bounty), |text| token.parse(&text))?,
                    responders: line.responders.unwrap_or(self.responders),
                    model: self.model,
                })
            })
            .collect()
    }

    /// Follows tasks to their ends; whether one expired.
    async fn follow(&self, chain: &Chain, account: &AccountId, ids: Vec<(TaskId, Vec<u8>)>) -> anyhow::Result<bool> {
        let board = Board::new();
        let mut running: FuturesUnordered<_> = ids
            .into_iter()
            .map(|(id, prompt)| {
                let board = &board;
                async move { watch_one(chain, account, id, &prompt, board).await }
            })
            .collect();
        let mut expired = false;
        while let Some(ended) = running.next().await {
            let (id, outcome) = ended?;
            expired |= outcome.expired.is_some();
            // The connection may have been replaced meanwhile.
            let answers = match chain.answers(id).await {
                Err(error) if error.is_connection() => chain.reconnect().await?.answers(id).await?,
                other => other?,
            };
            let report = match self.json {
                true => render::ended_json(id, &answers, &outcome)?,
                false => render::ended(id, &answers, &outcome, chain.token()),
            };
            board.print(&report)?;
        }
        Ok(expired)
    }
}

/// Follows one task. If a reorganisation gave the task another number, that number's.
async fn watch_one(
    chain: &Chain,
    account: &AccountId,
    mut id: TaskId,
    prompt: &[u8],
    board: &Board,
) -> Result<(TaskId, Outcome), ClientError> {
    loop {
        let line = board.line(id);
        let ended = watch::wait_until_ended(chain, id, |phase| line.tell(id, phase)).await;
        line.done();
        let current = match chain.is_connected() {
            true => chain.clone(),
            false => chain.reconnect().await?,
        };
        match submit::locate(&current, account, prompt, id).await? {
            Some(found) if found == id => return ended.map(|outcome| (id, outcome)),
            Some(found) => id = found,
            None => return ended.and(Err(ClientError::UnknownTask(id))),
        }
    }
}

/// Shows phases: one moving line for each task on a terminal, plain lines elsewhere.
struct Board(Option<MultiProgress>);

struct BoardLine(Option<ProgressBar>);

impl Board {
    fn new() -> Self {
        Self(std::io::stderr().is_terminal().then(MultiProgress::new))
    }

    fn line(&self, task: TaskId) -> BoardLine {
        BoardLine(self.0.as_ref().map(|lines| {
            let line = lines.add(ProgressBar::new_spinner());
            if let Ok(style) = ProgressStyle::with_template("{spinner} task {prefix:>4}  {msg}  ({elapsed})") {
                line.set_style(style);
            }
            line.set_prefix(task.to_string());
            line.enable_steady_tick(Duration::from_millis(120));
            line
        }))
    }

    fn print(&self, report: &str) -> std::io::Result<()> {
        match &self.0 {
            Some(lines) => lines.suspend(|| say(report)),
            None => say(report),
        }
    }
}

impl BoardLine {
    fn tell(&self, task: TaskId, phase: &crate::protocol::Phase) {
        match &self.0 {
            Some(line) => line.set_message(phase.to_string()),
            None => eprintln!("task {task}: {phase}"),
        }
    }

    fn done(&self) {
        if let Some(line) = &self.0 {
            line.finish_and_clear();
        }
    }
}

fn read_batch(path: &Path) -> anyhow::Result<Vec<Line>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read the prompts in {}", path.display()))?;
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let parsed: Line = serde_json::from_str(line)
            .with_context(|| format!("line {} of {} is not a prompt", number + 1, path.display()))?;
        if let Some(bounty) = &parsed.bounty {
            Token::default().parse(bounty).or_else(|error| match error {
                // Only the chain knows its decimals.
                crate::amount::AmountError::TooFine { .. } => Ok(0),
                error => Err(error),
            })?;
        }
        lines.push(parsed);
    }
    match lines.is_empty() {
        true => {
            bail!("{} has no prompts; give one JSON object a line, such as {{\"prompt\": \"...\"}}", path.display())
        }
        false => Ok(lines),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn batch(text: &str) -> anyhow::Result<Vec<Line>> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        read_batch(file.path())
    }

    #[test]
    fn a_batch_has_one_object_a_line() {
        let lines =
            batch("{\"prompt\": \"a\"}\n\n{\"prompt\": \"b\", \"bounty\": \"2.5\", \"responders\": 1}\n").unwrap();
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[1].bounty.as_deref(), lines[1].responders), (Some("2.5"), Some(1)));
    }

    #[test]
    fn a_broken_batch_is_refused_with_the_line() {
        assert!(batch("").is_err());
        for broken in ["{\"prompt\": \"a\"}\n{\"promt\": \"b\"}", "{\"prompt\": \"a\"}\nnonsense"] {
            let error = batch(broken).err().unwrap();
            assert!(error.to_string().starts_with("line 2 of"), "{error}");
        }
    }
}
