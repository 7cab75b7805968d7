//! Reading a pair that is longer than the model's window.
//!
//! The rule, also in `models/README.md`:
//!
//! 1. The answer gets half of the room, or all that a shorter prompt leaves. A longer answer is
//!    read in at most four windows of that size, evenly spaced from its beginning to its end, each
//!    sharing at least an eighth with the next where four can cover it. A fifth, short window holds
//!    the one stretch of the answer that has most in common with the prompt, wherever it stands.
//!    Not more, as somebody's CPU pays for them.
//! 2. The prompt gets the rest. Of a longer prompt the first quarter and the last quarter of that
//!    rest are always read, as that is where questions and instructions stand; between them comes
//!    the one stretch of the prompt that has most in common with the window of the answer. In
//!    common counts more where a word is rare.
//! 3. The score is the mean of the best window's score and of all windows' mean, weighted by their
//!    lengths: a right sentence is found wherever it stands, and what is around it counts as well.

use super::guards::counts;
use std::{collections::HashSet, ops::Range};

/// The most windows that are spaced over one answer.
const SPACED: usize = 4;
/// How many tokens the short window has.
const FOCUS: usize = 64;

/// A text as the tokenizer cuts it.
pub struct Tokenized<'a> {
    /// The text.
    pub text: &'a str,
    /// The tokens' ids.
    pub ids: &'a [u32],
    /// Where in the text each token is, in bytes.
    pub offsets: &'a [(usize, usize)],
}

/// One reading of the pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// What is read of the prompt.
    pub prompt: String,
    /// What is read of the answer.
    pub answer: String,
    /// How many tokens of the answer that are.
    pub weight: usize,
}

impl Tokenized<'_> {
    fn len(&self) -> usize {
        self.ids.len()
    }

    fn slice(&self, range: Range<usize>) -> &str {
        let start = self.offsets.get(range.start).map_or(self.text.len(), |offset| offset.0);
        let end = range.end.checked_sub(1).and_then(|last| self.offsets.get(last)).map_or(start, |offset| offset.1);
        self.text.get(start..end.max(start)).unwrap_or_default()
    }
}

/// How many tokens of each text one reading takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rooms {
    /// Of the prompt.
    pub prompt: usize,
    /// Of the answer.
    pub answer: usize,
}

impl Rooms {
    /// For a model that reads both at once, with `room` tokens for the two.
    pub fn shared(prompt_tokens: usize, answer_tokens: usize, room: usize) -> Self {
        let answer = (room / 2).max(room.saturating_sub(prompt_tokens)).max(1);
        Self { prompt: room - answer.min(answer_tokens).min(room), answer }
    }

    /// For a model that reads each alone, with `room` tokens.
    pub fn apart(room: usize) -> Self {
        Self { prompt: room, answer: room.max(1) }
    }
}

/// All readings of the pair, and whether they leave something out.
pub fn windows(prompt: &Tokenized<'_>, answer: &Tokenized<'_>, rooms: Rooms) -> (Vec<Window>, bool) {
    let mut ranges = spaced(answer.len(), rooms.answer);
    let gaps = ranges.windows(2).any(|pair| pair[0].end < pair[1].start);
    if ranges.len() > 1 {
        let size = FOCUS.min(rooms.answer);
        let start = likest(answer.ids, 0..answer.len(), size, (size / 4).max(1), prompt.ids);
        ranges.push(start..start + size);
    }
    let windows = ranges
        .into_iter()
        .map(|range| {
            let ids = answer.ids.get(range.clone()).unwrap_or_default();
            let weight = ids.len();
            Window { prompt: excerpt(prompt, ids, rooms.prompt), answer: answer.slice(range).into(), weight }
        })
        .collect();
    (windows, gaps || prompt.len() > rooms.prompt)
}

/// At most [`SPACED`] ranges of `size` from the beginning of `len` to its end, evenly spaced. Where
/// that many can cover it, each shares at least an eighth with the next.
fn spaced(len: usize, size: usize) -> Vec<Range<usize>> {
    if len <= size {
        return std::iter::once(0..len).collect();
    }
    let step = (size - size / 8).max(1);
    let count = (len - size).div_ceil(step).min(SPACED - 1);
    (0..=count)
        .map(|index| {
            let start = (len - size) * index / count;
            start..start + size
        })
        .collect()
}

/// What of a long prompt goes with a window of the answer.
fn excerpt(prompt: &Tokenized<'_>, answer: &[u32], room: usize) -> String {
    if prompt.len() <= room {
        return prompt.text.into();
    }
    let end = room / 4;
    let size = room - 2 * end;
    let middle = end..prompt.len() - end;
    let from = likest(prompt.ids, middle.clone(), size, (size / 4).max(1), answer);
    let parts = [0..end, from..from + size, middle.end..prompt.len()];
    // Where two parts touch, no word between them is cut apart.
    let mut joined: Vec<Range<usize>> = Vec::new();
    for part in parts {
        match joined.last_mut() {
            Some(last) if last.end == part.start => last.end = part.end,
            _ => joined.push(part),
        }
    }
    joined.into_iter().map(|part| prompt.slice(part)).collect::<Vec<_>>().join(" ")
}

