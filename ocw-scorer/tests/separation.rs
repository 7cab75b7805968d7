//! What the judge is examined on was not trained on: no prompt, no answer and no longer run of
//! words of `models/eval/` is in what `models/train/` learns from.
//!
//! Public sources are not part of the repository: `models/held_out.txt` names those that only the
//! examination reads. `python -m models.train.apart` also looks for prompts that ask the same in
//! other words.

use serde_json::Value;
use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

/// So many words in a row are no coincidence.
const RUN: usize = 12;

/// The files with this ending in a folder of `models/` and in its folders.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    fn collect(folder: &Path, ending: &str, out: &mut Vec<PathBuf>) {
        let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                collect(&path, ending, out);
            } else if path.extension().is_some_and(|e| e == ending) {
                out.push(path);
            }
        }
    }
    let mut found = Vec::new();
    collect(&Path::new("../models").join(folder), ending, &mut found);
    found.sort();
    assert!(!found.is_empty(), "no .{ending} files in models/{folder}");
    found
}

/// All texts of a file of JSON lines, at any depth.
fn texts(path: &Path) -> Vec<String> {
    fn collect(value: &Value, out: &mut Vec<String>) {
        match value {
            Value::String(text) => out.push(text.clone()),
            Value::Array(values) => values.iter().for_each(|value| collect(value, out)),
            Value::Object(fields) => fields.values().for_each(|value| collect(value, out)),
            _ => {}
        }
    }
    let mut out = Vec::new();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        collect(&serde_json::from_str(line).unwrap(), &mut out);
    }
    out
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn runs(texts: &[String]) -> HashSet<Vec<String>> {
    texts.iter().flat_map(|text| words(text).windows(RUN).map(<[String]>::to_vec).collect::<Vec<_>>()).collect()
}

#[test]
fn no_examined_text_is_trained_on() {
    let mut trained: Vec<String> = files("train", "jsonl").iter().flat_map(|path| texts(path)).collect();
    // Wording and pairs that stand in the programs themselves.
    trained.extend(files("train", "py").iter().map(|path| std::fs::read_to_string(path).unwrap()));
    let trained = runs(&trained);
    for path in files("eval", "jsonl").iter().filter(|path| !path.ends_with("golden.jsonl")) {
        for text in texts(path) {
            let shared = words(&text).windows(RUN).find(|run| trained.contains(*run)).map(<[String]>::to_vec);
            assert_eq!(shared, None, "{} shares a run of words with what is trained on: {text}", path.display());
        }
    }
}

#[test]
fn at_least_100_chat_prompts_of_every_family_and_50_short_ones_are_examined_by_another_hand() {
    let lines = |name: &str| std::fs::read_to_string(Path::new("../models/eval").join(name)).unwrap().lines().count();
    let families = ["passage", "summary", "open", "instruction", "code", "maths", "dialogue"];
    let chat = families.map(|family| lines(&format!("chat/{family}.jsonl")));
    assert!(chat.iter().all(|count| *count >= 14) && chat.iter().sum::<usize>() >= 100, "{chat:?}");
    assert!(lines("short.jsonl") >= 50);
}

#[test]
fn at_least_300_graded_pairs_are_examined() {
    let graded = std::fs::read_to_string("../models/eval/graded.jsonl").unwrap();
    let answers = |line: &str| serde_json::from_str::<Value>(line).unwrap()["answers"].as_array().unwrap().len();
    assert!(graded.lines().map(answers).sum::<usize>() >= 300);
}
