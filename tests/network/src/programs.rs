//! Where the programs under test are: next to the one that is running.

use anyhow::{bail, Context};
use std::path::PathBuf;

/// A program of this workspace.
#[derive(Clone, Copy, Debug)]
pub enum Program {
    /// The validator node.
    Node,
    /// The scorer as a daemon.
    Scorer,
    /// The client, which also is the inference node.
    Client,
    /// The bare node of the second chain.
    SecondNode,
}

impl Program {
    fn name(self) -> &'static str {
        match self {
            Program::Node => "poq-node",
            Program::Scorer => "ocw-scorer",
            Program::Client => "poq",
            Program::SecondNode => "second-node",
        }
    }

    /// The path of the program: in the folder of the running one, or one above, where Cargo puts
    /// binaries that belong to a test.
    pub fn path(self) -> anyhow::Result<PathBuf> {
        let running = std::env::current_exe().context("this system does not tell where the running program is")?;
        let folders = running.ancestors().skip(1).take(2);
        let mut looked = Vec::new();
        for folder in folders {
            let path = folder.join(self.name());
            if path.is_file() {
                return Ok(path);
            }
            looked.push(folder.display().to_string());
        }
        bail!("{} is neither in {}: build it with `make build`", self.name(), looked.join(" nor in "))
    }
}

/// Where the model is in the repository.
const MODEL: &str = "models/mpnet-judge";

/// The root of the repository: the current folder or one above it. Not where this was compiled, as
/// several checkouts may share one target folder.
pub fn repository() -> anyhow::Result<PathBuf> {
    let current = std::env::current_dir().context("this system does not tell the current folder")?;
    let root = current.ancestors().find(|folder| folder.join(MODEL).is_dir());
    root.map(Into::into).with_context(|| {
        format!("neither {} nor a folder above it has {MODEL}: run this in the repository", current.display())
    })
}

/// The model that everybody judges by.
pub fn model() -> anyhow::Result<PathBuf> {
    Ok(repository()?.join(MODEL))
}
