//! One chain that uses the Proof of Quality pallet.
//!
//! This file is the composition: the pallets in their order, and the types of a block and of a
//! transaction. The pallets' settings are in [`configs`], and what the node may ask of the runtime
//! in [`apis`]. The transactions that off-chain workers make are in `transactions`, the first
//! parameters in [`judging`], and the genesis states in [`genesis_presets`].
//!
//! The runtime imports only the standard host functions, so a stock Substrate node can execute it.

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

pub mod apis;
pub mod configs;
pub mod constants;
pub mod genesis_presets;
pub mod judging;
mod transactions;
pub mod weights;

use alloc::{borrow::Cow, vec::Vec};
use sp_runtime::{
    generic, impl_opaque_keys,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
    MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

pub use apis::RuntimeApi;

/// A signature by any of the key types that an account may have.
pub type Signature = MultiSignature;
/// The 32 bytes that identify an account.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// An amount of the native token, in planck.
pub type Balance = u128;
/// The number of transactions that an account has sent.
pub type Nonce = u32;
/// The output of the chain's hash function.
pub type Hash = sp_core::H256;
/// A block's height.
pub type BlockNumber = u32;
/// The form of accounts in transactions.
pub type Address = MultiAddress<AccountId, ()>;
/// A block's header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// A transaction or an inherent as it travels over the network.
pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// What a wallet signs.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// The checks of every transaction, in this order.
pub type TxExtension = (
    // First, so that a call that authorizes itself needs neither an account nor a fee in the other
    // checks.
    frame_system::AuthorizeCall<Runtime>,
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckMortality<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    // Last, so that it sees the weight that everything before it used.
    frame_system::WeightReclaim<Runtime>,
);

/// Executes blocks by calling the pallets in order.
pub type Executive =
    frame_executive::Executive<Runtime, Block, frame_system::ChainContext<Runtime>, Runtime, AllPalletsWithSystem>;

/// What runs once after an upgrade, oldest first. Each migration notes the version of the storage
/// that it leaves behind, so it may stay here.
pub type Migrations =
    (pallet_proof_of_quality::migrations::V0ToV1<Runtime>, pallet_proof_of_quality::migrations::V1ToV2<Runtime>);

impl_opaque_keys! {
    /// The keys with which a validator makes and finalizes blocks.
    ///
    /// The evaluator key is not among them, because it belongs to an evaluator and not to
    /// consensus.
    pub struct SessionKeys {
        pub babe: Babe,
        pub grandpa: Grandpa,
    }
}

#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("proof-of-quality"),
    impl_name: Cow::Borrowed("poq-runtime"),
    authoring_version: 1,
    spec_version: 5,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    // Since version 3: calls, errors and fields have the glossary's names.
    transaction_version: 4,
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

    // Before every pallet that reads randomness: its `on_finalize` publishes the VRF output of this
    // block.
    #[runtime::pallet_index(2)]
    pub type Babe = pallet_babe;

    // Before Session, which asks who wrote the block.
    #[runtime::pallet_index(3)]
    pub type Authorship = pallet_authorship;

    #[runtime::pallet_index(4)]
    pub type Balances = pallet_balances;

    #[runtime::pallet_index(5)]
    pub type TransactionPayment = pallet_transaction_payment;

    #[runtime::pallet_index(6)]
    pub type Session = pallet_session;

    #[runtime::pallet_index(7)]
    pub type Grandpa = pallet_grandpa;

    #[runtime::pallet_index(8)]
    pub type Sudo = pallet_sudo;

    // After Babe: committees are drawn at the end of a block, from the VRF output that Babe
    // published for that block.
    #[runtime::pallet_index(20)]
    pub type ProofOfQuality = pallet_proof_of_quality;
}
