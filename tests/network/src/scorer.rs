//! The scorer as a daemon, for inference nodes that check their own answers and for validators
//! without one inside.

use crate::{ports, process::Process, programs, programs::Program};
use anyhow::bail;
use std::{
    net::Ipv4Addr,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{net::TcpStream, time::Instant};

/// How long loading the model may take.
const START: Duration = Duration::from_secs(180);

/// A running `ocw-scorer serve`.
pub struct Scorer {
    port: u16,
    log: PathBuf,
    process: Process,
}

impl Scorer {
    /// Starts it and waits until it listens.
    pub async fn start(folder: &Path) -> anyhow::Result<Self> {
        let [port] = ports::free()?;
        let log = folder.join(format!("ocw-scorer-{port}.log"));
        let scorer = Self { port, process: Self::serve(port, &log)?, log };
        scorer.wait_until_it_listens().await?;
        Ok(scorer)
    }

    /// Starts it again after a kill, on the same port.
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        self.process = Self::serve(self.port, &self.log)?;
        self.wait_until_it_listens().await
    }

    fn serve(port: u16, log: &Path) -> anyhow::Result<Process> {
        let arguments = [
            "serve".into(),
            "--model".into(),
            programs::model()?.display().to_string(),
            "--listen".into(),
            format!("127.0.0.1:{port}"),
        ];
        Process::start("ocw-scorer", Program::Scorer, &arguments, log)
    }

    async fn wait_until_it_listens(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + START;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.is_err() {
            self.process.check()?;
            if Instant::now() > deadline {
                bail!(
                    "ocw-scorer does not listen after {} s; the end of its log:\n{}",
                    START.as_secs(),
                    self.process.tail()
                );
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Kills it at once (SIGKILL), as a crash would.
    pub fn kill(&self) {
        self.process.kill();
    }
}
