//! The texts: from any bytes to what a model reads, and the answers that no model needs to read.

pub(crate) mod bytes;
pub mod guards;
pub(crate) mod normal;
pub(crate) mod tokenizer;
pub(crate) mod windows;
