//! Structure guards: what can be told from the words alone, before any model runs.
//!
//! Each is a rule that a person can check by counting, has a name, and settles an answer at zero.
//! They stop the laziest cheating and would rather let a disguised echo through to the model than
//! settle an honest answer. They are few on purpose: what a small model tells apart by itself needs
//! no rule. `models/REPORT.md` shows for each how many honest and how many dishonest answers it
//! settles.

use poq_wire::Refusal;
use std::collections::{HashMap, HashSet};
use unicode_normalization::{char::is_combining_mark, UnicodeNormalization};

/// Runs of this many words count as copied.
const RUN: usize = 5;
/// An answer that copies this share of the prompt's words is an echo.
const ECHOED: f64 = 0.8;
/// Fewer words are too few to speak of an echo, and fewer characters too few to speak of noise.
const FEW: usize = 8;
/// A prompt of fewer words may be repeated before it is answered.
const SHORT_PROMPT: usize = 24;
/// Runs of words come again in honest answers, in tables and refrains; not half of them in an
/// answer of so many words.
const LONG_ANSWER: usize = 24;
/// An answer in which this share of all runs of three words was there before is repetition.
const REPEATED: f64 = 0.5;
/// An answer that has fewer different words than this share of all its words, of the first [`MANY`]
/// at most, is repetition.
const VARIED: f64 = 0.2;
/// Even long texts need no more than so many words to be held against [`VARIED`].
const MANY: usize = 100;
/// Text has at least this share of letters, digits and spaces; formulas and code have few.
const TEXTUAL: f64 = 0.25;
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
    } else {
        None
    }
}

/// Nothing but white space, control characters and the marks that close or open a sentence.
fn is_empty(answer: &str) -> bool {
    const MARKS: &str = ".,:;!?-_…'\"`";
    answer.chars().all(|c| c.is_whitespace() || is_unshown(c) || MARKS.contains(c))
}

/// Control characters, characters of no width or of no use in a text, and bytes that were none.
fn is_unshown(c: char) -> bool {
    let formatting = matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e01ef}');
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

/// The prompt, or most of it, is in the answer word for word, its beginning and its end among them:
/// who edits a text that the prompt holds repeats the text and not what was asked of it. A short
/// prompt may be repeated before it is answered.
fn is_echo(prompt: &[String], answer: &[String]) -> bool {
    if prompt.len() < RUN || answer.is_empty() {
        // Of a prompt of a few words nothing but itself is an echo, and often enough it is an
        // answer.
        return prompt.len() >= 3 && prompt == answer;
    }
    let in_answer: HashSet<&[String]> = answer.windows(RUN).collect();
    let mut copied = vec![false; prompt.len()];
    for (start, words) in prompt.windows(RUN).enumerate() {
        if in_answer.contains(words) {
            copied[start..start + RUN].fill(true);
        }
    }
    let ends = copied.first() == Some(&true) && copied.last() == Some(&true);
    let count = copied.into_iter().filter(|copied| *copied).count();
    let goes_on = match prompt.len() < SHORT_PROMPT {
        true => answer.len() > count,
        false => answer.len() >= 2 * count,
    };
    share(count, prompt.len()) >= ECHOED && ends && !goes_on
}

/// The same few words over and over. Numbers and single letters are left out: they fill tables.
fn is_repetition(answer: &[String]) -> bool {
    let counted: Vec<&String> =
        answer.iter().filter(|word| word.chars().count() > 2 && word.chars().all(char::is_alphabetic)).collect();
    if counted.len() < FEW || counted.len() * 2 < answer.len() {
        return false;
    }
    let different: HashSet<&&String> = counted.iter().collect();
    if share(different.len(), counted.len().min(MANY)) < VARIED {
        return true;
    }
    let runs: HashSet<&[String]> = answer.windows(3).collect();
    let all = answer.len() - 2;
    answer.len() >= LONG_ANSWER && share(all - runs.len(), all) >= REPEATED
}

fn share(part: usize, all: usize) -> f64 {
    part as f64 / all as f64
}

