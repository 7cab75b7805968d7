//! `ocw-scorer fetch`: a model from a hub.

use anyhow::Context;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use ocw_scorer::fetch::{fetch, Fetched, Source, HUB};
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct Fetch {
    /// The model: owner/name or owner/name@revision, such as cross-encoder/ms-marco-MiniLM-L6-v2
    #[arg(value_name = "MODEL")]
    source: Source,
    /// The folder to make; models/NAME if left out
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
    /// The graph's path in the repository; onnx/model.onnx or model.onnx if left out
    #[arg(long, value_name = "PATH")]
    graph: Option<String>,
    /// Which of several outputs judges, by its name in config.json, such as entailment
    #[arg(long, value_name = "NAME")]
    label: Option<String>,
    /// The hub's address
    #[arg(long, env = "HF_ENDPOINT", default_value = HUB)]
    hub: String,
}

impl Fetch {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let name = self.source.id.rsplit('/').next().unwrap_or_default();
        let to = self.to.unwrap_or_else(|| ["models", name].iter().collect());
        let what = ocw_scorer::fetch::Fetch {
            source: self.source,
            hub: self.hub.trim_end_matches('/').to_owned(),
            graph: self.graph,
            label: self.label,
            to,
        };
        // The client asks for a provider of cryptography even where it speaks plain HTTP. One that
        // is there already will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes}, {bytes_per_sec} {msg}")?;
        let bar = ProgressBar::new(0).with_style(style);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let Fetched { commit, digest } = runtime
            .block_on(fetch(&what, |file, there, all| {
                bar.set_length(all);
                bar.set_position(there);
                bar.set_message(file.to_owned());
            }))
            .with_context(|| format!("cannot fetch {}", what.source.id))?;
        bar.finish_and_clear();
        println!("{} at {commit} is in {}", what.source.id, what.to.display());
        println!("digest {}", hex::encode(digest));
        println!(
            "It is not calibrated: look at its scores with `ocw-scorer score --model {}` before it judges.",
            what.to.display()
        );
        Ok(())
    }
}
