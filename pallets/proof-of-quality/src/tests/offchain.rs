//! The off-chain worker, run against the SDK's test externalities.

use super::*;
use codec::{Decode, Encode};
use frame_support::traits::Hooks;
use parking_lot::RwLock;
use sp_core::offchain::{
    testing::{OffchainState, PoolState, TestOffchainExt, TestTransactionPoolExt},
    OffchainDbExt, OffchainWorkerExt, TransactionPoolExt,
};
use sp_keystore::{testing::MemoryKeystore, Keystore, KeystoreExt};
use std::sync::Arc;

/// A validator's machine: pool, local storage, clock and network, all visible to the test.
struct Machine {
    pool: Arc<RwLock<PoolState>>,
    offchain: Arc<RwLock<OffchainState>>,
}

impl Machine {
    /// One run of the worker after the import of the current block.
    fn run(&self) {
        ProofOfQuality::offchain_worker(System::block_number());
    }

    /// Takes what was sent out of the pool.
    fn sent(&self) -> Vec<Call<Test>> {
        let transactions = std::mem::take(&mut self.pool.write().transactions);
        transactions
            .into_iter()
            .map(|bytes| match Extrinsic::decode(&mut &bytes[..]).expect("the worker sends extrinsics").function {
                RuntimeCall::ProofOfQuality(call) => call,
                call => panic!("the worker sent {call:?}"),
            })
            .collect()
    }

    /// Puts everything that was sent into a block.
    fn include_sent(&self) {
        self.sent().into_iter().for_each(include);
    }
}

/// Runs a test on the machine of these evaluators.
fn on_machine_of(evaluators: &[AccountId], test: impl FnOnce(&Machine)) {
    let (offchain, offchain_state) = TestOffchainExt::new();
    let (pool, pool_state) = TestTransactionPoolExt::new();
    let mut ext = new_test_ext();
    ext.register_extension(OffchainDbExt::new(offchain.clone()));
    ext.register_extension(OffchainWorkerExt::new(offchain));
    ext.register_extension(TransactionPoolExt::new(pool));
    ext.register_extension(KeystoreExt(keystore_of(evaluators)));
    ext.execute_with(|| {
        test(&Machine { pool: pool_state, offchain: offchain_state });
        prove();
    });
}

/// A keystore with the evaluators' keys.
fn keystore_of(evaluators: &[AccountId]) -> Arc<MemoryKeystore> {
    let keystore = MemoryKeystore::new();
    for who in evaluators {
        let seed = sp_core::bytes::to_hex(&pair(*who).seed(), false);
        keystore.ed25519_generate_new(KEY_TYPE, Some(&seed)).expect("the seed is well-formed");
    }
    Arc::new(keystore)
}

fn asked() -> usize {
    ASKED.with(|asked| asked.borrow().len())
}

mod committing {
    use super::*;

    #[test]
    fn asks_the_scorer_and_commits() {
        on_machine_of(&[ALICE], |machine| {
            // given
            let id = task_to_commit();
            // when
            machine.run();
            // then
            let request = ASKED.with(|asked| asked.borrow()[0].clone());
            assert_eq!((request.model, request.prompt.as_slice()), (MODEL, &b"What is tea?"[..]));
            assert_eq!(request.answers.len(), 3);
            machine.include_sent();
            assert!(matches!(seat_of(ALICE, id).1.state, SeatState::Committed { .. }));
        });
    }

    #[test]
    fn carries_all_open_work_of_a_key_in_one_transaction() {
        on_machine_of(&[ALICE], |machine| {
            let ids = [task_to_commit(), task_to_commit()];
            machine.run();
            let sent = machine.sent();
            assert_eq!(sent.len(), 1);
            include(sent[0].clone());
            assert!(ids.iter().all(|id| task(*id).committed == 1));
        });
    }

    #[test]
    fn gives_its_key_after_the_settlement_too() {
        on_machine_of(&[DAVE], |machine| {
            // given: a machine that was away while the others made the quorum
            let id = task_to_commit();
            machine.run();
            machine.include_sent();
            EVALUATORS[..3].iter().for_each(|who| commit(*who, id, &[800_000, 400_000, 300_000]));
            EVALUATORS[..3].iter().for_each(|who| reveal(*who, id));
            run_to(7);
            assert!(matches!(task(id).phase, Phase::Settled { .. }));
            // when: it is back
            machine.run();
            machine.include_sent();
            // then
            run_to(20);
            assert_eq!(Participants::<Test>::get(Role::Evaluator, DAVE).unwrap().bond, 1_000_000);
        });
    }

