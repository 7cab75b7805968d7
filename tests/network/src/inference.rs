//! Inference nodes: `poq answer` processes of three kinds.

use crate::{process::Process, programs::Program};
use poq_client::{keys, protocol::AccountId};
use std::path::{Path, PathBuf};
use subxt_signer::sr25519::Keypair;

/// How an inference node answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Picks the sentence of the passage that fits the question best.
    Honest,
    /// Says something that has nothing to do with the prompt.
    OffTopic,
    /// Says the prompt back.
    Echo,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 3] = [Kind::Honest, Kind::OffTopic, Kind::Echo];

    /// The kind, for people.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Honest => "honest",
            Kind::OffTopic => "off-topic",
            Kind::Echo => "echo",
        }
    }

    /// The development account that it is paid to.
    pub fn party(self) -> &'static str {
        match self {
            Kind::Honest => "Inference1",
            Kind::OffTopic => "Inference2",
            Kind::Echo => "Inference3",
        }
    }

    fn backend(self, scorer: &str) -> Vec<String> {
        let arguments: &[&str] = match self {
            Kind::Honest => &["--backend", "extractive", "--scorer-url", scorer],
            Kind::OffTopic => &["--backend", "off-topic"],
            Kind::Echo => &["--backend", "echo"],
        };
        arguments.iter().map(|argument| (*argument).into()).collect()
    }
}

/// The key of a development account.
pub fn key(name: &str) -> anyhow::Result<Keypair> {
    Ok(keys::development(name)?)
}

/// The account of a development name.
pub fn account(name: &str) -> anyhow::Result<AccountId> {
    Ok(keys::account(&key(name)?))
}

fn run(kind: Kind, arguments: &[String], log: &Path) -> anyhow::Result<Process> {
    Process::start(&format!("the {} inference node", kind.name()), Program::Client, arguments, log)
}

/// A running inference node. Its process ends when this is dropped.
pub struct InferenceNode {
    kind: Kind,
    arguments: Vec<String>,
    log: PathBuf,
    process: Process,
}

impl InferenceNode {
    /// Starts one that talks to the node at `url` and, if it is honest, asks the scorer at `scorer`
    /// for its own opinion. It joins by itself.
    pub fn start(kind: Kind, url: &str, scorer: &str, folder: &Path) -> anyhow::Result<Self> {
        let mut arguments: Vec<String> =
            ["answer", "--node", url, "--dev-account", kind.party()].map(Into::into).into();
        arguments.extend(kind.backend(scorer));
        let log = folder.join(format!("inference-{}.log", kind.name()));
        let process = run(kind, &arguments, &log)?;
        Ok(Self { kind, arguments, log, process })
    }

    /// Kills the process, as a power cut would. It keeps nothing but its account's key.
    pub fn kill(&self) {
        self.process.kill();
    }

    /// Starts the process again after a kill.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.process = run(self.kind, &self.arguments, &self.log)?;
        Ok(())
    }

    /// How it answers.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Fails, with the end of the log, if the process has ended by itself.
    pub fn check(&self) -> anyhow::Result<()> {
        self.process.check()
    }
}
