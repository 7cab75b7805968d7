//! A client for chains with the Proof of Quality pallet: submit prompts, follow them, and run an
//! inference node.
//!
//! It takes the chain's interface from the metadata that the node sends, so there is nothing to
//! generate or to keep in step. The command `poq` is [`cli`], a thin layer over the rest.
//!
//! ```no_run
//! # async fn example() -> Result<(), poq_client::ClientError> {
//! use poq_client::{keys, watch, Chain};
//!
//! let chain = Chain::connect("ws://127.0.0.1:9944").await?;
//! let signer = keys::development("alice")?;
//! let bounty = chain.token().parse("10")?;
//! let task = chain.submit_task(&signer, b"Bees make honey.\nWhat do bees make?", bounty, 3).await?;
//! let outcome = watch::wait_until_ended(&chain, task, |phase| println!("{phase}")).await?;
//! for (answer, result) in chain.answers(task).await?.iter().zip(&outcome.answers) {
//!     println!("{:?} {}: {}", result.quality, chain.token().format(result.paid), answer.lossy());
//! }
//! # Ok(())
//! # }
//! ```

#![deny(missing_docs)]

pub mod amount;
pub mod answering;
pub mod bonds;
pub mod chain;
pub mod cli;
pub mod error;
pub mod keys;
pub mod protocol;
pub mod state;
pub mod submit;
mod tls;
pub mod transactions;
pub mod watch;

pub use answering::backend;
pub use chain::{BlockRef, Chain, Config};
pub use error::ClientError;
pub use protocol::{AccountId, TaskId};
pub use state::State;
pub use submit::NewTask;
pub use subxt_signer::sr25519::Keypair;
pub use transactions::{Call, Included};
