//! The two forms of a request and its response: SCALE for programs (see [`poq_wire`]),
//! JSON for people.
//!
//! A JSON request is `{"prompt": "...", "answer": "..."}`, or `"answers": ["...", ...]` for
//! several; `"model"` may name the digest (64 hex digits) the scores must come from. The response
//! to both is
//! `{"model": "...", "verdicts": [{"score": 0.93, "tokens": 27, "windows": 1, "truncated": false, "refused": null}]}`,
//! one verdict for each answer. An error is `{"error": "busy", "message": "..."}`. Errors come in
//! the form that was asked in.

use super::queue::Work;
use crate::{Judgement, ModelDigest};
use axum::{
    http::{header::CONTENT_TYPE, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use codec::{DecodeAll, Encode};
use poq_wire::{Refusal, ScoreError, ScoreRequest, ScoreResponse, Verdict, SCALE_CONTENT_TYPE, WIRE_VERSION};
use serde::{Deserialize, Serialize};

/// The most answers of one request.
pub const MAX_ANSWERS: usize = 16;

const JSON_CONTENT_TYPE: &str = "application/json";

/// How a request is written, and so its response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `application/octet-stream`.
    Scale,
    /// `application/json`.
    Json,
}

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The model the scores must come from; `None` for the first that runs here.
    pub model: Option<ModelDigest>,
    /// What is to be judged.
    pub work: Work,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonRequest {
    model: Option<String>,
    prompt: String,
    answer: Option<String>,
    answers: Option<Vec<String>>,
}

#[derive(Serialize)]
struct JsonResponse {
    model: String,
    verdicts: Vec<JsonVerdict>,
}

/// One judgement as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct JsonVerdict {
    /// Between 0 and 1; 0 if refused.
    pub score: f64,
    /// The tokens the model read.
    pub tokens: usize,
    /// How many windows the model read; 1 for what fits into one.
    pub windows: usize,
    /// Whether some of the text was not read.
    pub truncated: bool,
    /// The guard that refused the answer, if one did.
    pub refused: Option<&'static str>,
}

impl From<&Judgement> for JsonVerdict {
    fn from(judgement: &Judgement) -> Self {
        Self {
            score: f64::from(judgement.verdict.score().deconstruct()) / 1_000_000.0,
            tokens: judgement.tokens,
            windows: judgement.windows,
            truncated: judgement.truncated,
            refused: match judgement.verdict {
                Verdict::Judged(_) => None,
                Verdict::Refused(refusal) => Some(refusal_name(refusal)),
            },
        }
    }
}

/// A refusal in one word.
pub fn refusal_name(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Empty => "empty",
        Refusal::Echo => "echo",
        Refusal::Repetition => "repetition",
        Refusal::Noise => "noise",
    }
}

impl Form {
    /// The form that a `Content-Type` announces, with or without parameters.
    pub fn of(content_type: Option<&HeaderValue>) -> Option<Self> {
        let essence = content_type?.to_str().ok()?.split(';').next()?.trim();
        [(SCALE_CONTENT_TYPE, Self::Scale), (JSON_CONTENT_TYPE, Self::Json)]
            .into_iter()
            .find_map(|(name, form)| essence.eq_ignore_ascii_case(name).then_some(form))
    }

    /// Reads a request.
    pub fn read(self, body: &[u8]) -> Result<Ask, ScoreError> {
        let ask = match self {
            Self::Scale => read_scale(body),
            Self::Json => read_json(body),
        }
        .map_err(ScoreError::Malformed)?;
        match ask.work.answers.len() {
            0 => Err(ScoreError::Malformed("the request has no answers; send at least one".into())),
            1..=MAX_ANSWERS => Ok(ask),
            _ => Err(ScoreError::TooLarge { limit: MAX_ANSWERS as u64, what: "answers".into() }),
        }
    }

