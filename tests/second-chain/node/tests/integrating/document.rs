//! Reads `docs/integrating.md`: its pieces of Rust and of manifests, and its commands.

use anyhow::{bail, ensure, Context};
use poq_network::programs;
use std::{fs, net::Ipv4Addr, path::Path, process::Command, time::Duration};

/// How long the judge may take to load its model.
const START: Duration = Duration::from_secs(180);

/// The document's text.
pub struct Document(String);

impl Document {
    pub fn read() -> Self {
        let path = programs::repository().expect("tests run in the repository").join("docs/integrating.md");
        Self(fs::read_to_string(path).expect("the document is there"))
    }

    /// The fenced blocks in this language, without their fences.
    pub fn blocks(&self, language: &str) -> Vec<String> {
        let fence = format!("```{language}\n");
        self.0.split(&fence).skip(1).filter_map(|rest| rest.split("\n```").next()).map(Into::into).collect()
    }

    /// The commands that the document says a test runs, with other ports than its own.
    pub fn commands(&self, ports: &[(&str, u16)]) -> anyhow::Result<Commands> {
        let mark = "<!-- run by: tests/second-chain/node/tests/integrating/main.rs -->\n";
        let mut text: String = self
            .0
            .split(mark)
            .skip(1)
            .flat_map(|rest| Self(rest.into()).blocks("sh").into_iter().next())
            .map(|block| block + "\n")
            .collect();
        for (port, other) in ports {
            ensure!(text.contains(port), "no command of the document names port {port}");
            text = text.replace(port, &other.to_string());
        }
        let text = text.replace("\\\n", " ");
        Ok(Commands(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Into::into).collect()))
    }
}

/// The document's commands, one in each line.
pub struct Commands(Vec<String>);

impl Commands {
    /// The arguments with which the document starts this program.
    pub fn arguments_of(&self, program: &str) -> anyhow::Result<Vec<String>> {
        let line = self.0.iter().find(|line| line.split_whitespace().next() == Some(program));
        let line = line.with_context(|| format!("the document does not start {program}"))?;
        let root = programs::repository()?;
        // Paths in the document start at the root of the repository; a test does not run there.
        let argument = |word: &str| match root.join(word) {
            path if word.contains('/') && path.exists() => path.display().to_string(),
            _ => word.into(),
        };
        Ok(line.split_whitespace().skip(1).map(argument).collect())
    }

    /// What the document sends to the node.
    pub fn requests(&self) -> impl Iterator<Item = &String> {
        self.0.iter().filter(|line| line.starts_with("curl "))
    }
}

/// Runs a command and returns what it prints.
pub fn run(command: &str) -> anyhow::Result<String> {
    let output = Command::new("sh").args(["-ec", command]).output().context("there is no shell")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        bail!("{command}\nended with {}: {text}{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(text)
}

/// Waits until something listens on this port.
pub async fn wait_for_port(port: u16) -> anyhow::Result<()> {
    let connect = async {
        while tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(START, connect).await.with_context(|| format!("nothing listens on port {port}"))
}

/// A manifest of the repository.
pub fn manifest(path: &str) -> toml::Table {
    let path = programs::repository().expect("tests run in the repository").join(path);
    fs::read_to_string(path).expect("the manifest is there").parse().expect("a manifest is TOML")
}

/// A text whose lines all start at the margin.
pub fn without_indentation(text: &str) -> String {
    text.lines().map(|line| line.trim().to_owned() + "\n").collect()
}

/// All source files of the second chain, without indentation.
pub fn sources() -> Vec<String> {
    let root = programs::repository().expect("tests run in the repository").join("tests/second-chain");
    let mut sources = Vec::new();
    read_into(&mut sources, &root).expect("the sources are readable");
    sources
}

fn read_into(sources: &mut Vec<String>, folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_into(sources, &path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push(without_indentation(&fs::read_to_string(path)?));
        }
    }
    Ok(())
}
