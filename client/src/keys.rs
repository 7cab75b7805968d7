//! Loads the account key that signs transactions.
//!
//! A secret comes from a file or from the environment, so that it shows up neither in the list of
//! processes nor in the shell's history. Development accounts are no secrets; they have a shortcut.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
};
use subxt_signer::{sr25519::Keypair, SecretUri};

use crate::protocol::AccountId;

/// The environment variable that may hold a secret URI or mnemonic.
pub const SECRET_VARIABLE: &str = "POQ_SECRET";

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Nothing was given.
    #[error(
        "no key was given; use --key-file FILE, set {SECRET_VARIABLE}, or use --dev-account NAME on a test network"
    )]
    Missing,
    /// The file cannot be read.
    #[error("the key file {path} cannot be read: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// There is nothing in it.
    #[error("{0} is empty; it must hold a mnemonic or a secret URI on its first line")]
    Empty(String),
    /// It is not a secret URI. What was given is not repeated here.
    #[error("{place} holds neither a mnemonic nor a secret URI: {reason}")]
    Malformed {
        /// Where it was read from.
        place: String,
        /// What the parser said.
        reason: String,
    },
    /// Not an address.
    #[error("{0:?} is not an account address; give it in SS58 form")]
    Address(String),
}

/// Where the key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A file with a mnemonic or secret URI on its first line.
    File(PathBuf),
    /// The environment variable [`SECRET_VARIABLE`].
    Environment,
    /// A well-known development account such as `alice`. Everybody has its key.
    Development(String),
}

/// Loads a key. Warns if other users of the machine can read the file.
pub fn load(source: &KeySource) -> Result<Keypair, KeyError> {
    match source {
        KeySource::File(path) => {
            let text = std::fs::read_to_string(path).map_err(|reason| KeyError::File { path: path.clone(), reason })?;
            if is_readable_by_others(path) {
                tracing::warn!("others can read the key file {0}; run: chmod 600 {0}", path.display());
            }
            parse(&format!("the key file {}", path.display()), &text)
        }
        KeySource::Environment => match std::env::var(SECRET_VARIABLE) {
            Ok(text) => parse(&format!("the variable {SECRET_VARIABLE}"), &text),
            Err(_) => Err(KeyError::Missing),
        },
        KeySource::Development(name) => development(name),
    }
}

/// The key of a development account: `alice` is `//Alice`. Any name works; none of them is secret.
pub fn development(name: &str) -> Result<Keypair, KeyError> {
    let mut letters = name.trim_start_matches('/').chars();
    let path = match letters.next() {
        Some(first) => format!("//{}{}", first.to_uppercase(), letters.as_str()),
        None => return Err(KeyError::Empty("the name of the development account".into())),
    };
    parse("the name of the development account", &path)
}

/// The account that a key belongs to.
pub fn account(key: &Keypair) -> AccountId {
    key.public_key().to_account_id()
}

/// Reads an account's address.
pub fn parse_account(text: &str) -> Result<AccountId, KeyError> {
    AccountId::from_str(text).map_err(|_| KeyError::Address(text.into()))
}

fn parse(place: &str, text: &str) -> Result<Keypair, KeyError> {
    // An empty URI would stand for the root of all development accounts.
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let line = line.ok_or_else(|| KeyError::Empty(place.into()))?;
    let malformed = |reason: String| KeyError::Malformed { place: place.into(), reason };
    let uri = SecretUri::from_str(line).map_err(|error| malformed(error.to_string()))?;
    Keypair::from_uri(&uri).map_err(|error| malformed(error.to_string()))
}

#[cfg(unix)]
fn is_readable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_readable_by_others(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use subxt_signer::sr25519::dev;

    const PHRASE: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    fn load_file(text: &str) -> Result<Keypair, KeyError> {
        load(&KeySource::File(file(text).path().into()))
    }

    #[test]
    fn reads_a_uri_or_a_mnemonic_from_a_file() {
        let alice = account(&dev::alice());
        assert_eq!(account(&load_file("//Alice\n").unwrap()), alice);
        assert_eq!(account(&load_file(&format!("# my key\n\n  {PHRASE}//Alice  \n")).unwrap()), alice);
        let seed = "0xe5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a";
        assert_eq!(account(&load_file(seed).unwrap()), alice);
    }

    #[test]
    fn an_empty_file_is_not_the_development_root() {
        for text in ["", "\n \n", "# only a comment\n"] {
            assert!(matches!(load_file(text), Err(KeyError::Empty(_))), "{text:?}");
        }
    }

    #[test]
    fn never_repeats_what_it_could_not_read() {
        for text in ["correct horse battery staple", "0x1234", "0xzz"] {
            let error = load_file(text).unwrap_err();
            assert!(matches!(error, KeyError::Malformed { .. }));
            assert!(!error.to_string().contains(text), "{error}");
        }
    }

    #[test]
    fn says_which_file_is_missing() {
        let error = load(&KeySource::File("/nonexistent/key".into())).unwrap_err();
        assert!(error.to_string().contains("/nonexistent/key"));
    }

    #[test]
    fn development_accounts_go_by_name() {
        assert_eq!(account(&development("alice").unwrap()), account(&dev::alice()));
        assert_eq!(account(&development("//Bob").unwrap()), account(&dev::bob()));
        assert!(development("").is_err() && development("//").is_err());
    }

    #[test]
    fn reads_addresses() {
        let alice = account(&dev::alice());
        assert_eq!(parse_account(&alice.to_string()).unwrap(), alice);
        assert!(parse_account("alice").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn notices_a_file_that_others_can_read() {
        use std::os::unix::fs::PermissionsExt;
        let file = file("//Alice");
        for (mode, readable) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true), (0o644, true)] {
            std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(is_readable_by_others(file.path()), readable, "{mode:o}");
        }
    }
}