    /// Writes the response to a request that was judged.
    pub fn judged(self, model: ModelDigest, judgements: &[Judgement]) -> Response {
        match self {
            Self::Scale => {
                let verdicts = judgements.iter().map(|judgement| judgement.verdict).collect();
                scale(StatusCode::OK, &ScoreResponse { model, verdicts })
            }
            Self::Json => {
                let verdicts = judgements.iter().map(JsonVerdict::from).collect();
                axum::Json(JsonResponse { model: hex::encode(model), verdicts }).into_response()
            }
        }
    }

    /// Writes the response to a request that got no scores.
    pub fn error(self, error: &ScoreError) -> Response {
        match self {
            Self::Scale => scale(status(error), error),
            Self::Json => json_error(status(error), error_name(error), &sentence(error)),
        }
    }
}

/// An error as JSON, for people.
pub fn json_error(status: StatusCode, name: &str, message: &str) -> Response {
    (status, axum::Json(serde_json::json!({ "error": name, "message": message }))).into_response()
}

/// An error in one word, for JSON and for metrics.
pub fn error_name(error: &ScoreError) -> &'static str {
    match error {
        ScoreError::Malformed(_) => "malformed",
        ScoreError::WrongModel { .. } => "wrong_model",
        ScoreError::TooLarge { .. } => "too_large",
        ScoreError::Busy => "busy",
        ScoreError::DeadlineExceeded => "deadline_exceeded",
        ScoreError::Internal(_) => "internal",
    }
}

