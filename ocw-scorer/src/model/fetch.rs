//! Brings a model from a Hugging Face hub into a folder that [`crate::Scorer`] loads.
//!
//! The hub tells which commit a name stands for and what it holds; the files are taken from that
//! very commit. Large files are published with their sha256, which is checked, the others with
//! their size. Then a `manifest.json` is written that pins all of them, and the model is loaded
//! once, so that a folder that is left behind is a folder that works.

use super::folder::{CONFIG, MANIFEST, MAX_FILE, MODEL, TOKENIZER};
use crate::{error::chain, LoadError, ModelDigest, Scorer};
use serde::Deserialize;
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

/// Where models come from unless told otherwise.
pub const HUB: &str = "https://huggingface.co";
/// Where repositories keep their ONNX graph, most usual first.
const GRAPHS: [&str; 2] = ["onnx/model.onnx", "model.onnx"];
/// What else a judge may need, if it is there.
const OPTIONAL: [&str; 3] = ["modules.json", "1_Pooling/config.json", "tokenizer_config.json"];
/// How a bi-encoder makes one vector of many, under the name it gets here.
const POOLING: &str = "pooling.json";
/// The most tokens of a model that does not say or allows more: longer windows cost much, and
/// judges are trained on shorter ones. Who wants more raises `max_length` in the manifest.
const LONGEST: u64 = 512;
/// How long the hub may be silent.
const PATIENCE: Duration = Duration::from_secs(60);

/// A model on a hub: `owner/name` or `owner/name@revision`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// `owner/name`.
    pub id: String,
    /// A branch, a tag or a commit.
    pub revision: String,
}

/// What is to be fetched, from where and to where.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// The model.
    pub source: Source,
    /// The hub's address, without a slash at its end.
    pub hub: String,
    /// The graph's path in the repository; the usual places if left out.
    pub graph: Option<String>,
    /// Which of several outputs judges, by its name in `config.json`.
    pub label: Option<String>,
    /// The folder to make. It must not exist.
    pub to: PathBuf,
}

/// What was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The commit that the revision stood for.
    pub commit: String,
    /// The digest of the manifest, by which tasks name the model.
    pub digest: ModelDigest,
}

/// Why a model could not be fetched. Nothing is left behind then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The name is not that of a model.
    #[error("{0:?} is no name of a model; write owner/name or owner/name@revision")]
    Name(String),
    /// The folder is there already.
    #[error("{0} exists; name another folder with --to, or remove it")]
    Exists(PathBuf),
    /// The hub could not be reached, or broke off.
    #[error("cannot get {url}: {}; check the network and start again", chain(error))]
    Network {
        /// What was asked for.
        url: String,
        /// What the client said.
        #[source]
        error: reqwest::Error,
    },
    /// The hub said no.
    #[error("{url} answers {status}; check the model's name and revision, and whether it is public")]
    Status {
        /// What was asked for.
        url: String,
        /// The status.
        status: u16,
    },
    /// The hub's description of the model is not what we expect.
    #[error("{url} does not describe a model: {error}; is this a Hugging Face hub?")]
    Description {
        /// What was asked for.
        url: String,
        /// What is wrong.
        #[source]
        error: serde_json::Error,
    },
    /// The repository lacks a file that a judge needs.
    #[error(
        "{id} has no {file}; take a model with an ONNX export and a fast tokenizer, or name the graph with --graph"
    )]
    Missing {
        /// The model.
        id: String,
        /// The file.
        file: String,
    },
    /// A file is larger than we take.
    #[error("{file} has {size} bytes, more than the {MAX_FILE} that are taken; choose a smaller export with --graph")]
    TooLarge {
        /// The file.
        file: String,
        /// Its size.
        size: u64,
    },
    /// A file is not the one that the hub describes.
    #[error("{file} is not what the hub describes: {why}; start again, and report it to the hub if it stays so")]
    Damaged {
        /// The file.
        file: String,
        /// What differs.
        why: String,
    },
    /// A bi-encoder that makes its vectors otherwise than we do.
    #[error("{0} does not take the mean of its tokens' vectors, which is the one way that is known here; choose another bi-encoder")]
    Pooling(String),
    /// The folder could not be written.
    #[error("cannot write {path}: {error}")]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        error: std::io::Error,
    },
    /// The files came, but they are no judge.
    #[error("the model was fetched, but it cannot be loaded: {0}")]
    Load(#[from] LoadError),
}

impl FromStr for Source {
    type Err = FetchError;

