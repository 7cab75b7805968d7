//! What the tests share: the real model, and a real server on a free port.

#![allow(dead_code, reason = "each test file uses some of it")]

use codec::{Decode, Encode};
use ocw_scorer::{
    http::{start, RunningServer, ServerConfig},
    internal, Scorer, Scorers,
};
use poq_wire::{ScoreError, ScoreRequest, ScoreResponse, SCALE_CONTENT_TYPE, WIRE_VERSION};
use serde::{de::DeserializeOwned, Deserialize};
use serde_json::{json, Value};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

pub const PROMPT: &str = "What is the capital of France?";
pub const ANSWER: &str = "The capital of France is Paris.";

/// Tests run in the folder of their package, wherever they were compiled.
pub fn model_folder() -> PathBuf {
    PathBuf::from("../models/mpnet-judge")
}

/// The model of the project. The tests of one program share it, as each loading takes seconds.
pub fn judge() -> Arc<Scorer> {
    static JUDGE: OnceLock<Arc<Scorer>> = OnceLock::new();
    JUDGE.get_or_init(|| Arc::new(loaded())).clone()
}

/// The same, loaded once more.
pub fn loaded() -> Scorer {
    Scorer::load(&model_folder()).expect("the project's model loads")
}

/// The score between 0 and 1; 0 for an answer that was refused.
pub fn score(judge: &Scorer, prompt: &str, answer: &str) -> f64 {
    let judgement = judge.judge(prompt.as_bytes(), answer.as_bytes()).unwrap();
    f64::from(judgement.verdict.score().deconstruct()) / 1e6
}

/// A copy of the model folder whose manifest was changed.
pub fn copy_with(change: impl FnOnce(&mut Value)) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    let manifest = std::fs::read(model_folder().join("manifest.json")).unwrap();
    let mut manifest: Value = serde_json::from_slice(&manifest).unwrap();
    for name in manifest["files"].as_object().unwrap().keys() {
        std::fs::copy(model_folder().join(name), copy.path().join(name)).unwrap();
    }
    change(&mut manifest);
    std::fs::write(copy.path().join("manifest.json"), manifest.to_string()).unwrap();
    copy
}

/// So many common words in no order: long texts that no guard settles.
pub fn prose(words: usize) -> String {
    internal::prose(words, 1)
}

/// One line of `models/eval/pairs.jsonl`.
#[derive(Clone, Deserialize)]
pub struct EvalPair {
    pub prompt: String,
    pub answer: String,
}

/// The lines of a file in `models/eval`.
pub fn eval_lines<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let path = Path::new("../models/eval").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A server on a free port, and a client for it.
pub struct Server {
    pub running: RunningServer,
    pub judge: Arc<Scorer>,
    client: reqwest::Client,
}

impl Server {
    pub fn start() -> Self {
        Self::start_with(|_| ())
    }

    pub fn start_with(change: impl FnOnce(&mut ServerConfig)) -> Self {
        Self::start_as(judge().into(), change)
    }

    pub fn start_as(judges: Scorers, change: impl FnOnce(&mut ServerConfig)) -> Self {
        let mut config = ServerConfig { listen: ([127, 0, 0, 1], 0).into(), ..ServerConfig::default() };
        change(&mut config);
        let judge = judges.all().next().unwrap().clone();
        let running = start(judges, config, None).unwrap();
        // reqwest is built without a TLS provider of its own, and asks for one even where it speaks
        // plain HTTP.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { running, judge, client: reqwest::Client::new() }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.local_addr())
    }

    pub fn request(&self, prompt: &[u8], answers: &[&[u8]]) -> ScoreRequest {
        ScoreRequest {
            version: WIRE_VERSION,
            model: self.judge.digest(),
            prompt: prompt.to_vec(),
            answers: answers.iter().map(|answer| answer.to_vec()).collect(),
        }
    }

    /// Posts any bytes under any content type.
    pub async fn post(&self, content_type: &str, body: impl Into<reqwest::Body>) -> (u16, Vec<u8>) {
        let request = self.client.post(self.url("/v1/score")).header("content-type", content_type).body(body);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.bytes().await.unwrap().to_vec())
    }

    pub async fn post_scale(&self, request: &ScoreRequest) -> Result<ScoreResponse, (u16, ScoreError)> {
        scale_response(self.post(SCALE_CONTENT_TYPE, request.encode()).await)
    }

    pub async fn post_json(&self, body: Value) -> (u16, Value) {
        let (status, body) = self.post("application/json", body.to_string()).await;
        (status, serde_json::from_slice(&body).unwrap())
    }

    /// As [`Self::post_json`], by somebody who says that this is the token.
    pub async fn post_json_with_token(&self, token: &str, body: Value) -> (u16, Value) {
        let request = self.client.post(self.url("/v1/score")).bearer_auth(token).json(&body);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    pub async fn get(&self, path: &str) -> (u16, String) {
        let response = self.client.get(self.url(path)).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Whether it still answers as it should.
    pub async fn assert_still_serves(&self) {
        let (status, body) = self.post_json(json!({ "prompt": PROMPT, "answer": ANSWER })).await;
        assert_eq!(status, 200, "{body}");
        assert!(body["verdicts"][0]["tokens"].as_u64().unwrap() > 8, "{body}");
    }
}

pub fn scale_response((status, body): (u16, Vec<u8>)) -> Result<ScoreResponse, (u16, ScoreError)> {
    match status {
        200 => Ok(ScoreResponse::decode(&mut &*body).unwrap()),
        _ => Err((status, ScoreError::decode(&mut &*body).unwrap())),
    }
}
