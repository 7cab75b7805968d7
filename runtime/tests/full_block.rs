//! Blocks that are filled with the worst calls there are, each kind until no more of it fits: they
//! stay within the limits of this runtime, whatever the hooks do in the same block.

use codec::Encode as _;
use frame_support::{
    dispatch::DispatchClass,
    traits::Hooks,
    weights::{constants::WEIGHT_REF_TIME_PER_MILLIS, WeightMeter},
    BoundedVec,
};
use frame_system::{offchain::CreateAuthorizedTransaction, ConsumedWeight, RawOrigin};
use pallet_proof_of_quality::{
    keys, Call, Commit, EvaluatorId, Outcomes, Phase, PromptOf, Reveal, Role, RosterSize, Seats, TaskCount, TaskId,
    TaskOptions, Tasks,
};
use poq_mechanism::seal::{seal, seal_scores, Seal, SealKey};
use poq_runtime::{
    configs::{RuntimeBlockLength, RuntimeBlockWeights},
    constants::money::UNIT,
    judging::DefaultParameters,
    AccountId, Executive, Header, ProofOfQuality, Runtime, RuntimeCall, RuntimeGenesisConfig, RuntimeOrigin, Signature,
    SignedPayload, System, TxExtension, UncheckedExtrinsic,
};
use sp_core::{ed25519, sr25519, Pair as _};
use sp_runtime::{
    generic::Era,
    traits::{Dispatchable as _, Header as _},
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    BuildStorage, Permill,
};
use std::time::Instant;

const SEATS: u32 = 16;
const RESPONDERS: u32 = 8;
const BATCH: usize = 8;
const LONGEST: usize = 16 * 1024;

fn user() -> sr25519::Pair {
    sr25519::Pair::from_seed(&[1; 32])
}

fn node(index: u32) -> sr25519::Pair {
    sr25519::Pair::from_seed(&[100 + index as u8; 32])
}

fn evaluator(index: u32) -> AccountId {
    AccountId::from([200 + index as u8; 32])
}

fn evaluator_pair(index: u32) -> ed25519::Pair {
    ed25519::Pair::from_seed(&[200 + index as u8; 32])
}

fn account(pair: &sr25519::Pair) -> AccountId {
    pair.public().into()
}

/// A chain with the largest committees and the most answers that its limits allow.
fn on_chain(test: impl FnOnce()) {
    let mut parameters = <DefaultParameters as frame_support::traits::Get<_>>::get();
    parameters.committee_size = SEATS;
    parameters.answer_window = 100;
    parameters.commit_window = 1_000;
    parameters.reveal_window = 1_000;
    let nodes: Vec<_> = (0..RESPONDERS).map(|index| account(&node(index))).collect();
    let evaluators: Vec<_> = (0..SEATS).map(evaluator).collect();
    let rich = nodes.iter().chain(&evaluators).cloned().chain([account(&user())]);
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: rich.map(|who| (who, 1_000_000_000 * UNIT)).collect(),
            ..Default::default()
        },
        babe: pallet_babe::GenesisConfig {
            epoch_config: poq_runtime::genesis_presets::BABE_GENESIS_EPOCH_CONFIG,
            ..Default::default()
        },
        proof_of_quality: pallet_proof_of_quality::GenesisConfig {
            parameters: Some(parameters),
            evaluators: (0..SEATS)
                .map(|index| (evaluator(index), EvaluatorId::from(evaluator_pair(index).public()), 1_000 * UNIT))
                .collect(),
            inference_nodes: nodes.into_iter().map(|who| (who, 10_000 * UNIT)).collect(),
            past_qualities: vec![],
        },
        ..Default::default()
    };
    let storage = genesis.build_storage().expect("the genesis is in order");
    sp_io::TestExternalities::new(storage).execute_with(|| {
        next_block();
        test();
        ProofOfQuality::do_try_state().expect("the invariants hold");
    });
}