fn status(error: &ScoreError) -> StatusCode {
    match error {
        ScoreError::Malformed(_) => StatusCode::BAD_REQUEST,
        ScoreError::WrongModel { .. } => StatusCode::CONFLICT,
        ScoreError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        ScoreError::Busy => StatusCode::TOO_MANY_REQUESTS,
        ScoreError::DeadlineExceeded => StatusCode::SERVICE_UNAVAILABLE,
        ScoreError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn sentence(error: &ScoreError) -> String {
    match error {
        ScoreError::Malformed(why) | ScoreError::Internal(why) => why.clone(),
        ScoreError::WrongModel { running } => {
            format!(
                "this scorer runs the model {}; ask for that one, or start it with the other model",
                hex::encode(running)
            )
        }
        ScoreError::TooLarge { limit, what } => format!("a request may have at most {limit} {what}; send less"),
        ScoreError::Busy => "the queue is full; ask again later".into(),
        ScoreError::DeadlineExceeded => "not done before the deadline; ask again later".into(),
    }
}

fn scale(status: StatusCode, body: &impl Encode) -> Response {
    (status, [(CONTENT_TYPE, SCALE_CONTENT_TYPE)], body.encode()).into_response()
}

fn read_scale(body: &[u8]) -> Result<Ask, String> {
    if let Some(version) = body.first().filter(|version| **version != WIRE_VERSION) {
        return Err(format!("the request has version {version}, this scorer reads version {WIRE_VERSION}"));
    }
    let request = ScoreRequest::decode_all(&mut &*body).map_err(|error| format!("not a SCALE request: {error}"))?;
    Ok(Ask { model: Some(request.model), work: Work { prompt: request.prompt, answers: request.answers } })
}

fn read_json(body: &[u8]) -> Result<Ask, String> {
    let request: JsonRequest = serde_json::from_slice(body).map_err(|error| format!("not a JSON request: {error}"))?;
    let answers = match (request.answer, request.answers) {
        (Some(answer), None) => vec![answer],
        (None, Some(answers)) => answers,
        _ => return Err("give either \"answer\" or \"answers\"".into()),
    };
    let model = request.model.as_deref().map(read_digest).transpose()?;
    let answers = answers.into_iter().map(String::into_bytes).collect();
    Ok(Ask { model, work: Work { prompt: request.prompt.into_bytes(), answers } })
}

fn read_digest(text: &str) -> Result<ModelDigest, String> {
    let mut digest = ModelDigest::default();
    hex::decode_to_slice(text.trim_start_matches("0x"), &mut digest)
        .map_err(|error| format!("\"model\" must be the 64 hex digits of a model digest: {error}"))?;
    Ok(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    mod read {
        use super::*;

        fn request() -> ScoreRequest {
            ScoreRequest { version: WIRE_VERSION, model: [7; 32], prompt: vec![0xff], answers: vec![vec![], vec![0]] }
        }

        fn malformed(form: Form, body: &[u8]) -> String {
            match form.read(body) {
                Err(ScoreError::Malformed(why)) => why,
                other => panic!("{other:?}"),
            }
        }

        #[test]
        fn takes_scale() {
            let ask = Form::Scale.read(&request().encode()).unwrap();
            assert_eq!(ask.model, Some([7; 32]));
            assert_eq!(ask.work, Work { prompt: vec![0xff], answers: vec![vec![], vec![0]] });
        }

        #[test]
        fn takes_one_answer_or_several_as_json() {
            let one = Form::Json.read(br#"{"prompt": "p", "answer": "a"}"#).unwrap();
            assert_eq!(one, Ask { model: None, work: Work { prompt: b"p".to_vec(), answers: vec![b"a".to_vec()] } });
            let two = format!(r#"{{"prompt": "p", "answers": ["a", "b"], "model": "0x{}"}}"#, "07".repeat(32));
            let two = Form::Json.read(two.as_bytes()).unwrap();
            assert_eq!((two.model, two.work.answers.len()), (Some([7; 32]), 2));
        }

        #[test]
        fn refuses_another_version_before_reading_on() {
            assert!(malformed(Form::Scale, &[2]).contains("version 2"));
        }

        #[test]
        fn refuses_bytes_after_the_request() {
            malformed(Form::Scale, &[request().encode(), vec![0]].concat());
        }

        #[test]
        fn refuses_every_cut_request() {
            let whole = request().encode();
            for end in 0..whole.len() {
                malformed(Form::Scale, &whole[..end]);
            }
        }

        #[test]
        fn refuses_lengths_that_the_body_does_not_have() {
            let head = [vec![WIRE_VERSION], vec![7; 32]].concat();
            for length in [&[0xfe, 0xff, 0xff, 0xff][..], &[0x03, 0xff, 0xff, 0xff, 0xff], &[0xff; 5]] {
                malformed(Form::Scale, &[&head, length].concat());
                malformed(Form::Scale, &[&head, &[0][..], length].concat());
                malformed(Form::Scale, &[&head, &[0, 4][..], length].concat());
            }
        }

        #[test]
        fn refuses_json_that_is_not_a_request() {
            for body in [
                "",
                "{",
                "[]",
                "null",
                r#"{"prompt": "p"}"#,
                r#"{"answer": "a"}"#,
                r#"{"prompt": 1, "answer": "a"}"#,
                r#"{"prompt": "p", "answer": "a", "answers": []}"#,
                r#"{"prompt": "p", "answers": []}"#,
                r#"{"prompt": "p", "answer": "a", "modle": "x"}"#,
                r#"{"prompt": "p", "answer": "a", "model": "x"}"#,
                r#"{"prompt": "\ud800", "answer": "a"}"#,
            ] {
                malformed(Form::Json, body.as_bytes());
            }
            malformed(Form::Json, b"{\"prompt\": \"\xff\", \"answer\": \"a\"}");
            malformed(Form::Json, "[".repeat(100_000).as_bytes());
        }

        #[test]
        fn refuses_too_many_answers() {
            let request = ScoreRequest { answers: vec![vec![]; MAX_ANSWERS + 1], ..request() };
            let refused = Form::Scale.read(&request.encode());
            assert_eq!(refused, Err(ScoreError::TooLarge { limit: 16, what: "answers".into() }));
        }
    }

    #[test]
    fn knows_its_content_types() {
        let form = |name: &'static str| Form::of(Some(&HeaderValue::from_static(name)));
        assert_eq!(form("application/octet-stream"), Some(Form::Scale));
        assert_eq!(form("Application/JSON; charset=utf-8"), Some(Form::Json));
        assert_eq!(form("application/x-www-form-urlencoded"), None);
        assert_eq!(Form::of(None), None);
    }
}
