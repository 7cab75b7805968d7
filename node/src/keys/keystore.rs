//! The keystore of a node that need not run: where the commands that make keys put them.

use std::path::PathBuf;

use sc_cli::{KeystoreParams, SharedParams, SubstrateCli};
use sc_keystore::LocalKeystore;
use sc_service::{
    config::{BasePath, KeystoreConfig},
    ChainSpec,
};

/// Why the keystore cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeystoreError {
    #[error("the keystore in {} cannot be opened: {source}", path.display())]
    Open { path: PathBuf, source: sc_keystore::Error },

    #[error("the keystore refused the key: {0}")]
    Refused(#[from] sp_keystore::Error),

    #[error(transparent)]
    Cli(#[from] sc_cli::Error),
}

/// The keystore, as the node with these flags would use it.
pub struct OpenKeystore {
    /// The chain's specification.
    pub spec: Box<dyn ChainSpec>,
    /// Where the keystore's files are.
    pub path: PathBuf,
    /// The keystore.
    pub keystore: LocalKeystore,
}

impl OpenKeystore {
    /// Finds it by the node's flags, and opens it.
    pub fn of_node<C: SubstrateCli>(
        cli: &C,
        shared: &SharedParams,
        keystore: &KeystoreParams,
    ) -> Result<Self, KeystoreError> {
        let spec = cli.load_spec(&shared.chain_id(shared.is_dev())).map_err(sc_cli::Error::Input)?;
        let base_path = shared.base_path()?.unwrap_or_else(|| BasePath::from_project("", "", &C::executable_name()));
        let config_dir = base_path.config_dir(spec.id());
        let KeystoreConfig::Path { path, password } = keystore.keystore_config(&config_dir)? else {
            return Err(sc_cli::Error::KeystoreOperation.into());
        };
        let keystore = LocalKeystore::open(path.clone(), password)
            .map_err(|source| KeystoreError::Open { path: path.clone(), source })?;
        Ok(Self { spec, path, keystore })
    }
}

/// `0x` and the digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}
