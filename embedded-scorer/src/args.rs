//! Flags for a node's command line, and which scorer they mean.

use std::{num::NonZeroUsize, path::PathBuf};

use crate::{ScorerConfig, ScorerError};

/// Where a model lies below the folders that are searched for one.
const DEFAULT_MODEL: &str = "models/mpnet-judge";
/// How many folders above the binary's are searched: `<repository>/target/release` is two below the
/// repository.
const FOLDERS_ABOVE_BINARY: usize = 3;

/// Which scorer judges for this node. Without any of these flags a validator runs the embedded one.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Scorer")]
pub struct ScorerArgs {
    /// Folder of the model that the embedded scorer judges with.
    ///
    /// Without it: `models/mpnet-judge` in the working directory, next to the binary, or in one
    /// of the three folders above the binary (so that a binary in `target/release` finds the one of
    /// its repository).
    ///
    /// May be given several times: around a change of the chain's model, for tasks of the old one
    /// and of the new one.
    #[arg(long, value_name = "FOLDER", env = "POQ_SCORER_MODEL")]
    pub scorer_model: Vec<PathBuf>,

    /// How many threads the embedded scorer judges with.
    #[arg(long, value_name = "N", default_value = "1")]
    pub scorer_threads: NonZeroUsize,

    /// Port of the embedded scorer on 127.0.0.1. The default, 0, takes a free one, and only this
    /// node's worker can ask the scorer. With another port, other programs of the machine can too.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub scorer_port: u16,

    /// Use the scorer at this URL (a running `ocw-scorer`) instead of an embedded one.
    #[arg(long, value_name = "URL", value_parser = base_url, conflicts_with_all = ["scorer_threads", "scorer_port"])]
    pub scorer_url: Option<String>,

    /// A file with the token that the scorer at that URL asks for
    /// (`ocw-scorer serve --token-file`).
    #[arg(long, value_name = "FILE", requires = "scorer_url")]
    pub scorer_token_file: Option<PathBuf>,

    /// Run without a scorer: this node makes blocks but does not judge.
    #[arg(long, conflicts_with_all = ["scorer_url", "scorer_threads", "scorer_port"])]
    pub no_scorer: bool,
}

impl ScorerArgs {
    /// The scorer that these flags mean. Only a validator (`is_authority`) needs one, so another
    /// node without flags gets [`ScorerConfig::Off`].
    ///
    /// # Errors
    ///
    /// [`ScorerError::NoModel`] if a validator was given no scorer, and no default folder has a
    /// model.
    pub fn config(&self, is_authority: bool) -> Result<ScorerConfig, ScorerError> {
        choose(self, is_authority, default_models())
    }
}

/// Decides which scorer to use. Only a validator needs one, so only a validator without a model is
/// refused.
fn choose(args: &ScorerArgs, is_authority: bool, searched: Vec<PathBuf>) -> Result<ScorerConfig, ScorerError> {
    let embedded = |models| ScorerConfig::Embedded { models, threads: args.scorer_threads, port: args.scorer_port };
    if args.no_scorer {
        return Ok(ScorerConfig::Off);
    }
    if let Some(url) = &args.scorer_url {
        return Ok(ScorerConfig::External { url: url.clone(), token_file: args.scorer_token_file.clone() });
    }
    if !args.scorer_model.is_empty() {
        return Ok(embedded(args.scorer_model.clone()));
    }
    if !is_authority {
        return Ok(ScorerConfig::Off);
    }
    match searched.iter().find(|folder| folder.is_dir()) {
        Some(folder) => Ok(embedded(vec![folder.clone()])),
        None => Err(ScorerError::NoModel { searched }),
    }
}

/// The folders that may hold the default model, best first.
fn default_models() -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from(DEFAULT_MODEL)];
    if let Ok(binary) = std::env::current_exe() {
        let above = binary.ancestors().skip(1).take(1 + FOLDERS_ABOVE_BINARY);
        folders.extend(above.map(|folder| folder.join(DEFAULT_MODEL)));
    }
    folders
}

/// Why a text is not the URL of a scorer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// It starts with another scheme, or with none.
    #[error("it must start with http:// or https://")]
    Scheme,
    /// No host follows the scheme.
    #[error("it must name a host")]
    Host,
    /// It has characters that a base URL cannot have.
    #[error("it must not contain spaces, control characters, a query or a fragment")]
    Character,
}

