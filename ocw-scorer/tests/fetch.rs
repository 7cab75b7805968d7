//! Fetching a model, from a hub on loopback that behaves as the real one does.

mod common;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::get,
    Json, Router,
};
use common::{model_folder, score, ANSWER, PROMPT};
use ocw_scorer::{
    fetch::{fetch, Fetch, FetchError, Fetched},
    manifest::Kind,
    Scorer,
};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// What the hub holds: bytes by path, and what it says of them.
struct Hub {
    files: BTreeMap<&'static str, Vec<u8>>,
    description: Value,
}

impl Hub {
    /// The project's own model, as a repository on a hub.
    fn new() -> Self {
        let read = |name: &str| std::fs::read(model_folder().join(name)).unwrap();
        let files = BTreeMap::from([
            ("onnx/model.onnx", read("model.onnx")),
            ("onnx/model.onnx_data", read("model.onnx_data")),
            ("tokenizer.json", read("tokenizer.json")),
            ("config.json", read("config.json")),
            ("README.md", b"# A judge".to_vec()),
        ]);
        let siblings: Vec<Value> = files
            .iter()
            .map(|(path, bytes)| match path.starts_with("onnx/") {
                true => json!({ "rfilename": path, "size": bytes.len(), "lfs": { "sha256": hex::encode(Sha256::digest(bytes)) } }),
                false => json!({ "rfilename": path, "size": bytes.len() }),
            })
            .collect();
        let description = json!({ "sha": COMMIT, "siblings": siblings, "cardData": { "license": "apache-2.0" } });
        Self { files, description }
    }

    /// A folder of `tests/layouts`, as a repository on a hub.
    fn of_layout(layout: &str) -> Self {
        let folder = PathBuf::from("tests/layouts").join(layout);
        let names = [
            "onnx/model.onnx",
            "model.onnx",
            "model.onnx.data",
            "tokenizer.json",
            "config.json",
            "modules.json",
            "1_Pooling/config.json",
            "tokenizer_config.json",
        ];
        let files: BTreeMap<_, _> =
            names.into_iter().filter_map(|name| Some((name, std::fs::read(folder.join(name)).ok()?))).collect();
        let siblings: Vec<Value> =
            files.iter().map(|(path, bytes)| json!({ "rfilename": path, "size": bytes.len() })).collect();
        Self { files, description: json!({ "sha": COMMIT, "siblings": siblings }) }
    }

    /// Serves it and fetches `model` from it into a new folder, which is gone when the folder's
    /// owner is.
    async fn fetch(self, model: &str) -> (Result<Fetched, FetchError>, PathBuf, tempfile::TempDir) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let router = Router::new()
            .route("/api/models/{owner}/{name}/revision/{revision}", get(describe))
            .route("/{owner}/{name}/resolve/{commit}/{*path}", get(resolve))
            .route("/cdn/{*path}", get(file))
            .with_state(Arc::new(self));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let hub = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("models/judge");
        let what = Fetch { source: model.parse().unwrap(), hub, graph: None, label: None, to: to.clone() };
        (fetch(&what, |_, there, all| assert!(there <= all)).await, to, folder)
    }
}

