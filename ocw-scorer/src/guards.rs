//! Structure guards: what can be told from the words alone, before any model runs.
//!
//! Each is a rule that a person can check by counting, has a name, and settles an answer at zero. They are few on
//! purpose: what a small model tells apart by itself needs no rule. `models/REPORT.md` shows for each how many honest and
//! how many dishonest answers it settles.

use poq_mechanism::wire::Refusal;
use std::collections::{HashMap, HashSet};

/// Runs of this many words count as copied.
const RUN: usize = 5;
/// An answer that copies this share of the prompt's words is an echo.
const ECHOED: f64 = 0.8;
/// Fewer words are too few to speak of repetition or of lists.
const FEW: usize = 8;
/// An answer in which this share of all runs of three words was there before is repetition.
const REPEATED: f64 = 0.5;
/// An answer that has fewer different words than this share of all its words, of the first [`MANY`] at most, is repetition.
const VARIED: f64 = 0.2;
/// Even long texts need no more than so many words to be held against [`VARIED`].
const MANY: usize = 100;
/// A keyword list takes at least this share of its words from the prompt ...
const TAKEN: f64 = 0.85;
/// ... and at most this share of its neighbouring pairs of words.
const JOINED: f64 = 0.2;
/// Text has at least this share of letters, digits and spaces.
const TEXTUAL: f64 = 0.5;
/// Text has at most this share of characters that cannot be shown.
const UNSHOWN: f64 = 0.25;

/// The guard that settles this answer, if one does.
pub fn settle(prompt: &str, answer: &str) -> Option<Refusal> {
    if is_empty(answer) {
        return Some(Refusal::Empty);
    }
    if is_noise(answer) {
        return Some(Refusal::Noise);
    }
    let (prompt, answer) = (words(prompt), words(answer));
    if is_repetition(&answer) {
        Some(Refusal::Repetition)
    } else if is_echo(&prompt, &answer) {
        Some(Refusal::Echo)
    } else if is_keywords(&prompt, &answer) {
        Some(Refusal::Keywords)
    } else {
        None
    }
}

/// Nothing but white space, control characters and the marks that close or open a sentence.
fn is_empty(answer: &str) -> bool {
    const MARKS: &str = ".,:;!?-_…'\"`";
    answer.chars().all(|c| c.is_whitespace() || is_unshown(c) || MARKS.contains(c))
}

/// Control characters, characters of no width and bytes that were no text.
fn is_unshown(c: char) -> bool {
    let formatting = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    (c.is_control() && !c.is_whitespace()) || formatting || c == char::REPLACEMENT_CHARACTER
}

/// Mostly characters that are no text.
fn is_noise(answer: &str) -> bool {
    let (mut all, mut textual, mut unshown) = (0usize, 0usize, 0usize);
    for c in answer.chars() {
        all += 1;
        textual += usize::from(c.is_alphanumeric() || c.is_whitespace());
        unshown += usize::from(is_unshown(c));
    }
    all >= FEW && (share(textual, all) < TEXTUAL || share(unshown, all) > UNSHOWN)
}

/// The prompt, or most of it, is in the answer word for word. Where the prompt is a short question that the answer
/// repeats before it goes on, that is no echo.
fn is_echo(prompt: &[String], answer: &[String]) -> bool {
    if prompt.is_empty() || answer.is_empty() {
        return false;
    }
    let run = RUN.min(prompt.len());
    let in_answer: HashSet<&[String]> = answer.windows(run).collect();
    let mut copied = vec![false; prompt.len()];
    for (start, words) in prompt.windows(run).enumerate() {
        if in_answer.contains(words) {
            copied[start..start + run].fill(true);
        }
    }
    let copied = copied.into_iter().filter(|copied| *copied).count();
    share(copied, prompt.len()) >= ECHOED && copied * 2 > answer.len()
}

/// The same few words over and over.
fn is_repetition(answer: &[String]) -> bool {
    if answer.len() < FEW {
        return false;
    }
    let different: HashSet<&String> = answer.iter().collect();
    let runs: HashSet<&[String]> = answer.windows(3).collect();
    let all = answer.len() - 2;
    share(different.len(), answer.len().min(MANY)) < VARIED || share(all - runs.len(), all) >= REPEATED
}

