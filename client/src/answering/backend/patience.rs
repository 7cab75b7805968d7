//! Asking a backend with patience: a limit for each attempt, and growing pauses between them.

use super::{Backend, BackendError, Question};
use std::time::Duration;

/// Pauses grow up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How patiently to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How often to ask; at least once.
    pub attempts: u32,
    /// How long each attempt may take.
    pub timeout: Duration,
}

impl Patience {
    /// Asks until there is an answer, an error that another attempt does not fix, or the attempts
    /// are used up.
    pub async fn ask(self, backend: &dyn Backend, question: &Question) -> Result<String, BackendError> {
        let mut attempt = 1;
        loop {
            let error = match self.ask_once(backend, question).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if !error.is_transient() || attempt >= self.attempts {
                return Err(error);
            }
            let pause = pause_after(&error, attempt);
            tracing::warn!("task {}: {error}; asking again in {} s", question.task, pause.as_secs());
            tokio::time::sleep(pause).await;
            attempt += 1;
        }
    }

    async fn ask_once(self, backend: &dyn Backend, question: &Question) -> Result<String, BackendError> {
        match tokio::time::timeout(self.timeout, backend.answer(question)).await {
            Ok(Ok(answer)) if answer.trim().is_empty() => Err(BackendError::Nothing("the backend's answer is empty")),
            Ok(outcome) => outcome,
            Err(_) => Err(BackendError::Slow { backend: backend.name().into(), seconds: self.timeout.as_secs_f32() }),
        }
    }
}

fn pause_after(error: &BackendError, attempt: u32) -> Duration {
    let wanted = match error {
        BackendError::Busy { after: Some(after), .. } => *after,
        _ => Duration::from_secs(1).saturating_mul(2u32.saturating_pow(attempt.saturating_sub(1))),
    };
    wanted.min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answering::backend::{tests::serve, OpenAi, OpenAiConfig};
    use axum::{http::StatusCode, response::IntoResponse, routing::post, Json, Router};
    use futures::{future::BoxFuture, FutureExt};
    use std::sync::{
        atomic::{AtomicU32, Ordering},
        Arc,
    };

    fn question() -> Question {
        Question { task: 0, prompt: "What do bees make?".into() }
    }

    /// A language model that fails `failures` times before it answers, and the number of times it
    /// was asked.
    async fn flaky(failures: u32, status: StatusCode) -> (OpenAi, Arc<AtomicU32>) {
        let asked = Arc::new(AtomicU32::new(0));
        let count = asked.clone();
        let handler = move || async move {
            match count.fetch_add(1, Ordering::Relaxed) < failures {
                true => (status, [("retry-after", "0")], "not now").into_response(),
                false => Json(serde_json::json!({"choices": [{"message": {"content": "Honey."}}]})).into_response(),
            }
        };
        let url = serve(Router::new().route("/v1/chat/completions", post(handler))).await;
        (OpenAi::new(OpenAiConfig::new(format!("{url}/v1"), "tiny")).unwrap(), asked)
    }

    fn patience(attempts: u32) -> Patience {
        Patience { attempts, timeout: Duration::from_secs(5) }
    }

    #[tokio::test]
    async fn asks_again_until_the_model_is_back() {
        let (backend, asked) = flaky(2, StatusCode::SERVICE_UNAVAILABLE).await;
        assert_eq!(patience(3).ask(&backend, &question()).await.unwrap(), "Honey.");
        assert_eq!(asked.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn gives_up_after_the_last_attempt() {
        let (backend, asked) = flaky(u32::MAX, StatusCode::TOO_MANY_REQUESTS).await;
        assert!(matches!(patience(3).ask(&backend, &question()).await, Err(BackendError::Busy { .. })));
        assert_eq!(asked.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn does_not_ask_again_what_is_refused_for_good() {
        let (backend, asked) = flaky(u32::MAX, StatusCode::UNAUTHORIZED).await;
        assert!(matches!(patience(3).ask(&backend, &question()).await, Err(BackendError::Refused { .. })));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }

    struct Hanging;

    impl Backend for Hanging {
        fn answer<'a>(&'a self, _: &'a Question) -> BoxFuture<'a, Result<String, BackendError>> {
            std::future::pending().boxed()
        }

        fn name(&self) -> &str {
            "hanging"
        }
    }

    #[tokio::test]
    async fn a_backend_that_hangs_is_not_waited_for() {
        let patience = Patience { attempts: 1, timeout: Duration::from_millis(50) };
        assert!(matches!(patience.ask(&Hanging, &question()).await, Err(BackendError::Slow { .. })));
    }

    #[test]
    fn pauses_grow_and_follow_the_backends_wish() {
        let unreachable = BackendError::Unreachable { url: String::new(), reason: String::new() };
        assert_eq!(pause_after(&unreachable, 1), Duration::from_secs(1));
        assert_eq!(pause_after(&unreachable, 3), Duration::from_secs(4));
        assert_eq!(pause_after(&unreachable, 40), LONGEST_PAUSE);
        let after = Some(Duration::from_secs(7));
        let busy = BackendError::Busy { url: String::new(), reason: String::new(), after };
        assert_eq!(pause_after(&busy, 1), Duration::from_secs(7));
    }
}