/// Where the stretch of `size` tokens within `within` starts that has most in common with `other`:
/// each token once, and the less, the more often it occurs in `ids`. The first of equals, so that
/// it is the same on every machine.
fn likest(ids: &[u32], within: Range<usize>, size: usize, step: usize, other: &[u32]) -> usize {
    let wanted: HashSet<u32> = other.iter().copied().collect();
    let often = counts(ids);
    let worth = |start: usize| -> f64 {
        let mut seen = HashSet::new();
        let stretch = ids.iter().skip(start).take(size);
        // In the order of the text, so that the sum is the same on every machine.
        stretch
            .filter(|id| wanted.contains(*id) && seen.insert(**id))
            .map(|id| 1.0 / often.get(id).copied().unwrap_or(1) as f64)
            .sum()
    };
    let last = within.end.saturating_sub(size).max(within.start);
    let starts = (within.start..last).step_by(step).chain([last]);
    let best = starts.fold((within.start, f64::MIN), |best, start| {
        let worth = worth(start);
        if worth > best.1 {
            (start, worth)
        } else {
            best
        }
    });
    best.0
}

/// The score of the whole from the windows' scores and weights; `None` without windows.
pub fn combine(scores: &[(f64, usize)]) -> Option<f64> {
    let best = scores.iter().map(|(score, _)| *score).reduce(f64::max)?;
    let weight: usize = scores.iter().map(|(_, weight)| weight).sum();
    let sum: f64 = scores.iter().map(|(score, weight)| score * *weight as f64).sum();
    Some((best + sum / weight.max(1) as f64) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The maximum number of windows of one answer: what a judgement may cost. A cross-encoder runs
    /// once for each, a bi-encoder twice.
    const MOST: usize = SPACED + 1;

    /// One token a word, its id the number in it.
    fn with<R>(words: &[u32], test: impl FnOnce(Tokenized<'_>) -> R) -> R {
        let text = words.iter().map(|word| format!("w{word:05}")).collect::<Vec<_>>().join(" ");
        let offsets: Vec<_> = (0..words.len()).map(|index| (index * 7, index * 7 + 6)).collect();
        test(Tokenized { text: &text, ids: words, offsets: &offsets })
    }

    fn read(prompt: &[u32], answer: &[u32], room: usize) -> Vec<Window> {
        with(prompt, |prompt| {
            with(answer, |answer| windows(&prompt, &answer, Rooms::shared(prompt.len(), answer.len(), room)).0)
        })
    }

    fn words(text: &str) -> Vec<u32> {
        text.split_whitespace().map(|word| word[1..].parse().unwrap()).collect()
    }

    #[test]
    fn every_word_of_a_long_answer_is_read() {
        let (prompt, answer): (Vec<u32>, Vec<u32>) = ((0..10).collect(), (100..420).collect());
        let windows = read(&prompt, &answer, 100);
        let seen: HashSet<u32> = windows.iter().flat_map(|window| words(&window.answer)).collect();
        assert!(answer.iter().all(|word| seen.contains(word)));
        assert!(windows.iter().all(|window| words(&window.prompt) == prompt && [90, FOCUS].contains(&window.weight)));
    }

    #[test]
    fn of_an_endless_answer_the_beginning_and_the_end_are_read() {
        let answer: Vec<u32> = (0..10_000).collect();
        let windows = read(&[7], &answer, 100);
        assert_eq!(windows.len(), MOST);
        assert_eq!(words(&windows[0].answer).first(), Some(&0));
        assert_eq!(words(&windows[SPACED - 1].answer).last(), Some(&9_999));
    }

    #[test]
    fn the_stretch_that_answers_is_read_by_itself() {
        let mut answer: Vec<u32> = (10_000..12_000).collect();
        answer[1_500..1_504].copy_from_slice(&[3, 4, 5, 6]);
        let windows = read(&[3, 4, 5, 6], &answer, 100);
        let focus = words(&windows[MOST - 1].answer);
        assert!(focus.len() == FOCUS && focus.windows(4).any(|run| run == [3, 4, 5, 6]), "{focus:?}");
    }

    #[test]
    fn no_reading_is_longer_than_the_room() {
        for (prompt, answer, room) in [
            (0u32, 300u32, 50usize),
            (300, 0, 50),
            (300, 1, 50),
            (1, 300, 2),
            (49, 2, 50),
            (500, 500, 509),
            (40, 4_000, 509),
        ] {
            let (prompt, answer): (Vec<u32>, Vec<u32>) = ((0..prompt).collect(), (0..answer).collect());
            let windows = read(&prompt, &answer, room);
            assert!(!windows.is_empty());
            for window in windows {
                let read = words(&window.prompt).len() + words(&window.answer).len();
                assert!(read <= room, "{read} of {room} for {} and {}", prompt.len(), answer.len());
            }
        }
    }

    #[test]
    fn of_a_long_prompt_the_ends_and_the_matching_stretch_are_read() {
        let prompt: Vec<u32> = (0..1_000).collect();
        let windows = read(&prompt, &[700, 703, 705], 83);
        let [window] = windows.as_slice() else { panic!("{windows:?}") };
        let read = words(&window.prompt);
        assert!((0..20).chain(980..1_000).chain(700..706).all(|word| read.contains(&word)), "{read:?}");
    }

    #[test]
    fn the_best_window_and_the_rest_count_half_each() {
        assert_eq!(combine(&[(0.8, 10)]), Some(0.8));
        assert_eq!(combine(&[(0.0, 30), (1.0, 10)]), Some(0.625));
        assert_eq!(combine(&[]), None);
    }
}