/// Checks the base URL of a scorer and takes off its trailing slashes, because the worker appends
/// paths to it. It is the form that [`ScorerConfig::External`] wants.
///
/// # Errors
///
/// The first of the [`UrlError`]s that the text has.
pub fn base_url(text: &str) -> Result<String, UrlError> {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")).ok_or(UrlError::Scheme)?;
    if rest.split('/').next().unwrap_or_default().is_empty() {
        return Err(UrlError::Host);
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '?' || c == '#') {
        return Err(UrlError::Character);
    }
    Ok(text.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    /// A node's command line.
    #[derive(Debug, clap::Parser)]
    struct Cli {
        #[clap(flatten)]
        scorer: ScorerArgs,
    }

    fn parse(arguments: &[&str]) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(std::iter::once("node").chain(arguments.iter().copied()))
    }

    #[test]
    fn scorer_urls_lose_their_trailing_slash() {
        let cli = parse(&["--scorer-url", "http://127.0.0.1:8911/"]).expect("the URL is valid");
        assert_eq!(cli.scorer.scorer_url.as_deref(), Some("http://127.0.0.1:8911"));
    }

    #[test]
    fn fails_with_a_reason_on_a_bad_scorer_url() {
        assert_eq!(base_url("127.0.0.1:8911"), Err(UrlError::Scheme));
        assert_eq!(base_url("http://"), Err(UrlError::Host));
        assert_eq!(base_url("http:///path"), Err(UrlError::Host));
        assert_eq!(base_url("http://host/a b"), Err(UrlError::Character));
        assert_eq!(base_url("http://host/?x"), Err(UrlError::Character));
    }

    #[test]
    fn fails_when_scorer_flags_contradict_each_other() {
        assert!(parse(&["--no-scorer", "--scorer-url", "http://host"]).is_err());
        assert!(parse(&["--scorer-url", "http://host", "--scorer-port", "9"]).is_err());
        assert!(parse(&["--scorer-token-file", "token"]).is_err());
        assert!(parse(&["--scorer-threads", "0"]).is_err());
    }

    fn args() -> ScorerArgs {
        ScorerArgs {
            scorer_model: vec![],
            scorer_threads: NonZeroUsize::MIN,
            scorer_port: 0,
            scorer_url: None,
            scorer_token_file: None,
            no_scorer: false,
        }
    }

    fn nowhere() -> Vec<PathBuf> {
        vec!["/nonexistent/one".into(), "/nonexistent/two".into()]
    }

    #[test]
    fn a_validator_without_a_model_is_refused_with_the_ways_out() {
        let error = choose(&args(), true, nowhere()).expect_err("there is no model");
        let sentence = error.to_string();
        for part in ["/nonexistent/one", "--scorer-model", "POQ_SCORER_MODEL", "--scorer-url", "--no-scorer"] {
            assert!(sentence.contains(part), "{part} is missing in: {sentence}");
        }
    }

    #[test]
    fn a_node_that_is_no_validator_starts_without_a_scorer() {
        assert_eq!(choose(&args(), false, nowhere()).ok(), Some(ScorerConfig::Off));
    }

    fn embedded(models: &[PathBuf]) -> ScorerConfig {
        ScorerConfig::Embedded { models: models.to_vec(), threads: NonZeroUsize::MIN, port: 0 }
    }

    #[test]
    fn flags_win_over_the_default_model() {
        let here = vec![PathBuf::from(".")];
        assert_eq!(choose(&args(), true, here.clone()).ok(), Some(embedded(&here)));

        let url = ScorerArgs { scorer_url: Some("http://host".into()), ..args() };
        let external = ScorerConfig::External { url: "http://host".into(), token_file: None };
        assert_eq!(choose(&url, true, here.clone()).ok(), Some(external));
        let model = ScorerArgs { scorer_model: vec!["/model".into(), "/next".into()], ..args() };
        assert_eq!(choose(&model, false, here.clone()).ok(), Some(embedded(&model.scorer_model)));
        let none = ScorerArgs { no_scorer: true, ..model };
        assert_eq!(choose(&none, true, here).ok(), Some(ScorerConfig::Off));
    }
}
