//! A backend that asks any endpoint with OpenAI's chat completions interface: vLLM, llama.cpp,
//! Ollama and others.

use super::{http, request_failed, response_failed, Backend, BackendError, Question};
use futures::{future::BoxFuture, FutureExt};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How to ask an endpoint.
#[derive(Clone)]
pub struct OpenAiConfig {
    /// The endpoint's base, such as `http://127.0.0.1:11434/v1`, or the full address of
    /// `chat/completions`.
    pub url: String,
    /// The model to ask for.
    pub model: String,
    /// The key, if the endpoint wants one.
    pub api_key: Option<String>,
    /// What the model is told before the prompt.
    pub system: Option<String>,
    /// The longest answer, in tokens.
    pub max_tokens: u32,
    /// How free the model is.
    pub temperature: f32,
    /// How long one answer may take.
    pub timeout: Duration,
}

impl OpenAiConfig {
    /// The usual settings for a model at an address.
    pub fn new(url: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            model: model.into(),
            api_key: None,
            system: None,
            max_tokens: 512,
            temperature: 0.2,
            timeout: Duration::from_secs(60),
        }
    }
}

/// Asks a language model.
pub struct OpenAi {
    http: reqwest::Client,
    config: OpenAiConfig,
}

#[derive(Serialize)]
struct Request<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    max_tokens: u32,
    temperature: f32,
    stream: bool,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'a str,
    content: &'a str,
}

#[derive(Deserialize)]
struct Response {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Reply,
}

#[derive(Deserialize)]
struct Reply {
    content: Option<String>,
}

impl OpenAi {
    /// A backend that asks as configured.
    pub fn new(mut config: OpenAiConfig) -> Result<Self, BackendError> {
        let base = config.url.trim_end_matches('/').trim_end_matches("/chat/completions");
        config.url = format!("{base}/chat/completions");
        Ok(Self { http: http(config.timeout)?, config })
    }

    async fn complete(&self, question: &Question) -> Result<String, BackendError> {
        let config = &self.config;
        let system = config.system.iter().map(|content| Message { role: "system", content });
        let user = std::iter::once(Message { role: "user", content: &question.prompt });
        let request = Request {
            model: &config.model,
            messages: system.chain(user).collect(),
            max_tokens: config.max_tokens,
            temperature: config.temperature,
            stream: false,
        };
        let mut call = self.http.post(&config.url).json(&request);
        if let Some(key) = &config.api_key {
            call = call.bearer_auth(key);
        }
        let response = call.send().await.map_err(|error| request_failed(&config.url, &error))?;
        if !response.status().is_success() {
            return Err(response_failed(&config.url, response).await);
        }
        let malformed = |reason: String| BackendError::Malformed { url: config.url.clone(), reason };
        let body = response.bytes().await.map_err(|error| request_failed(&config.url, &error))?;
        let response: Response = serde_json::from_slice(&body).map_err(|error| malformed(error.to_string()))?;
        let content = response.choices.into_iter().next().and_then(|choice| choice.message.content).unwrap_or_default();
        match without_thoughts(&content) {
            "" => Err(malformed("an empty answer".into())),
            answer => Ok(answer.to_owned()),
        }
    }
}

impl Backend for OpenAi {
    fn answer<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<String, BackendError>> {
        self.complete(question).boxed()
    }

    fn name(&self) -> &str {
        "openai"
    }
}