async fn describe(State(hub): State<Arc<Hub>>, Path((_, name, revision)): Path<(String, String, String)>) -> Response {
    match (name.as_str(), revision.as_str()) {
        ("judge", "main" | "v1") => Json(hub.description.clone()).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Files come from elsewhere, as on the real hub.
async fn resolve(Path((_, _, commit, path)): Path<(String, String, String, String)>) -> Response {
    match commit == COMMIT {
        true => Redirect::temporary(&format!("/cdn/{path}")).into_response(),
        false => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn file(State(hub): State<Arc<Hub>>, Path(path): Path<String>) -> Response {
    hub.files
        .get(path.as_str())
        .map_or_else(|| StatusCode::NOT_FOUND.into_response(), |bytes| bytes.clone().into_response())
}

#[tokio::test]
async fn gives_a_folder_that_judges() {
    let (fetched, to, _folder) = Hub::new().fetch("owner/judge@v1").await;
    let judge = Scorer::load(&to).unwrap();
    assert_eq!(fetched.unwrap(), Fetched { commit: COMMIT.into(), digest: judge.digest() });
    assert!((0.0..=1.0).contains(&score(&judge, PROMPT, ANSWER)));
    let manifest = judge.manifest();
    assert_eq!((manifest.name.as_str(), manifest.licence.as_str(), manifest.max_length), ("judge", "apache-2.0", 512));
    assert!(manifest.origin.contains(COMMIT) && manifest.origin.contains("onnx/model.onnx"), "{}", manifest.origin);
}

#[tokio::test]
async fn knows_a_bi_encoder_by_its_modules() {
    let (fetched, to, _folder) = Hub::of_layout("bi-encoder").fetch("owner/judge").await;
    fetched.unwrap();
    let judge = Scorer::load(&to).unwrap();
    assert_eq!(judge.manifest().kind, Kind::BiEncoder);
    assert_eq!(judge.manifest().licence, "unknown");
    assert!((0.0..=1.0).contains(&score(&judge, PROMPT, ANSWER)));
}

#[tokio::test]
async fn brings_the_weights_that_lie_beside_the_graph() {
    let (fetched, to, _folder) = Hub::of_layout("bert-dynamo-external").fetch("owner/judge").await;
    fetched.unwrap();
    let judge = Scorer::load(&to).unwrap();
    assert!(judge.manifest().files.contains_key("model.onnx.data"));
    assert!((0.0..=1.0).contains(&score(&judge, PROMPT, ANSWER)));
}

#[tokio::test]
async fn refuses_a_bi_encoder_that_takes_no_mean() {
    let mut hub = Hub::of_layout("bi-encoder");
    let pooling = r#"{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}"#;
    hub.files.insert("1_Pooling/config.json", pooling.into());
    hub.description["siblings"].as_array_mut().unwrap().iter_mut().for_each(|sibling| {
        sibling.as_object_mut().unwrap().remove("size");
    });
    let (fetched, to, _folder) = hub.fetch("owner/judge").await;
    assert!(matches!(fetched, Err(FetchError::Pooling(_))), "{fetched:?}");
    assert!(!to.exists());
}

#[tokio::test]
async fn tells_the_labels_of_a_model_that_has_several() {
    let (fetched, to, _folder) = Hub::of_layout("bert-nli").fetch("owner/judge").await;
    let error = fetched.unwrap_err();
    assert!(error.to_string().contains("contradiction, entailment, neutral"), "{error}");
    assert!(!to.exists());
}

#[tokio::test]
async fn refuses_a_file_of_another_sha256() {
    let mut hub = Hub::new();
    let size = hub.files["onnx/model.onnx"].len();
    hub.files.insert("onnx/model.onnx", vec![7; size]);
    let (fetched, to, _folder) = hub.fetch("owner/judge").await;
    let error = fetched.unwrap_err();
    assert!(matches!(&error, FetchError::Damaged { file, .. } if file == "onnx/model.onnx"), "{error}");
    assert_eq!(std::fs::read_dir(to.parent().unwrap()).unwrap().count(), 0);
}

#[tokio::test]
async fn refuses_a_file_that_is_cut_short() {
    let mut hub = Hub::new();
    hub.files.insert("config.json", b"{}".to_vec());
    let (fetched, to, _folder) = hub.fetch("owner/judge").await;
    assert!(matches!(fetched.unwrap_err(), FetchError::Damaged { file, .. } if file == "config.json"));
    assert!(!to.exists());
}

#[tokio::test]
async fn names_the_file_that_a_repository_lacks() {
    let mut hub = Hub::new();
    let siblings = hub.description["siblings"].as_array_mut().unwrap();
    siblings.retain(|sibling| sibling["rfilename"] != "tokenizer.json");
    let (fetched, _, _folder) = hub.fetch("owner/judge").await;
    let error = fetched.unwrap_err();
    assert!(error.to_string().contains("tokenizer.json"), "{error}");
}

#[tokio::test]
async fn says_that_a_model_is_not_there() {
    let (fetched, _, _folder) = Hub::new().fetch("owner/other").await;
    assert!(matches!(fetched.unwrap_err(), FetchError::Status { status: 404, .. }));
}

#[tokio::test]
async fn leaves_a_folder_alone_that_exists() {
    let folder = tempfile::tempdir().unwrap();
    let what = Fetch {
        source: "owner/judge".parse().unwrap(),
        hub: "http://127.0.0.1:1".into(),
        graph: None,
        label: None,
        to: folder.path().into(),
    };
    assert!(matches!(fetch(&what, |_, _, _| ()).await, Err(FetchError::Exists(_))));
}

#[test]
fn refuses_names_that_are_none() {
    use ocw_scorer::fetch::Source;
    for name in ["", "judge", "a/b/c", "a/", "/b", "../b", "a/..", "a/b@", "a/b@../c", "a b/c", "a/b?x=y"] {
        assert!(matches!(name.parse::<Source>(), Err(FetchError::Name(_))), "{name}");
    }
    let source: Source = "cross-encoder/ms-marco-MiniLM-L6-v2".parse().unwrap();
    assert_eq!((source.id.as_str(), source.revision.as_str()), ("cross-encoder/ms-marco-MiniLM-L6-v2", "main"));
}
