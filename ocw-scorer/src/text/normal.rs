//! The normal form of a text: what the model reads in place of the bytes that were sent.
//!
//! The same content in another dress becomes the same text, so that neither a reader's taste nor a
//! writer's trick decides the score:
//!
//! 1. *Characters.* Invisible and bidirectional marks go. Typographic quotes, dashes, dots and
//!    spaces, full-width and mathematical letters become the plain ones.
//! 2. *Markdown* (CommonMark with tables and strike-through, read by `pulldown-cmark`). Emphasis,
//!    links, images and inline HTML leave their text. Each heading, paragraph, list item, table row
//!    and line of code is a line. A heading, and a bold line that stands for one, ends in a colon;
//!    an item or row that ends in no mark ends in a semicolon. Bullets go, numbers of a numbered
//!    list stay. The cells of a row are read as `first: second, third`. Code stays as it is,
//!    without its fence.
//! 3. *Formulas.* The commonest LaTeX commands become what they show: `\frac{a}{b}` is `(a)/(b)`,
//!    `\times` is `×`.
//! 4. *Boilerplate* (answers only). Openers ("Sure! Here is the answer:") and closers ("I hope this
//!    helps!") go, whole sentences at the two ends of the text and at most three at each, as long
//!    as something else is there.
//!
//! A model's manifest says whether its texts are read so ([`crate::manifest::Manifest::text`]); the
//! number of the rule is part of it, and so of the model's digest. A change of any rule here is a
//! new number.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, TextMergeWithOffset};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

// What a letter, a digit or a space is goes into scores: another toolchain may say otherwise, and
// is then a new number above.
const _: () = assert!(char::UNICODE_VERSION.0 == 17 && char::UNICODE_VERSION.1 == 0 && char::UNICODE_VERSION.2 == 0);

/// Whose text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The prompt: boilerplate stays, as it may be what is asked about.
    Prompt,
    /// The answer.
    Answer,
}

/// The normal form of a text.
pub fn normal(text: &str, side: Side) -> String {
    let plain = characters(text);
    let mut lines = Page::read(&plain).lines;
    if side == Side::Answer {
        boilerplate::strip(&mut lines);
    }
    lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// A line of the normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    text: String,
    /// Code is never boilerplate.
    is_code: bool,
}

/// The first rule.
fn characters(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.nfc() {
        match c {
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => (),
            '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e01ef}' => (),
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' => plain.push('\''),
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{2033}' | '\u{ab}' | '\u{bb}' => plain.push('"'),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => plain.push('-'),
            '\u{2026}' => plain.push_str("..."),
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => plain.push(' '),
            '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' | '\u{85}' => plain.push('\n'),
            // Bullets that people type or paste: Markdown knows them as this one.
            '\u{2022}' | '\u{2023}' | '\u{25aa}' | '\u{25cf}' | '\u{25e6}' | '\u{2043}' | '\u{2219}' => plain.push('*'),
            // Ligatures, full-width forms, letters for mathematics.
            '\u{fb00}'..='\u{fb06}' | '\u{ff01}'..='\u{ff5e}' | '\u{1d400}'..='\u{1d7ff}' => {
                plain.extend(c.to_string().nfkc())
            }
            '\t' | '\n' | '\r' => plain.push(c),
            c if c.is_control() => (),
            c => plain.push(c),
        }
    }
    plain.replace("\r\n", "\n").replace('\r', "\n")
}

/// The second rule: what is read so far.
struct Page {
    lines: Vec<Line>,
    /// The line that is being read.
    open: String,
    /// The next number of each list that is open; `None` for bullets.
    lists: Vec<Option<u64>>,
    /// The cells of the row that is being read.
    cells: Option<Vec<String>>,
    in_heading: bool,
    in_item: usize,
    in_code: bool,
    /// How much of the open line is bold, in bytes.
    bold: usize,
    bold_from: Option<usize>,
}

impl Page {
    fn read(text: &str) -> Self {
        let mut page = Self {
            lines: Vec::new(),
            open: String::new(),
            lists: Vec::new(),
            cells: None,
            in_heading: false,
            in_item: 0,
            in_code: false,
            bold: 0,
            bold_from: None,
        };
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        let events = Parser::new_ext(text, options).into_offset_iter();
        for (event, range) in TextMergeWithOffset::new(events) {
            page.event(event, text, range);
        }
        page.end_line();
        page
    }

