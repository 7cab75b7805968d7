//! Committing and revealing: who may, when, and what is refused before it reaches a block.

use super::*;

const GOOD: [u32; 3] = [800_000, 100_000, 0];

fn commit_of(who: AccountId, id: TaskId) -> Commit<Test> {
    Commit { task: id, context: context(who, id), seal: sealed(who, id, &GOOD) }
}

/// A task all of whose seats committed.
fn task_to_reveal() -> TaskId {
    let id = task_to_commit();
    EVALUATORS.iter().for_each(|who| commit(*who, id, &GOOD));
    assert!(matches!(task(id).phase, Phase::Revealing { .. }));
    id
}

mod commit_scores {
    use super::*;

    #[test]
    fn keeps_the_seal() {
        checked(|| {
            let id = task_to_commit();
            let seal = sealed(11, id, &GOOD);
            commit(11, id, &GOOD);
            assert_eq!(seat_of(11, id).1.state, SeatState::Committed { seal });
            assert_eq!(task(id).committed, 1);
        });
    }

    #[test]
    fn carries_a_batch() {
        checked(|| {
            let (one, two) = (task_to_commit(), task_to_commit());
            include(commit_call(11, vec![commit_of(11, one), commit_of(11, two)]));
            assert_eq!((task(one).committed, task(two).committed), (1, 1));
        });
    }

    #[test]
    fn is_feeless_and_works_as_a_general_transaction() {
        use sp_runtime::traits::{Applyable, Checkable};
        checked(|| {
            let id = task_to_commit();
            let call = commit_call(11, vec![commit_of(11, id)]);
            let transaction = <Test as frame_system::offchain::CreateAuthorizedTransaction<Call<Test>>>::
                create_authorized_transaction(call.into());
            let checked = Checkable::check(transaction, &frame_system::ChainContext::<Test>::default()).unwrap();
            let info = frame_support::dispatch::GetDispatchInfo::get_dispatch_info(&checked.function);
            let before = free(11);
            assert_ok!(checked.apply::<Test>(&info, 100).unwrap());
            assert_eq!(task(id).committed, 1);
            assert_eq!(free(11), before);
        });
    }

    #[test]
    fn a_bare_transaction_is_refused() {
        use sp_runtime::traits::{Applyable, Checkable};
        checked(|| {
            let id = task_to_commit();
            let call = commit_call(11, vec![commit_of(11, id)]);
            let bare = Extrinsic::new_bare(call.into());
            let checked = Checkable::check(bare, &frame_system::ChainContext::<Test>::default()).unwrap();
            let info = frame_support::dispatch::GetDispatchInfo::get_dispatch_info(&checked.function);
            assert!(checked.validate::<Test>(TransactionSource::External, &info, 100).is_err());
        });
    }

    #[test]
    fn tags_follow_from_the_content_and_life_ends_with_the_phase() {
        checked(|| {
            let id = task_to_commit();
            let call = commit_call(11, vec![commit_of(11, id)]);
            let now = pool(&call).unwrap();
            next_block();
            let later = pool(&call).unwrap();
            assert_eq!(now.provides, later.provides);
            assert_eq!((now.longevity, later.longevity), (5, 4));
            let other = commit_call(12, vec![commit_of(12, id)]);
            assert_ne!(pool(&other).unwrap().provides, later.provides);
        });
    }

    #[test]
    fn a_repeated_one_takes_the_place_of_the_first() {
        checked(|| {
            let id = task_to_commit();
            let first = pool(&commit_call(11, vec![commit_of(11, id)])).unwrap();
            next_block();
            let again = pool(&commit_call(11, vec![commit_of(11, id)])).unwrap();
            assert_eq!(first.provides, again.provides);
            assert!(first.priority < again.priority);
        });
    }

    #[test]
    fn fails_when_sent_far_in_the_future() {
        checked(|| {
            let id = task_to_commit();
            let commits = BoundedVec::try_from(vec![commit_of(11, id)]).unwrap();
            let sent_ahead_by = |lead: u64| {
                let sent_after = System::block_number() + lead;
                let message = keys::commit_message(&System::block_hash(0), &key(11), &sent_after, &commits);
                let signature = sign(11, &message);
                pool(&Call::commit_scores { evaluator: key(11), sent_after, commits: commits.clone(), signature })
            };
            assert_ok!(sent_ahead_by(16));
            assert_eq!(sent_ahead_by(17), refused(Error::SentTooFarAhead));
            assert_eq!(sent_ahead_by(u64::MAX - System::block_number()), refused(Error::SentTooFarAhead));
        });
    }

    #[test]
    fn closes_when_all_have_committed() {
        checked(|| {
            let id = task_to_reveal();
            assert_eq!(task(id).phase, Phase::Revealing { since: 3, until: 9 });
        });
    }

