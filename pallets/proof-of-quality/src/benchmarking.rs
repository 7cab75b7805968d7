//! Benchmarks of every call and of every step of the hooks, each at the worst state that the
//! runtime allows. They run as tests with `--features runtime-benchmarks`; `scripts/weights.sh`
//! measures a runtime's weights with them.

use super::*;
use alloc::{vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{
    pallet_prelude::*,
    traits::{
        fungible::{Inspect, Mutate},
        Authorize, EnsureOrigin,
    },
    weights::WeightMeter,
};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use poq_mechanism::seal::{seal, seal_scores, Seal, SealKey};
use sp_application_crypto::RuntimeAppPublic;
use sp_runtime::{
    traits::{Bounded, One, Saturating},
    Permill,
};

/// The key of all sealed answers here.
const ANSWER_KEY: SealKey = SealKey([5; 32]);

/// An account with more money than any call here takes.
fn rich<T: Config>(name: &'static str, index: u32) -> T::AccountId
where
    T::Currency: Mutate<T::AccountId>,
{
    let who: T::AccountId = account(name, index, 0);
    // From the minimum, not from the maximum of the type, because a bond may be a large share of
    // that.
    let parameters = CurrentParameters::<T>::get();
    let dear = [parameters.inference_bond, parameters.max_bounty, T::Currency::minimum_balance()];
    let most = dear.into_iter().fold(parameters.evaluator_bond, BalanceOf::<T>::saturating_add);
    T::Currency::set_balance(&who, most.saturating_mul(100u32.into()));
    who
}

fn smallest_bonds<T: Config>() -> (BalanceOf<T>, BalanceOf<T>) {
    let parameters = CurrentParameters::<T>::get();
    (parameters.evaluator_bond, parameters.inference_bond)
}

fn proof<T: Config>(who: &T::AccountId, key: &EvaluatorId) -> EvaluatorSignature {
    let message = keys::registration_message(&Pallet::<T>::genesis_hash(), who);
    key.sign(&message).expect("the benchmark's keystore made the key")
}

/// The maximum number of inference nodes of a task, and the maximum number of evaluators of a
/// committee.
fn populate<T: Config>() -> (Vec<T::AccountId>, Vec<(T::AccountId, EvaluatorId)>)
where
    T::Currency: Mutate<T::AccountId>,
{
    let mut parameters = CurrentParameters::<T>::get();
    parameters.committee_size = T::MaxCommittee::get();
    CurrentParameters::<T>::put(&parameters);
    let (evaluator_bond, inference_bond) = smallest_bonds::<T>();
    let nodes: Vec<_> = (0..T::MaxResponders::get()).map(|index| rich::<T>("node", index)).collect();
    for node in &nodes {
        Pallet::<T>::join(node, Role::Inference, inference_bond).expect("the node is rich");
    }
    let evaluators: Vec<_> = (0..T::MaxCommittee::get())
        .map(|index| (rich::<T>("evaluator", index), EvaluatorId::generate_pair(None)))
        .collect();
    for (who, key) in &evaluators {
        Pallet::<T>::join(who, Role::Evaluator, evaluator_bond).expect("the evaluator is rich");
        Pallet::<T>::assign_key(who, key).expect("the key is new");
    }
    (nodes, evaluators)
}

/// A task with all its answers, whose committee commits.
fn task_to_commit<T: Config>(nodes: &[T::AccountId]) -> TaskId
where
    T::Currency: Mutate<T::AccountId>,
{
    task_with_opened::<T>(nodes, nodes.len())
}

/// The same, but only this number of answers was revealed.
fn task_with_opened<T: Config>(nodes: &[T::AccountId], opened: usize) -> TaskId
where
    T::Currency: Mutate<T::AccountId>,
{
    let id = task_to_draw::<T>(nodes, opened);
    Pallet::<T>::draw_committee(id, [7; 32]);
    id
}

/// The same, before its committee is drawn.
fn task_to_draw<T: Config>(nodes: &[T::AccountId], opened: usize) -> TaskId
where
    T::Currency: Mutate<T::AccountId>,
{
    let id = TaskCount::<T>::get();
    let user = rich::<T>("user", 0);
    let bounty = CurrentParameters::<T>::get().max_bounty;
    let options = TaskOptions { responders: T::MaxResponders::get(), model: None };
    Pallet::<T>::do_submit_task(user, BoundedVec::truncate_from(vec![b'?'; 64]), bounty, options)
        .expect("the task is in order");
    seal_answers::<T>(id, nodes, 64);
    for node in &nodes[..opened] {
        Pallet::<T>::do_reveal_answer(node.clone(), id, ANSWER_KEY).expect("the key is the right one");
    }
    Tasks::<T>::mutate(id, |task| task.as_mut().expect("the task is there").phase = Phase::Drawing);
    id
}

/// A task whose answers were all revealed, and all its seats but the last. Scores appear without a
/// call.
fn task_to_settle<T: Config>(nodes: &[T::AccountId], evaluators: &[(T::AccountId, EvaluatorId)]) -> TaskId
where
    T::Currency: Mutate<T::AccountId>,
{
    let id = task_to_commit::<T>(nodes);
    let Call::reveal_scores { key: evaluator, .. } = last_reveal::<T>(&[id], evaluators) else { return id };
    let index = OpenSeats::<T>::get(&evaluator, id).expect("the evaluator has a seat");
    let scores = BoundedVec::truncate_from(vec![Permill::from_percent(50); nodes.len()]);
    Seats::<T>::mutate(id, index, |seat| seat.as_mut().expect("it sits").state = SeatState::Revealed { scores });
    Tasks::<T>::mutate(id, |task| task.as_mut().expect("the task is there").revealed += 1);
    id
}

/// Commits all answers of a task.
fn seal_answers<T: Config>(id: TaskId, nodes: &[T::AccountId], bytes: usize) {
    for node in nodes {
        let (context, seal) = sealed_answer::<T>(id, node, bytes);
        Pallet::<T>::do_commit_answer(node.clone(), id, context, seal).expect("the answer is in order");
    }
}

fn sealed_answer<T: Config>(id: TaskId, node: &T::AccountId, bytes: usize) -> ([u8; 32], AnswerSealOf<T>) {
    let task = Tasks::<T>::get(id).expect("the task is there");
    let context = Pallet::<T>::answer_context(id, &task, node);
    let Seal { commitment, nonce, ciphertext } = seal(&context, &ANSWER_KEY, &vec![b'a'; bytes]);
    (context.to_bytes(), Seal { commitment, nonce, ciphertext: BoundedVec::truncate_from(ciphertext) })
}

fn seal_of<T: Config>(id: TaskId, who: &T::AccountId, key: &EvaluatorId) -> (SealOf<T>, SealKey) {
    let task = Tasks::<T>::get(id).expect("the task is there");
    let index = OpenSeats::<T>::get(key, id).expect("the evaluator has a seat");
    let context = Pallet::<T>::seal_context(id, &task, index, who);
    let seal_key = SealKey::from_secret(&context.key_message());
    let scores = vec![Permill::from_percent(50); task.answers.len()];
    let Seal { commitment, nonce, ciphertext } = seal_scores(&context, &seal_key, &scores);
    (Seal { commitment, nonce, ciphertext: BoundedVec::truncate_from(ciphertext) }, seal_key)
}

fn commit_of<T: Config>(id: TaskId, who: &T::AccountId, key: &EvaluatorId) -> Commit<T> {
    let task = Tasks::<T>::get(id).expect("the task is there");
    let index = OpenSeats::<T>::get(key, id).expect("the evaluator has a seat");
    let context = Pallet::<T>::seal_context(id, &task, index, who).to_bytes();
    Commit { task: id, context, seal: seal_of::<T>(id, who, key).0 }
}

/// A commit call by this evaluator for the tasks.
fn commit_call<T: Config>(ids: &[TaskId], (who, key): &(T::AccountId, EvaluatorId)) -> Call<T> {
    let commits: Vec<_> = ids.iter().map(|id| commit_of::<T>(*id, who, key)).collect();
    let commits = BoundedVec::truncate_from(commits);
    let sent_after = frame_system::Pallet::<T>::block_number();
    let message = keys::commit_message(&Pallet::<T>::genesis_hash(), key, &sent_after, &commits);
    let signature = key.sign(&message).expect("the benchmark's keystore made the key");
    Call::commit_scores { key: key.clone(), sent_after, commits, signature }
}

/// The worst reveal: it is the last one, so each of the tasks is settled. All others have revealed.
fn last_reveal<T: Config>(ids: &[TaskId], evaluators: &[(T::AccountId, EvaluatorId)]) -> Call<T> {
    let mut keys = Vec::new();
    for (who, key) in evaluators {
        let mut reveals = Vec::new();
        for id in ids {
            let (_, seal_key) = seal_of::<T>(*id, who, key);
            Pallet::<T>::do_commit(key, BoundedVec::truncate_from(vec![commit_of::<T>(*id, who, key)]))
                .expect("the commit is in order");
            reveals.push(Reveal { task: *id, key: seal_key.0 });
        }
        keys.push((key, reveals));
    }
    let (last, reveals) = keys.pop().expect("there are evaluators");
    for (key, reveals) in keys {
        Pallet::<T>::do_reveal(key, &reveals).expect("the reveal is in order");
    }
    let sent_after = frame_system::Pallet::<T>::block_number();
    let reveals = BoundedVec::truncate_from(reveals);
    let message = keys::reveal_message(&Pallet::<T>::genesis_hash(), last, &sent_after, &reveals);
    let signature = last.sign(&message).expect("the benchmark's keystore made the key");
    Call::reveal_scores { key: last.clone(), sent_after, reveals, signature }
}

#[benchmarks(where T::Currency: Mutate<T::AccountId>)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn submit_task(b: Linear<1, { T::MaxPromptLen::get() }>, r: Linear<1, { T::MaxResponders::get() }>) {
        populate::<T>();
        let user = rich::<T>("user", 0);
        let bounty = CurrentParameters::<T>::get().min_bounty;
        let prompt = BoundedVec::truncate_from(vec![b'?'; b as usize]);

        #[extrinsic_call]
        _(RawOrigin::Signed(user), prompt, bounty, TaskOptions { responders: r, model: None });

        assert_eq!(TaskCount::<T>::get(), 1);
    }

    #[benchmark]
    fn submit_answer(b: Linear<1, { T::MaxAnswerLen::get() }>) -> Result<(), BenchmarkError> {
        let (nodes, _) = populate::<T>();
        let user = rich::<T>("user", 0);
        let bounty = CurrentParameters::<T>::get().min_bounty;
        let options = TaskOptions { responders: 1, model: None };
        Pallet::<T>::do_submit_task(user, BoundedVec::truncate_from(vec![b'?']), bounty, options)?;
        let task = Tasks::<T>::get(0).ok_or("no task")?;
        let node = task.responders.first().cloned().unwrap_or_else(|| nodes[0].clone());
        let answer = BoundedVec::truncate_from(vec![b'!'; b as usize]);

        #[extrinsic_call]
        _(RawOrigin::Signed(node), 0, answer);

        assert!(Answers::<T>::contains_key(0, 0));
        Ok(())
    }

    /// A task with the maximum number of answer slots, all of them free.
    fn task_to_seal<T: Config>() -> Result<TaskId, BenchmarkError>
    where
        T::Currency: Mutate<T::AccountId>,
    {
        let id = TaskCount::<T>::get();
        let bounty = CurrentParameters::<T>::get().min_bounty;
        let options = TaskOptions { responders: T::MaxResponders::get(), model: None };
        Pallet::<T>::do_submit_task(rich::<T>("user", 0), BoundedVec::truncate_from(vec![b'?']), bounty, options)?;
        Ok(id)
    }

    #[benchmark]
    fn commit_answer(b: Linear<17, { T::MaxAnswerLen::get() + 16 }>) -> Result<(), BenchmarkError> {
        let (nodes, _) = populate::<T>();
        let id = task_to_seal::<T>()?;
        // The last one ends the phase.
        let (last, others) = nodes.split_last().ok_or("no node")?;
        seal_answers::<T>(id, others, 64);
        let (context, seal) = sealed_answer::<T>(id, last, b as usize - 16);

        #[extrinsic_call]
        _(RawOrigin::Signed(last.clone()), id, context, seal);

        assert!(matches!(Tasks::<T>::get(id).map(|task| task.phase), Some(Phase::RevealingAnswers { .. })));
        Ok(())
    }

    #[benchmark]
    fn reveal_answer() -> Result<(), BenchmarkError> {
        let (nodes, _) = populate::<T>();
        let id = task_to_seal::<T>()?;
        seal_answers::<T>(id, &nodes, T::MaxAnswerLen::get() as usize);

        #[extrinsic_call]
        _(RawOrigin::Signed(nodes[0].clone()), id, ANSWER_KEY);

        assert!(Answers::<T>::contains_key(id, 0));
        Ok(())
    }

    #[benchmark]
    fn commit_scores(n: Linear<1, { T::MaxBatch::get() }>) -> Result<(), BenchmarkError> {
        let (nodes, evaluators) = populate::<T>();
        let ids: Vec<_> = (0..n).map(|_| task_to_commit::<T>(&nodes)).collect();
        let Call::commit_scores { commits, .. } = commit_call::<T>(&ids, &evaluators[0]) else {
            return Err("not a commit".into());
        };

        #[block]
        {
            Pallet::<T>::do_commit(&evaluators[0].1, commits)?;
        }

        assert_eq!(Tasks::<T>::get(ids[0]).map(|task| task.committed), Some(1));
        Ok(())
    }

    #[benchmark]
    fn authorize_commit_scores(n: Linear<1, { T::MaxBatch::get() }>) -> Result<(), BenchmarkError> {
        let (nodes, evaluators) = populate::<T>();
        let ids: Vec<_> = (0..n).map(|_| task_to_commit::<T>(&nodes)).collect();
        let call = commit_call::<T>(&ids, &evaluators[0]);

        #[block]
        {
            call.authorize(TransactionSource::External)
                .ok_or("not an authorized call")?
                .map_err(|_| "the commit must be valid")?;
        }

        Ok(())
    }

    #[benchmark]
    fn reveal_scores(n: Linear<1, { T::MaxBatch::get() }>) -> Result<(), BenchmarkError> {
        let (nodes, evaluators) = populate::<T>();
        let ids: Vec<_> = (0..n).map(|_| task_to_commit::<T>(&nodes)).collect();
        let Call::reveal_scores { key: evaluator, reveals, .. } = last_reveal::<T>(&ids, &evaluators) else {
            return Err("not a reveal".into());
        };

        #[block]
        {
            Pallet::<T>::do_reveal(&evaluator, &reveals).map_err(|error| error.error)?;
        }

        assert!(ids.iter().all(|id| Outcomes::<T>::contains_key(id)));
        Ok(())
    }

    #[benchmark]
    fn authorize_reveal_scores(n: Linear<1, { T::MaxBatch::get() }>) -> Result<(), BenchmarkError> {
        let (nodes, evaluators) = populate::<T>();
        let ids: Vec<_> = (0..n).map(|_| task_to_commit::<T>(&nodes)).collect();
        let call = last_reveal::<T>(&ids, &evaluators);

        #[block]
        {
            call.authorize(TransactionSource::External)
                .ok_or("not an authorized call")?
                .map_err(|_| "the reveal must be valid")?;
        }

        Ok(())
    }

    #[benchmark]
    fn end_task() -> Result<(), BenchmarkError> {
        let (nodes, evaluators) = populate::<T>();
        let id = task_to_settle::<T>(&nodes, &evaluators);
        let task = Tasks::<T>::get(id).ok_or("no task")?;

        #[block]
        {
            Pallet::<T>::settle(id, task);
        }

        assert!(Outcomes::<T>::contains_key(id));
        Ok(())
    }

    #[benchmark]
    fn join_evaluators() {
        let who = rich::<T>("evaluator", 0);
        let key = EvaluatorId::generate_pair(None);
        let proof = proof::<T>(&who, &key);
        let (bond, _) = smallest_bonds::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), key, proof, bond);

        assert!(Participants::<T>::contains_key(Role::Evaluator, who));
    }

    #[benchmark]
    fn join_inference() {
        let who = rich::<T>("node", 0);
        let (_, bond) = smallest_bonds::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), bond);

        assert!(Participants::<T>::contains_key(Role::Inference, who));
    }

    #[benchmark]
    fn add_bond() {
        let (nodes, _) = populate::<T>();
        let (_, bond) = smallest_bonds::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(nodes[0].clone()), Role::Inference, bond);

        assert!(Participants::<T>::get(Role::Inference, &nodes[0]).is_some_and(|node| node.bond > bond));
    }

    #[benchmark]
    fn leave() {
        let (nodes, _) = populate::<T>();

        // The first one, so that the last of the roster has to move to its index.
        #[extrinsic_call]
        _(RawOrigin::Signed(nodes[0].clone()), Role::Inference);

        assert_eq!(RosterSize::<T>::get(Role::Inference), nodes.len() as u32 - 1);
    }

    #[benchmark]
    fn withdraw_bond() -> Result<(), BenchmarkError> {
        let (_, evaluators) = populate::<T>();
        let who = evaluators[0].0.clone();
        Pallet::<T>::do_leave(&who, Role::Evaluator)?;
        let unbonding = CurrentParameters::<T>::get().unbonding;
        frame_system::Pallet::<T>::set_block_number(
            frame_system::Pallet::<T>::block_number().saturating_add(unbonding),
        );

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), Role::Evaluator);

        assert!(!Participants::<T>::contains_key(Role::Evaluator, who));
        Ok(())
    }

    #[benchmark]
    fn activate() {
        let (nodes, _) = populate::<T>();
        Participants::<T>::mutate(Role::Inference, &nodes[0], |node| {
            if let Some(node) = node {
                node.standing = Standing::Chilled;
            }
        });

        #[extrinsic_call]
        _(RawOrigin::Signed(nodes[0].clone()), Role::Inference);

        assert!(Participants::<T>::get(Role::Inference, &nodes[0])
            .is_some_and(|node| matches!(node.standing, Standing::Active { .. })));
    }

    #[benchmark]
    fn change_key() {
        let (_, evaluators) = populate::<T>();
        let who = evaluators[0].0.clone();
        let key = EvaluatorId::generate_pair(None);
        let proof = proof::<T>(&who, &key);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), key.clone(), proof);

        assert_eq!(EvaluatorKeys::<T>::get(who), Some(key));
    }

    #[benchmark]
    fn set_parameters() -> Result<(), BenchmarkError> {
        let origin = T::GovernanceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let parameters = T::DefaultParameters::get();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, parameters.clone());

        assert_eq!(CurrentParameters::<T>::get(), parameters);
        Ok(())
    }

    #[benchmark]
    fn look_at_agenda() {
        let now = frame_system::Pallet::<T>::block_number().saturating_add(One::one());
        AgendaCursor::<T>::put(now);

        #[block]
        {
            Pallet::<T>::work_off_agenda(now, &mut WeightMeter::new());
        }

        assert_eq!(AgendaCursor::<T>::get(), now.saturating_add(One::one()));
    }

    /// The deadline of a task where all seats committed and none revealed, and all answers but one
    /// stayed sealed. All participants are slashed and chilled.
    #[benchmark]
    fn advance_task() -> Result<(), BenchmarkError> {
        let (nodes, evaluators) = populate::<T>();
        let mut parameters = CurrentParameters::<T>::get();
        parameters.rules.offence.chilled_at = 1;
        CurrentParameters::<T>::put(parameters);
        let id = task_with_opened::<T>(&nodes, 1);
        for (who, key) in &evaluators {
            Pallet::<T>::do_commit(key, BoundedVec::truncate_from(vec![commit_of::<T>(id, who, key)]))?;
        }

        #[block]
        {
            Pallet::<T>::advance(id, BlockNumberFor::<T>::max_value());
        }

        assert!(Outcomes::<T>::contains_key(id));
        Ok(())
    }

    /// The maximum number of candidates that a draw examines, of which hardly any gets a seat, and
    /// authors with the longest memories.
    #[benchmark]
    fn draw_committee() -> Result<(), BenchmarkError> {
        let (nodes, _) = populate::<T>();
        let id = task_to_draw::<T>(&nodes, nodes.len());
        let task = Tasks::<T>::get(id).ok_or("no task")?;
        let (bond, _) = smallest_bonds::<T>();
        let looks = T::MaxCommittee::get() * crate::committee::LOOKS_FOR_EACH_SEAT as u32 + task.max_parties() as u32;
        for index in T::MaxCommittee::get()..looks {
            let who = rich::<T>("candidate", index);
            Pallet::<T>::join(&who, Role::Evaluator, bond)?;
            Pallet::<T>::assign_key(&who, &EvaluatorId::generate_pair(None))?;
        }
        let distrusted = Trust::from_ppm(1);
        Reputations::<T>::translate_values(|it: Reputation<BalanceOf<T>>| Some(Reputation { trust: distrusted, ..it }));
        let strangers: Vec<T::AccountId> =
            (0..T::MaxCommittee::get()).map(|index| account("stranger", index, 0)).collect();
        for node in &nodes {
            for _ in 0..task.parameters.rules.recent_pairings {
                Pallet::<T>::remember_pairing(node, &task.parameters.rules, &strangers);
            }
        }
        let now = frame_system::Pallet::<T>::block_number();

        #[block]
        {
            Pallet::<T>::advance(id, now);
            let queued = DrawQueue::<T>::take();
            Pallet::<T>::draw_committee(queued[0], [7; 32]);
        }

        assert_eq!(Tasks::<T>::get(id).map(|task| task.seats), Some(T::MaxCommittee::get()));
        Ok(())
    }

    /// The end of the retention of a task with the maximum number of texts and seats, half of the
    /// answers sealed.
    #[benchmark]
    fn prune() -> Result<(), BenchmarkError> {
        let (nodes, evaluators) = populate::<T>();
        let id = task_with_opened::<T>(&nodes, nodes.len().div_ceil(2));
        for (who, key) in &evaluators {
            Pallet::<T>::do_commit(key, BoundedVec::truncate_from(vec![commit_of::<T>(id, who, key)]))?;
        }
        let task = Tasks::<T>::get(id).ok_or("no task")?;
        Pallet::<T>::settle(id, task);

        #[block]
        {
            Pallet::<T>::advance(id, BlockNumberFor::<T>::max_value());
        }

        assert!(!Tasks::<T>::contains_key(id));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::benchmark_ext(), crate::mock::Test);
}