    fn event(&mut self, event: Event<'_>, source: &str, range: Range<usize>) {
        match event {
            Event::Text(text) if self.in_code => self.code(&text),
            Event::Text(text) => self.open.push_str(&formulas(&text)),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.open.push_str(&text),
            Event::InlineHtml(tag) => self.html(&tag),
            Event::Html(html) => html.lines().for_each(|line| {
                self.end_line();
                self.html(line);
            }),
            Event::SoftBreak if self.cells.is_none() => self.end_soft(),
            Event::SoftBreak => self.open.push(' '),
            Event::HardBreak => self.end_line(),
            Event::Rule => self.end_line(),
            Event::Start(tag) => self.start(tag, source, range),
            Event::End(tag) => self.end(tag, source, range),
            Event::FootnoteReference(name) => self.open.push_str(&name),
            Event::TaskListMarker(_) => (),
        }
    }

    fn start(&mut self, tag: Tag<'_>, source: &str, range: Range<usize>) {
        match tag {
            Tag::Paragraph | Tag::BlockQuote(_) => self.end_line_unless_marked(),
            Tag::Heading { .. } => {
                self.end_line_unless_marked();
                self.in_heading = true;
            }
            Tag::CodeBlock(_) => {
                self.end_line_unless_marked();
                self.in_code = true;
            }
            Tag::List(first) => {
                self.end_line();
                self.lists.push(first);
            }
            Tag::Item => {
                self.end_line();
                self.in_item += 1;
                if let Some(Some(number)) = self.lists.last_mut() {
                    self.open = format!("{number}. ");
                    *number += 1;
                }
            }
            Tag::Table(_) => self.end_line(),
            Tag::TableHead | Tag::TableRow => self.cells = Some(Vec::new()),
            Tag::TableCell => self.open.clear(),
            Tag::Strong => self.bold_from = Some(self.open.len()),
            Tag::Emphasis if is_product(source, &range) => self.open.push('*'),
            _ => (),
        }
    }

    fn end(&mut self, tag: TagEnd, source: &str, range: Range<usize>) {
        match tag {
            TagEnd::Heading(_) => {
                self.end_line();
                self.in_heading = false;
            }
            TagEnd::CodeBlock => {
                self.end_line();
                self.in_code = false;
            }
            TagEnd::List(_) => {
                self.end_line();
                self.lists.pop();
            }
            TagEnd::Item => {
                self.end_line();
                self.in_item = self.in_item.saturating_sub(1);
            }
            TagEnd::Paragraph | TagEnd::BlockQuote(_) | TagEnd::HtmlBlock => self.end_line(),
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.open);
                self.bold = 0;
                self.cells.get_or_insert_default().push(cell.trim().into());
            }
            TagEnd::TableHead | TagEnd::TableRow => self.end_row(),
            TagEnd::Strong => {
                if let Some(from) = self.bold_from.take() {
                    self.bold += self.open.len().saturating_sub(from);
                }
            }
            TagEnd::Emphasis if is_product(source, &range) => self.open.push('*'),
            _ => (),
        }
    }

    /// HTML without the tags that only format.
    fn html(&mut self, mut html: &str) {
        while let Some(at) = html.find('<') {
            self.open.push_str(&html[..at]);
            let end = html[at..].find('>').map_or(html.len(), |length| at + length + 1);
            match tag_name(&html[at..end]) {
                Some("br") => self.end_line(),
                Some(_) => (),
                None => self.open.push_str(&html[at..end]),
            }
            html = &html[end..];
        }
        self.open.push_str(html);
    }

    /// The lines of code, each as it is.
    fn code(&mut self, text: &str) {
        self.end_line();
        let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
        self.lines.extend(lines.map(|line| Line { text: line.into(), is_code: true }));
    }

    /// A line that goes on in the next one, unless it is a bold one, which stands for a heading.
    fn end_soft(&mut self) {
        if self.is_all_bold() {
            self.end_line();
        } else {
            self.open.push('\n');
        }
    }

    fn is_all_bold(&self) -> bool {
        self.bold > 0 && self.bold >= self.open.trim().len()
    }

    /// Ends a line that holds more than the number of its item.
    fn end_line_unless_marked(&mut self) {
        let is_number = self.open.strip_suffix(". ").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
        if !is_number {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        let is_heading = self.in_heading || (self.is_all_bold() && self.in_item == 0);
        let is_item = self.in_item > 0;
        self.bold = 0;
        self.bold_from = None;
        let open = std::mem::take(&mut self.open);
        for text in open.lines().map(spaced).filter(|text| !text.is_empty()) {
            let ending = match text.chars().next_back() {
                Some(last) if last.is_alphanumeric() || matches!(last, ')' | '"' | '\'' | '%') => {
                    if is_heading {
                        ":"
                    } else if is_item {
                        ";"
                    } else {
                        ""
                    }
                }
                _ => "",
            };
            self.lines.push(Line { text: text + ending, is_code: false });
        }
    }

    /// A row of a table: `first: second, third;`.
    fn end_row(&mut self) {
        let cells = self.cells.take().unwrap_or_default();
        let mut cells = cells.iter().filter(|cell| !cell.is_empty());
        let Some(first) = cells.next() else { return };
        let rest = cells.map(String::as_str).collect::<Vec<_>>().join(", ");
        self.open = if rest.is_empty() { first.clone() } else { format!("{}: {rest}", first.trim_end_matches(':')) };
        self.in_item += 1;
        self.end_line();
        self.in_item -= 1;
    }
}

