//! From two texts to the token ids of a pair, never longer than the model's window.
//!
//! A pair that is too long is read in several windows, see [`crate::windows`]. Each is put together as Hugging Face does
//! it, longest-first truncation included. Three things differ from calling the tokenizer with truncation switched on,
//! all because the answer is hostile input:
//!
//! - truncation or padding written into `tokenizer.json` is switched off, the manifest's limit holds;
//! - the parts that truncation leaves over are thrown away before the pair is joined: joined, they would number
//!   (parts of the prompt) x (parts of the answer), gigabytes for two long texts;
//! - special tokens spelled out in a text, such as `[SEP]`, are plain text: an answer cannot forge the frame.

use crate::{
    text::Text,
    windows::{windows, Tokenized},
    LoadError,
};
use tokenizers::{
    utils::truncation::{truncate_encodings, TruncationDirection, TruncationParams, TruncationStrategy},
    Encoding, Tokenizer,
};

/// A tokenizer with the model's limit.
pub struct Tokens {
    tokenizer: Tokenizer,
    /// How many tokens of the two texts fit beside the special ones.
    room: usize,
}

/// A prompt and an answer, or a window of each, as the model reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The token ids, special tokens included; at most the model's limit.
    pub ids: Vec<i64>,
    /// Which text each token belongs to: 0 the prompt, 1 the answer.
    pub types: Vec<i64>,
}

/// All that the model reads of a prompt and an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// One pair for each window, and how many tokens of the answer it holds; none if the tokenizer sees nothing in the
    /// answer.
    pub pairs: Vec<(Pair, usize)>,
    /// Whether some of the prompt or of the answer is in none of them.
    pub truncated: bool,
}

impl Tokens {
    /// Reads `tokenizer.json`, for pairs of at most `max_length` tokens.
    pub fn parse(bytes: &[u8], max_length: usize) -> Result<Self, LoadError> {
        let unusable = |error: tokenizers::Error| LoadError::Tokenizer(error.to_string());
        let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(unusable)?;
        tokenizer.with_truncation(None).map_err(unusable)?;
        tokenizer.with_padding(None);
        tokenizer.set_encode_special_tokens(true);
        let frame = tokenizer.encode_fast(("", ""), true).map_err(unusable)?.len();
        let room = max_length
            .checked_sub(frame)
            .filter(|room| *room >= 2)
            .ok_or_else(|| LoadError::Tokenizer(format!("{frame} special tokens leave no room in {max_length}")))?;
        Ok(Self { tokenizer, room })
    }

    /// All that the model is to read.
    pub fn read(&self, prompt: &Text<'_>, answer: &Text<'_>) -> Result<Reading, tokenizers::Error> {
        // With offsets in bytes, so that windows can be cut out of the texts.
        let prompt_tokens = self.tokenizer.encode(&*prompt.text, false)?;
        let answer_tokens = self.tokenizer.encode(&*answer.text, false)?;
        let cut = prompt.cut || answer.cut;
        if answer_tokens.is_empty() {
            return Ok(Reading { pairs: Vec::new(), truncated: cut });
        }
        let weight = answer_tokens.len();
        if prompt_tokens.len() + weight <= self.room {
            let pair = self.join(prompt_tokens, answer_tokens)?;
            return Ok(Reading { pairs: vec![(pair, weight)], truncated: cut });
        }
        let (windows, left_out) =
            windows(&tokenized(&prompt.text, &prompt_tokens), &tokenized(&answer.text, &answer_tokens), self.room);
        let pairs = windows
            .into_iter()
            .map(|window| {
                let prompt = self.tokenizer.encode_fast(window.prompt, false)?;
                let answer = self.tokenizer.encode_fast(window.answer, false)?;
                Ok((self.join(prompt, answer)?, window.weight))
            })
            .collect::<Result<_, tokenizers::Error>>()?;
        Ok(Reading { pairs, truncated: cut || left_out })
    }

    /// The pair with its special tokens. Windows fit but for a token or two: a text cut apart may be tokenized otherwise
    /// where it was cut.
    fn join(&self, prompt: Encoding, mut answer: Encoding) -> Result<Pair, tokenizers::Error> {
        answer.set_type_ids(vec![1; answer.len()]);
        let longest_first = TruncationParams {
            direction: TruncationDirection::Right,
            max_length: self.room,
            strategy: TruncationStrategy::LongestFirst,
            stride: 0,
        };
        let (mut prompt, answer) = truncate_encodings(prompt, Some(answer), &longest_first)?;
        let mut answer = answer.ok_or("the answer was lost in truncation")?;
        prompt.take_overflowing();
        answer.take_overflowing();
        let pair = self.tokenizer.post_process(prompt, Some(answer), true)?;
        Ok(Pair {
            ids: pair.get_ids().iter().copied().map(i64::from).collect(),
            types: pair.get_type_ids().iter().copied().map(i64::from).collect(),
        })
    }
}

fn tokenized<'a>(text: &'a str, encoding: &'a Encoding) -> Tokenized<'a> {
    Tokenized { text, ids: encoding.get_ids(), offsets: encoding.get_offsets() }
}
