//! The pallet's own behaviour tests, run on this runtime: the same source, with [`mock`] in place
//! of the pallet's.

pub mod mock;
// The pallet's own migrations use some of the helpers too.
#[allow(dead_code)]
#[path = "../../../../../pallets/proof-of-quality/src/tests/mod.rs"]
mod tests;

// The tests take these from the crate that they are in.
use pallet_proof_of_quality::*;
