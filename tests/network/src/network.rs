//! A whole network on loopback: validators that know each other, in one folder that goes with it.

use crate::{
    cleanup::Folder,
    observer::Observer,
    validator::{specify_chain, Setting, Validator},
};
use anyhow::{bail, Context};
use std::{path::Path, time::Duration};
use tokio::time::{sleep, Instant};

/// How long a network may take until it finalizes blocks.
const START: Duration = Duration::from_secs(400);
const POLL: Duration = Duration::from_millis(250);

/// A running network. All its processes end and its files go when this is dropped, or on an
/// interrupt.
pub struct Network {
    // Before the folder, so that processes have ended when their files go.
    validators: Vec<Validator>,
    folder: Folder,
}

impl Network {
    /// Starts one validator for each setting and waits until they are all connected and finalize
    /// blocks.
    pub async fn start(settings: Vec<Setting>) -> anyhow::Result<Self> {
        let folder = Folder::new().context("cannot make a temporary folder")?;
        Self::start_in(folder, settings).await
    }

    /// As [`Network::start`], in a folder in which other things may be already.
    pub async fn start_in(folder: Folder, settings: Vec<Setting>) -> anyhow::Result<Self> {
        let chain = specify_chain(folder.path())?;
        Self::start_on(folder, &chain, settings).await
    }

    /// As [`Network::start_in`], on the chain that this file specifies.
    pub async fn start_on(folder: Folder, chain: &Path, settings: Vec<Setting>) -> anyhow::Result<Self> {
        let mut validators = Vec::new();
        for (index, setting) in settings.into_iter().enumerate() {
            validators.push(Validator::new(index, setting, chain, folder.path())?);
        }
        let bootnode = validators.first().context("a network needs a validator")?.multiaddr()?;
        for (index, validator) in validators.iter_mut().enumerate() {
            validator.start((index > 0).then(|| bootnode.clone()))?;
        }
        let network = Self { validators, folder };
        network.wait_until_finalising().await?;
        Ok(network)
    }

    /// The folder for files of this network's companions.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Keeps all files, logs among them, when the network goes.
    pub fn keep_files(&self) {
        self.folder.keep();
    }

    /// The validators, in the order of [`crate::validator::NAMES`].
    pub fn validators(&self) -> &[Validator] {
        &self.validators
    }

    /// One validator, to kill or to restart.
    pub fn validator_mut(&mut self, index: usize) -> &mut Validator {
        &mut self.validators[index]
    }

    /// Where the first validator's RPC is.
    pub fn url(&self) -> String {
        self.validators[0].url()
    }

    /// Looks at the chain through one validator.
    pub async fn observer(&self, index: usize) -> anyhow::Result<Observer> {
        let validator = &self.validators[index];
        let deadline = Instant::now() + START;
        loop {
            validator.check()?;
            match Observer::connect(&validator.url()).await {
                Ok(observer) => return Ok(observer),
                Err(error) if Instant::now() > deadline => {
                    return Err(error.context(format!("the RPC of {} does not answer", validator.name())))
                }
                Err(_) => sleep(POLL).await,
            }
        }
    }

    async fn wait_until_finalising(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + START;
        for index in 0..self.validators.len() {
            let observer = self.observer(index).await?;
            loop {
                self.validators[index].check()?;
                let peers = observer.peers().await?;
                let finalized = observer.finalized_number().await?;
                if peers + 1 >= self.validators.len() && finalized > 0 {
                    break;
                }
                if Instant::now() > deadline {
                    bail!(
                        "{} has {peers} peers and finalized block {finalized} after {} s; its log ends with:\n{}",
                        self.validators[index].name(),
                        START.as_secs(),
                        tail(&self.validators[index].log())
                    );
                }
                sleep(POLL).await;
            }
        }
        Ok(())
    }
}

/// The last lines of a log.
fn tail(log: &str) -> String {
    last(log.lines().collect(), 25)
}

/// What a node's log tells of its judging, of forks and of trouble: what one needs to know when a
/// judgement went wrong.
pub fn story(log: &str) -> String {
    const TOLD: [&str; 4] = ["proof-of-quality", "Reorg", "WARN", "ERROR"];
    last(log.lines().filter(|line| TOLD.iter().any(|word| line.contains(word))).collect(), 80)
}

fn last(lines: Vec<&str>, count: usize) -> String {
    lines[lines.len().saturating_sub(count)..].join("\n")
}
