//! One validator: a `poq-node` process with files, ports and keys of its own.

use crate::{ports, process::Process, programs, programs::Program};
use anyhow::{bail, Context};
use std::path::{Path, PathBuf};

/// The validators that the genesis of `--chain local` names, in its order.
pub const NAMES: [&str; 4] = ["Alice", "Bob", "Charlie", "Dave"];

/// Where a validator's scorer runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScorerLocation {
    /// Inside the node.
    Embedded,
    /// A daemon at this URL.
    At(String),
}

/// Where a validator's keys are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// In memory: the node is started with `--alice` or the like and knows them anew each time.
    Development,
    /// In files of its keystore only, as on a real network.
    Keystore,
}

/// How to run one validator.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The scorer to ask.
    pub scorer: ScorerLocation,
    /// Where the keys are.
    pub keys: Keys,
}

impl Default for Setting {
    fn default() -> Self {
        Self { scorer: ScorerLocation::Embedded, keys: Keys::Development }
    }
}

/// A validator. Its process ends when this is dropped.
pub struct Validator {
    index: usize,
    setting: Setting,
    chain: PathBuf,
    folder: PathBuf,
    rpc_port: u16,
    p2p_port: u16,
    metrics_port: u16,
    bootnode: Option<String>,
    process: Option<Process>,
}

impl Validator {
    /// Prepares validator `index` of [`NAMES`] on the chain that the file `chain` specifies, with
    /// its files in a folder of its own below `folder`.
    pub(crate) fn new(index: usize, setting: Setting, chain: &Path, folder: &Path) -> anyhow::Result<Self> {
        let name = NAMES.get(index).with_context(|| format!("the local chain has {} validators", NAMES.len()))?;
        let folder = folder.join(name.to_lowercase());
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let [rpc_port, p2p_port, metrics_port] = ports::free()?;
        let validator = Self {
            index,
            setting,
            chain: chain.into(),
            folder,
            rpc_port,
            p2p_port,
            metrics_port,
            bootnode: None,
            process: None,
        };
        if validator.setting.keys == Keys::Keystore {
            validator.insert_keys()?;
        }
        Ok(validator)
    }

