//! `poq answer`: an inference node.

use super::arguments::Signing;
use crate::{
    answering::{
        self,
        backend::{Backend, Echo, Extractive, Fixed, OpenAi, OpenAiConfig},
        AnswerConfig,
    },
    Chain,
};
use anyhow::{bail, Context};
use clap::{Args, ValueEnum};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

/// What the off-topic backend says.
const OFF_TOPIC: [&str; 4] = [
    "The weather tomorrow will be mild, with light winds from the west.",
    "A good soup needs time, salt and patience.",
    "Trains in the valley leave every half hour.",
    "My favourite colour is green.",
];

#[derive(Args)]
pub struct Answer {
    /// What answers the prompts.
    #[arg(long, value_enum, default_value_t = Kind::Extractive)]
    backend: Kind,
    /// The scorer that ranks sentences for the extractive backend.
    #[arg(
        long,
        visible_alias = "scorer",
        env = "POQ_SCORER_URL",
        value_name = "URL",
        default_value = "http://127.0.0.1:9955"
    )]
    scorer_url: String,
    /// A file with the token that the scorer asks for; or set POQ_SCORER_TOKEN.
    #[arg(long, value_name = "FILE")]
    scorer_token_file: Option<PathBuf>,
    /// The base of an OpenAI-compatible interface, such as http://127.0.0.1:11434/v1.
    #[arg(long, env = "POQ_OPENAI_URL", value_name = "URL", required_if_eq("backend", "openai"))]
    openai_url: Option<String>,
    /// The model to ask there.
    #[arg(long, env = "POQ_OPENAI_MODEL", value_name = "NAME", required_if_eq("backend", "openai"))]
    openai_model: Option<String>,
    /// A file with the key for that interface; or set POQ_OPENAI_KEY.
    #[arg(long, value_name = "FILE")]
    openai_key_file: Option<PathBuf>,
    /// What the model is told before the prompt.
    #[arg(long, value_name = "TEXT", default_value = "Answer the user's question correctly and concisely.")]
    system: String,
    /// The longest answer, in tokens.
    #[arg(long, default_value_t = 512)]
    max_tokens: u32,
    /// How free the model is.
    #[arg(long, default_value_t = 0.2)]
    temperature: f32,
    /// The one answer of the fixed backend.
    #[arg(long, value_name = "TEXT", conflicts_with = "text_file")]
    text: Option<String>,
    /// The answers of the fixed backend, one a line; a task's number picks one.
    #[arg(long, value_name = "FILE")]
    text_file: Option<PathBuf>,
    /// The bond to join with, in whole tokens; the smallest that the chain takes if not given.
    #[arg(long, value_name = "AMOUNT")]
    bond: Option<String>,
    /// How many answers the backend may be asked for at once.
    #[arg(long, default_value_t = 4)]
    concurrency: usize,
    /// Also answer tasks that others were drawn for and leave unanswered.
    #[arg(long)]
    step_in: bool,
    /// How often the backend is asked for one answer.
    #[arg(long, default_value_t = 5)]
    attempts: u32,
    /// How many seconds the backend may take for one answer.
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    timeout: u64,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// The best sentences of the prompt's own passage; needs no language model.
    Extractive,
    /// A language model behind OpenAI's interface.
    Openai,
    /// The prompt itself; for demonstrations.
    Echo,
    /// Given answers, whatever is asked; for demonstrations.
    Fixed,
    /// Something that has nothing to do with the prompt; for demonstrations.
    OffTopic,
}

impl Answer {
    pub async fn run(self, node: &str) -> anyhow::Result<ExitCode> {
        let mut config = AnswerConfig::new(node, self.signing.key()?, self.backend()?);
        if let Some(bond) = &self.bond {
            config.bond = Some(Chain::connect(node).await?.token().parse(bond)?);
        }
        config.concurrency = self.concurrency;
        config.step_in = self.step_in;
        config.attempts = self.attempts;
        config.timeout = Duration::from_secs(self.timeout);
        let summary = answering::run(config, shutdown()).await?;
        eprintln!("stopped; {} tasks answered, {} not answered", summary.answered, summary.given_up);
        Ok(ExitCode::SUCCESS)
    }

    fn backend(&self) -> anyhow::Result<Arc<dyn Backend>> {
        let timeout = Duration::from_secs(self.timeout);
        let given = |option: &Option<String>, name: &str| option.clone().with_context(|| format!("{name} is needed"));
        Ok(match self.backend {
            Kind::Extractive => Arc::new(Extractive::new(&self.scorer_url, timeout)?.with_token(self.scorer_token()?)),
            Kind::Openai => Arc::new(OpenAi::new(OpenAiConfig {
                api_key: self.api_key()?,
                system: (!self.system.is_empty()).then(|| self.system.clone()),
                max_tokens: self.max_tokens,
                temperature: self.temperature,
                timeout,
                ..OpenAiConfig::new(
                    given(&self.openai_url, "--openai-url")?,
                    given(&self.openai_model, "--openai-model")?,
                )
            })?),
            Kind::Echo => Arc::new(Echo),
            Kind::Fixed => Arc::new(match (&self.text, &self.text_file) {
                (Some(text), _) => Fixed::new(vec![text.clone()])?,
                (None, Some(path)) => Fixed::from_file(path)?,
                (None, None) => bail!("the fixed backend needs --text or --text-file"),
            }),
            Kind::OffTopic => Arc::new(Fixed::new(OFF_TOPIC.map(String::from).to_vec())?),
        })
    }

    fn api_key(&self) -> anyhow::Result<Option<String>> {
        secret(self.openai_key_file.as_deref(), "POQ_OPENAI_KEY")
    }

    fn scorer_token(&self) -> anyhow::Result<Option<String>> {
        secret(self.scorer_token_file.as_deref(), "POQ_SCORER_TOKEN")
    }
}

/// What a file holds, or else a variable of the environment.
fn secret(file: Option<&Path>, variable: &str) -> anyhow::Result<Option<String>> {
    match file {
        Some(path) => {
            let secret = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            let secret = secret.trim();
            anyhow::ensure!(!secret.is_empty(), "{} is empty: it must hold the secret", path.display());
            Ok(Some(secret.to_owned()))
        }
        None => Ok(std::env::var(variable).ok().filter(|secret| !secret.is_empty())),
    }
}

/// Ready when the operator or the system asks to stop.
async fn shutdown() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<Option<()>>();
    tokio::select! {
        () = interrupted => (),
        _ = terminated => (),
    }
}
