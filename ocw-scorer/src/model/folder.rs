//! Reads a model folder once, and checks every file in it against the manifest.
//!
//! What is parsed later are the very bytes that were hashed here, so a file that changes in between
//! does no harm.

use super::manifest::Manifest;
use crate::{LoadError, ModelDigest};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

/// The largest file of a model, in bytes.
pub const MAX_FILE: u64 = 4 << 30;
/// The graph.
pub const MODEL: &str = "model.onnx";
/// The tokenizer.
pub const TOKENIZER: &str = "tokenizer.json";
/// The Hugging Face configuration.
pub const CONFIG: &str = "config.json";
/// What pins the others.
pub const MANIFEST: &str = "manifest.json";

/// A model folder whose files are the ones that its manifest pins.
pub struct Folder {
    /// What the folder says of itself.
    pub manifest: Manifest,
    /// The sha256 of `manifest.json`.
    pub digest: ModelDigest,
    files: BTreeMap<String, Vec<u8>>,
}

impl Folder {
    /// Reads and checks the folder.
    pub fn read(path: &Path) -> Result<Self, LoadError> {
        let read = |name: &str| {
            let path = path.join(name);
            read_file(&path).map_err(|error| LoadError::Read { path, error })
        };
        let manifest_bytes = read(MANIFEST)?;
        let manifest = Manifest::parse(&manifest_bytes)?;
        if let Some(name) = [MODEL, TOKENIZER, CONFIG].into_iter().find(|name| !manifest.files.contains_key(*name)) {
            return Err(LoadError::NotListed(name));
        }
        let mut files = BTreeMap::new();
        for (name, pinned) in &manifest.files {
            let bytes = read(name)?;
            let found = hex::encode(Sha256::digest(&bytes));
            if !found.eq_ignore_ascii_case(pinned) {
                return Err(LoadError::Hash { file: name.clone(), pinned: pinned.clone(), found });
            }
            files.insert(name.clone(), bytes);
        }
        Ok(Self { manifest, digest: Sha256::digest(&manifest_bytes).into(), files })
    }

    /// The bytes of a file by its name in the graph, if the manifest lists it.
    pub fn beside(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    /// The bytes of a file that the manifest lists.
    pub fn file(&self, name: &'static str) -> Result<&[u8], LoadError> {
        self.files.get(name).map(Vec::as_slice).ok_or(LoadError::NotListed(name))
    }
}

/// The bytes of a regular file. Devices and pipes are refused before they are opened: to read one
/// may never end.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("it has more than {MAX_FILE} bytes")));
    }
    Ok(bytes)
}