/// Whether the asterisks stand for products, as in `2*3*4`.
fn is_product(source: &str, emphasis: &Range<usize>) -> bool {
    let bytes = source.as_bytes();
    let before = emphasis.start.checked_sub(1).and_then(|at| bytes.get(at));
    let after = bytes.get(emphasis.end);
    let inside = (bytes.get(emphasis.start + 1), emphasis.end.checked_sub(2).and_then(|at| bytes.get(at)));
    let is_operand = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b")(".contains(byte));
    bytes.get(emphasis.start) == Some(&b'*')
        && is_operand(before)
        && is_operand(after)
        && is_operand(inside.0)
        && is_operand(inside.1)
}

/// Single spaces, none at the ends.
fn spaced(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// HTML that only formats.
const FORMATS: [&str; 20] = [
    "b", "strong", "i", "em", "u", "s", "p", "div", "span", "br", "hr", "ul", "ol", "li", "code", "pre", "sub", "sup",
    "small", "mark",
];

fn tag_name(tag: &str) -> Option<&str> {
    let inside = tag.strip_prefix('<')?.strip_suffix('>')?;
    let name = inside.trim_start_matches('/').trim_end_matches('/').split_whitespace().next()?;
    FORMATS.iter().find(|known| known.eq_ignore_ascii_case(name)).copied()
}

/// The third rule: LaTeX commands of one character's worth.
const SYMBOLS: [(&str, &str); 26] = [
    ("\\left", ""),
    ("\\right", ""),
    ("\\times", "×"),
    ("\\cdot", "*"),
    ("\\div", "÷"),
    ("\\leq", "≤"),
    ("\\geq", "≥"),
    ("\\neq", "≠"),
    ("\\approx", "≈"),
    ("\\pm", "±"),
    ("\\pi", "π"),
    ("\\theta", "θ"),
    ("\\infty", "∞"),
    ("\\sqrt", "√"),
    ("\\sum", "∑"),
    ("\\rightarrow", "→"),
    ("\\Rightarrow", "→"),
    ("\\implies", "→"),
    ("\\to", "→"),
    ("\\quad", " "),
    ("\\qquad", " "),
    ("\\le", "≤"),
    ("\\ge", "≥"),
    ("\\ne", "≠"),
    ("\\ldots", "..."),
    ("\\dots", "..."),
];

/// LaTeX commands that leave what is between their braces.
const WRAPPERS: [&str; 6] = ["\\text", "\\textbf", "\\mathrm", "\\mathbf", "\\boxed", "\\operatorname"];

fn formulas(text: &str) -> String {
    if !text.contains('\\') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = 1 + rest[1..].bytes().take_while(u8::is_ascii_alphabetic).count();
        let (command, after) = rest.split_at(length);
        if let Some((_, shown)) = SYMBOLS.iter().find(|(known, _)| *known == command) {
            out.push_str(shown);
            rest = after;
        } else if let Some((inside, after)) = WRAPPERS.contains(&command).then(|| braces(after)).flatten() {
            out.push_str(&formulas_once(inside));
            rest = after;
        } else if let Some((over, under, after)) = fraction(command, after) {
            out.push_str(&format!("({})/({})", formulas_once(over), formulas_once(under)));
            rest = after;
        } else {
            out.push_str(command);
            rest = after;
        }
    }
    out + rest
}

