//! The scorer inside a Substrate node, so that a validator needs one process.
//!
//! The pallet's off-chain worker has answers judged by an `ocw-scorer`. It finds the scorer's URL
//! and token in the node's off-chain storage. A node with this crate does the rest:
//!
//! - [`start`] loads the models, starts the scorer on 127.0.0.1 with a token of its own, writes URL
//!   and token where the worker looks, and starts a scorer that stopped again.
//! - [`watch_model`] says in the log, and as a metric, whether the scorer runs the model that the
//!   chain names.
//! - [`ScorerArgs`] are flags for the node's command line, to `flatten` into it. A node that wants
//!   other flags makes a [`ScorerConfig`] by itself.
//!
//! It works with any chain that has `pallet-proof-of-quality` and the runtime API
//! `RuntimeViewFunction`, and knows nothing of one chain's node.
//!
//! Both functions go into the node's `service.rs`, where client and backend are known:
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use frame_support::view_functions::runtime_api::RuntimeViewFunction;
//! use poq_embedded_scorer::{start, watch_model, ScorerArgs};
//! use sc_client_api::{Backend, BlockchainEvents, HeaderBackend};
//! use sp_core::traits::SpawnNamed;
//! use substrate_prometheus_endpoint::Registry;
//!
//! /// `Runtime`, `Block`, `client` and `backend` are the node's. `spawner` is
//! /// `task_manager.spawn_handle()`, `registry` is `config.prometheus_registry()`, and
//! /// `is_authority` is `config.role.is_authority()`.
//! async fn start_scorer<Runtime, Block, Client, B>(
//!     args: &ScorerArgs,
//!     client: Arc<Client>,
//!     backend: &B,
//!     is_authority: bool,
//!     registry: Option<&Registry>,
//!     spawner: &impl SpawnNamed,
//! ) -> Result<(), Box<dyn std::error::Error>>
//! where
//!     Runtime: pallet_proof_of_quality::Config,
//!     Block: sp_runtime::traits::Block,
//!     B: Backend<Block>,
//!     B::OffchainStorage: 'static,
//!     Client: sp_api::ProvideRuntimeApi<Block> + BlockchainEvents<Block> + HeaderBackend<Block> + Send + Sync + 'static,
//!     Client::Api: RuntimeViewFunction<Block>,
//! {
//!     let config = args.config(is_authority)?;
//!     if let Some(scorer) = start(config, is_authority, backend.offchain_storage(), registry, spawner).await? {
//!         let watch = watch_model::<Runtime, Block, _>(client, scorer, registry)?;
//!         spawner.spawn("model-watch", Some("scorer"), Box::pin(watch));
//!     }
//!     Ok(())
//! }
//! ```
//!
//! The off-chain workers must be allowed HTTP: `enable_http_requests: true` in their
//! `OffchainWorkerOptions`.

#![deny(missing_docs)]

mod announcement;
mod args;
mod embedded;
mod error;
mod model_watch;
mod start;

// Compiles the example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use args::{base_url, ScorerArgs, UrlError};
pub use error::ScorerError;
pub use model_watch::watch_model;
pub use start::{start, RunningScorer, ScorerConfig};
