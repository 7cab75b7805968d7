//! Takes a prompt apart: the question, and the sentences of the passage that comes with it.

/// A prompt that carries a passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What is asked.
    pub question: String,
    /// The passage's sentences, in their order.
    pub sentences: Vec<String>,
}

/// Words in front of a colon that announce a part of the prompt and belong to neither.
const LABELS: [&str; 9] = ["passage", "context", "text", "document", "article", "question", "q", "answer", "a"];

/// Finds question and passage. The question is the last sentence with a question mark, or else the
/// last line; the passage is the rest. `None` if nothing is left for the passage.
pub fn take_apart(prompt: &str) -> Option<Asked> {
    let parts: Vec<(usize, String)> = prompt
        .lines()
        .enumerate()
        .flat_map(|(line, text)| sentences(text).into_iter().map(move |sentence| (line, sentence)))
        .map(|(line, sentence)| (line, without_label(&sentence).to_owned()))
        .filter(|(_, sentence)| !sentence.is_empty())
        .collect();
    let is_question = |sentence: &str| sentence.trim_end_matches(['"', '\'', ')', '”', '’']).ends_with(['?', '？']);
    let (question, passage): (Vec<_>, Vec<_>) = match parts.iter().rposition(|(_, text)| is_question(text)) {
        Some(place) => parts.into_iter().enumerate().partition(|(index, _)| *index == place),
        None => {
            let last_line = parts.last()?.0;
            parts.into_iter().enumerate().partition(|(_, (line, _))| *line == last_line)
        }
    };
    let texts = |parts: Vec<(usize, (usize, String))>| parts.into_iter().map(|(_, (_, text))| text);
    let sentences: Vec<String> = texts(passage).filter(|text| text.chars().any(char::is_alphanumeric)).collect();
    let question = texts(question).collect::<Vec<_>>().join(" ");
    (!sentences.is_empty()).then_some(Asked { question, sentences })
}

