//! The scorer behind HTTP: [`start`] listens on threads of its own, [`router`] is for a server that
//! a host has already, and [`Remote`] asks a scorer that runs elsewhere.

mod bearer;
pub(crate) mod body;
mod health;
mod metrics;
pub(crate) mod queue;
mod server;
mod verdicts;

pub use bearer::{Bearer, BearerError};
pub use health::{HealthError, Remote};
pub use queue::ThreadStart;
pub use server::{router, start, RunningServer, ServerConfig, StartError, DEFAULT_PORT};
