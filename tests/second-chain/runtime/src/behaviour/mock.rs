//! This runtime, by the names that the pallet's tests use.

pub use super::tests::fixture::TestScorer;
pub use crate::{
    judging::SlashPot as Pot, AccountId, Balance, Balances, BlockNumber, ProofOfQuality, Runtime as Test, RuntimeCall,
    RuntimeEvent, RuntimeOrigin, System, UncheckedExtrinsic as Extrinsic,
};

use frame_support::BoundedVec;
use pallet_insecure_randomness_collective_flip::RandomMaterial;
use sp_core::{H160, H256};

/// The account of this number.
pub const fn account(number: u8) -> AccountId {
    H160([number; 20])
}

/// The chain's randomness, as the tests steer it.
pub struct Seed;

impl Seed {
    /// The only block hash that the chain remembers; `None` as in the first block.
    pub fn set(hash: Option<H256>) {
        RandomMaterial::<Test>::put(BoundedVec::truncate_from(hash.into_iter().collect()));
    }
}

/// What must be there before the first block.
pub fn prepare() {
    Seed::set(Some(H256([1; 32])));
}