    fn from_str(text: &str) -> Result<Self, FetchError> {
        let (id, revision) = text.split_once('@').unwrap_or((text, "main"));
        let plain = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        };
        let mut parts = id.split('/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(owner), Some(name), None) if plain(owner) && plain(name) && plain(revision) => {
                Ok(Self { id: id.into(), revision: revision.into() })
            }
            _ => Err(FetchError::Name(text.into())),
        }
    }
}

#[derive(Deserialize)]
struct Description {
    sha: String,
    siblings: Vec<Sibling>,
    #[serde(default, rename = "cardData")]
    card: Option<Value>,
}

#[derive(Clone, Deserialize)]
struct Sibling {
    #[serde(rename = "rfilename")]
    path: String,
    size: Option<u64>,
    lfs: Option<Lfs>,
}

#[derive(Clone, Deserialize)]
struct Lfs {
    sha256: String,
}

/// Fetches a model. `tell` hears of each file (its path in the repository) how many bytes of how
/// many are there.
pub async fn fetch(what: &Fetch, tell: impl Fn(&str, u64, u64)) -> Result<Fetched, FetchError> {
    if what.to.exists() {
        return Err(FetchError::Exists(what.to.clone()));
    }
    let client = reqwest::Client::builder()
        .connect_timeout(PATIENCE)
        .read_timeout(PATIENCE)
        .build()
        .map_err(|error| network(&what.hub, error))?;
    let Source { id, revision } = &what.source;
    let url = format!("{}/api/models/{id}/revision/{revision}?blobs=true", what.hub);
    let body = get(&client, &url).await?.bytes().await.map_err(|error| network(&url, error))?;
    let description: Description =
        serde_json::from_slice(&body).map_err(|error| FetchError::Description { url: url.clone(), error })?;
    let files = choose(&description, what)?;

    let parent = what.to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|error| FetchError::Write { path: parent.into(), error })?;
    // Beside its place and new, so that a fetch that breaks off leaves no half of a model there,
    // nor takes one up.
    let mut name = what.to.file_name().unwrap_or_default().to_owned();
    name.push(format!(".partial-{}", std::process::id()));
    let partial = Partial(parent.join(name));
    fs::create_dir(&partial.0).map_err(|error| FetchError::Write { path: partial.0.clone(), error })?;
    let mut digests = BTreeMap::new();
    for (name, sibling) in &files {
        let url = format!("{}/{id}/resolve/{}/{}", what.hub, description.sha, sibling.path);
        let bytes = download(&client, &url, sibling, &tell).await?;
        digests.insert(name.clone(), hex::encode(Sha256::digest(&bytes)));
        write(&partial.0.join(name), &bytes)?;
    }
    write(&partial.0.join(MANIFEST), manifest(what, &description, &files, &digests, &partial.0)?.as_bytes())?;
    let digest = Scorer::load(&partial.0)?.digest();
    fs::rename(&partial.0, &what.to).map_err(|error| FetchError::Write { path: what.to.clone(), error })?;
    Ok(Fetched { commit: description.sha, digest })
}

/// Which files to take, by the name they get.
fn choose(description: &Description, what: &Fetch) -> Result<Vec<(String, Sibling)>, FetchError> {
    let find = |path: &str| description.siblings.iter().find(|sibling| sibling.path == path).cloned();
    let missing = |file: &str| FetchError::Missing { id: what.source.id.clone(), file: file.into() };
    let graph = match &what.graph {
        Some(path) => find(path).ok_or_else(|| missing(path))?,
        None => GRAPHS.iter().find_map(|path| find(path)).ok_or_else(|| missing(GRAPHS[0]))?,
    };
    // Large models keep their weights in a file beside the graph, named after it.
    let weights = |sibling: &&Sibling| {
        ["_data", ".data"].iter().any(|ending| sibling.path.strip_suffix(ending) == Some(graph.path.as_str()))
    };
    let beside = description.siblings.iter().find(weights).cloned();
    let mut files = vec![(MODEL.to_string(), graph)];
    files.extend(beside.map(|file| (file.path.rsplit('/').next().unwrap_or_default().to_string(), file)));
    for name in [TOKENIZER, CONFIG] {
        files.push((name.into(), find(name).ok_or_else(|| missing(name))?));
    }
    // In one folder: the only nested one gets a plain name.
    let plain = |path: &'static str| if path == "1_Pooling/config.json" { POOLING } else { path };
    files.extend(OPTIONAL.iter().filter_map(|path| Some((plain(path).into(), find(path)?))));
    Ok(files)
}

async fn get(client: &reqwest::Client, url: &str) -> Result<reqwest::Response, FetchError> {
    let response = client.get(url).send().await.map_err(|error| network(url, error))?;
    match response.status() {
        status if status.is_success() => Ok(response),
        status => Err(FetchError::Status { url: url.into(), status: status.as_u16() }),
    }
}

