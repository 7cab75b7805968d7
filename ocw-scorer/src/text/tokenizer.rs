//! From two texts to the token ids of a pair, never longer than the model's window.
//!
//! A pair that is too long is read in several windows, see [`super::windows`]. Each is put together
//! as Hugging Face does it, longest-first truncation included. Three things differ from calling the
//! tokenizer with truncation switched on, all because the answer is hostile input:
//!
//! - truncation or padding written into `tokenizer.json` is switched off, the manifest's limit
//!   holds;
//! - the parts that truncation leaves over are thrown away before the pair is joined: joined, they
//!   would number (parts of the prompt) x (parts of the answer), gigabytes for two long texts;
//! - special tokens spelled out in a text, such as `[SEP]`, are plain text: an answer cannot forge
//!   the frame.

use super::{
    bytes::Text,
    windows::{windows, Rooms, Tokenized},
};
use crate::LoadError;
use tokenizers::{
    utils::truncation::{truncate_encodings, TruncationDirection, TruncationParams, TruncationStrategy},
    Encoding,
};

/// A tokenizer with the model's limit.
pub struct Tokenizer {
    tokenizer: tokenizers::Tokenizer,
    /// How many tokens of the two texts fit beside the special ones.
    room: usize,
}

/// A prompt and an answer, a window of each, or one of the two alone, as the model reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The token ids, special tokens included; at most the model's limit.
    pub ids: Vec<i64>,
    /// Which text each token belongs to: 0 the prompt, 1 the answer.
    pub types: Vec<i64>,
}

/// All that the model reads of a prompt and an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<T> {
    /// One entry for each window, and how many tokens of the answer it holds; none if the tokenizer
    /// sees nothing in the answer.
    pub windows: Vec<(T, usize)>,
    /// Whether some of the prompt or of the answer is in none of them.
    pub truncated: bool,
}

impl Tokenizer {
    /// Reads `tokenizer.json`, for pairs of at most `max_length` tokens.
    pub fn parse(bytes: &[u8], max_length: usize) -> Result<Self, LoadError> {
        let unusable = LoadError::Tokenizer;
        let mut tokenizer = tokenizers::Tokenizer::from_bytes(bytes).map_err(unusable)?;
        tokenizer.with_truncation(None).map_err(unusable)?;
        tokenizer.with_padding(None);
        tokenizer.set_encode_special_tokens(true);
        let frame = tokenizer.encode_fast(("", ""), true).map_err(unusable)?;
        for mark in frame.get_ids() {
            let spelled = tokenizer.id_to_token(*mark).unwrap_or_default();
            if tokenizer.encode_fast(spelled.as_str(), false).map_err(unusable)?.get_ids().contains(mark) {
                return Err(LoadError::Tokenizer(
                    format!(
                        "it takes {spelled:?} in a text for the mark of the frame, so an answer could forge the frame"
                    )
                    .into(),
                ));
            }
        }
        let frame = frame.len();
        let room = max_length.checked_sub(frame).filter(|room| *room >= 2).ok_or_else(|| {
            LoadError::Tokenizer(format!("{frame} special tokens leave no room in {max_length}").into())
        })?;
        Ok(Self { tokenizer, room })
    }

    /// The largest number of a token.
    pub fn last_id(&self) -> u32 {
        self.tokenizer.get_vocab(true).into_values().max().unwrap_or(0)
    }

    /// What a model reads that takes prompt and answer at once.
    pub fn read(&self, prompt: &Text<'_>, answer: &Text<'_>) -> Result<Reading<Pair>, tokenizers::Error> {
        self.read_windows(
            prompt,
            answer,
            |prompt, answer| Rooms::shared(prompt, answer, self.room),
            |rooms, prompt, answer| prompt + answer <= rooms.prompt + rooms.answer.min(answer),
            |prompt, answer| self.join(prompt, answer),
        )
    }

    /// What a model reads that takes each text alone: the prompt's tokens and the answer's.
    pub fn read_apart(&self, prompt: &Text<'_>, answer: &Text<'_>) -> Result<Reading<[Pair; 2]>, tokenizers::Error> {
        self.read_windows(
            prompt,
            answer,
            |_, _| Rooms::apart(self.room),
            |rooms, prompt, answer| prompt <= rooms.prompt && answer <= rooms.answer,
            |prompt, answer| Ok([self.alone(prompt)?, self.alone(answer)?]),
        )
    }

    fn read_windows<T>(
        &self,
        prompt: &Text<'_>,
        answer: &Text<'_>,
        rooms: impl Fn(usize, usize) -> Rooms,
        fits: impl Fn(Rooms, usize, usize) -> bool,
        make: impl Fn(Encoding, Encoding) -> Result<T, tokenizers::Error>,
    ) -> Result<Reading<T>, tokenizers::Error> {
        // With offsets in bytes, so that windows can be cut out of the texts.
        let prompt_tokens = self.tokenizer.encode(&*prompt.text, false)?;
        let answer_tokens = self.tokenizer.encode(&*answer.text, false)?;
        let cut = prompt.cut || answer.cut;
        if answer_tokens.is_empty() {
            return Ok(Reading { windows: Vec::new(), truncated: cut });
        }
        let weight = answer_tokens.len();
        let rooms = rooms(prompt_tokens.len(), weight);
        if fits(rooms, prompt_tokens.len(), weight) {
            return Ok(Reading { windows: vec![(make(prompt_tokens, answer_tokens)?, weight)], truncated: cut });
        }
        let (windows, left_out) =
            windows(&tokenized(&prompt.text, &prompt_tokens), &tokenized(&answer.text, &answer_tokens), rooms);
        let windows = windows
            .into_iter()
            .map(|window| {
                let prompt = self.tokenizer.encode_fast(window.prompt, false)?;
                let answer = self.tokenizer.encode_fast(window.answer, false)?;
                Ok((make(prompt, answer)?, window.weight))
            })
            .collect::<Result<_, tokenizers::Error>>()?;
        Ok(Reading { windows, truncated: cut || left_out })
    }

    /// One text with its special tokens.
    fn alone(&self, mut text: Encoding) -> Result<Pair, tokenizers::Error> {
        text.truncate(self.room, 0, TruncationDirection::Right);
        text.take_overflowing();
        Ok(Pair::of(&self.tokenizer.post_process(text, None, true)?))
    }

    /// The pair with its special tokens. Windows fit but for a token or two: a text cut apart may
    /// be tokenized otherwise where it was cut.
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
        Ok(Pair::of(&self.tokenizer.post_process(prompt, Some(answer), true)?))
    }
}

impl Pair {
    fn of(encoding: &Encoding) -> Self {
        Self {
            ids: encoding.get_ids().iter().copied().map(i64::from).collect(),
            types: encoding.get_type_ids().iter().copied().map(i64::from).collect(),
        }
    }
}

fn tokenized<'a>(text: &'a str, encoding: &'a Encoding) -> Tokenized<'a> {
    Tokenized { text, ids: encoding.get_ids(), offsets: encoding.get_offsets() }
}
