//! The settings of each pallet.

use frame_support::{
    derive_impl, parameter_types,
    traits::{
        fungible::{Balanced, Credit},
        tokens::imbalance::ResolveTo,
        ConstU128, ConstU32, ConstU64, ConstU8, OnUnbalanced, VariantCountOf,
    },
    weights::{
        constants::{ParityDbWeight, WEIGHT_REF_TIME_PER_SECOND},
        ConstantMultiplier, IdentityFee, Weight,
    },
    PalletId,
};
use frame_system::{
    limits::{BlockLength, BlockWeights},
    EnsureRoot,
};
use pallet_transaction_payment::{FungibleAdapter, Multiplier, TargetedFeeAdjustment};
use sp_runtime::{
    traits::{AccountIdConversion, Bounded, ConvertInto, OpaqueKeys},
    transaction_validity::TransactionPriority,
    FixedPointNumber, Perbill, Perquintill,
};
use sp_version::RuntimeVersion;

use crate::{
    constants::{
        money::{EXISTENTIAL_DEPOSIT, MICRO_UNIT, UNIT},
        time::{EPOCH_SLOTS, SLOT_DURATION_MS},
        SS58_PREFIX,
    },
    judging, AccountId, Authorship, Babe, Balance, Balances, Block, Nonce, PalletInfo, Runtime, RuntimeCall,
    RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason, RuntimeOrigin, RuntimeTask, Session, SessionKeys, System,
    VERSION,
};

/// The share of a block that ordinary transactions may fill. The rest is for operational ones.
const NORMAL_DISPATCH_RATIO: Perbill = Perbill::from_percent(75);
/// Half a slot of computation. The other half is for the block to travel and be imported. A solo
/// chain ships no proof of its storage reads, so their size is not limited.
const MAXIMUM_BLOCK_WEIGHT: Weight = Weight::from_parts(WEIGHT_REF_TIME_PER_SECOND, u64::MAX);
const MAXIMUM_BLOCK_LENGTH: u32 = 5 * 1024 * 1024;
/// The maximum number of authorities that BABE and GRANDPA keep in their bounded lists.
const MAX_AUTHORITIES: u32 = 100;

parameter_types! {
    pub const Version: RuntimeVersion = VERSION;
    pub RuntimeBlockWeights: BlockWeights =
        BlockWeights::with_sensible_defaults(MAXIMUM_BLOCK_WEIGHT, NORMAL_DISPATCH_RATIO);
    pub RuntimeBlockLength: BlockLength = BlockLength::builder()
        .max_length(MAXIMUM_BLOCK_LENGTH)
        .modify_max_length_for_class(frame_support::dispatch::DispatchClass::Normal, |length| {
            *length = NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_LENGTH
        })
        .build();
    pub const Ss58Prefix: u16 = SS58_PREFIX;
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = Block;
    type BlockHashCount = ConstU32<2400>;
    type BlockLength = RuntimeBlockLength;
    type BlockWeights = RuntimeBlockWeights;
    type AccountData = pallet_balances::AccountData<Balance>;
    type AccountId = AccountId;
    // poq-node keeps its database in ParityDb.
    type DbWeight = ParityDbWeight;
    type ExtensionsWeightInfo = frame_system::SubstrateExtensionsWeight<Runtime>;
    type MaxConsumers = ConstU32<16>;
    type Nonce = Nonce;
    type SS58Prefix = Ss58Prefix;
    type SingleBlockMigrations = crate::Migrations;
    type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
    type Version = Version;
}

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = Babe;
    type MinimumPeriod = ConstU64<{ SLOT_DURATION_MS / 2 }>;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_babe::Config for Runtime {
    type EpochDuration = ConstU64<EPOCH_SLOTS>;
    type ExpectedBlockTime = ConstU64<SLOT_DURATION_MS>;
    // The session pallet changes the epochs.
    type EpochChangeTrigger = pallet_babe::ExternalTrigger;
    type DisabledValidators = Session;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
    type MaxNominators = ConstU32<0>;
    // Equivocations are not reported on chain, because there is no staking whose bonds could be
    // slashed.
    type KeyOwnerProof = sp_core::Void;
    type EquivocationReportSystem = ();
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Babe>;
    type EventHandler = ();
}

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
    type Balance = Balance;
    type DustRemoval = ();
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<0>;
    type MaxReserves = ConstU32<0>;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type DoneSlashHandler = ();
}

/// Gives fees and tips to the author of the block.
pub struct ToBlockAuthor;

impl OnUnbalanced<Credit<AccountId, Balances>> for ToBlockAuthor {
    fn on_nonzero_unbalanced(fees: Credit<AccountId, Balances>) {
        if let Some(author) = Authorship::author() {
            // The author has no account, and the fee is too small to open one: the fee is burned.
            let _ = Balances::resolve(&author, fees);
        }
    }
}

parameter_types! {
    pub const TargetBlockFullness: Perquintill = Perquintill::from_percent(25);
    pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(75, 1_000_000);
    pub MinimumMultiplier: Multiplier = Multiplier::saturating_from_rational(1, 10);
    pub MaximumMultiplier: Multiplier = Bounded::max_value();
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = FungibleAdapter<Balances, ToBlockAuthor>;
    // A picosecond of computation costs one planck. A transfer costs a few ten-thousandths of a
    // token.
    type WeightToFee = IdentityFee<Balance>;
    type LengthToFee = ConstantMultiplier<Balance, ConstU128<MICRO_UNIT>>;
    type FeeMultiplierUpdate =
        TargetedFeeAdjustment<Self, TargetBlockFullness, AdjustmentVariable, MinimumMultiplier, MaximumMultiplier>;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = Babe;
    type NextSessionRotation = Babe;
    // The validators of the genesis block stay. With `set_keys` each of them can still change its
    // keys.
    type SessionManager = ();
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = ();
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type KeyDeposit = ConstU128<UNIT>;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
    type MaxNominators = ConstU32<0>;
    // Only equivocation reports look sessions up by authority set.
    type MaxSetIdSessionEntries = ConstU64<0>;
    type KeyOwnerProof = sp_core::Void;
    type EquivocationReportSystem = ();
}

impl pallet_sudo::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type WeightInfo = pallet_sudo::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
    /// Where slashed bonds go. There is no key for this account; governance decides what happens to
    /// the funds.
    pub SlashPot: AccountId = PalletId(*b"poq/slsh").into_account_truncating();
    // Above every transaction that pays for its position, because a late seal or key costs its
    // evaluator a part of its bond.
    pub const JudgingPriority: TransactionPriority = TransactionPriority::MAX / 2;
}

impl pallet_proof_of_quality::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type OnSlash = ResolveTo<SlashPot, Balances>;
    type Randomness = pallet_babe::ParentBlockRandomness<Runtime>;
    type Scorer = pallet_proof_of_quality::HttpScorer;
    type GovernanceOrigin = EnsureRoot<AccountId>;
    type DefaultParameters = judging::DefaultParameters;
    type MaxPromptLen = ConstU32<{ 16 * 1024 }>;
    type MaxAnswerLen = ConstU32<{ 16 * 1024 }>;
    type MaxResponders = ConstU32<8>;
    type MaxCommittee = ConstU32<16>;
    type MaxBatch = ConstU32<8>;
    type MaxDraws = ConstU32<16>;
    type JudgingPriority = JudgingPriority;
    type WeightInfo = crate::weights::Measured<Runtime>;
}
