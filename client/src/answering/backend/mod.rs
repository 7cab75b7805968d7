//! Backends of an inference node: what turns a prompt into an answer.

mod canned;
mod extractive;
mod openai;
pub mod passage;
mod patience;

pub use canned::{Echo, Fixed};
pub use extractive::Extractive;
pub use openai::{OpenAi, OpenAiConfig};
pub use patience::Patience;

use crate::protocol::TaskId;
use futures::future::BoxFuture;
use std::{path::PathBuf, time::Duration};

/// What a backend is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The task.
    pub task: TaskId,
    /// The prompt. Bytes that are not UTF-8 have been replaced.
    pub prompt: String,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// The backend cannot be reached, or took too long.
    #[error("the backend at {url} cannot be reached ({reason}); is it running?")]
    Unreachable {
        /// Where it should be.
        url: String,
        /// Why not.
        reason: String,
    },
    /// The backend has too much to do, or failed; it may work later.
    #[error("the backend at {url} is not able to answer now ({reason})")]
    Busy {
        /// Where it is.
        url: String,
        /// What it said.
        reason: String,
        /// When it wants to be asked again, if it said so.
        after: Option<Duration>,
    },
    /// The backend does not take the request, and will not take it later.
    #[error("the backend at {url} refuses the request ({reason}); check its address, model and key")]
    Refused {
        /// Where it is.
        url: String,
        /// What it said.
        reason: String,
    },
    /// What came back cannot be understood.
    #[error("the backend at {url} sent something that is not an answer ({reason})")]
    Malformed {
        /// Where it is.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The backend took too long.
    #[error("the {backend} backend gave no answer within {seconds} s; allow more time with --timeout")]
    Slow {
        /// The backend's name.
        backend: String,
        /// The limit.
        seconds: f32,
    },
    /// This backend has nothing to say to this prompt.
    #[error("nothing to answer with: {0}")]
    Nothing(&'static str),
    /// The file with the answers cannot be used.
    #[error("the answers in {path} cannot be used: {reason}")]
    Answers {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The backend cannot be set up.
    #[error("the backend cannot be set up: {0}")]
    Setup(String),
}

impl BackendError {
    /// Whether it is worth asking again.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Busy { .. } | Self::Malformed { .. } | Self::Slow { .. })
    }
}

/// Turns prompts into answers. Ask it with [`Patience`].
pub trait Backend: Send + Sync {
    /// Answers a question.
    fn answer<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<String, BackendError>>;

    /// The backend's name, for logs.
    fn name(&self) -> &str;
}

/// An HTTP client for a backend.
fn http(timeout: Duration) -> Result<reqwest::Client, BackendError> {
    crate::tls::set_up();
    reqwest::Client::builder()
        .timeout(timeout)
        .connect_timeout(Duration::from_secs(10))
        .build()
        .map_err(|error| BackendError::Setup(error.to_string()))
}

/// Says what a failed request means.
fn request_failed(url: &str, error: &reqwest::Error) -> BackendError {
    let reason = match error.is_timeout() {
        true => "it took too long".into(),
        false => {
            let mut cause: &dyn std::error::Error = error;
            while let Some(source) = cause.source() {
                cause = source;
            }
            cause.to_string()
        }
    };
    BackendError::Unreachable { url: url.into(), reason }
}

/// Says what a response other than success means.
async fn response_failed(url: &str, response: reqwest::Response) -> BackendError {
    const LONGEST_REASON: usize = 300;
    let status = response.status();
    let after = response
        .headers()
        .get(reqwest::header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok())
        .map(Duration::from_secs);
    let body: String = response.text().await.unwrap_or_default().chars().take(LONGEST_REASON).collect();
    let (url, reason) = (url.into(), format!("{status}: {}", body.trim()));
    match status.is_server_error() || status.as_u16() == 429 || status.as_u16() == 408 {
        true => BackendError::Busy { url, reason, after },
        false => BackendError::Refused { url, reason },
    }
}

#[cfg(test)]
pub(crate) mod tests {
    /// Serves a router on a free loopback port, until the test ends.
    pub(crate) async fn serve(router: axum::Router) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }
}
