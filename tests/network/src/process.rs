//! One child process with its log file.

use crate::{cleanup, programs::Program};
use anyhow::{bail, Context};
use std::{
    fs::{File, OpenOptions},
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// How much of a log is shown when something fails, in bytes.
const TAIL: u64 = 3_000;

/// A running program of this workspace. It is killed when this is dropped.
pub struct Process {
    name: String,
    log: PathBuf,
    child: cleanup::SharedChild,
}

impl Process {
    /// Starts `program`; what it prints goes to `log`, after what is there already.
    pub fn start(name: &str, program: Program, arguments: &[String], log: &Path) -> anyhow::Result<Self> {
        let path = program.path()?;
        let output = OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)
            .with_context(|| format!("cannot write the log {}", log.display()))?;
        let mut command = Command::new(&path);
        command.args(arguments).stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        // The harness decides when its children end: an interrupt at the terminal goes to itself
        // alone.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = cleanup::spawn(&mut command).with_context(|| format!("cannot start {}", path.display()))?;
        Ok(Self { name: name.into(), log: log.into(), child })
    }

    /// Fails, with the end of the log, if the process has ended.
    pub fn check(&self) -> anyhow::Result<()> {
        match cleanup::lock(&self.child).try_wait()? {
            None => Ok(()),
            Some(status) => bail!("{} ended by itself, {status}; the end of its log:\n{}", self.name, self.tail()),
        }
    }

    /// Kills it at once (SIGKILL), as a crash would, and waits until it is gone.
    pub fn kill(&self) {
        cleanup::end(&self.child);
    }

    /// All of its log so far.
    pub fn log(&self) -> String {
        read_from(&self.log, 0)
    }

    /// The end of its log.
    pub fn tail(&self) -> String {
        let length = std::fs::metadata(&self.log).map_or(0, |metadata| metadata.len());
        read_from(&self.log, length.saturating_sub(TAIL))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn read_from(path: &Path, offset: u64) -> String {
    let read = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        std::io::Result::Ok(bytes)
    };
    match read() {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => format!("(the log {} cannot be read: {error})", path.display()),
    }
}