    #[test]
    fn leaves_stragglers_a_grace_period_after_the_quorum() {
        checked(|| {
            // given: a quorum of 3 out of 4
            let id = task_to_commit();
            EVALUATORS[..3].iter().for_each(|who| commit(*who, id, &GOOD));
            assert_eq!(task(id).phase, Phase::Committing { until: 5 });
            // when
            run_to(5);
            commit_of(14, id);
            run_to(6);
            // then
            assert_eq!(task(id).phase, Phase::Revealing { since: 6, until: 12 });
            assert_eq!(pool(&commit_call(14, vec![commit_of(14, id)])), refused(Error::CommitTooLate));
        });
    }

    #[test]
    fn an_old_key_serves_the_seats_it_was_drawn_for() {
        checked(|| {
            let id = task_to_commit();
            let new = sign(77, &keys::registration_message(&System::block_hash(0), &11u64));
            assert_ok!(ProofOfQuality::change_key(RuntimeOrigin::signed(11), key(77), new));
            commit(11, id, &GOOD);
            assert_eq!(task(id).committed, 1);
        });
    }

    #[test]
    fn fails_twice() {
        checked(|| {
            let id = task_to_commit();
            let call = commit_call(11, vec![commit_of(11, id)]);
            include(call.clone());
            assert_eq!(pool(&call), refused(Error::AlreadyCommitted));
        });
    }

    #[test]
    fn fails_for_the_whole_batch_if_one_task_is_refused() {
        checked(|| {
            let (one, two) = (task_to_commit(), task_to_commit());
            commit(11, one, &GOOD);
            let call = commit_call(11, vec![commit_of(11, one), commit_of(11, two)]);
            assert_eq!(pool(&call), refused(Error::AlreadyCommitted));
            assert_eq!(task(two).committed, 0);
        });
    }

    #[test]
    fn fails_before_answers_are_closed() {
        checked(|| {
            let early = submit();
            let other = task_to_commit();
            let call = commit_call(11, vec![Commit { task: early, ..commit_of(11, other) }]);
            assert_eq!(pool(&call), refused(Error::CommitTooEarly));
        });
    }

    #[test]
    fn fails_after_the_deadline() {
        checked(|| {
            let id = task_to_commit();
            run_to(8);
            let call = commit_call(11, vec![commit_of(11, id)]);
            assert_ok!(pool(&call));
            next_block();
            assert_eq!(pool(&call), refused(Error::CommitTooLate));
        });
    }

    #[test]
    fn fails_for_an_unknown_task() {
        checked(|| {
            let id = task_to_commit();
            let call = commit_call(11, vec![Commit { task: 99, ..commit_of(11, id) }]);
            assert_eq!(pool(&call), refused(Error::UnknownTask));
        });
    }

    #[test]
    fn fails_without_a_seat() {
        checked(|| {
            let id = task_to_commit();
            let call = commit_call(77, vec![commit_of(11, id)]);
            assert_eq!(pool(&call), refused(Error::NoSeat));
        });
    }

    #[test]
    fn fails_with_a_seal_of_the_wrong_length() {
        checked(|| {
            let id = task_to_commit();
            for scores in [&GOOD[..2], &[], &[1, 2, 3, 4]] {
                let call = commit_call(11, vec![Commit { seal: sealed(11, id, scores), ..commit_of(11, id) }]);
                assert_eq!(pool(&call), refused(Error::WrongSealLength));
            }
        });
    }

    #[test]
    fn fails_when_empty_or_out_of_order_or_twice_in_one_batch() {
        checked(|| {
            let (one, two) = (task_to_commit(), task_to_commit());
            assert_eq!(pool(&commit_call(11, vec![])), refused(Error::EmptyBatch));
            let swapped = commit_call(11, vec![commit_of(11, two), commit_of(11, one)]);
            assert_eq!(pool(&swapped), refused(Error::BatchNotAscending));
            let twice = commit_call(11, vec![commit_of(11, one), commit_of(11, one)]);
            assert_eq!(pool(&twice), refused(Error::BatchNotAscending));
        });
    }

    mod replay {
        use super::*;

        /// A good call of evaluator 11, taken apart.
        fn stolen(id: TaskId) -> (BoundedVec<Commit<Test>, <Test as Config>::MaxBatch>, EvaluatorSignature) {
            match commit_call(11, vec![commit_of(11, id)]) {
                Call::commit_scores { commits, signature, .. } => (commits, signature),
                _ => unreachable!("commit_call makes a commit"),
            }
        }

