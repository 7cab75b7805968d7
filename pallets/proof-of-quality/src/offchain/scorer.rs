//! How a worker reaches the scorer. [`Scorer`] is the interface, and [`HttpScorer`] is the usual
//! implementation.

use alloc::{format, string::String, vec::Vec};
use codec::{DecodeAll, Encode};
use core::fmt;
use poq_wire::{ScoreError, ScoreRequest, ScoreResponse, SCALE_CONTENT_TYPE, SCORE_PATH};
use sp_runtime::offchain::{http::Request, Duration};

/// The key in the node's persistent local storage that holds the scorer's base URL, such as
/// `http://127.0.0.1:9955`.
///
/// `poq-node` writes it for its embedded scorer. On any other node the operator sets it with the
/// standard RPC `offchain_localStorageSet("PERSISTENT", key, value)`.
pub const SCORER_URL_KEY: &[u8] = b"poq/scorer-url";

/// The key in the same storage that holds the scorer's bearer token as plain bytes, if the scorer
/// asks for one.
pub const SCORER_TOKEN_KEY: &[u8] = b"poq/scorer-token";

/// How long to wait for the scorer, in milliseconds.
pub const TIMEOUT_MS: u64 = 10_000;

/// The maximum length of a response that is read, in bytes. A response for a full task is far
/// shorter.
const MAX_RESPONSE: usize = 64 * 1024;

/// A way to the scorer.
pub trait Scorer {
    /// Asks for scores of every answer of the request, by the model that the request names.
    fn score(request: &ScoreRequest) -> Result<ScoreResponse, ScorerFailure>;
}

/// Why there are no scores. The text says what an operator can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScorerFailure {
    /// There is no URL in local storage.
    NotConfigured,
    /// No scorer answers at this URL, or not in time.
    Unreachable(String),
    /// The scorer refused the request.
    Refused(ScoreError),
    /// The response is not one of a scorer.
    BadResponse(u16),
}

impl ScorerFailure {
    /// Whether the failure passes without an operator.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Refused(ScoreError::Busy | ScoreError::DeadlineExceeded))
    }
}

impl fmt::Display for ScorerFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConfigured => f.write_str(
                "no scorer is configured: start the node without --no-scorer, or run `ocw-scorer serve` and set its URL \
                 with offchain_localStorageSet(PERSISTENT, \"poq/scorer-url\", URL)",
            ),
            Self::Unreachable(url) => {
                write!(f, "the scorer at {url} does not answer: check that it runs, or start the node again")
            },
            Self::Refused(ScoreError::WrongModel { running }) => write!(
                f,
                "the scorer runs model 0x{}: give it the model that the chain's parameters name",
                running.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
            ),
            Self::Refused(error) => write!(f, "the scorer refused: {error:?}"),
            Self::BadResponse(401) => f.write_str(
                "the scorer wants a token, or another one: start the node with --scorer-token-file, or set it with \
                 offchain_localStorageSet(PERSISTENT, \"poq/scorer-token\", TOKEN)",
            ),
            Self::BadResponse(status) => {
                write!(f, "no scorer at that URL (status {status}, unreadable body): check the configured URL")
            },
        }
    }
}

/// Asks over HTTP, with SCALE bodies, at the URL in local storage.
pub struct HttpScorer;

impl Scorer for HttpScorer {
    fn score(request: &ScoreRequest) -> Result<ScoreResponse, ScorerFailure> {
        let base = read(SCORER_URL_KEY).ok_or(ScorerFailure::NotConfigured)?;
        let url = format!("{}{SCORE_PATH}", base.trim_end_matches('/'));
        let unreachable = || ScorerFailure::Unreachable(base.clone());
        let deadline = sp_io::offchain::timestamp().add(Duration::from_millis(TIMEOUT_MS));
        let mut post =
            Request::post(&url, [request.encode()]).add_header("Content-Type", SCALE_CONTENT_TYPE).deadline(deadline);
        if let Some(token) = read(SCORER_TOKEN_KEY) {
            post = post.add_header("Authorization", &format!("Bearer {token}"));
        }
        let response = post
            .send()
            .map_err(|_| unreachable())?
            .try_wait(deadline)
            .map_err(|_| unreachable())?
            .map_err(|_| unreachable())?;
        let status = response.code;
        let mut reader = response.body();
        reader.deadline(deadline);
        let body: Vec<u8> = reader.by_ref().take(MAX_RESPONSE).collect();
        if reader.error().is_some() {
            return Err(unreachable());
        }
        if status == 200 {
            return ScoreResponse::decode_all(&mut &body[..]).map_err(|_| ScorerFailure::BadResponse(status));
        }
        Err(match ScoreError::decode_all(&mut &body[..]) {
            Ok(error) => ScorerFailure::Refused(error),
            Err(_) => ScorerFailure::BadResponse(status),
        })
    }
}

/// Reads a setting: plain bytes, as `poq-node` and the RPC store them.
fn read(key: &[u8]) -> Option<String> {
    let bytes = sp_io::offchain::local_storage_get(sp_core::offchain::StorageKind::PERSISTENT, key)?;
    let text = String::from_utf8(bytes).ok()?;
    (!text.is_empty()).then_some(text)
}