/// Passes a block in which only the pallet's hooks run.
fn next_block() {
    let now = System::block_number();
    if now > 0 {
        // What BABE would have published for this block.
        let randomness = frame_support::storage::storage_prefix(b"Babe", b"AuthorVrfRandomness");
        frame_support::storage::unhashed::put(&randomness, &Some([7u8; 32]));
        ProofOfQuality::on_finalize(now);
    }
    System::set_block_number(now + 1);
    ProofOfQuality::on_initialize(now + 1);
    ProofOfQuality::on_poll(now + 1, &mut WeightMeter::new());
}

fn submit_call(prompt: usize, responders: u32) -> Call<Runtime> {
    let prompt: PromptOf<Runtime> = BoundedVec::truncate_from(vec![b'?'; prompt]);
    Call::submit_task { prompt, bounty: UNIT, options: TaskOptions { responders, model: None } }
}

/// A task with the shortest prompt.
fn submit() -> TaskId {
    let id = TaskCount::<Runtime>::get();
    sign(&user(), submit_call(1, RESPONDERS));
    id
}

const ANSWER_KEY: SealKey = SealKey([5; 32]);

fn seal_call(index: u32, id: TaskId, bytes: usize) -> Call<Runtime> {
    let task = Tasks::<Runtime>::get(id).expect("the task is there");
    let context = ProofOfQuality::answer_context(id, &task, &account(&node(index)));
    let Seal { commitment, nonce, ciphertext } = seal(&context, &ANSWER_KEY, &vec![b'a'; bytes]);
    let seal = Seal { commitment, nonce, ciphertext: BoundedVec::truncate_from(ciphertext) };
    Call::commit_answer { task: id, context: context.to_bytes(), seal }
}

/// Tasks with all answers sealed, of which the first has so many bytes.
fn sealed_tasks(count: usize, bytes: usize) -> Vec<TaskId> {
    let ids: Vec<_> = (0..count).map(|_| submit()).collect();
    for id in &ids {
        for index in 0..RESPONDERS {
            sign(&node(index), seal_call(index, *id, if index == 0 { bytes } else { 1 }));
        }
    }
    ids
}

/// Does what somebody signed, outside of a block.
fn sign(who: &sr25519::Pair, call: Call<Runtime>) {
    RuntimeCall::from(call).dispatch(RuntimeOrigin::signed(account(who))).expect("the call is in order");
}

/// Does what an evaluator's worker sent, outside of a block.
fn authorize(call: Call<Runtime>) {
    RuntimeCall::from(call).dispatch(RawOrigin::Authorized.into()).expect("the call is in order");
}

/// Tasks whose committees commit now.
fn tasks_to_commit(count: usize) -> Vec<TaskId> {
    let ids = sealed_tasks(count, 64);
    for id in &ids {
        (0..RESPONDERS).for_each(|index| sign(&node(index), Call::reveal_answer { task: *id, key: ANSWER_KEY }));
    }
    let committing =
        |id: &TaskId| matches!(Tasks::<Runtime>::get(id).map(|task| task.phase), Some(Phase::Committing { .. }));
    while !ids.iter().all(committing) {
        next_block();
    }
    ids
}

fn seat(id: TaskId, index: u32) -> (u32, SealKey, Commit<Runtime>) {
    let (seat, _) = Seats::<Runtime>::iter_prefix(id)
        .find(|(_, seat)| seat.account == evaluator(index))
        .expect("every evaluator is seated");
    let task = Tasks::<Runtime>::get(id).expect("the task is there");
    let context = ProofOfQuality::seal_context(id, &task, seat, &evaluator(index));
    let key = SealKey::from_secret(&context.key_message());
    let scores = vec![Permill::from_percent(50); RESPONDERS as usize];
    let Seal { commitment, nonce, ciphertext } = seal_scores(&context, &key, &scores);
    let seal = Seal { commitment, nonce, ciphertext: BoundedVec::truncate_from(ciphertext) };
    (seat, key, Commit { task: id, context: context.to_bytes(), seal })
}

