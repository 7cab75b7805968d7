//! Where the programs under test are: next to the one that is running.

use anyhow::{bail, Context};
use std::path::{Path, PathBuf};

/// A program of this workspace.
#[derive(Clone, Copy, Debug)]
pub enum Program {
    /// The validator node.
    Node,
    /// The judge as a daemon.
    Scorer,
    /// The client, which also is the inference node.
    Client,
}

impl Program {
    fn name(self) -> &'static str {
        match self {
            Program::Node => "poq-node",
            Program::Scorer => "ocw-scorer",
            Program::Client => "poq",
        }
    }

    /// The path of the program: in the folder of the running one, or one above, where Cargo puts binaries that belong to
    /// a test.
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

/// The root of the repository.
pub fn repository() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().and_then(Path::parent).unwrap_or(package)
}

/// The model that everybody judges by.
pub fn model() -> PathBuf {
    repository().join("models/minilm-l6-judge")
}