    #[test]
    fn sends_as_many_transactions_as_there_is_work() {
        on_machine_of(&[ALICE], |machine| {
            // given: more open seats than two transactions carry, 8 each
            let ids = tasks_to_commit(19);
            // when
            machine.run();
            // then: all are on their way after one run
            let sent = machine.sent();
            assert_eq!(sent.len(), 3);
            sent.into_iter().for_each(include);
            assert!(ids.iter().all(|id| task(*id).committed == 1));
        });
    }

    #[test]
    fn serves_all_keys_of_the_keystore() {
        on_machine_of(&[ALICE, BOB, CHARLIE], |machine| {
            let id = task_to_commit();
            machine.run();
            machine.include_sent();
            assert_eq!(task(id).committed, 3);
        });
    }

    #[test]
    fn without_keys_nothing_is_done() {
        on_machine_of(&[], |machine| {
            task_to_commit();
            machine.run();
            assert_eq!((machine.sent().len(), asked()), (0, 0));
        });
    }

    #[test]
    fn without_a_seat_nothing_is_done() {
        on_machine_of(&[NEWCOMER], |machine| {
            task_to_commit();
            machine.run();
            assert_eq!((machine.sent().len(), asked()), (0, 0));
        });
    }

    #[test]
    fn two_runs_for_the_same_block_send_once() {
        on_machine_of(&[ALICE], |machine| {
            task_to_commit();
            machine.run();
            machine.run();
            assert_eq!((machine.sent().len(), asked()), (1, 1));
        });
    }

    #[test]
    fn a_run_does_nothing_while_another_is_at_it() {
        use sp_runtime::offchain::storage_lock::{StorageLock, Time};
        on_machine_of(&[ALICE], |machine| {
            task_to_commit();
            let mut lock = StorageLock::<Time>::new(b"poq/lock/judging");
            let guard = lock.lock();
            machine.run();
            assert_eq!((machine.sent().len(), asked()), (0, 0));
            drop(guard);
            machine.run();
            assert_eq!(machine.sent().len(), 1);
        });
    }

    #[test]
    fn a_transaction_that_the_pool_loses_is_sent_again_without_judging_again() {
        on_machine_of(&[ALICE], |machine| {
            let id = task_to_commit();
            machine.run();
            let first = machine.sent();
            assert_eq!(first.len(), 1);
            // The pool loses it. The worker gives it time for a block.
            next_block();
            machine.run();
            assert_eq!(machine.sent().len(), 0);
            next_block();
            machine.run();
            let again = machine.sent();
            assert_eq!((again.len(), asked()), (1, 1));
            // Other bytes, because a pool that found the first one invalid on a fork has banned it.
            assert_ne!(first, again);
            assert_eq!(pool(&first[0]).unwrap().provides, pool(&again[0]).unwrap().provides);
            include(again[0].clone());
            assert_eq!(task(id).committed, 1);
        });
    }

    #[test]
    fn what_is_on_chain_is_not_sent_again() {
        on_machine_of(&[ALICE], |machine| {
            task_to_commit();
            machine.run();
            machine.include_sent();
            next_block();
            next_block();
            next_block();
            machine.run();
            assert_eq!(machine.sent().len(), 0);
        });
    }

    #[test]
    fn a_busy_scorer_is_asked_again_on_the_next_block() {
        use poq_wire::ScoreError;
        on_machine_of(&[ALICE], |machine| {
            let id = task_to_commit();
            JudgeSays::set(Err(ScorerFailure::Refused(ScoreError::Busy)));
            machine.run();
            assert_eq!(machine.sent().len(), 0);
            next_block();
            JudgeSays::set(Ok(vec![1, 2, 3]));
            machine.run();
            machine.include_sent();
            assert_eq!(task(id).committed, 1);
        });
    }

    #[test]
    fn a_scorer_with_another_model_gets_no_vote() {
        use poq_wire::ScoreError;
        on_machine_of(&[ALICE], |machine| {
            task_to_commit();
            JudgeSays::set(Err(ScorerFailure::Refused(ScoreError::WrongModel { running: [0; 32] })));
            machine.run();
            assert_eq!(machine.sent().len(), 0);
        });
    }