fn commit_call(index: u32, ids: &[TaskId]) -> Call<Runtime> {
    let evaluator = EvaluatorId::from(evaluator_pair(index).public());
    let commits = BoundedVec::truncate_from(ids.iter().map(|id| seat(*id, index).2).collect());
    let sent_after = System::block_number();
    let message = keys::commit_message(&System::block_hash(0), &evaluator, &sent_after, &commits);
    let signature = evaluator_pair(index).sign(&message).into();
    Call::commit_scores { key: evaluator, sent_after, commits, signature }
}

fn reveal_call(index: u32, ids: &[TaskId]) -> Call<Runtime> {
    let evaluator = EvaluatorId::from(evaluator_pair(index).public());
    let reveals = ids.iter().map(|id| Reveal { task: *id, key: seat(*id, index).1 .0 }).collect();
    let (sent_after, reveals) = (System::block_number(), BoundedVec::truncate_from(reveals));
    let message = keys::reveal_message(&System::block_hash(0), &evaluator, &sent_after, &reveals);
    let signature = evaluator_pair(index).sign(&message).into();
    Call::reveal_scores { key: evaluator, sent_after, reveals, signature }
}

fn authorized(call: Call<Runtime>) -> UncheckedExtrinsic {
    <Runtime as CreateAuthorizedTransaction<Call<Runtime>>>::create_authorized_transaction(call.into())
}

fn signed(who: &sr25519::Pair, nonce: u32, call: Call<Runtime>) -> UncheckedExtrinsic {
    let extension: TxExtension = (
        frame_system::AuthorizeCall::new(),
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckMortality::from(Era::Immortal),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::from(0),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    );
    let payload = SignedPayload::new(RuntimeCall::from(call), extension).expect("the payload is in order");
    let signature = Signature::from(payload.using_encoded(|bytes| who.sign(bytes)));
    let (call, extension, _) = payload.deconstruct();
    UncheckedExtrinsic::new_signed(call, account(who).into(), signature, extension)
}

/// As many tasks of one user as one likes.
fn prompts(bytes: usize, responders: u32) -> impl Iterator<Item = UncheckedExtrinsic> {
    (0..).map(move |nonce| signed(&user(), nonce, submit_call(bytes, responders)))
}

/// Puts transactions into one block, as an author does, until one does not fit, and proves that the
/// limits hold. Returns how many are in.
fn fill(what: &str, class: DispatchClass, transactions: impl IntoIterator<Item = UncheckedExtrinsic>) -> usize {
    // Written by hand in the blocks before; a real block starts without.
    System::reset_events();
    let number = System::block_number() + 1;
    let begun = Instant::now();
    Executive::initialize_block(&Header::new(
        number,
        Default::default(),
        Default::default(),
        System::parent_hash(),
        Default::default(),
    ));
    let now = pallet_timestamp::Call::set { now: 1_000 };
    Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(RuntimeCall::Timestamp(now)))
        .expect("the time is valid")
        .expect("the time can be set");
    let (mut included, mut full) = (0, false);
    for transaction in transactions {
        match Executive::apply_extrinsic(transaction) {
            Ok(outcome) => {
                outcome.expect("every call here is in order");
                included += 1;
            }
            Err(TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources)) => {
                full = true;
                break;
            }
            Err(other) => panic!("{what}: {other:?}"),
        }
    }
    let (weight, length) = (System::block_weight(), System::block_size());
    Executive::finalize_block();
    let took = begun.elapsed();

    let limits = RuntimeBlockWeights::get();
    let ms = |weight: frame_support::weights::Weight| weight.ref_time() / WEIGHT_REF_TIME_PER_MILLIS;
    println!(
        "{what}: {included} calls, weight {} of {} ms, {} of {} KiB; with the work to make it, it took {} ms here",
        ms(weight.total()),
        ms(limits.max_block),
        length / 1024,
        RuntimeBlockLength::get().max.get(class) / 1024,
        took.as_millis()
    );
    assert!(full, "{what}: {included} calls do not fill a block: the test needs more");
    within_limits(what, &weight);
    assert!(length <= *RuntimeBlockLength::get().max.get(class), "{what}: {length} bytes");
    included
}