/// The symbols inside braces; what is nested deeper stays as it is, so that no text costs more than
/// its length.
fn formulas_once(text: &str) -> String {
    SYMBOLS.iter().fold(text.to_string(), |text, (command, shown)| text.replace(command, shown))
}

/// What stands between the braces at the beginning, and what follows them.
fn braces(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('{')?;
    let mut depth = 1usize;
    for (at, byte) in inside.bytes().enumerate().take(400) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => (),
        }
        if depth == 0 {
            return Some((&inside[..at], &inside[at + 1..]));
        }
    }
    None
}

fn fraction<'a>(command: &str, after: &'a str) -> Option<(&'a str, &'a str, &'a str)> {
    if !matches!(command, "\\frac" | "\\dfrac" | "\\tfrac") {
        return None;
    }
    let (over, after) = braces(after)?;
    let (under, after) = braces(after)?;
    Some((over, under, after))
}

/// The fourth rule.
mod boilerplate {
    use super::Line;

    /// The most sentences that go at each end.
    const MOST: usize = 3;
    /// A longer sentence says something.
    const WORDS: usize = 24;

    /// Sentences that only open, whole.
    const OPENERS: [&str; 36] = [
        "sure",
        "sure thing",
        "of course",
        "certainly",
        "absolutely",
        "definitely",
        "okay",
        "ok",
        "alright",
        "yes, of course",
        "no problem",
        "great question",
        "good question",
        "excellent question",
        "that's a great question",
        "that's a good question",
        "what a great question",
        "thanks for asking",
        "thank you for asking",
        "thank you for your question",
        "thanks for your question",
        "happy to help",
        "glad to help",
        "i'd be happy to help",
        "i'd be glad to help",
        "i'm happy to help",
        "i can help with that",
        "i can help you with that",
        "answer",
        "the answer",
        "response",
        "solution",
        "my answer",
        "final answer",
        "the answer is as follows",
        "let's dive in",
    ];
    /// How sentences begin that announce what follows; they end in a colon.
    const ANNOUNCEMENTS: [&str; 16] = [
        "here is",
        "here's",
        "here are",
        "below is",
        "below are",
        "the following is",
        "the following are",
        "sure",
        "certainly",
        "of course",
        "absolutely",
        "okay",
        "i'd be happy to",
        "i'll be happy to",
        "let me",
        "this is the answer",
    ];
    /// Words that may be put before any sentence, with a comma.
    const INTERJECTIONS: [&str; 8] =
        ["sure", "certainly", "of course", "absolutely", "definitely", "okay", "ok", "alright"];
    /// How sentences begin that only close ...
    const CLOSERS: [&str; 22] = [
        "i hope",
        "hope",
        "let me know",
        "please let me know",
        "just let me know",
        "feel free",
        "please feel free",
        "don't hesitate",
        "please don't hesitate",
        "do not hesitate",
        "if you",
        "would you like me",
        "is there anything",
        "happy to",
        "i'm happy to",
        "i'd be happy to",
        "i am happy to",
        "glad to",
        "should you",
        "good luck",
        "in case you",
        "thanks for",
    ];
    /// ... and what they speak of.
    const OFFERS: [&str; 18] = [
        "this helps",
        "that helps",
        "it helps",
        "was helpful",
        "is helpful",
        "question",
        "need any",
        "need anything",
        "need more",
        "further",
        "clarif",
        "anything else",
        "like me to",
        "more detail",
        "assist",
        "good luck",
        "want me to",
        "help you",
    ];