        #[test]
        fn fails_by_another_account() {
            checked(|| {
                let id = task_to_commit();
                let (mut commits, signature) = stolen(id);
                let call = Call::commit_scores {
                    evaluator: key(12),
                    sent_after: System::block_number(),
                    commits: commits.clone(),
                    signature: signature.clone(),
                };
                assert_eq!(pool(&call), refused(Error::WrongContext));
                // Made to speak of the thief's seat, it is no longer what was signed.
                commits[0].context = context(12, id);
                let sent_after = System::block_number();
                let call = Call::commit_scores { evaluator: key(12), sent_after, commits, signature };
                assert_eq!(pool(&call), refused(Error::BadSignature));
            });
        }

        #[test]
        fn signed_anew_by_another_account_never_opens() {
            checked(|| {
                // given: 12 publishes the seal of 11 as its own
                let id = task_to_commit();
                let stolen = commit_of(11, id);
                assert_eq!(pool(&commit_call(12, vec![stolen.clone()])), refused(Error::WrongContext));
                // Under its own context it gets in, and never opens.
                include(commit_call(12, vec![Commit { context: context(12, id), ..stolen }]));
                for who in [11, 13, 14] {
                    commit(who, id, &GOOD);
                }
                // when: 11 opens, and 12 copies its key as well
                reveal(11, id);
                let call = reveal_call(12, vec![Reveal { task: id, key: seal_key(11, id).0 }]);
                // then: the commitment speaks of the seat of 11
                assert_eq!(pool(&call), refused(Error::WrongKey));
                run_to(12);
                let seats = outcome(id).seats;
                let copier = seats.iter().find(|seat| seat.account == 12).unwrap();
                assert_eq!((copier.offence, copier.paid), (Some(Offence::Withheld), 0));
            });
        }

        #[test]
        fn fails_for_another_task() {
            checked(|| {
                let (one, two) = (task_to_commit(), task_to_commit());
                let (mut commits, signature) = stolen(one);
                commits[0].task = two;
                let call = Call::commit_scores {
                    evaluator: key(11),
                    sent_after: System::block_number(),
                    commits: commits.clone(),
                    signature: signature.clone(),
                };
                assert_eq!(pool(&call), refused(Error::WrongContext));
                commits[0].context = context(11, two);
                let sent_after = System::block_number();
                let call = Call::commit_scores { evaluator: key(11), sent_after, commits, signature };
                assert_eq!(pool(&call), refused(Error::BadSignature));
            });
        }

        #[test]
        fn fails_on_another_chain() {
            checked(|| {
                let id = task_to_commit();
                let commits = BoundedVec::try_from(vec![commit_of(11, id)]).unwrap();
                let elsewhere = keys::commit_message(&sp_core::H256([9; 32]), &key(11), &3u64, &commits);
                let signature = sign(11, &elsewhere);
                let call = Call::commit_scores { evaluator: key(11), sent_after: 3, commits, signature };
                assert_eq!(pool(&call), refused(Error::BadSignature));
            });
        }

        #[test]
        fn fails_after_the_answers_changed() {
            checked(|| {
                // given: a commitment made on a fork on which the answers came in another order
                let id = task_to_commit();
                let here = task(id);
                Tasks::<Test>::insert(id, with_answers_reversed(here.clone()));
                let elsewhere = commit_call(11, vec![commit_of(11, id)]);
                assert_ok!(pool(&elsewhere));
                // when: this fork wins
                Tasks::<Test>::insert(id, here);
                // then
                assert_eq!(pool(&elsewhere), refused(Error::WrongContext));
            });
        }

        #[test]
        fn fails_from_another_seat() {
            checked(|| {
                // given: a commitment made on a fork whose committee has the same members in other seats
                let id = task_to_commit();
                let call = commit_call(11, vec![commit_of(11, id)]);
                let ((a, seat_a), (b, seat_b)) = (seat_of(11, id), seat_of(12, id));
                // when
                Seats::<Test>::insert(id, a, seat_b);
                Seats::<Test>::insert(id, b, seat_a);
                OpenSeats::<Test>::insert(key(11), id, b);
                OpenSeats::<Test>::insert(key(12), id, a);
                Duties::<Test>::insert(11, id, Duty::Judge { seat: b });
                Duties::<Test>::insert(12, id, Duty::Judge { seat: a });
                // then
                assert_eq!(pool(&call), refused(Error::WrongContext));
            });
        }
    }
}

mod reveal_scores {
    use super::*;

    #[test]
    fn opens_the_seal() {
        checked(|| {
            let id = task_to_reveal();
            reveal(11, id);
            let scores = BoundedVec::try_from(GOOD.map(Permill::from_parts).to_vec()).unwrap();
            assert_eq!(seat_of(11, id).1.state, SeatState::Opened { scores });
            assert_eq!(task(id).opened, 1);
        });
    }

