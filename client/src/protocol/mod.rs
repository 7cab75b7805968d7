//! What the chain stores and tells, as this client reads it.
//!
//! The types mirror those of `pallet-proof-of-quality`. They are decoded by field name with the
//! metadata that the node sends, so a chain may add fields, and a runtime with other block number
//! or balance widths still fits.

mod event;
mod money;
mod participants;
mod rules;
mod task;

pub use event::Event;
pub(crate) use event::RuntimeEvent;
pub use money::{Balance, Hold, Ledger};
pub use participants::*;
pub use rules::*;
pub use task::*;

use serde::Serialize;
use std::fmt;
use subxt::{
    ext::{scale_decode::DecodeAsType, scale_encode::EncodeAsType},
    utils::AccountId32,
};

/// The pallet's name in the runtime.
pub const PALLET: &str = "ProofOfQuality";

/// An account; displayed and parsed as an SS58 address.
pub type AccountId = AccountId32;
/// Identifies a task.
pub type TaskId = u64;
/// A number of blocks, or a block's height.
pub type BlockNumber = u32;

/// A share in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Permill(pub u32);

impl Permill {
    /// The share between 0 and 1.
    pub fn fraction(self) -> f64 {
        f64::from(self.0) / 1_000_000.0
    }
}

impl fmt::Display for Permill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4}", self.fraction())
    }
}

impl Serialize for Permill {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.fraction())
    }
}

fn as_hex<S: serde::Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format!("0x{}", hex::encode(bytes)))
}

fn as_text<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&String::from_utf8_lossy(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_shown_as_fractions() {
        assert_eq!(Permill(925_000).to_string(), "0.9250");
        assert_eq!(serde_json::to_string(&Permill(500_000)).unwrap(), "0.5");
    }
}