    /// Its name, which is also the name of its development account.
    pub fn name(&self) -> &'static str {
        NAMES[self.index]
    }

    /// Where its RPC is.
    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.rpc_port)
    }

    /// Where Prometheus reads its metrics.
    pub fn metrics_url(&self) -> String {
        format!("http://127.0.0.1:{}/metrics", self.metrics_port)
    }

    /// Whether its process was started and not killed.
    pub fn is_up(&self) -> bool {
        self.process.is_some()
    }

    /// Fails, with the end of the log, if the process has ended by itself.
    pub fn check(&self) -> anyhow::Result<()> {
        self.process.as_ref().map_or(Ok(()), Process::check)
    }

    /// All that it has logged, in all its lives.
    pub fn log(&self) -> String {
        self.process.as_ref().map_or_else(|| std::fs::read_to_string(self.log_path()).unwrap_or_default(), Process::log)
    }

    /// Kills the process at once (SIGKILL), as a crash would.
    pub fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
    }

    /// Starts the process. `bootnode` is where it meets the others; a restart remembers it.
    pub(crate) fn start(&mut self, bootnode: Option<String>) -> anyhow::Result<()> {
        if self.is_up() {
            bail!("{} runs already", self.name());
        }
        self.bootnode = bootnode.or(self.bootnode.take());
        let name = format!("the node of {}", self.name());
        self.process = Some(Process::start(&name, Program::Node, &self.arguments()?, &self.log_path())?);
        Ok(())
    }

    /// Starts the process again after a kill, on the same ports and files.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.start(None)
    }

    /// Deletes all that the node knows except its keystore. Only while it is down.
    pub fn lose_database(&self) -> anyhow::Result<()> {
        if self.is_up() {
            bail!("{} must be killed before its database can be deleted", self.name());
        }
        for entry in std::fs::read_dir(self.chain_folder()?)? {
            let path = entry?.path();
            if path.ends_with("keystore") {
                continue;
            }
            match path.is_dir() {
                true => std::fs::remove_dir_all(&path),
                false => std::fs::remove_file(&path),
            }
            .with_context(|| format!("cannot delete {}", path.display()))?;
        }
        Ok(())
    }

    /// The address at which others find it.
    pub(crate) fn multiaddr(&self) -> anyhow::Result<String> {
        Ok(format!("{}/p2p/{}", self.listen_address(), self.peer_id()?))
    }

    fn listen_address(&self) -> String {
        format!("/ip4/127.0.0.1/tcp/{}", self.p2p_port)
    }

    /// A node key that follows from the position, so that the peer identity is known before the
    /// start.
    fn node_key(&self) -> String {
        format!("{:064x}", self.index + 1)
    }

    fn peer_id(&self) -> anyhow::Result<String> {
        let file = self.folder.join("node-key");
        std::fs::write(&file, self.node_key()).with_context(|| format!("cannot write {}", file.display()))?;
        let file = file.display().to_string();
        let output = run_tool(&["key", "inspect-node-key", "--file", &file])?;
        Ok(output.trim().to_owned())
    }

    /// Puts the keys of the development seed into the keystore's files.
    fn insert_keys(&self) -> anyhow::Result<()> {
        let base_path = self.folder.display().to_string();
        let chain = self.chain.display().to_string();
        let seed = format!("//{}", self.name());
        for (key_type, scheme) in [("babe", "sr25519"), ("gran", "ed25519"), ("poqe", "ed25519")] {
            run_tool(&[
                "key",
                "insert",
                "--base-path",
                &base_path,
                "--chain",
                &chain,
                "--key-type",
                key_type,
                "--scheme",
                scheme,
                "--suri",
                &seed,
            ])?;
        }
        Ok(())
    }

    fn log_path(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// The folder of the one chain below the base path.
    fn chain_folder(&self) -> anyhow::Result<PathBuf> {
        let chains = self.folder.join("chains");
        let first = std::fs::read_dir(&chains).and_then(|mut entries| entries.next().transpose());
        let entry = first.with_context(|| format!("cannot read {}", chains.display()))?;
        Ok(entry.with_context(|| format!("no chain in {}", chains.display()))?.path())
    }

    fn arguments(&self) -> anyhow::Result<Vec<String>> {
        let mut arguments: Vec<String> = ["--validator"].map(Into::into).into();
        arguments.extend(["--chain".into(), self.chain.display().to_string()]);
        arguments.extend(["--base-path".into(), self.folder.display().to_string()]);
        arguments.extend(["--listen-addr".into(), self.listen_address()]);
        arguments.extend(["--rpc-port".into(), self.rpc_port.to_string()]);
        arguments.extend(["--node-key".into(), self.node_key()]);
        arguments.extend(["--prometheus-port".into(), self.metrics_port.to_string()]);
        arguments.extend(["--no-mdns", "--no-telemetry"].map(Into::into));
        // The books are read from genesis on; by default the states of 256 blocks are kept.
        arguments.extend(["--state-pruning", "archive"].map(Into::into));
        arguments.extend(["--log".into(), "runtime::proof-of-quality=debug".into()]);
        if let Some(bootnode) = &self.bootnode {
            arguments.extend(["--bootnodes".into(), bootnode.clone()]);
        }
        match self.setting.keys {
            Keys::Development => arguments.push(format!("--{}", self.name().to_lowercase())),
            Keys::Keystore => arguments.extend(["--name".into(), self.name().into()]),
        }
        match &self.setting.scorer {
            ScorerLocation::Embedded => {
                arguments.extend(["--scorer-model".into(), programs::model()?.display().to_string()])
            }
            ScorerLocation::At(url) => arguments.extend(["--scorer-url".into(), url.clone()]),
        }
        Ok(arguments)
    }
}

/// Specifies the local chain in a file below `folder`, with its genesis worked out, so that not
/// every validator has to run the runtime for it.
pub(crate) fn specify_chain(folder: &Path) -> anyhow::Result<PathBuf> {
    let file = folder.join("chain.json");
    run_tool(&["export-chain-spec", "--chain", "local", "--raw", "--output", &file.display().to_string()])?;
    Ok(file)
}

/// Runs a subcommand of the node to its end and returns what it printed.
fn run_tool(arguments: &[&str]) -> anyhow::Result<String> {
    let output = std::process::Command::new(Program::Node.path()?).args(arguments).output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        bail!("`poq-node {}` failed, {}: {said}", arguments.join(" "), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