    #[test]
    fn carries_a_batch() {
        checked(|| {
            let (one, two) = (task_to_commit(), task_to_commit());
            for id in [one, two] {
                EVALUATORS.iter().for_each(|who| commit(*who, id, &GOOD));
            }
            let reveals = [one, two].map(|id| Reveal { task: id, key: seal_key(11, id).0 }).to_vec();
            include(reveal_call(11, reveals));
            assert_eq!((task(one).opened, task(two).opened), (1, 1));
        });
    }

    #[test]
    fn costs_less_weight_when_it_settles_nothing() {
        checked(|| {
            let id = task_to_reveal();
            let call = |who| RuntimeCall::from(reveal_call(who, vec![Reveal { task: id, key: seal_key(who, id).0 }]));
            let dispatch = |call: RuntimeCall| {
                call.dispatch(frame_system::RawOrigin::Authorized.into()).unwrap().actual_weight.unwrap()
            };
            let first = dispatch(call(11));
            dispatch(call(12));
            dispatch(call(13));
            let last = dispatch(call(14));
            let full = <Test as Config>::WeightInfo::reveal_scores(1);
            assert_eq!(last, full);
            assert_eq!(first, full - <Test as Config>::WeightInfo::end_task());
        });
    }

    #[test]
    fn anybody_who_knows_the_key_may_bring_it() {
        // The call carries no signature: the key proves itself against the commitment.
        checked(|| {
            let id = task_to_reveal();
            let call = reveal_call(11, vec![Reveal { task: id, key: seal_key(11, id).0 }]);
            assert_ok!(pool(&call));
        });
    }

    #[test]
    fn leaves_stragglers_a_grace_period_after_the_quorum() {
        checked(|| {
            let id = task_to_reveal();
            for who in [11, 12, 13] {
                reveal(who, id);
            }
            assert_eq!(task(id).phase, Phase::Revealing { since: 3, until: 5 });
            run_to(6);
            assert_eq!(task(id).phase, Phase::Settled { at: 6 });
        });
    }

    #[test]
    fn fails_with_a_wrong_key() {
        checked(|| {
            let id = task_to_reveal();
            let call = reveal_call(11, vec![Reveal { task: id, key: [0; 32] }]);
            assert_eq!(pool(&call), refused(Error::WrongKey));
        });
    }

    #[test]
    fn fails_without_a_commit() {
        checked(|| {
            let id = task_to_commit();
            EVALUATORS[..3].iter().for_each(|who| commit(*who, id, &GOOD));
            run_to(6);
            let call = reveal_call(14, vec![Reveal { task: id, key: seal_key(14, id).0 }]);
            assert_eq!(pool(&call), refused(Error::NotCommitted));
        });
    }

    #[test]
    fn fails_before_the_commit_phase_is_over() {
        checked(|| {
            let id = task_to_commit();
            commit(11, id, &GOOD);
            let call = reveal_call(11, vec![Reveal { task: id, key: seal_key(11, id).0 }]);
            assert_eq!(pool(&call), refused(Error::RevealTooEarly));
        });
    }

    #[test]
    fn fails_twice() {
        checked(|| {
            let id = task_to_reveal();
            let call = reveal_call(11, vec![Reveal { task: id, key: seal_key(11, id).0 }]);
            include(call.clone());
            assert_eq!(pool(&call), refused(Error::AlreadyOpened));
        });
    }

    #[test]
    fn fails_after_the_deadline() {
        checked(|| {
            let id = task_to_reveal();
            let call = reveal_call(11, vec![Reveal { task: id, key: seal_key(11, id).0 }]);
            run_to(9);
            assert_ok!(pool(&call));
            next_block();
            assert_eq!(pool(&call), refused(Error::RevealTooLate));
        });
    }

    #[test]
    fn fails_without_a_seat() {
        checked(|| {
            let id = task_to_reveal();
            let call = reveal_call(77, vec![Reveal { task: id, key: seal_key(11, id).0 }]);
            assert_eq!(pool(&call), refused(Error::NoSeat));
        });
    }

    #[test]
    fn fails_when_empty() {
        checked(|| assert_eq!(pool(&reveal_call(11, vec![])), refused(Error::EmptyBatch)));
    }
}

/// Both calls have one way in.
#[test]
fn signed_and_root_origins_are_refused() {
    checked(|| {
        let id = task_to_commit();
        for origin in [RuntimeOrigin::signed(11), RuntimeOrigin::root(), RuntimeOrigin::none()] {
            let call = RuntimeCall::from(commit_call(11, vec![commit_of(11, id)]));
            assert!(call.dispatch(origin.clone()).is_err());
            let call = RuntimeCall::from(reveal_call(11, vec![Reveal { task: id, key: [0; 32] }]));
            assert!(call.dispatch(origin).is_err());
        }
        assert_eq!(task(id).committed, 0);
    });
}
