//! Asks a running scorer which models it judges with.

use crate::ModelDigest;
use serde::Deserialize;
use std::time::Duration;

/// How long the answer may take. A scorer answers this at once, however much it has to judge.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a scorer did not say.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HealthError {
    /// It does not answer, or not as a scorer does.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    /// What it names as its model is no sha256.
    #[error("`{0}` is no digest of a model")]
    Malformed(String),
}

#[derive(Deserialize)]
struct Health {
    models: Vec<Model>,
}

#[derive(Deserialize)]
struct Model {
    digest: String,
}

/// A scorer that can be asked.
pub struct Remote {
    url: String,
    client: reqwest::Client,
}

impl Remote {
    /// The scorer at a base URL such as `http://127.0.0.1:9955`. It fails only where no HTTP client
    /// can be made.
    pub fn new(url: &str) -> Result<Self, HealthError> {
        // The client asks for a provider even where it speaks plain HTTP. Whoever was first has
        // chosen.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().timeout(PATIENCE).build()?;
        Ok(Self { url: format!("{url}/health"), client })
    }

    /// The models that it judges with now.
    pub async fn models(&self) -> Result<Vec<ModelDigest>, HealthError> {
        let answer = self.client.get(&self.url).send().await?.error_for_status()?;
        let Health { models } = answer.json().await?;
        let read = |Model { digest }| {
            let mut model = ModelDigest::default();
            hex::decode_to_slice(&digest, &mut model).map_err(|_| HealthError::Malformed(digest))?;
            Ok(model)
        };
        models.into_iter().map(read).collect()
    }
}
