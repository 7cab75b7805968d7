//! What several subcommands take: the key that signs, accounts and hexadecimal digits.

use crate::{
    keys::{self, KeySource},
    AccountId, ClientError, Keypair,
};
use clap::Args;
use std::path::PathBuf;

/// Which key signs. Secrets come from a file or from the environment variable POQ_SECRET, never
/// from the command line.
#[derive(Args)]
pub struct Signing {
    /// A file whose first line is a mnemonic or a secret URI; without it, POQ_SECRET in the
    /// environment is read.
    #[arg(long, env = "POQ_KEY_FILE", value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// A development account such as `alice`, whose key everybody has.
    #[arg(long, visible_alias = "dev", value_name = "NAME")]
    dev_account: Option<String>,
}

impl Signing {
    /// Loads the key.
    pub fn key(&self) -> Result<Keypair, ClientError> {
        let source = match (&self.dev_account, &self.key_file) {
            (Some(name), _) => KeySource::Development(name.clone()),
            (None, Some(path)) => KeySource::File(path.clone()),
            (None, None) => KeySource::Environment,
        };
        Ok(keys::load(&source)?)
    }
}

/// Reads an account: an address, or `//Name` for a development account.
pub fn parse_account(text: &str) -> Result<AccountId, ClientError> {
    Ok(match text.starts_with("//") {
        true => keys::account(&keys::development(text)?),
        false => keys::parse_account(text)?,
    })
}

/// Reads `N` bytes of hexadecimal digits.
pub fn parse_hex<const N: usize>(text: &str) -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    let digits = text.trim().trim_start_matches("0x");
    hex::decode_to_slice(digits, &mut bytes).map_err(|_| format!("give {} hexadecimal digits", N * 2))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_has_the_right_length_or_is_refused() {
        assert_eq!(parse_hex::<2>("0x0aff"), Ok([10, 255]));
        assert!(
            parse_hex::<2>("0a").is_err() && parse_hex::<2>("0x0aff00").is_err() && parse_hex::<2>("zzzz").is_err()
        );
    }

    #[test]
    fn accounts_are_addresses_or_development_names() {
        let alice = parse_account("//Alice").unwrap();
        assert_eq!(parse_account(&alice.to_string()).unwrap(), alice);
        assert!(parse_account("nobody").is_err());
    }
}