    #[test]
    fn one_task_that_cannot_be_judged_does_not_hold_up_the_others() {
        on_machine_of(&[ALICE], |machine| {
            let (one, two) = (task_to_commit(), task_to_commit());
            // The first task's prompt has become one on which the scorer fails.
            JudgeSays::set(Err(ScorerFailure::BadResponse(500)));
            machine.run();
            assert_eq!(machine.sent().len(), 0);
            JudgeSays::set(Ok(vec![1, 2, 3]));
            machine.run();
            machine.include_sent();
            assert_eq!((task(one).committed, task(two).committed), (1, 1));
        });
    }

    #[test]
    fn nothing_is_sent_in_the_last_block_as_it_would_be_late() {
        on_machine_of(&[ALICE], |machine| {
            let id = task_to_commit();
            run_to(8);
            assert_eq!(task(id).phase, Phase::Committing { until: 8 });
            machine.run();
            assert_eq!(machine.sent().len(), 0);
        });
    }

    #[test]
    fn answers_that_changed_in_a_reorganisation_are_judged_again() {
        on_machine_of(&[ALICE], |machine| {
            let id = task_to_commit();
            machine.run();
            machine.sent();
            // The other fork has the answers in another order.
            Tasks::<Test>::insert(id, with_answers_reversed(task(id)));
            let texts: Vec<_> = (0..3).map(|index| Answers::<Test>::get(id, index).unwrap()).collect();
            for (index, text) in texts.into_iter().rev().enumerate() {
                Answers::<Test>::insert(id, index as u32, text);
            }
            run_to(System::block_number() + 3);
            machine.run();
            assert_eq!(asked(), 2);
            machine.include_sent();
            assert_eq!(task(id).committed, 1);
        });
    }
}

mod opening {
    use super::*;

    fn all_committed(machine: &Machine) -> TaskId {
        let id = task_to_commit();
        machine.run();
        machine.include_sent();
        assert!(matches!(task(id).phase, Phase::Revealing { .. }));
        id
    }

    #[test]
    fn three_blocks_from_the_last_answer_to_the_payout() {
        on_machine_of(&EVALUATORS, |machine| {
            // Block 1: the last answer.
            let id = submit();
            NODES.iter().for_each(|node| answer(*node, id));
            machine.run();
            // Block 2: the committee is drawn at its end. The worker sees it right after.
            next_block();
            ProofOfQuality::on_finalize(2);
            machine.run();
            // Block 3: commits.
            next_block();
            machine.include_sent();
            machine.run();
            // Block 4: reveals and payout.
            next_block();
            machine.include_sent();
            assert_eq!(task(id).phase, Phase::Settled { at: 4 });
        });
    }

    #[test]
    fn waits_for_the_configured_depth() {
        on_machine_of(&EVALUATORS, |machine| {
            let mut parameters = TestParameters::get();
            parameters.reveal_depth = 3;
            assert_ok!(ProofOfQuality::set_parameters(RuntimeOrigin::root(), parameters));
            let id = all_committed(machine);
            let Phase::Revealing { since, .. } = task(id).phase else { unreachable!("asserted above") };
            machine.run();
            next_block();
            machine.run();
            assert_eq!(machine.sent().len(), 0);
            next_block();
            machine.run();
            // A reveal sent now lands in the third block after the end of the commit phase.
            assert_eq!(System::block_number() + 1, since + 3);
            machine.include_sent();
            assert!(task(id).phase.has_ended());
        });
    }

    #[test]
    fn two_runs_for_the_same_block_send_once_and_lost_ones_are_sent_again() {
        on_machine_of(&EVALUATORS, |machine| {
            let id = all_committed(machine);
            machine.run();
            machine.run();
            let first = machine.sent();
            assert_eq!(first.len(), 4);
            next_block();
            machine.run();
            assert_eq!(machine.sent().len(), 0);
            next_block();
            machine.run();
            let again = machine.sent();
            assert!(first.iter().zip(&again).all(|(first, again)| first != again));
            again.into_iter().for_each(include);
            assert!(task(id).phase.has_ended());
        });
    }

    #[test]
    fn a_seal_that_its_key_does_not_open_does_not_spoil_the_others() {
        on_machine_of(&EVALUATORS, |machine| {
            let (strange, usual) = (task_to_commit(), task_to_commit());
            // Other software with the same evaluator key made this one, with another seal key.
            let (index, _) = seat_of(ALICE, strange);
            let hash = ProofOfQuality::seal_context(strange, &task(strange), index, &ALICE);
            let seal = bounded(seal_scores(&hash, &SealKey([7; 32]), &[Permill::one(); 3]));
            include(commit_call(ALICE, vec![Commit { task: strange, context: context(ALICE, strange), seal }]));
            machine.run();
            machine.include_sent();
            machine.run();
            machine.include_sent();
            assert_eq!((task(strange).revealed, task(usual).revealed), (3, 4));
        });
    }