    /// Takes openers and closers off.
    pub(super) fn strip(lines: &mut Vec<Line>) {
        for _ in 0..MOST {
            if !strip_first(lines) {
                break;
            }
        }
        for _ in 0..MOST {
            if !strip_last(lines) {
                break;
            }
        }
    }

    /// Takes the first sentence off if it only opens.
    fn strip_first(lines: &mut Vec<Line>) -> bool {
        let Some(line) = lines.first().filter(|line| !line.is_code) else { return false };
        let end = first_end(&line.text);
        let (sentence, rest) = line.text.split_at(end);
        let rest = rest.trim_start();
        let words = plain(sentence);
        let opens = OPENERS.contains(&words.as_str());
        let announces = sentence.ends_with(':') && ANNOUNCEMENTS.iter().any(|start| begins(&words, start));
        if sentence.split_whitespace().count() <= WORDS && (opens || announces) {
            return replace(lines, 0, rest.to_string());
        }
        let interjection = INTERJECTIONS.iter().find_map(|word| {
            line.text.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word)).map(str::len)
        });
        match interjection.and_then(|length| line.text[length..].strip_prefix([',', '!', '.'])) {
            Some(rest) if rest.starts_with(' ') => {
                let rest = rest.trim_start().to_string();
                replace(lines, 0, rest)
            }
            _ => false,
        }
    }

    /// Takes the last sentence off if it only closes.
    fn strip_last(lines: &mut Vec<Line>) -> bool {
        let Some(line) = lines.last().filter(|line| !line.is_code) else { return false };
        let start = last_start(&line.text);
        let (rest, sentence) = line.text.split_at(start);
        let words = plain(sentence);
        let closes =
            CLOSERS.iter().any(|start| begins(&words, start)) && OFFERS.iter().any(|offer| words.contains(offer));
        if !closes || sentence.split_whitespace().count() > WORDS {
            return false;
        }
        let rest = rest.trim_end().to_string();
        replace(lines, lines.len() - 1, rest)
    }

    /// Puts what is left in the place of a line, or nothing if nothing is left, but for a text's
    /// only line.
    fn replace(lines: &mut Vec<Line>, at: usize, rest: String) -> bool {
        if !rest.is_empty() {
            lines[at].text = rest;
        } else if lines.len() > 1 {
            lines.remove(at);
        } else {
            return false;
        }
        true
    }

    /// Where the first sentence ends.
    fn first_end(text: &str) -> usize {
        let bytes = text.as_bytes();
        let ends = |at: &usize| {
            matches!(bytes[*at], b'.' | b'!' | b'?' | b':') && matches!(bytes.get(at + 1), None | Some(b' '))
        };
        (0..bytes.len()).find(ends).map_or(bytes.len(), |at| at + 1)
    }

    /// Where the last sentence begins.
    fn last_start(text: &str) -> usize {
        let bytes = text.as_bytes();
        let starts = |at: &usize| {
            bytes[*at] == b' ' && at.checked_sub(1).is_some_and(|at| matches!(bytes[at], b'.' | b'!' | b'?'))
        };
        (0..bytes.len()).rev().find(starts).unwrap_or(0)
    }

    /// In lower case, without marks at the ends.
    fn plain(sentence: &str) -> String {
        sentence.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
    }

    /// Whether a text begins with these whole words.
    fn begins(text: &str, start: &str) -> bool {
        text.strip_prefix(start).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> String {
        normal(text, Side::Answer)
    }

    #[test]
    fn the_same_content_reads_alike_in_any_dress() {
        let plain = "Rust needs water. Salt makes it faster. Paint keeps it away.";
        let one_line = |text: &str| answer(text).replace('\n', " ");
        for dressed in [
            "**Rust** needs water. **Salt** makes it faster. __Paint__ keeps it away.",
            "- Rust needs water.\n- Salt makes it faster.\n- Paint keeps it away.",
            "* Rust needs water.\r\n* Salt makes it faster.\r\n* Paint keeps it away.\r\n",
            "\u{2022} Rust needs water.\n\u{2022} Salt makes it faster.\n\u{2022} Paint keeps it away.",
            "Rust needs water.   \n\n\nSalt makes it faster.\t\n\nPaint keeps it away.  ",
            "### Answer\n\nRust needs water. Salt makes it faster. Paint keeps it away.",
            "Sure! Here's the answer to your question:\n\nRust needs water. Salt makes it faster. Paint keeps it away.",
            "Certainly. Rust needs water. Salt makes it faster. Paint keeps it away.\n\nI hope this helps! Let me know if you have any other questions.",
            "> Rust needs water. Salt makes it faster. Paint keeps it away.",
            "Rust\u{200b} needs\u{a0}water. Salt makes\u{202e} it faster. Paint keeps it away.",
            "<p>Rust <b>needs</b> water.<br>Salt makes it faster.<br/>Paint keeps it away.</p>",
            "| Rust needs water. |\n|---|\n| Salt makes it faster. |\n| Paint keeps it away. |",
            "Rust needs [water](http://example.org). Salt makes it ~~faster~~. Paint keeps it away.",
        ] {
            assert_eq!(one_line(dressed), plain, "{dressed}");
        }
    }

    #[test]
    fn structure_stays() {
        assert_eq!(
            answer("## Causes\n- water\n- salt\n\n1. wash\n2. paint"),
            "Causes:\nwater;\nsalt;\n1. wash;\n2. paint;"
        );
        assert_eq!(
            answer("| Part | Price |\n|---|---|\n| Hose | 4 |\n| Pump | 90 |"),
            "Part: Price;\nHose: 4;\nPump: 90;"
        );
        assert_eq!(answer("- **Cause:** water\n- **Cure:** paint"), "Cause: water;\nCure: paint;");
        assert_eq!(answer("**Causes**\nwater and salt"), "Causes:\nwater and salt");
    }

    #[test]
    fn code_stays_code() {
        let code = "def f(xs):\n    return [x * 2 for x in xs]  # __all__";
        assert_eq!(answer(&format!("```python\n{code}\n```")), code);
        assert_eq!(
            answer(&format!("It doubles:\n\n```\n{code}\n```\nThat is all.")),
            format!("It doubles:\n{code}\nThat is all.")
        );
        assert_eq!(answer("Use `a_b*c*d` here."), "Use a_b*c*d here.");
    }

    #[test]
    fn data_stays_data() {
        for text in [
            "{\"a\": [1, 2], \"b_c\": null}",
            "name,age\nAnn,3\nBob,4",
            "2*3*4 = 24",
            "a < b and b > c",
            "x_1 + x_2",
            "$5 and $6",
            "100% of 3 > 2",
        ] {
            assert_eq!(answer(text), text);
        }
    }

    #[test]
    fn formulas_read_as_they_look() {
        assert_eq!(
            answer(r"\\( \frac{3}{4} \times 8 = \boxed{6} \\)".replace("\\\\", "\\").as_str()),
            "( (3)/(4) × 8 = 6 )"
        );
        assert_eq!(answer(r"\frac{1}{"), r"\frac{1}{");
    }

    #[test]
    fn boilerplate_stays_where_it_is_all_there_is_or_belongs_to_the_content() {
        for text in ["Sure!", "I hope this helps!", "Certainly", "Here is the answer:"] {
            assert_eq!(answer(text), text);
        }
        for text in [
            "Let me know if Thursday does not suit you.",
            "Of course it rains.",
            "Here is where it rains. It rains in Bergen.",
            "The hope is that this helps the poor.",
        ] {
            assert_eq!(answer(text), text);
        }
        assert_eq!(answer("Sure, it rains."), "it rains.");
        assert_eq!(normal("Sure! What is rain?", Side::Prompt), "Sure! What is rain?");
    }

    #[test]
    fn nothing_breaks_it() {
        let deep = "> ".repeat(2_000) + "a";
        let braces = "\\frac{".repeat(5_000);
        let stars = "*".repeat(10_000);
        let cells = "|".repeat(10_000) + "\n" + &"-|".repeat(10_000);
        for text in [
            "",
            " ",
            "\u{200b}",
            "\0\u{1b}[31m",
            "```",
            "**",
            "|",
            "- ",
            "1.",
            "<",
            "&amp;",
            "\\",
            deep.as_str(),
            &braces,
            &stars,
            &cells,
        ] {
            let once = answer(text);
            assert!(once.len() <= 2 * text.len() + 8, "{}", text.len());
        }
    }
}
