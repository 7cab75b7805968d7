//! Prompts from a file of JSON lines: a passage and a question about it.

use anyhow::{ensure, Context};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// One prompt.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Prompt {
    /// What to read.
    pub passage: String,
    /// What to answer.
    pub question: String,
}

impl Prompt {
    /// The text that goes to the chain.
    pub fn text(&self) -> String {
        format!("{}\n\nQuestion: {}", self.passage, self.question)
    }
}

/// The file of the demo.
pub fn demo_file() -> anyhow::Result<PathBuf> {
    Ok(crate::programs::repository()?.join("tests/network/prompts/demo.jsonl"))
}

/// Reads a file of prompts.
pub fn read(path: &Path) -> anyhow::Result<Vec<Prompt>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read the prompts in {}", path.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let parse = |(number, line)| {
        serde_json::from_str(line)
            .with_context(|| format!("{}, line {}: not a passage and a question", path.display(), number + 1))
    };
    let prompts = lines.map(parse).collect::<anyhow::Result<Vec<Prompt>>>()?;
    ensure!(!prompts.is_empty(), "{} has no prompts", path.display());
    Ok(prompts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_has_ten_prompts_about_different_things() {
        let prompts = read(&demo_file().unwrap()).unwrap();
        assert_eq!(prompts.len(), 10);
        for (index, prompt) in prompts.iter().enumerate() {
            assert!(prompt.passage.matches(". ").count() >= 3, "too short a passage: {}", prompt.passage);
            assert!(prompt.question.ends_with('?'));
            assert!(prompts[..index].iter().all(|other| other.question != prompt.question));
        }
    }

    #[test]
    fn says_which_line_is_wrong() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "{\"passage\": \"A.\", \"question\": \"B?\"}\n\nnonsense\n").unwrap();
        let error = read(file.path()).unwrap_err();
        assert!(error.to_string().contains("line 3"), "{error}");
    }
}
