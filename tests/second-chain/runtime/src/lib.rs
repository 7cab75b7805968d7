//! A second chain with the Proof of Quality pallet, made by following `docs/integrating.md`, and as
//! unlike the first as it can be:
//!
//! - accounts are Ethereum addresses of 20 bytes, balances and block numbers have 64 bits;
//! - Aura makes the blocks, so there is no VRF to draw committees from;
//! - a council governs it, there is no sudo, and its deposits are held by a reason of another
//!   pallet.
//!
//! All that judged tasks need is in [`judging`] and in the two marked places here. The rest is any
//! Substrate chain: the other pallets' settings are in `pallets`, what a node may ask in [`apis`],
//! the first state in [`genesis`].

#![cfg_attr(not(feature = "std"), no_std)]
// The runtime macro nests one type per pallet.
#![recursion_limit = "256"]

extern crate alloc;

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

// Before `apis`, which uses its macros.
#[cfg(feature = "runtime-benchmarks")]
#[macro_use]
mod benchmarks {
    frame_benchmarking::define_benchmarks!([pallet_proof_of_quality, ProofOfQuality]);
}

mod accounts;
pub mod apis;
#[cfg(test)]
mod behaviour;
pub mod genesis;
pub mod judging;
mod pallets;

use alloc::{borrow::Cow, vec::Vec};
use sp_runtime::{generic, impl_opaque_keys, traits::BlakeTwo256};
use sp_version::RuntimeVersion;

pub use accounts::Signature;
pub use apis::RuntimeApi;

/// An account is an Ethereum address.
pub type AccountId = sp_core::H160;
/// An amount of the native token, in its smallest unit.
pub type Balance = u64;
/// A block's height.
pub type BlockNumber = u64;
/// How many transactions an account has sent.
pub type Nonce = u32;
/// A block's header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// A transaction.
pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<AccountId, RuntimeCall, Signature, TxExtension>;
/// What a wallet signs.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// What every transaction is checked for, in this order.
pub type TxExtension = (
    frame_system::AuthorizeCall<Runtime>,
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckMortality<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);

/// Executes blocks by calling the pallets in order.
pub type Executive =
    frame_executive::Executive<Runtime, Block, frame_system::ChainContext<Runtime>, Runtime, AllPalletsWithSystem>;

impl_opaque_keys! {
    /// The keys with which a validator makes blocks.
    pub struct SessionKeys {
        /// For Aura.
        pub aura: Aura,
    }
}

/// What this runtime is.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("second"),
    impl_name: Cow::Borrowed("second-runtime"),
    authoring_version: 1,
    spec_version: 1,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;

    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;

    #[runtime::pallet_index(2)]
    pub type Aura = pallet_aura;

    #[runtime::pallet_index(3)]
    pub type Balances = pallet_balances;

    #[runtime::pallet_index(4)]
    pub type TransactionPayment = pallet_transaction_payment;

    #[runtime::pallet_index(5)]
    pub type Council = pallet_collective<Instance1>;

    #[runtime::pallet_index(6)]
    pub type RandomnessCollectiveFlip = pallet_insecure_randomness_collective_flip;

    // After the pallet that its randomness comes from.
    #[runtime::pallet_index(42)]
    pub type ProofOfQuality = pallet_proof_of_quality;
}
