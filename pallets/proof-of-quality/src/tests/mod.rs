//! Behaviour of the pallet, one module for each concern. Each test ends in [`checked`], which
//! proves the invariants of the storage and of the money.
//!
//! The tests use [`Test`], whatever runtime that is: `mock.rs` here, and another one in
//! `tests/second-chain/runtime/src/behaviour`.

mod answering;
mod committee;
pub mod fixture;
mod judging;
mod offchain;
mod parameters;
mod participants;
mod pruning;
mod reference;
mod reputation;
mod sealing;
mod settling;
mod submitting;

use super::{mock::*, *};
use codec::Encode;
use fixture::*;
use frame_support::{assert_ok, traits::Authorize};
use poq_mechanism::seal::{seal as seal_bytes, seal_scores, ContextHash, Seal, SealKey};
use sp_runtime::{
    traits::Dispatchable,
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError, ValidTransaction},
    BoundedVec, Permill,
};

/// Runs a test on the mock chain and proves the invariants at its end.
fn checked(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        prove();
    });
}

/// Proves the invariants at this point.
fn prove() {
    if let Err(broken) = ProofOfQuality::do_try_state() {
        panic!("broken invariant: {broken:?}");
    }
}

fn text<S: frame_support::traits::Get<u32>>(text: &str) -> BoundedVec<u8, S> {
    BoundedVec::try_from(text.as_bytes().to_vec()).expect("test texts are short")
}

/// Submits a task to all three inference nodes for 10,000 and returns its id.
pub(crate) fn submit() -> TaskId {
    submit_for(10_000, 3)
}

fn submit_for(bounty: Balance, responders: u32) -> TaskId {
    let id = TaskCount::<Test>::get();
    assert_ok!(ProofOfQuality::submit_task(
        RuntimeOrigin::signed(USER),
        text("What is tea?"),
        bounty,
        options(responders)
    ));
    id
}

/// Answers, with a seal if the task wants that. With the last answer all are revealed at once.
fn answer(who: AccountId, id: TaskId) {
    if !task(id).is_sealed() {
        assert_ok!(ProofOfQuality::submit_answer(RuntimeOrigin::signed(who), id, text(&says(who))));
        return;
    }
    seal(who, id);
    if matches!(task(id).phase, Phase::RevealingAnswers { .. }) {
        let authors: Vec<_> = task(id).sealed.iter().map(|answer| answer.author).collect();
        authors.into_iter().for_each(|author| open(author, id));
    }
}

fn says(who: AccountId) -> String {
    format!("{who} says that tea is a drink")
}

/// The key of the sealed answers of this account.
fn answer_key(who: AccountId) -> SealKey {
    SealKey(sp_io::hashing::blake2_256(&who.encode()))
}

fn answer_context(who: AccountId, id: TaskId) -> ContextHash {
    ProofOfQuality::answer_context(id, &task(id), &who)
}

fn sealed_text(who: AccountId, id: TaskId, text: &[u8]) -> AnswerSealOf<Test> {
    let Seal { commitment, nonce, ciphertext } = seal_bytes(&answer_context(who, id), &answer_key(who), text);
    Seal { commitment, nonce, ciphertext: BoundedVec::try_from(ciphertext).expect("test texts are short") }
}

fn try_seal(who: AccountId, id: TaskId, text: &[u8]) -> frame_support::dispatch::DispatchResult {
    let context = answer_context(who, id).to_bytes();
    ProofOfQuality::commit_answer(RuntimeOrigin::signed(who), id, context, sealed_text(who, id, text))
}

pub(crate) fn seal(who: AccountId, id: TaskId) {
    assert_ok!(try_seal(who, id, says(who).as_bytes()));
}

fn try_open(who: AccountId, id: TaskId) -> frame_support::dispatch::DispatchResultWithPostInfo {
    ProofOfQuality::reveal_answer(RuntimeOrigin::signed(who), id, answer_key(who))
}

pub(crate) fn open(who: AccountId, id: TaskId) {
    assert_ok!(try_open(who, id));
}

fn task(id: TaskId) -> Task<Test> {
    Tasks::<Test>::get(id).expect("the task is there")
}

fn outcome(id: TaskId) -> Outcome<Test> {
    Outcomes::<Test>::get(id).expect("the task has ended")
}

/// A task that was settled, with answers of 0.8, 0.4 and 0.3.
pub(crate) fn settled_task() -> TaskId {
    let id = task_to_commit();
    judge_fairly(id);
    next_block();
    id
}

/// All four evaluators give the same scores to the three answers.
pub(crate) fn judge_fairly(id: TaskId) {
    EVALUATORS.iter().for_each(|who| commit(*who, id, &[800_000, 400_000, 300_000]));
    EVALUATORS.iter().for_each(|who| reveal(*who, id));
}