/// Words of the prompt that are strung together in no order of the prompt's.
fn is_keywords(prompt: &[String], answer: &[String]) -> bool {
    if answer.len() < FEW {
        return false;
    }
    let known: HashSet<&String> = prompt.iter().collect();
    let pairs: HashSet<&[String]> = prompt.windows(2).collect();
    let taken = answer.iter().filter(|word| known.contains(word)).count();
    let joined = answer.windows(2).filter(|pair| pairs.contains(pair)).count();
    share(taken, answer.len()) >= TAKEN && share(joined, answer.len() - 1) <= JOINED
}

fn share(part: usize, all: usize) -> f64 {
    part as f64 / all as f64
}

/// The words of a text, in lower case and without what is not shown.
fn words(text: &str) -> Vec<String> {
    let shown: String = text.chars().filter(|c| !is_unshown(*c)).collect();
    shown
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// How often each word occurs.
pub(crate) fn counts<T: std::hash::Hash + Eq + Copy>(items: &[T]) -> HashMap<T, usize> {
    let mut counts = HashMap::new();
    for item in items {
        *counts.entry(*item).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROMPT: &str = "The ferry to Holm leaves at eight and at noon. Bicycles travel free of charge before ten. \
                          What does it cost to take a bicycle on the noon ferry, and when does it leave?";
    const ANSWER: &str = "It leaves at noon; a bicycle is free only on ferries before ten, so it costs the usual fare.";

    fn settled(answer: &str) -> Option<Refusal> {
        settle(PROMPT, answer)
    }

    #[test]
    fn leaves_answers_to_the_model() {
        for answer in
            [ANSWER, "Paris", "42", "π", "At noon.", "Bicycles travel free of charge before ten.", "x = (a + b) / 2"]
        {
            assert_eq!(settled(answer), None, "{answer}");
        }
    }

    #[test]
    fn settles_what_says_nothing() {
        for answer in ["", " ", ":", "...", "?!", "\u{200b}\u{200b}", "\0\u{7}", "-- --"] {
            assert_eq!(settled(answer), Some(Refusal::Empty), "{answer:?}");
        }
    }

    #[test]
    fn settles_the_prompt_and_most_of_it() {
        assert_eq!(settled(PROMPT), Some(Refusal::Echo));
        assert_eq!(settled(&PROMPT.to_uppercase().replace(' ', "\n")), Some(Refusal::Echo));
        let most = PROMPT.split_once("before ten. ").map_or("", |(before, _)| before);
        let prompt = most.to_owned() + " When?";
        assert_eq!(settle(&prompt, most), Some(Refusal::Echo));
        assert_eq!(settled(&format!("{PROMPT} It costs nothing at noon.")), Some(Refusal::Echo));
        assert_eq!(settled(&PROMPT.replace("ferry", "fer\u{200b}ry")), Some(Refusal::Echo));
    }

    #[test]
    fn a_question_repeated_before_its_answer_is_no_echo() {
        let question = "Why is the sky blue?";
        let answer = format!("{question} Because air scatters blue light more than red light.");
        assert_eq!(settle(question, &answer), None);
        assert_eq!(settle(question, question), Some(Refusal::Echo));
    }

    #[test]
    fn settles_repetition() {
        assert_eq!(settled(&"ferry ".repeat(20)), Some(Refusal::Repetition));
        assert_eq!(settled(&"It leaves at noon and a bicycle ".repeat(4)), Some(Refusal::Repetition));
        assert_eq!(settled(&format!("{ANSWER} {ANSWER} {ANSWER}")), Some(Refusal::Repetition));
    }

    #[test]
    fn settles_lists_of_keywords() {
        let list = "ferry noon bicycle cost Holm leaves eight charge free travel";
        assert_eq!(settled(list), Some(Refusal::Keywords));
    }

    #[test]
    fn settles_noise() {
        assert_eq!(settled("%$#&*@(}{[]|\\^~ %$&* a"), Some(Refusal::Noise));
        assert_eq!(settled(&"\u{fffd}a".repeat(10)), Some(Refusal::Noise));
        assert_eq!(settled("a\u{1}b\u{2}c\u{3}d\u{4}e\u{5}"), Some(Refusal::Noise));
    }
}
