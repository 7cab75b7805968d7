//! From any bytes to a text that is safe to tokenize.

use std::borrow::Cow;

/// The most bytes of one text that are read; what follows cannot matter, as the model's window ends long before it.
pub const MAX_BYTES: usize = 64 * 1024;

/// A text, and whether some of it was left out.
#[derive(Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// What the tokenizer gets. Bytes that are not UTF-8 have become U+FFFD.
    pub text: Cow<'a, str>,
    /// Whether the bytes went on after [`MAX_BYTES`].
    pub cut: bool,
}

impl<'a> Text<'a> {
    /// Reads bytes of any kind and length.
    pub fn read(bytes: &'a [u8]) -> Self {
        let kept = bytes.get(..MAX_BYTES).unwrap_or(bytes);
        Self { text: String::from_utf8_lossy(kept), cut: kept.len() < bytes.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_bytes_that_are_not_utf8() {
        assert_eq!(Text::read(b"a\xffb").text, "a\u{fffd}b");
    }

    #[test]
    fn cuts_at_the_limit_even_inside_a_character() {
        let long = "é".repeat(MAX_BYTES);
        let text = Text::read(&long.as_bytes()[1..]);
        assert!(text.cut);
        assert!(text.text.len() <= MAX_BYTES + 4);
        assert!(!Text::read(&[b'a'; MAX_BYTES]).cut);
    }
}
