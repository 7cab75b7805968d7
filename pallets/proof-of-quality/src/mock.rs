//! A small runtime for the pallet's own tests and benchmark tests. What the tests share on any
//! runtime is in `tests/fixture.rs`.

use crate as pallet_proof_of_quality;
use crate::tests::fixture::{TestParameters, TestScorer};
use codec::Encode;
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU32, ConstU64, Randomness},
    PalletId,
};
use frame_system::EnsureRoot;
use sp_core::H256;
use sp_runtime::traits::AccountIdConversion;
#[cfg(feature = "runtime-benchmarks")]
use sp_runtime::BuildStorage;

pub type AccountId = u64;
pub type Balance = u64;
pub type BlockNumber = u64;
pub type TxExtension = frame_system::AuthorizeCall<Test>;
pub type Extrinsic =
    sp_runtime::generic::UncheckedExtrinsic<AccountId, RuntimeCall, sp_runtime::testing::TestSignature, TxExtension>;
pub type Block =
    sp_runtime::generic::Block<sp_runtime::generic::Header<BlockNumber, sp_runtime::traits::BlakeTwo256>, Extrinsic>;

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
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system::Pallet<Test>;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances::Pallet<Test>;
    #[runtime::pallet_index(2)]
    pub type ProofOfQuality = pallet_proof_of_quality::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
}

parameter_types! {
    /// The value of the chain's randomness. `None` as on a block without any.
    pub static Seed: Option<H256> = Some(H256([1; 32]));
    pub Pot: AccountId = PalletId(*b"poq/slsh").into_account_truncating();
}

pub struct TestRandomness;

impl Randomness<Option<H256>, BlockNumber> for TestRandomness {
    fn random(subject: &[u8]) -> (Option<H256>, BlockNumber) {
        let seed = Seed::get().map(|seed| H256(sp_io::hashing::blake2_256(&(seed, subject).encode())));
        (seed, System::block_number())
    }
}

impl pallet_proof_of_quality::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type OnSlash = frame_support::traits::tokens::imbalance::ResolveTo<Pot, Balances>;
    type Randomness = TestRandomness;
    type Scorer = TestScorer;
    type GovernanceOrigin = EnsureRoot<AccountId>;
    type DefaultParameters = TestParameters;
    type MaxPromptLen = ConstU32<{ 16 * 1024 }>;
    type MaxAnswerLen = ConstU32<{ 16 * 1024 }>;
    type MaxResponders = ConstU32<4>;
    type MaxCommittee = ConstU32<8>;
    type MaxBatch = ConstU32<8>;
    type MaxDraws = ConstU32<4>;
    type JudgingPriority = ConstU64<1_000>;
    type WeightInfo = pallet_proof_of_quality::weights::BoundedWeight<Test>;
}

impl<LocalCall> frame_system::offchain::CreateTransactionBase<LocalCall> for Test
where
    RuntimeCall: From<LocalCall>,
{
    type RuntimeCall = RuntimeCall;
    type Extrinsic = Extrinsic;
}

impl<LocalCall> frame_system::offchain::CreateTransaction<LocalCall> for Test
where
    RuntimeCall: From<LocalCall>,
{
    type Extension = TxExtension;

    fn create_transaction(call: RuntimeCall, extension: Self::Extension) -> Extrinsic {
        Extrinsic::new_transaction(call, extension)
    }
}

impl<LocalCall> frame_system::offchain::CreateAuthorizedTransaction<LocalCall> for Test
where
    RuntimeCall: From<LocalCall>,
{
    fn create_extension() -> Self::Extension {
        TxExtension::new()
    }
}

/// The account of this number.
pub const fn account(number: u8) -> AccountId {
    number as AccountId
}

/// What must be there before the first block: nothing on this runtime.
pub fn prepare() {}

/// No participants, and a keystore, because benchmarks make their own participants.
#[cfg(feature = "runtime-benchmarks")]
pub fn benchmark_ext() -> sp_io::TestExternalities {
    let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.register_extension(sp_keystore::KeystoreExt::new(sp_keystore::testing::MemoryKeystore::new()));
    ext.execute_with(|| {
        System::set_block_number(1);
        // Twelve decimals are usual, but too many for a balance of 64 bits.
        let usual = 1_000_000_000_000;
        let (evaluator_bond, inference_bond, max_bounty) = (500 * usual, 10 * usual, 10 * usual);
        crate::CurrentParameters::<Test>::mutate(|parameters| {
            *parameters = crate::Parameters { evaluator_bond, inference_bond, max_bounty, ..parameters.clone() };
        });
    });
    ext
}