fn within_limits(what: &str, weight: &ConsumedWeight) {
    let limits = RuntimeBlockWeights::get();
    assert!(weight.total().all_lte(limits.max_block), "{what}: {weight:?} is more than {:?}", limits.max_block);
    for class in [DispatchClass::Normal, DispatchClass::Operational] {
        if let Some(most) = limits.get(class).max_total {
            assert!(weight.get(class).all_lte(most), "{what}: {weight:?} is more than {most:?} for {class:?}");
        }
    }
}

#[test]
fn of_the_longest_prompts_stays_within_its_limits() {
    on_chain(|| {
        fill("longest prompts", DispatchClass::Normal, prompts(LONGEST, RESPONDERS));
    });
}

#[test]
fn of_the_shortest_prompts_stays_within_its_limits() {
    on_chain(|| {
        fill("shortest prompts", DispatchClass::Normal, prompts(1, 1));
    });
}

#[test]
fn of_the_longest_sealed_answers_stays_within_its_limits() {
    on_chain(|| {
        let ids: Vec<_> = (0..400).map(|_| submit()).collect();
        let calls = ids.iter().zip(0..).map(|(id, nonce)| signed(&node(0), nonce, seal_call(0, *id, LONGEST)));
        fill("longest sealed answers", DispatchClass::Normal, calls);
    });
}

#[test]
fn of_keys_to_the_longest_answers_stays_within_its_limits() {
    on_chain(|| {
        let ids = sealed_tasks(2_000, LONGEST);
        let calls = ids
            .into_iter()
            .zip(0..)
            .map(|(task, nonce)| signed(&node(0), nonce, Call::reveal_answer { task, key: ANSWER_KEY }));
        fill("keys to the longest answers", DispatchClass::Operational, calls);
    });
}

#[test]
fn of_the_largest_batches_of_seals_stays_within_its_limits() {
    on_chain(|| {
        let ids = tasks_to_commit(40 * BATCH);
        let calls = (0..SEATS).flat_map(|index| ids.chunks(BATCH).map(move |ids| authorized(commit_call(index, ids))));
        fill("largest batches of seals", DispatchClass::Normal, calls);
    });
}

#[test]
fn of_reveals_that_settle_as_many_tasks_as_they_can_stays_within_its_limits() {
    on_chain(|| {
        let ids = tasks_to_commit(40 * BATCH);
        for batch in ids.chunks(BATCH) {
            (0..SEATS).for_each(|index| authorize(commit_call(index, batch)));
        }
        for batch in ids.chunks(BATCH) {
            (1..SEATS).for_each(|index| authorize(reveal_call(index, batch)));
        }
        // The last seat of each: the reveal settles all tasks of the batch, with sixteen seats and
        // eight answers to be paid.
        let included = fill(
            "reveals that settle",
            DispatchClass::Normal,
            ids.chunks(BATCH).map(|batch| authorized(reveal_call(0, batch))),
        );
        assert_eq!(Outcomes::<Runtime>::iter().count(), included * BATCH);
    });
}

/// All deadlines of hundreds of tasks fall into the block that users fill too.
#[test]
fn with_a_thousand_deadlines_stays_within_its_limits() {
    on_chain(|| {
        assert_eq!(RosterSize::<Runtime>::get(Role::Inference), RESPONDERS);
        let ids = tasks_to_commit(64);
        for batch in ids.chunks(BATCH) {
            (0..SEATS).for_each(|index| authorize(commit_call(index, batch)));
        }
        // Nobody opens: everybody is to be slashed in the same block.
        let until = ids.iter().filter_map(|id| match Tasks::<Runtime>::get(id)?.phase {
            Phase::Revealing { until, .. } => Some(until),
            _ => None,
        });
        let until = until.max().expect("the tasks wait for keys");
        System::set_block_number(until);
        fill("deadlines and prompts", DispatchClass::Normal, prompts(LONGEST, RESPONDERS));
        assert!(Outcomes::<Runtime>::iter().count() > 0, "the deadlines were worked off");
    });
}