    #[test]
    fn never_waits_for_slow_judging() {
        use sp_runtime::offchain::storage_lock::{StorageLock, Time};
        on_machine_of(&EVALUATORS, |machine| {
            all_committed(machine);
            let mut lock = StorageLock::<Time>::new(b"poq/lock/judging");
            let _judging = lock.lock();
            machine.run();
            assert_eq!(machine.sent().len(), 4);
        });
    }

    #[test]
    fn a_lost_database_loses_nothing() {
        on_machine_of(&EVALUATORS, |machine| {
            let id = all_committed(machine);
            // All that the node stored is gone. Only the keystore is left.
            {
                let mut offchain = machine.offchain.write();
                offchain.local_storage = Default::default();
                offchain.persistent_storage = Default::default();
            }
            machine.run();
            machine.include_sent();
            assert!(outcome(id).seats.iter().all(|seat| seat.offence.is_none()));
        });
    }

    #[test]
    fn notes_do_not_outlive_their_tasks() {
        on_machine_of(&EVALUATORS, |machine| {
            let id = all_committed(machine);
            machine.run();
            machine.include_sent();
            assert!(task(id).phase.has_ended());
            next_block();
            machine.run();
            for who in EVALUATORS {
                for job in [0u8, 1] {
                    let name = (b"poq/notes/1", job, key(who)).encode();
                    let notes = sp_io::offchain::local_storage_get(sp_core::offchain::StorageKind::PERSISTENT, &name);
                    // An empty map is one byte.
                    assert_eq!(notes, Some(vec![0]));
                }
            }
        });
    }
}

mod http {
    use super::*;
    use poq_wire::{ScoreError, ScoreRequest, ScoreResponse, Verdict, WIRE_VERSION};
    use sp_core::offchain::{testing::PendingRequest, StorageKind};

    fn request() -> ScoreRequest {
        ScoreRequest { version: WIRE_VERSION, model: MODEL, prompt: b"?".to_vec(), answers: vec![b"!".to_vec()] }
    }

    fn configure(url: &str) {
        sp_io::offchain::local_storage_set(StorageKind::PERSISTENT, SCORER_URL_KEY, url.as_bytes());
    }

    fn expect(machine: &Machine, body: Vec<u8>) {
        machine.offchain.write().expect_request(PendingRequest {
            method: "POST".into(),
            uri: "http://127.0.0.1:9955/v1/score".into(),
            headers: vec![("Content-Type".into(), "application/octet-stream".into())],
            body: request().encode(),
            response: Some(body),
            sent: true,
            ..Default::default()
        });
    }

    #[test]
    fn asks_at_the_configured_url() {
        on_machine_of(&[], |machine| {
            configure("http://127.0.0.1:9955/");
            let response = ScoreResponse { model: MODEL, verdicts: vec![Verdict::Judged(Permill::one())] };
            expect(machine, response.encode());
            assert_eq!(HttpScorer::score(&request()), Ok(response));
        });
    }

    #[test]
    fn fails_without_a_url() {
        on_machine_of(&[], |_| {
            assert_eq!(HttpScorer::score(&request()), Err(ScorerFailure::NotConfigured));
        });
    }

    #[test]
    fn fails_on_a_body_that_is_no_response() {
        on_machine_of(&[], |machine| {
            configure("http://127.0.0.1:9955");
            expect(machine, b"<html>".to_vec());
            assert_eq!(HttpScorer::score(&request()), Err(ScorerFailure::BadResponse(200)));
        });
    }

    #[test]
    fn every_failure_says_what_to_do() {
        for (failure, hint) in [
            (ScorerFailure::NotConfigured, "ocw-scorer serve"),
            (ScorerFailure::Unreachable("http://127.0.0.1:1".into()), "check that it runs"),
            (ScorerFailure::Refused(ScoreError::WrongModel { running: [171; 32] }), "0xabab"),
            (ScorerFailure::BadResponse(404), "check the configured URL"),
        ] {
            assert!(failure.to_string().contains(hint), "{failure}");
        }
    }
}
