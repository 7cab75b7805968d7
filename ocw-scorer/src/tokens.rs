//! From two texts to the token ids of a pair, never longer than the model's window.
//!
//! The pair is truncated longest first, as Hugging Face does it. Three things differ from calling the tokenizer with
//! truncation switched on, all because the answer is hostile input:
//!
//! - truncation or padding written into `tokenizer.json` is switched off, the manifest's limit holds;
//! - the parts that truncation leaves over are thrown away before the pair is joined: joined, they would number
//!   (parts of the prompt) x (parts of the answer), gigabytes for two long texts;
//! - special tokens spelled out in a text, such as `[SEP]`, are plain text: an answer cannot forge the frame.

use crate::{text::Text, LoadError};
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

/// A prompt and an answer as the model reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The token ids, special tokens included; at most the model's limit.
    pub ids: Vec<i64>,
    /// Which text each token belongs to: 0 the prompt, 1 the answer.
    pub types: Vec<i64>,
    /// Whether some of the prompt or of the answer did not fit.
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

    /// The pair as token ids; `None` if the tokenizer sees nothing in the answer.
    pub fn pair(&self, prompt: &Text<'_>, answer: &Text<'_>) -> Result<Option<Pair>, tokenizers::Error> {
        if answer.is_blank() {
            return Ok(None);
        }
        let prompt_tokens = self.tokenizer.encode_fast(&*prompt.text, false)?;
        let mut answer_tokens = self.tokenizer.encode_fast(&*answer.text, false)?;
        if answer_tokens.is_empty() {
            return Ok(None);
        }
        answer_tokens.set_type_ids(vec![1; answer_tokens.len()]);
        let fits = prompt_tokens.len() + answer_tokens.len() <= self.room;
        let (prompt_tokens, answer_tokens) = self.truncated(prompt_tokens, answer_tokens)?;
        let pair = self.tokenizer.post_process(prompt_tokens, Some(answer_tokens), true)?;
        Ok(Some(Pair {
            ids: pair.get_ids().iter().copied().map(i64::from).collect(),
            types: pair.get_type_ids().iter().copied().map(i64::from).collect(),
            truncated: !fits || prompt.cut || answer.cut,
        }))
    }

    fn truncated(&self, prompt: Encoding, answer: Encoding) -> Result<(Encoding, Encoding), tokenizers::Error> {
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
        Ok((prompt, answer))
    }
}
