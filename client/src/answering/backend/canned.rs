//! Backends for demonstrations and tests: one that gives the prompt back, and one with answers from
//! a file.

use super::{Backend, BackendError, Question};
use futures::{future::BoxFuture, FutureExt};
use std::path::Path;

/// Gives the prompt back.
#[derive(Clone, Copy, Debug, Default)]
pub struct Echo;

impl Backend for Echo {
    fn answer<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<String, BackendError>> {
        std::future::ready(Ok(question.prompt.clone())).boxed()
    }

    fn name(&self) -> &str {
        "echo"
    }
}

/// Gives fixed answers, whatever was asked: a task's number picks one.
#[derive(Clone, Debug)]
pub struct Fixed {
    answers: Vec<String>,
}

impl Fixed {
    /// A backend with these answers; there must be one.
    pub fn new(answers: Vec<String>) -> Result<Self, BackendError> {
        match answers.iter().all(|answer| answer.trim().is_empty()) {
            true => Err(BackendError::Setup("there must be an answer to give".into())),
            false => Ok(Self { answers: answers.into_iter().filter(|answer| !answer.trim().is_empty()).collect() }),
        }
    }

    /// A backend with one answer for each line of a file.
    pub fn from_file(path: &Path) -> Result<Self, BackendError> {
        let unusable = |reason: String| BackendError::Answers { path: path.into(), reason };
        let text = std::fs::read_to_string(path).map_err(|error| unusable(error.to_string()))?;
        Self::new(text.lines().map(|line| line.trim().to_owned()).collect())
            .map_err(|_| unusable("it has no line with text".into()))
    }
}

impl Backend for Fixed {
    fn answer<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<String, BackendError>> {
        let answer = self.answers[question.task as usize % self.answers.len()].clone();
        std::future::ready(Ok(answer)).boxed()
    }

    fn name(&self) -> &str {
        "fixed"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn question(task: u64) -> Question {
        Question { task, prompt: "Why?".into() }
    }

    #[tokio::test]
    async fn echo_gives_the_prompt_back() {
        assert_eq!(Echo.answer(&question(0)).await.unwrap(), "Why?");
    }

    #[tokio::test]
    async fn fixed_answers_go_round_by_task() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"one\n\n two \nthree\n").unwrap();
        let backend = Fixed::from_file(file.path()).unwrap();
        let mut answers = Vec::new();
        for task in [0, 1, 2, 3, u64::MAX] {
            answers.push(backend.answer(&question(task)).await.unwrap());
        }
        assert_eq!(answers, ["one", "two", "three", "one", "one"]);
    }

    #[test]
    fn a_file_without_answers_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(matches!(Fixed::from_file(file.path()), Err(BackendError::Answers { .. })));
        assert!(matches!(Fixed::from_file(Path::new("/nonexistent")), Err(BackendError::Answers { .. })));
    }
}