/// The words of a text as the model reads them: in lower case, without accents and without what is
/// not shown.
fn words(text: &str) -> Vec<String> {
    let plain: String = text.nfd().filter(|c| !is_unshown(*c) && !is_combining_mark(*c)).collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
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
        for answer in [
            ANSWER,
            "Paris",
            "42",
            "π",
            "At noon.",
            "Bicycles travel free of charge before ten.",
            "x = (a + b) / 2",
            r#"{"x": 1, "y": 2}"#,
            "(1/2)+(1/3)=(5/6)",
            "a[i]=b[j];b[j]=t;",
            "0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1",
            "no, yes, no, yes, no, yes, no, yes, no, yes",
            "eight, noon, ten, ferry, bicycle, Holm, cost, charge",
        ] {
            assert_eq!(settled(answer), None, "{answer}");
        }
    }

    #[test]
    fn leaves_what_the_prompt_asks_to_repeat() {
        let text = "The whether was fine on Monday, but on Tuesday it raned so hard that the river left its bed and the whole village \
                    had to move to the school on the hill, where they stayed until the water went down again on Friday.";
        let corrected = text.replace("whether", "weather").replace("raned", "rained");
        for (prompt, answer) in [
            (format!("Correct the spelling mistakes in this text: {text}"), corrected.as_str()),
            (
                "What are the three states of matter that we see every day?".into(),
                "What are the three states of matter that we see every day? Solid, liquid and gas.",
            ),
            ("What is two plus two?".into(), "What is two plus two? Four."),
            ("Entropy?".into(), "Entropy."),
            (
                "Reverse this list: one two three four five six seven eight".into(),
                "eight seven six five four three two one",
            ),
        ] {
            assert_eq!(settle(&prompt, answer), None, "{answer}");
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
        assert_eq!(settled(&format!("{PROMPT} It costs nothing at noon.")), Some(Refusal::Echo));
        for disguised in ["fer\u{200b}ry", "fer\u{2066}ry", "fe\u{301}rry", "férry", "FERRY"] {
            assert_eq!(settled(&PROMPT.replace("ferry", disguised)), Some(Refusal::Echo), "{disguised}");
        }
        assert_eq!(settled(&PROMPT.replace(' ', "'")), Some(Refusal::Echo));
    }

    #[test]
    fn a_part_of_the_prompt_is_left_to_the_model() {
        let words: Vec<&str> = PROMPT.split_whitespace().collect();
        assert_eq!(settled(&words[..words.len() * 2 / 3].join(" ")), None);
        assert_eq!(settled(&words[words.len() / 3..].join(" ")), None);
        assert_eq!(
            settled("The ferry to Holm leaves at eight and at noon. Bicycles travel free of charge before ten."),
            None
        );
    }

    #[test]
    fn leaves_data_that_the_prompt_asks_for() {
        let text = "Anna Berg, Oslo, 42\nPiet Vos, Delft, 37\nRosa Lind, Turku, 51\nTom Hale, Leeds, 29";
        for (task, answer) in [
            ("Write this in capital letters", text.to_uppercase()),
            (
                "Turn these lines into CSV with a header name,city,age",
                format!("name,city,age\n{}", text.replace(", ", ",")),
            ),
            (
                "Sort these by age",
                "Tom Hale, Leeds, 29\nPiet Vos, Delft, 37\nAnna Berg, Oslo, 42\nRosa Lind, Turku, 51".into(),
            ),
            (
                "List the cities, then the names, then the ages",
                "Oslo Delft Turku Leeds Anna Piet Rosa Tom Berg Vos Lind Hale 42 37 51 29".into(),
            ),
            ("As JSON", r#"[{"n":"Anna Berg","c":"Oslo","a":42},{"n":"Piet Vos","c":"Delft","a":37}]"#.into()),
        ] {
            assert_eq!(settle(&format!("{task}:\n{text}"), &answer), None, "{task}");
        }
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
    fn settles_noise() {
        assert_eq!(settled("%$#&*@(}{[]|\\^~ %$&* a"), Some(Refusal::Noise));
        assert_eq!(settled(&"\u{fffd}a".repeat(10)), Some(Refusal::Noise));
        assert_eq!(settled("a\u{1}b\u{2}c\u{3}d\u{4}e\u{5}"), Some(Refusal::Noise));
    }
}