/// The answer without the thoughts that some models write before it.
fn without_thoughts(content: &str) -> &str {
    let trimmed = content.trim();
    match trimmed.strip_prefix("<think>") {
        Some(thoughts) => thoughts.split_once("</think>").map_or("", |(_, answer)| answer.trim()),
        None => trimmed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answering::backend::tests::serve;
    use axum::{
        http::{HeaderMap, StatusCode},
        routing::post,
        Json, Router,
    };
    use serde_json::{json, Value};
    use std::sync::{Arc, Mutex};

    fn reply(content: &str) -> Json<Value> {
        Json(json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": content}}]}))
    }

    fn question() -> Question {
        Question { task: 0, prompt: "What do bees make?".into() }
    }

    #[tokio::test]
    async fn asks_as_configured() {
        let seen = Arc::new(Mutex::new(None));
        let log = seen.clone();
        let handler = move |headers: HeaderMap, Json(request): Json<Value>| async move {
            let key = headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
            *log.lock().unwrap() = Some((key, request));
            reply("  Honey.\n")
        };
        let url = serve(Router::new().route("/v1/chat/completions", post(handler))).await;
        let mut config = OpenAiConfig::new(format!("{url}/v1/"), "tiny");
        config.api_key = Some("secret".into());
        config.system = Some("Be short.".into());
        let backend = OpenAi::new(config).unwrap();
        assert_eq!(backend.answer(&question()).await.unwrap(), "Honey.");
        let (key, request) = seen.lock().unwrap().take().unwrap();
        assert_eq!(key.as_deref(), Some("Bearer secret"));
        assert_eq!(request["model"], "tiny");
        assert_eq!(request["messages"][0], json!({"role": "system", "content": "Be short."}));
        assert_eq!(request["messages"][1], json!({"role": "user", "content": "What do bees make?"}));
        assert_eq!(request["temperature"], json!(0.2f32));
    }

    #[tokio::test]
    async fn takes_the_full_address_too() {
        let url = serve(Router::new().route("/v1/chat/completions", post(|| async { reply("Honey.") }))).await;
        let backend = OpenAi::new(OpenAiConfig::new(format!("{url}/v1/chat/completions"), "tiny")).unwrap();
        assert_eq!(backend.answer(&question()).await.unwrap(), "Honey.");
    }

    #[tokio::test]
    async fn a_model_that_hangs_is_given_up() {
        let slow = || async {
            tokio::time::sleep(Duration::from_secs(30)).await;
            reply("Honey.")
        };
        let url = serve(Router::new().route("/v1/chat/completions", post(slow))).await;
        let mut config = OpenAiConfig::new(format!("{url}/v1"), "tiny");
        config.timeout = Duration::from_millis(100);
        let error = OpenAi::new(config).unwrap().answer(&question()).await.unwrap_err();
        assert!(matches!(&error, BackendError::Unreachable { reason, .. } if reason.contains("too long")), "{error}");
        assert!(error.is_transient());
    }

    #[tokio::test]
    async fn errors_tell_whether_to_try_again() {
        for (status, transient) in [
            (StatusCode::TOO_MANY_REQUESTS, true),
            (StatusCode::INTERNAL_SERVER_ERROR, true),
            (StatusCode::SERVICE_UNAVAILABLE, true),
            (StatusCode::UNAUTHORIZED, false),
            (StatusCode::NOT_FOUND, false),
            (StatusCode::BAD_REQUEST, false),
        ] {
            let handler = move || async move { (status, "{\"error\": \"why\"}") };
            let url = serve(Router::new().route("/v1/chat/completions", post(handler))).await;
            let backend = OpenAi::new(OpenAiConfig::new(format!("{url}/v1"), "tiny")).unwrap();
            let error = backend.answer(&question()).await.unwrap_err();
            assert_eq!(error.is_transient(), transient, "{status}");
            assert!(error.to_string().contains("why"), "{error}");
        }
    }

    #[tokio::test]
    async fn nobody_there_is_a_transient_error() {
        let backend = OpenAi::new(OpenAiConfig::new("http://127.0.0.1:1/v1", "tiny")).unwrap();
        assert!(backend.answer(&question()).await.unwrap_err().is_transient());
    }

    #[tokio::test]
    async fn nonsense_is_not_an_answer() {
        for body in ["", "{", "[]", "{\"choices\": []}", "{\"choices\": [{\"message\": {\"content\": null}}]}"] {
            let url = serve(Router::new().route("/v1/chat/completions", post(move || async move { body }))).await;
            let backend = OpenAi::new(OpenAiConfig::new(format!("{url}/v1"), "tiny")).unwrap();
            let error = backend.answer(&question()).await.unwrap_err();
            assert!(matches!(error, BackendError::Malformed { .. }), "{body:?}: {error}");
        }
    }

    #[test]
    fn thoughts_are_not_part_of_the_answer() {
        assert_eq!(without_thoughts("<think>hm</think>\n\nHoney."), "Honey.");
        assert_eq!(without_thoughts("<think>endless"), "");
        assert_eq!(without_thoughts("Honey."), "Honey.");
    }
}
