//! The token that a scorer asks for when other machines can reach it.

use sha2::{Digest, Sha256};
use std::{
    fmt,
    path::{Path, PathBuf},
};
use subtle::ConstantTimeEq;

/// The fewest characters of a token: one that is guessed is none.
const SHORTEST: usize = 16;

/// A secret that clients send as `authorization: Bearer TOKEN`. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Bearer(String);

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BearerError {
    /// The file cannot be read.
    #[error("cannot read the token file {}: {error}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the operating system said.
        #[source]
        error: std::io::Error,
    },
    /// What the file holds is no token.
    #[error(
        "{} must hold a token of at least {SHORTEST} letters, digits or signs without spaces in one line; \
         `openssl rand -hex 32` makes one",
        file.display()
    )]
    Malformed {
        /// The file.
        file: PathBuf,
    },
}

impl Bearer {
    /// Reads the token in a file: its only line.
    pub fn read(file: &Path) -> Result<Self, BearerError> {
        let text =
            std::fs::read_to_string(file).map_err(|error| BearerError::Unreadable { file: file.into(), error })?;
        Self::new(text.trim()).ok_or_else(|| BearerError::Malformed { file: file.into() })
    }

    /// A token, if the text is one.
    pub fn new(text: &str) -> Option<Self> {
        let fits = text.len() >= SHORTEST && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.into()))
    }

    /// What goes over the wire. Show it to nobody.
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// Whether a request's `authorization` header brings this token. The time that it takes depends
    /// on the header's length only; the hashes hide the token's length.
    pub fn is_in(&self, header: Option<&[u8]>) -> bool {
        let brought = header.and_then(|header| header.strip_prefix(b"Bearer ")).unwrap_or_default();
        Sha256::digest(brought).ct_eq(&Sha256::digest(self.0.as_bytes())).into()
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bearer(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn read(text: &str) -> Result<Bearer, BearerError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        Bearer::read(file.path())
    }

    #[test]
    fn is_the_only_line_of_its_file() {
        assert_eq!(read(&format!("{SECRET}\n")).unwrap().secret(), SECRET);
    }

    #[test]
    fn fails_where_it_could_be_guessed_or_not_be_sent() {
        for text in
            ["", "\n", "short", "with spaces in between it", "0123456789abcde\u{e9}", "0123456789abcdef\nand more"]
        {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains("openssl rand") && (text.trim().is_empty() || !error.contains(text)), "{error}");
        }
    }

    #[test]
    fn is_found_in_the_header_that_brings_it_and_in_no_other() {
        let token = Bearer::new(SECRET).unwrap();
        assert!(token.is_in(Some(format!("Bearer {SECRET}").as_bytes())));
        for header in ["", "Bearer ", SECRET, "Bearer 0123456789abcdef", "bearer 0123456789abcdef0123456789abcdef"] {
            assert!(!token.is_in(Some(header.as_bytes())), "{header}");
        }
        assert!(!token.is_in(None));
    }

    #[test]
    fn is_never_shown() {
        assert!(!format!("{:?}", Bearer::new(SECRET)).contains(SECRET));
    }
}