/// Splits a line into sentences.
pub fn sentences(line: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut characters = line.char_indices().peekable();
    while let Some((place, character)) = characters.next() {
        let wide = matches!(character, '。' | '！' | '？');
        if !wide && !matches!(character, '.' | '!' | '?') {
            continue;
        }
        let mut end = place.saturating_add(character.len_utf8());
        // Closing quotes, brackets and further marks belong to the sentence.
        while let Some((place, next)) = characters.peek().copied() {
            if !matches!(next, '.' | '!' | '?' | '"' | '\'' | ')' | ']' | '”' | '’') {
                break;
            }
            end = place.saturating_add(next.len_utf8());
            characters.next();
        }
        let (before, after) = (&line[start..place], &line[end..]);
        if wide || (character != '.' && starts_anew(after)) || (starts_anew(after) && !is_abbreviation(before)) {
            sentences.push(line[start..end].trim().to_owned());
            start = end;
        }
    }
    sentences.push(line[start..].trim().to_owned());
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// Whether a new sentence may start here: after a space, and not with a small letter.
fn starts_anew(after: &str) -> bool {
    let rest = after.trim_start();
    rest.is_empty() || (rest.len() < after.len() && !rest.starts_with(char::is_lowercase))
}

/// Whether the point after this text belongs to an abbreviation or an initial.
fn is_abbreviation(before: &str) -> bool {
    const KNOWN: [&str; 20] = [
        "mr", "mrs", "ms", "dr", "prof", "st", "mt", "sr", "jr", "vs", "no", "fig", "etc", "e.g", "i.e", "cf",
        "approx", "gen", "col", "inc",
    ];
    let word = before.rsplit(|character: char| character.is_whitespace() || character == '(').next().unwrap_or("");
    let is_initial = word.chars().count() == 1 && word.starts_with(char::is_uppercase);
    is_initial || KNOWN.contains(&word.to_lowercase().as_str())
}

fn without_label(sentence: &str) -> &str {
    match sentence.split_once(':') {
        Some((label, rest)) if LABELS.contains(&label.trim().to_lowercase().as_str()) => rest.trim(),
        _ => sentence.trim(),
    }
}

/// The share of the question's telling words that a sentence has, from 0 to 1.
pub fn overlap(question: &str, sentence: &str) -> f64 {
    let (asked, said) = (telling_words(question), telling_words(sentence));
    match asked.len() {
        0 => 0.0,
        all => asked.iter().filter(|word| said.contains(*word)).count() as f64 / all as f64,
    }
}

fn telling_words(text: &str) -> std::collections::BTreeSet<String> {
    const SHORTEST: usize = 3;
    const COMMON: [&str; 27] = [
        "the", "and", "for", "are", "was", "were", "has", "have", "had", "does", "did", "what", "which", "who", "whom",
        "whose", "when", "where", "why", "how", "that", "this", "with", "from", "many", "much", "its",
    ];
    text.split(|character: char| !character.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() >= SHORTEST && !COMMON.contains(&word.as_str()))
        // One and many, and the verb's third person, are the same word here.
        .map(|word| word.trim_end_matches('s').to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_marks() {
        assert_eq!(sentences("One. Two! Three? Four"), ["One.", "Two!", "Three?", "Four"]);
        assert_eq!(sentences("He said \"Go.\" Then he left..."), ["He said \"Go.\"", "Then he left..."]);
        assert_eq!(sentences("水は流れる。山は高い。"), ["水は流れる。", "山は高い。"]);
        assert!(sentences("   ").is_empty());
    }

    #[test]
    fn sentences_do_not_end_within_numbers_names_and_abbreviations() {
        for whole in [
            "It grew by 3.5 percent.",
            "Dr. Smith and J. R. Brown met.",
            "Some metals (e.g. iron) rust.",
            "It runs at 2 p.m. on weekdays.",
            "See example.com for more.",
        ] {
            assert_eq!(sentences(whole), [whole]);
        }
    }

    #[test]
    fn the_question_may_come_last_or_first() {
        let last = take_apart("Bees make honey. Ants do not.\n\nWhat do bees make?").unwrap();
        let first = take_apart("What do bees make? Bees make honey. Ants do not.").unwrap();
        assert_eq!(last, first);
        assert_eq!(last.question, "What do bees make?");
        assert_eq!(last.sentences, ["Bees make honey.", "Ants do not."]);
    }

    #[test]
    fn questions_within_the_passage_stay_there() {
        let asked = take_apart("Why do bees dance? To show the way.\nQuestion: What do bees show?").unwrap();
        assert_eq!(asked.question, "What do bees show?");
        assert_eq!(asked.sentences, ["Why do bees dance?", "To show the way."]);
    }

    #[test]
    fn labels_belong_to_nothing() {
        let asked = take_apart("Context: Bees make honey.\nQ: What do bees make?\nAnswer:").unwrap();
        assert_eq!(asked, Asked { question: "What do bees make?".into(), sentences: vec!["Bees make honey.".into()] });
    }

    #[test]
    fn without_a_question_mark_the_last_line_asks() {
        let asked = take_apart("Bees make honey. They dance.\nSay what bees make. Be short.").unwrap();
        assert_eq!(asked.question, "Say what bees make. Be short.");
        assert_eq!(asked.sentences.len(), 2);
    }

    #[test]
    fn a_bare_question_has_no_passage() {
        for prompt in ["", "\n", "What do bees make?", "Tell me about bees.", "Question: Why?", "?!"] {
            assert_eq!(take_apart(prompt), None, "{prompt:?}");
        }
    }

    #[test]
    fn hostile_text_is_just_text() {
        for prompt in ["\u{0}\u{feff}?.?.?.", "....", "ａ。？!\r\n.\t?", "é.É? 🐝! 🐝", "a:b:c:"] {
            take_apart(prompt);
        }
        take_apart(&". ".repeat(100_000));
    }

    #[test]
    fn overlap_counts_telling_words() {
        assert_eq!(overlap("What do the bees make?", "A bee makes honey."), 1.0);
        assert_eq!(overlap("What do the bees make?", "Bees live in hives."), 0.5);
        assert_eq!(overlap("What is the thing?", "The and what."), 0.0);
        assert_eq!(overlap("Why?", "Why not."), 0.0);
    }
}