/// A task with three answers whose committee of all four evaluators commits now.
pub(crate) fn task_to_commit() -> TaskId {
    tasks_to_commit(1)[0]
}

/// This number of tasks with three answers each, whose committees commit now.
fn tasks_to_commit(count: usize) -> Vec<TaskId> {
    let ids: Vec<_> = (0..count).map(|_| submit()).collect();
    ids.iter().for_each(|id| NODES.iter().for_each(|node| answer(*node, *id)));
    // Answers close with the last one. The committee is drawn at the end of the next block and seen
    // in the one after. A block has at most `MaxDraws` draws.
    (0..2 + count / 4).for_each(|_| next_block());
    assert!(ids.iter().all(|id| matches!(task(*id).phase, Phase::Committing { .. })));
    ids
}

/// The task as it is on a fork where the answers came in the opposite order.
fn with_answers_reversed(mut task: Task<Test>) -> Task<Test> {
    let reversed = task.answers.iter().rev().cloned().collect::<Vec<_>>();
    task.answers = BoundedVec::try_from(reversed).expect("as many as before");
    task
}

fn seat_of(who: AccountId, id: TaskId) -> (SeatIndex, Seat<Test>) {
    Seats::<Test>::iter_prefix(id).find(|(_, seat)| seat.account == who).expect("the account has a seat")
}

/// The key that the evaluator's worker would derive for its seat.
fn seal_key(who: AccountId, id: TaskId) -> SealKey {
    let (index, _) = seat_of(who, id);
    let context = ProofOfQuality::seal_context(id, &task(id), index, &who);
    SealKey::from_secret(sign(who, &context.key_message()).as_ref())
}

/// What the seals of the evaluator's seat must be made for.
fn context(who: AccountId, id: TaskId) -> [u8; 32] {
    ProofOfQuality::seal_context(id, &task(id), seat_of(who, id).0, &who).to_bytes()
}

fn sealed(who: AccountId, id: TaskId, scores: &[u32]) -> SealOf<Test> {
    let (index, _) = seat_of(who, id);
    let context = ProofOfQuality::seal_context(id, &task(id), index, &who);
    let scores: Vec<_> = scores.iter().copied().map(Permill::from_parts).collect();
    bounded(seal_scores(&context, &seal_key(who, id), &scores))
}

fn bounded(seal: Seal<Vec<u8>>) -> SealOf<Test> {
    Seal {
        commitment: seal.commitment,
        nonce: seal.nonce,
        ciphertext: BoundedVec::try_from(seal.ciphertext).expect("seals of test scores are short"),
    }
}

/// A commit call signed by `who`.
fn commit_call(who: AccountId, commits: Vec<Commit<Test>>) -> Call<Test> {
    let commits = BoundedVec::try_from(commits).expect("test batches are short");
    let sent_after = System::block_number();
    let message = keys::commit_message(&System::block_hash(0), &key(who), &sent_after, &commits);
    Call::commit_scores { key: key(who), sent_after, commits, signature: sign(who, &message) }
}

fn reveal_call(who: AccountId, reveals: Vec<Reveal>) -> Call<Test> {
    let reveals = BoundedVec::try_from(reveals).expect("test batches are short");
    let sent_after = System::block_number();
    let message = keys::reveal_message(&System::block_hash(0), &key(who), &sent_after, &reveals);
    Call::reveal_scores { key: key(who), sent_after, reveals, signature: sign(who, &message) }
}

/// The pool's reply to a call.
fn pool(call: &Call<Test>) -> Result<ValidTransaction, TransactionValidityError> {
    let verdict = call.authorize(TransactionSource::External).expect("judging calls are authorized");
    verdict.map(|(valid, _)| valid)
}

/// The pool's reply when the rule behind `error` is broken.
fn refused(error: Error<Test>) -> Result<ValidTransaction, TransactionValidityError> {
    Err(InvalidTransaction::Custom(error.encode()[0]).into())
}

/// Sends a call through the pool and into a block.
fn include(call: Call<Test>) {
    assert_ok!(pool(&call));
    let call = RuntimeCall::ProofOfQuality(call);
    assert_ok!(call.dispatch(frame_system::RawOrigin::Authorized.into()));
}

fn commit(who: AccountId, id: TaskId, scores: &[u32]) {
    include(commit_call(who, vec![Commit { task: id, context: context(who, id), seal: sealed(who, id, scores) }]));
}

fn reveal(who: AccountId, id: TaskId) {
    include(reveal_call(who, vec![Reveal { task: id, key: seal_key(who, id).0 }]));
}

fn free(who: AccountId) -> Balance {
    use frame_support::traits::fungible::Inspect;
    Balances::balance(&who)
}

fn emitted(wanted: impl Fn(&Event<Test>) -> bool) -> usize {
    System::events()
        .iter()
        .filter(|record| matches!(&record.event, RuntimeEvent::ProofOfQuality(event) if wanted(event)))
        .count()
}
