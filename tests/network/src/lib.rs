//! Starts real networks on loopback: the demo and the end-to-end tests share it.
//!
//! A [`scenario::Scenario`] is a [`network::Network`] of [`validator::Validator`]s with
//! [`inference::InferenceNode`]s; [`books::Books`] proves afterwards that all money is accounted
//! for. Every process and file goes when its owner is dropped, and on an interrupt too
//! ([`cleanup`]).

pub mod books;
pub mod cleanup;
pub mod inference;
pub mod network;
pub mod observer;
pub mod ports;
pub mod process;
pub mod programs;
pub mod prompts;
pub mod report;
pub mod scenario;
pub mod scorer;
pub mod validator;
