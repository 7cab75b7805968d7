//! A backend for machines without a language model: it answers with the best sentences of the
//! prompt's own passage.
//!
//! The scorer judges each sentence as an answer to the prompt, in the same way as the committee
//! will. A judge tells an answer from nonsense better than it tells which sentence of one passage
//! is asked for: among sentences that all suit the topic, the words that a sentence shares with the
//! question say more. So they count, too.

use super::{
    http,
    passage::{self, Asked},
    request_failed, response_failed, Backend, BackendError, Question,
};
use futures::{future::BoxFuture, FutureExt};
use serde::{Deserialize, Serialize};
use std::{cmp::Reverse, time::Duration};

/// The most answers that the scorer takes in one request.
const BATCH: usize = 16;
/// Sentences beyond this are not looked at.
const MOST_SENTENCES: usize = 128;
/// What sharing all the question's telling words is worth, where the best score is worth 1.
const WORDS: f64 = 0.5;
/// A second sentence is tried if its merit is at least this share of the best one's.
const CLOSE: f64 = 0.9;
/// Merits that differ by less than this count as equal; then the earlier sentence comes first.
const RESOLUTION: f64 = 0.001;

/// Answers with the best sentences of the prompt's passage.
pub struct Extractive {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
}

#[derive(Serialize)]
struct ScoreRequest<'a> {
    prompt: &'a str,
    answers: &'a [String],
}

#[derive(Deserialize)]
struct ScoreResponse {
    verdicts: Vec<Verdict>,
}

#[derive(Deserialize)]
struct Verdict {
    score: f64,
}

impl Extractive {
    /// A backend that asks the scorer at an address such as `http://127.0.0.1:9955`.
    pub fn new(scorer_url: &str, timeout: Duration) -> Result<Self, BackendError> {
        let base = scorer_url.trim_end_matches('/').trim_end_matches("/v1/score");
        Ok(Self { http: http(timeout)?, url: format!("{base}/v1/score"), token: None })
    }

    /// With the token that the scorer asks for.
    pub fn with_token(self, token: Option<String>) -> Self {
        Self { token, ..self }
    }

    async fn extract(&self, question: &Question) -> Result<String, BackendError> {
        let asked = passage::take_apart(&question.prompt)
            .ok_or(BackendError::Nothing("the prompt carries no passage to take sentences from"))?;
        let mut candidates = asked.sentences.clone();
        candidates.truncate(MOST_SENTENCES);
        let scores = self.score(&question.prompt, &candidates).await?;
        let merits = merits(&asked, &candidates, &scores);
        let ranked = rank(&candidates, &merits);
        let best = *ranked.first().ok_or(BackendError::Nothing("the prompt's passage has no sentence"))?;
        if let Some(pair) = close_pair(&candidates, &merits, &ranked) {
            // Two sentences may answer better than one, or dilute it: the scorer decides.
            let score = self.score(&question.prompt, std::slice::from_ref(&pair)).await?;
            if score.first().is_some_and(|pair| *pair > scores[best]) {
                return Ok(pair);
            }
        }
        Ok(candidates.swap_remove(best))
    }

    async fn score(&self, prompt: &str, answers: &[String]) -> Result<Vec<f64>, BackendError> {
        let mut scores = Vec::with_capacity(answers.len());
        for answers in answers.chunks(BATCH) {
            let mut request = self.http.post(&self.url).json(&ScoreRequest { prompt, answers });
            if let Some(token) = &self.token {
                request = request.bearer_auth(token);
            }
            let response = request.send().await.map_err(|error| request_failed(&self.url, &error))?;
            if !response.status().is_success() {
                return Err(response_failed(&self.url, response).await);
            }
            let malformed = |reason: String| BackendError::Malformed { url: self.url.clone(), reason };
            let response: ScoreResponse = response.json().await.map_err(|error| malformed(error.to_string()))?;
            if response.verdicts.len() != answers.len() {
                return Err(malformed(format!("{} scores for {} answers", response.verdicts.len(), answers.len())));
            }
            scores.extend(response.verdicts.into_iter().map(|verdict| verdict.score));
        }
        Ok(scores)
    }
}

impl Backend for Extractive {
    fn answer<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Result<String, BackendError>> {
        self.extract(question).boxed()
    }

    fn name(&self) -> &str {
        "extractive"
    }
}

/// What each sentence is worth as an answer: its score, and what it shares with the question.
fn merits(asked: &Asked, sentences: &[String], scores: &[f64]) -> Vec<f64> {
    let merit = |(sentence, score): (&String, &f64)| score + WORDS * passage::overlap(&asked.question, sentence);
    sentences.iter().zip(scores).map(merit).collect()
}

/// The sentences' places, best first; each text once.
fn rank(sentences: &[String], merits: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..sentences.len()).collect();
    // The cast saturates, so that no number that a scorer may send can upset the order.
    places.sort_by_key(|place| (Reverse((merits[*place] / RESOLUTION).round() as i64), *place));
    let mut seen = std::collections::HashSet::new();
    places.retain(|place| seen.insert(&sentences[*place]));
    places
}

