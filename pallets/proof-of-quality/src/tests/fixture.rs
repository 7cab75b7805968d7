//! What all tests share on any runtime: the actors, the parameters, the scorer, and how blocks
//! pass.

use super::*;
use frame_support::{parameter_types, traits::Hooks, weights::WeightMeter};
use poq_wire::{ScoreRequest, ScoreResponse, Verdict};
use sp_core::ed25519;
use sp_runtime::BuildStorage;
use std::cell::RefCell;

pub const MODEL: [u8; 32] = [7; 32];

parameter_types! {
    pub TestParameters: Parameters<Balance, BlockNumber> = Parameters {
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
            past_qualities: 8,
            ..Rules::default()
        },
    };
    pub static JudgeSays: Result<Vec<u32>, ScorerFailure> = Ok(vec![800_000, 100_000, 0]);
}

thread_local! {
    /// Every request that reached the scorer.
    pub static ASKED: RefCell<Vec<ScoreRequest>> = const { RefCell::new(Vec::new()) };
}

/// A scorer that says what the test wants. The real one is tested in its own crate and in the
/// network test.
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

pub const USER: AccountId = account(1);
pub const ALICE: AccountId = account(11);
pub const BOB: AccountId = account(12);
pub const CHARLIE: AccountId = account(13);
pub const DAVE: AccountId = account(14);
pub const EVALUATORS: [AccountId; 4] = [ALICE, BOB, CHARLIE, DAVE];
pub const NODES: [AccountId; 3] = [account(21), account(22), account(23)];
/// Has an evaluator key and nothing else.
pub const NEWCOMER: AccountId = account(77);
/// Has nothing.
pub const PENNILESS: AccountId = account(98);
/// Has money and no role.
pub const STRANGER: AccountId = account(99);

/// The key pair of an evaluator, the same in each test.
pub fn pair(who: AccountId) -> ed25519::Pair {
    use sp_core::Pair as _;
    ed25519::Pair::from_seed(&sp_io::hashing::blake2_256(&who.encode()))
}

pub fn key(who: AccountId) -> EvaluatorId {
    use sp_core::Pair as _;
    EvaluatorId::from(pair(who).public())
}

pub fn sign(who: AccountId, message: &[u8]) -> EvaluatorSignature {
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
    GenesisConfig::<Test> {
        parameters: Some(TestParameters::get()),
        evaluators: EVALUATORS.iter().map(|who| (*who, key(*who), 1_000_000)).collect(),
        inference_nodes: NODES.iter().map(|who| (*who, 5_000)).collect(),
        // A guess of 0.6 has a mean distance of 0.2.
        past_qualities: [20, 40, 60, 80]
            .map(|quality| PastQuality { quality: Permill::from_percent(quality), weight: 1 })
            .to_vec(),
    }
    .assimilate_storage(&mut storage)
    .unwrap();
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| {
        prepare();
        next_block();
    });
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

pub fn run_to(block: BlockNumber) {
    while System::block_number() < block {
        next_block();
    }
}

pub fn options(responders: u32) -> TaskOptions {
    TaskOptions { responders, model: None }
}

pub fn bond_of(role: Role, who: AccountId) -> Balance {
    Participants::<Test>::get(role, who).map(|participant| participant.bond).unwrap_or_default()
}

/// A proof that `who` holds its own key.
pub fn proof(who: AccountId) -> EvaluatorSignature {
    sign(who, &keys::registration_message(&System::block_hash(0), &who))
}
