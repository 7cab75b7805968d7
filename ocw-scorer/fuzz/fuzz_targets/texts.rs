//! Any two texts in their normal form, and before the guards: they settle or they pass, the same
//! each time, and never fail.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ocw_scorer::internal::{guards, normal, Side, Text};

fuzz_target!(|texts: (Vec<u8>, Vec<u8>)| {
    let (prompt, answer) = (Text::read(&texts.0), Text::read(&texts.1));
    for (text, side) in [(&prompt.text, Side::Prompt), (&answer.text, Side::Answer)] {
        let read = normal(text, side);
        assert_eq!(read, normal(text, side));
        // A compatibility form has at most 18 characters for one; a line gets one more.
        assert!(read.len() <= 18 * text.len() + 8, "{} bytes of {}", read.len(), text.len());
        guards::settle(&read, &read);
    }
    let settled = guards::settle(&prompt.text, &answer.text);
    assert_eq!(settled, guards::settle(&prompt.text, &answer.text));
    // Of a prompt of one or two words nothing but itself may be the answer.
    let has_word = |part: &&str| part.chars().any(|c| c.is_ascii_alphanumeric());
    if texts.0 == texts.1 && prompt.text.split_whitespace().filter(has_word).count() >= 3 {
        assert!(settled.is_some(), "an echo passes: {:?}", answer.text);
    }
});