/// The two best sentences in the order of the passage, if the second is about as good as the first.
fn close_pair(sentences: &[String], merits: &[f64], ranked: &[usize]) -> Option<String> {
    let [first, second, ..] = *ranked else { return None };
    let (earlier, later) = (first.min(second), first.max(second));
    (merits[second] >= CLOSE * merits[first]).then(|| format!("{} {}", sentences[earlier], sentences[later]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{http::StatusCode, response::IntoResponse, routing::post, Json, Router};
    use serde_json::{json, Value};
    use std::sync::{Arc, Mutex};

    const PROMPT: &str = "Bees make honey. Bees live in hives. Ants dig tunnels.\nWhat do bees make?";

    /// A scorer that knows some scores and writes down what it was asked.
    async fn scorer(known: &'static [(&'static str, f64)]) -> (Extractive, Arc<Mutex<Vec<Value>>>) {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = requests.clone();
        let score = move |Json(request): Json<Value>| async move {
            let answers = request["answers"].as_array().unwrap().clone();
            log.lock().unwrap().push(request);
            if answers.len() > BATCH {
                return (StatusCode::PAYLOAD_TOO_LARGE, "too many").into_response();
            }
            let score = |answer: &Value| known.iter().find(|(text, _)| answer == text).map_or(0.1, |(_, score)| *score);
            let verdict = |answer| json!({"score": score(answer), "tokens": 9, "truncated": false, "refused": null});
            let verdicts: Vec<Value> = answers.iter().map(verdict).collect();
            Json(json!({"model": "00", "verdicts": verdicts})).into_response()
        };
        let url = crate::answering::backend::tests::serve(Router::new().route("/v1/score", post(score))).await;
        (Extractive::new(&url, Duration::from_secs(5)).unwrap(), requests)
    }

    async fn answer(backend: &Extractive, prompt: &str) -> Result<String, BackendError> {
        backend.answer(&Question { task: 0, prompt: prompt.into() }).await
    }

    #[tokio::test]
    async fn answers_with_the_best_sentence() {
        let (backend, requests) = scorer(&[("Bees make honey.", 0.9), ("Bees live in hives.", 0.3)]).await;
        assert_eq!(answer(&backend, PROMPT).await.unwrap(), "Bees make honey.");
        let requests = requests.lock().unwrap();
        assert_eq!(requests.len(), 1);
        assert_eq!(requests[0]["prompt"], PROMPT);
        assert_eq!(requests[0]["answers"].as_array().unwrap().len(), 3);
    }

    #[tokio::test]
    async fn adds_a_second_sentence_only_if_close_and_better_together() {
        const PAIR: &str = "Bees make honey. Bees live in hives.";
        let (backend, _) = scorer(&[("Bees make honey.", 0.7), ("Bees live in hives.", 0.9), (PAIR, 0.95)]).await;
        assert_eq!(answer(&backend, PROMPT).await.unwrap(), PAIR);
        let (backend, _) = scorer(&[("Bees make honey.", 0.75), ("Bees live in hives.", 0.9), (PAIR, 0.5)]).await;
        assert_eq!(answer(&backend, PROMPT).await.unwrap(), "Bees make honey.");
    }

    #[tokio::test]
    async fn shared_words_decide_between_sentences_that_suit_the_topic() {
        let (backend, _) = scorer(&[("Bees live in hives.", 0.95), ("Bees make honey.", 0.75)]).await;
        let first = answer(&backend, "Bees live in hives. Bees make honey.\nWhat do bees make?").await.unwrap();
        assert_eq!(first, "Bees make honey.");
    }

    #[tokio::test]
    async fn shared_words_do_not_save_a_sentence_that_the_judge_finds_bad() {
        let (backend, _) = scorer(&[("Bees make honey.", 0.05), ("Ants dig tunnels.", 0.9)]).await;
        assert_eq!(answer(&backend, PROMPT).await.unwrap(), "Ants dig tunnels.");
    }

    #[test]
    fn no_score_upsets_the_ranking() {
        let asked = passage::take_apart(PROMPT).unwrap();
        let ranked = rank(&asked.sentences, &[f64::NAN, f64::INFINITY, -1e300]);
        assert_eq!(ranked, [1, 0, 2]);
    }

    #[tokio::test]
    async fn long_passages_go_in_batches() {
        let passage: String = (0..40).map(|number| format!("Fact {number} is true. ")).collect();
        let (backend, requests) = scorer(&[("Fact 39 is true.", 0.9)]).await;
        let prompt = format!("{passage}\nWhich is true?");
        assert_eq!(answer(&backend, &prompt).await.unwrap(), "Fact 39 is true.");
        assert_eq!(requests.lock().unwrap().len(), 3);
    }

    #[tokio::test]
    async fn a_prompt_without_a_passage_is_not_answered() {
        let (backend, requests) = scorer(&[]).await;
        let error = answer(&backend, "What do bees make?").await.unwrap_err();
        assert!(matches!(error, BackendError::Nothing(_)) && !error.is_transient());
        assert!(requests.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_busy_scorer_is_asked_again_later() {
        let busy = || async { (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "2")], "full") };
        let url = crate::answering::backend::tests::serve(Router::new().route("/v1/score", post(busy))).await;
        let backend = Extractive::new(&format!("{url}/v1/score/"), Duration::from_secs(5)).unwrap();
        let error = answer(&backend, PROMPT).await.unwrap_err();
        assert!(error.is_transient());
        assert!(matches!(error, BackendError::Busy { after: Some(after), .. } if after == Duration::from_secs(2)));
    }
}