fn network(url: &str, error: reqwest::Error) -> FetchError {
    // The client's own sentence would repeat the address.
    FetchError::Network { url: url.into(), error: error.without_url() }
}

async fn download(
    client: &reqwest::Client,
    url: &str,
    sibling: &Sibling,
    tell: &impl Fn(&str, u64, u64),
) -> Result<Vec<u8>, FetchError> {
    let file = &sibling.path;
    let damaged = |why: String| FetchError::Damaged { file: file.clone(), why };
    let mut response = get(client, url).await?;
    let size = sibling.size.or(response.content_length()).unwrap_or(0);
    let check = |size: u64| match size > MAX_FILE {
        true => Err(FetchError::TooLarge { file: file.clone(), size }),
        false => Ok(()),
    };
    check(size)?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| network(url, error))? {
        bytes.extend_from_slice(&chunk);
        check(bytes.len() as u64)?;
        tell(file, bytes.len() as u64, size);
    }
    if let Some(size) = sibling.size.filter(|size| *size != bytes.len() as u64) {
        return Err(damaged(format!("it has {} bytes instead of {size}", bytes.len())));
    }
    if let Some(Lfs { sha256 }) = &sibling.lfs {
        let found = hex::encode(Sha256::digest(&bytes));
        if found != *sha256 {
            return Err(damaged(format!("its sha256 is {found} instead of {sha256}")));
        }
    }
    Ok(bytes)
}

/// The manifest of what was fetched: no calibration yet, as nobody has measured how this model
/// scores.
fn manifest(
    what: &Fetch,
    description: &Description,
    files: &[(String, Sibling)],
    digests: &BTreeMap<String, String>,
    folder: &Path,
) -> Result<String, FetchError> {
    let read =
        |name: &str| fs::read(folder.join(name)).ok().and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let config = read(CONFIG).unwrap_or_default();
    let limits = [
        config.get("max_position_embeddings").and_then(Value::as_u64).map(|positions| {
            // Models of the RoBERTa kind count positions from behind their padding.
            let reserved = match config.get("model_type").and_then(Value::as_str) {
                Some("roberta" | "xlm-roberta" | "camembert" | "distilroberta" | "mpnet") => 2,
                _ => 0,
            };
            positions.saturating_sub(reserved)
        }),
        read("tokenizer_config.json").and_then(|config| config.get("model_max_length")?.as_u64()),
    ];
    let max_length = limits.into_iter().flatten().chain([LONGEST]).min().unwrap_or(LONGEST);
    let graph = files.iter().find(|(name, _)| name == MODEL).map_or("", |(_, sibling)| &sibling.path);
    let Source { id, .. } = &what.source;
    let licence = description.card.as_ref().and_then(|card| card.get("license")?.as_str());
    let is_bi_encoder = files.iter().any(|(name, _)| name == "modules.json");
    let only_mean = read(POOLING).and_then(|pooling| pooling.as_object().cloned()).is_some_and(|pooling| {
        let chosen = pooling.iter().filter(|(name, on)| name.starts_with("pooling_mode_") && **on == Value::Bool(true));
        chosen.map(|(name, _)| name.as_str()).eq(["pooling_mode_mean_tokens"])
    });
    if is_bi_encoder && !only_mean {
        return Err(FetchError::Pooling(id.clone()));
    }
    let (kind, activation) = match (is_bi_encoder, &what.label) {
        (true, _) => ("bi-encoder", "cosine"),
        (false, Some(_)) => ("cross-encoder", "softmax"),
        (false, None) => ("cross-encoder", "sigmoid"),
    };
    let mut manifest = json!({
        "format": super::manifest::FORMAT,
        "name": id.rsplit('/').next(),
        "description": format!("{id}, as its publishers made it; not calibrated."),
        "max_length": max_length,
        "kind": kind,
        "activation": activation,
        "calibration": [[0.0, 0.0], [1.0, 1.0]],
        "files": digests,
        "licence": licence.unwrap_or("unknown"),
        "origin": format!("{}/{id} at {}, graph {graph}", what.hub, description.sha),
    });
    if let Some(label) = &what.label {
        manifest["label"] = json!(label);
    }
    Ok(format!("{manifest:#}\n"))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), FetchError> {
    fs::write(path, bytes).map_err(|error| FetchError::Write { path: path.into(), error })
}

/// A folder that goes when the work in it breaks off.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        // After the rename there is nothing left to remove.
        let _ = fs::remove_dir_all(&self.0);
    }
}
