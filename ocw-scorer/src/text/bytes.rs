//! From any bytes to a text that is safe to tokenize.

use std::borrow::Cow;

/// The most bytes of one text that are read: of a longer one the first half of them and the last,
/// as questions often stand at the end.
pub const MAX_BYTES: usize = 64 * 1024;

/// A text, and whether some of it was left out.
#[derive(Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// What the tokenizer gets. Bytes that are not UTF-8 have become U+FFFD.
    pub text: Cow<'a, str>,
    /// Whether there were more than `MAX_BYTES`.
    pub cut: bool,
}

impl<'a> Text<'a> {
    /// Reads bytes of any kind and length.
    pub fn read(bytes: &'a [u8]) -> Self {
        if bytes.len() <= MAX_BYTES {
            return Self { text: String::from_utf8_lossy(bytes), cut: false };
        }
        let (head, rest) = bytes.split_at(MAX_BYTES / 2);
        let tail = &rest[rest.len() - MAX_BYTES / 2..];
        let text = format!("{} {}", String::from_utf8_lossy(head), String::from_utf8_lossy(tail));
        Self { text: text.into(), cut: true }
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
        assert!(text.text.len() <= MAX_BYTES + 16);
        assert!(!Text::read(&[b'a'; MAX_BYTES]).cut);
    }
}
