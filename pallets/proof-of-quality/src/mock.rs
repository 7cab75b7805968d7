//! A small runtime for the pallet's own tests and benchmark tests.

use crate as pallet_proof_of_quality;
use crate::{keys, EvaluatorId, Parameters, PastOutcome, Role, Rules, Scorer, ScorerFailure, TaskOptions};
use codec::Encode;
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU32, ConstU64, Hooks, Randomness},
    weights::WeightMeter,
    PalletId,
};
use frame_system::EnsureRoot;
use poq_mechanism::wire::{ScoreRequest, ScoreResponse, Verdict};
use sp_core::{ed25519, H256};
use sp_runtime::{traits::AccountIdConversion, BuildStorage, Permill};
use std::cell::RefCell;

pub type AccountId = u64;
pub type Balance = u64;
pub type TxExtension = frame_system::AuthorizeCall<Test>;
pub type Extrinsic =
    sp_runtime::generic::UncheckedExtrinsic<AccountId, RuntimeCall, sp_runtime::testing::TestSignature, TxExtension>;
pub type Block =
    sp_runtime::generic::Block<sp_runtime::generic::Header<u64, sp_runtime::traits::BlakeTwo256>, Extrinsic>;

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

pub const MODEL: [u8; 32] = [7; 32];

parameter_types! {
    /// What the chain's randomness says; `None` as on a block without any.
    pub static Seed: Option<H256> = Some(H256([1; 32]));
    pub TestParameters: Parameters<Balance, u64> = Parameters {
        model: MODEL,
        min_bounty: 100,
        max_bounty: 10_000,
        evaluator_bond: 400_000,
        inference_bond: 500,
        committee_size: 4,
        min_committee: 1,
        quorum: Permill::from_percent(66),
        answer_window: 10,
        commit_window: 6,
        reveal_window: 6,
        grace: 2,
        reveal_depth: 1,
        unbonding: 20,
        retention: 50,
        rules: Rules {
            outcomes: 8,
            ..Rules::default()
        },
    };
    pub static JudgeSays: Result<Vec<u32>, ScorerFailure> = Ok(vec![800_000, 100_000, 0]);
    pub Pot: AccountId = PalletId(*b"poq/slsh").into_account_truncating();
}

pub struct TestRandomness;

impl Randomness<Option<H256>, u64> for TestRandomness {
    fn random(subject: &[u8]) -> (Option<H256>, u64) {
        let seed = Seed::get().map(|seed| H256(sp_io::hashing::blake2_256(&(seed, subject).encode())));
        (seed, System::block_number())
    }
}

thread_local! {
    /// Every request that reached the judge.
    pub static ASKED: RefCell<Vec<ScoreRequest>> = const { RefCell::new(Vec::new()) };
}

/// A judge that says what the test wants. The real one is tested in its own crate and in the network test.
pub struct TestScorer;

impl Scorer for TestScorer {
    fn score(request: &ScoreRequest) -> Result<ScoreResponse, ScorerFailure> {
        ASKED.with(|asked| asked.borrow_mut().push(request.clone()));
        let says = JudgeSays::get()?;
        let verdicts = (0..request.answers.len())
            .map(|index| Verdict::Judged(Permill::from_parts(says.get(index).copied().unwrap_or_default())))
            .collect();
        Ok(ScoreResponse { model: request.model, verdicts })
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

pub const USER: AccountId = 1;
pub const EVALUATORS: [AccountId; 4] = [11, 12, 13, 14];
pub const NODES: [AccountId; 3] = [21, 22, 23];
/// Has money and no role.
pub const STRANGER: AccountId = 99;
/// Has nothing.
pub const PENNILESS: AccountId = 98;

/// The key pair of an evaluator, the same in each test.
pub fn pair(who: AccountId) -> ed25519::Pair {
    use sp_core::Pair as _;
    ed25519::Pair::from_seed(&sp_io::hashing::blake2_256(&who.encode()))
}

pub fn key(who: AccountId) -> EvaluatorId {
    use sp_core::Pair as _;
    EvaluatorId::from(pair(who).public())
}

pub fn sign(who: AccountId, message: &[u8]) -> crate::EvaluatorSignature {
    use sp_core::Pair as _;
    pair(who).sign(message).into()
}

/// Four evaluators, three inference nodes, a user and a stranger with ten millions each.
pub fn new_test_ext() -> sp_io::TestExternalities {
    let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
    let accounts = EVALUATORS.iter().chain(&NODES).chain([&USER, &STRANGER]);
    pallet_balances::GenesisConfig::<Test> {
        balances: accounts.map(|who| (*who, 10_000_000)).collect(),
        ..Default::default()
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    crate::GenesisConfig::<Test> {
        parameters: None,
        evaluators: EVALUATORS.iter().map(|who| (*who, key(*who), 1_000_000)).collect(),
        inference_nodes: NODES.iter().map(|who| (*who, 5_000)).collect(),
        // A guess of 0.6 is off by 0.2 on average.
        outcomes: [20, 40, 60, 80]
            .map(|quality| PastOutcome { quality: Permill::from_percent(quality), weight: 1 })
            .to_vec(),
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| {
        next_block();
    });
    ext
}

/// No participants, and a keystore: benchmarks bring their own.
#[cfg(feature = "runtime-benchmarks")]
pub fn benchmark_ext() -> sp_io::TestExternalities {
    let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.register_extension(sp_keystore::KeystoreExt::new(sp_keystore::testing::MemoryKeystore::new()));
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Ends the current block and starts the next, as the executive does.
pub fn next_block() {
    let now = System::block_number();
    if now > 0 {
        ProofOfQuality::on_finalize(now);
    }
    System::set_block_number(now + 1);
    ProofOfQuality::on_initialize(now + 1);
    let mut meter = WeightMeter::new();
    ProofOfQuality::on_poll(now + 1, &mut meter);
}

pub fn run_to(block: u64) {
    while System::block_number() < block {
        next_block();
    }
}

pub fn options(responders: u32) -> TaskOptions {
    TaskOptions { responders, model: None }
}

pub fn bond_of(role: Role, who: AccountId) -> Balance {
    crate::Participants::<Test>::get(role, who).map(|participant| participant.bond).unwrap_or_default()
}

/// A proof that `who` holds its own key.
pub fn proof(who: AccountId) -> crate::EvaluatorSignature {
    sign(who, &keys::registration_message(&System::block_hash(0), &who))
}
