//! A model: its folder with the manifest that pins it, and the network that reads tokens.

pub mod fetch;
pub(crate) mod folder;
mod graph;
mod kernels;
pub mod manifest;
pub(crate) mod network;
