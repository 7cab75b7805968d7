//! Any bytes as the body of a request, in both forms: read or refused with a sentence, and what is
//! read stays within the limits.
#![no_main]

use codec::Encode;
use libfuzzer_sys::fuzz_target;
use ocw_scorer::internal::{Form, MAX_ANSWERS};
use poq_wire::{ScoreError, ScoreRequest, WIRE_VERSION};

fuzz_target!(|body: &[u8]| {
    for form in [Form::Scale, Form::Json] {
        match form.read(body) {
            Ok(ask) => {
                assert!((1..=MAX_ANSWERS).contains(&ask.work.answers.len()));
                let size: usize = ask.work.prompt.len() + ask.work.answers.iter().map(Vec::len).sum::<usize>();
                // JSON escapes only shrink when they are read.
                assert!(size <= body.len());
                if let (Form::Scale, Some(model)) = (form, ask.model) {
                    let request = ScoreRequest { version: WIRE_VERSION, model, prompt: ask.work.prompt, answers: ask.work.answers };
                    assert_eq!(request.encode(), body, "what is read is all there was");
                }
            }
            Err(ScoreError::Malformed(why)) => assert!(!why.is_empty()),
            Err(_) => {}
        }
    }
});
