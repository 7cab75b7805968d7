//! Committing and revealing: which key may act, when, and what is refused before it reaches a
//! block.

use super::*;

const GOOD: [u32; 3] = [800_000, 100_000, 0];

fn commit_of(who: AccountId, id: TaskId) -> Commit<Test> {
    Commit { task: id, context: context(who, id), seal: sealed(who, id, &GOOD) }
}

/// A task whose seats have all committed.
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
            let seal = sealed(ALICE, id, &GOOD);
            commit(ALICE, id, &GOOD);
            assert_eq!(seat_of(ALICE, id).1.state, SeatState::Committed { seal });
            assert_eq!(task(id).committed, 1);
        });
    }

    #[test]
    fn carries_a_batch() {
        checked(|| {
            let (one, two) = (task_to_commit(), task_to_commit());
            include(commit_call(ALICE, vec![commit_of(ALICE, one), commit_of(ALICE, two)]));
            assert_eq!((task(one).committed, task(two).committed), (1, 1));
        });
    }

    #[test]
    fn is_feeless_and_works_as_a_general_transaction() {
        use sp_runtime::traits::{Applyable, Checkable};
        checked(|| {
            let id = task_to_commit();
            let call = commit_call(ALICE, vec![commit_of(ALICE, id)]);
            let transaction = <Test as frame_system::offchain::CreateAuthorizedTransaction<Call<Test>>>::
                create_authorized_transaction(call.into());
            let checked = Checkable::check(transaction, &frame_system::ChainContext::<Test>::default()).unwrap();
            let info = frame_support::dispatch::GetDispatchInfo::get_dispatch_info(&checked.function);
            let before = free(ALICE);
            assert_ok!(checked.apply::<Test>(&info, 100).unwrap());
            assert_eq!(task(id).committed, 1);
            assert_eq!(free(ALICE), before);
        });
    }

    #[test]
    fn a_bare_transaction_is_refused() {
        use sp_runtime::traits::{Applyable, Checkable};
        checked(|| {
            let id = task_to_commit();
            let call = commit_call(ALICE, vec![commit_of(ALICE, id)]);
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
            let call = commit_call(ALICE, vec![commit_of(ALICE, id)]);
            let now = pool(&call).unwrap();
            next_block();
            let later = pool(&call).unwrap();
            assert_eq!(now.provides, later.provides);
            assert_eq!((now.longevity, later.longevity), (5, 4));
            let other = commit_call(BOB, vec![commit_of(BOB, id)]);
            assert_ne!(pool(&other).unwrap().provides, later.provides);
        });
    }

    #[test]
    fn a_repeated_one_replaces_the_first() {
        checked(|| {
            let id = task_to_commit();
            let first = pool(&commit_call(ALICE, vec![commit_of(ALICE, id)])).unwrap();
            next_block();
            let again = pool(&commit_call(ALICE, vec![commit_of(ALICE, id)])).unwrap();
            assert_eq!(first.provides, again.provides);
            assert!(first.priority < again.priority);
        });
    }

    #[test]
    fn fails_when_sent_far_in_the_future() {
        checked(|| {
            let id = task_to_commit();
            let commits = BoundedVec::try_from(vec![commit_of(ALICE, id)]).unwrap();
            let sent_ahead_by = |lead: u64| {
                let sent_after = System::block_number() + lead;
                let message = keys::commit_message(&System::block_hash(0), &key(ALICE), &sent_after, &commits);
                let signature = sign(ALICE, &message);
                pool(&Call::commit_scores { key: key(ALICE), sent_after, commits: commits.clone(), signature })
            };
            assert_ok!(sent_ahead_by(16));
            assert_eq!(sent_ahead_by(17), refused(Error::SentTooFarAhead));
            assert_eq!(sent_ahead_by(u64::MAX - System::block_number()), refused(Error::SentTooFarAhead));
        });
    }

    #[test]
    fn counts_for_the_others_when_one_of_its_tasks_is_done_already() {
        checked(|| {
            let (one, two) = (task_to_commit(), task_to_commit());
            let both = commit_call(ALICE, vec![commit_of(ALICE, one), commit_of(ALICE, two)]);
            commit(ALICE, one, &GOOD);
            include(both.clone());
            assert_eq!((task(one).committed, task(two).committed), (1, 1));
            assert_eq!(pool(&both), refused(Error::AlreadyCommitted));
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
            assert_ok!(pool(&commit_call(DAVE, vec![commit_of(DAVE, id)])));
            run_to(6);
            // then
            assert_eq!(task(id).phase, Phase::Revealing { since: 6, until: 12 });
            assert_eq!(pool(&commit_call(DAVE, vec![commit_of(DAVE, id)])), refused(Error::CommitTooLate));
        });
    }

    #[test]
    fn an_old_key_serves_the_seats_it_was_drawn_for() {
        checked(|| {
            let id = task_to_commit();
            let new = sign(NEWCOMER, &keys::registration_message(&System::block_hash(0), &ALICE));
            assert_ok!(ProofOfQuality::change_key(RuntimeOrigin::signed(ALICE), key(NEWCOMER), new));
            commit(ALICE, id, &GOOD);
            assert_eq!(task(id).committed, 1);
        });
    }

    #[test]
    fn fails_twice() {
        checked(|| {
            let id = task_to_commit();
            let call = commit_call(ALICE, vec![commit_of(ALICE, id)]);
            include(call.clone());
            assert_eq!(pool(&call), refused(Error::AlreadyCommitted));
        });
    }

    #[test]
    fn fails_for_the_whole_batch_if_one_task_is_refused() {
        checked(|| {
            let (one, two) = (task_to_commit(), task_to_commit());
            let stranger = Commit { context: [0; 32], ..commit_of(ALICE, one) };
            let call = commit_call(ALICE, vec![stranger, commit_of(ALICE, two)]);
            assert_eq!(pool(&call), refused(Error::WrongContext));
            assert_eq!(task(two).committed, 0);
        });
    }

    #[test]
    fn fails_before_answers_are_closed() {
        checked(|| {
            let early = submit();
            let other = task_to_commit();
            let call = commit_call(ALICE, vec![Commit { task: early, ..commit_of(ALICE, other) }]);
            assert_eq!(pool(&call), refused(Error::CommitTooEarly));
        });
    }

    #[test]
    fn fails_after_the_deadline() {
        checked(|| {
            let id = task_to_commit();
            run_to(8);
            let call = commit_call(ALICE, vec![commit_of(ALICE, id)]);
            assert_ok!(pool(&call));
            next_block();
            assert_eq!(pool(&call), refused(Error::CommitTooLate));
        });
    }

    #[test]
    fn fails_for_an_unknown_task() {
        checked(|| {
            let id = task_to_commit();
            let call = commit_call(ALICE, vec![Commit { task: 99, ..commit_of(ALICE, id) }]);
            assert_eq!(pool(&call), refused(Error::UnknownTask));
        });
    }

    #[test]
    fn fails_without_a_seat() {
        checked(|| {
            let id = task_to_commit();
            let call = commit_call(NEWCOMER, vec![commit_of(ALICE, id)]);
            assert_eq!(pool(&call), refused(Error::NoSeat));
        });
    }

    #[test]
    fn fails_with_a_seal_of_the_wrong_length() {
        checked(|| {
            let id = task_to_commit();
            for scores in [&GOOD[..2], &[], &[1, 2, 3, 4]] {
                let call = commit_call(ALICE, vec![Commit { seal: sealed(ALICE, id, scores), ..commit_of(ALICE, id) }]);
                assert_eq!(pool(&call), refused(Error::WrongSealLength));
            }
        });
    }

    #[test]
    fn fails_when_empty_or_out_of_order_or_twice_in_one_batch() {
        checked(|| {
            let (one, two) = (task_to_commit(), task_to_commit());
            assert_eq!(pool(&commit_call(ALICE, vec![])), refused(Error::EmptyBatch));
            let swapped = commit_call(ALICE, vec![commit_of(ALICE, two), commit_of(ALICE, one)]);
            assert_eq!(pool(&swapped), refused(Error::BatchNotAscending));
            let twice = commit_call(ALICE, vec![commit_of(ALICE, one), commit_of(ALICE, one)]);
            assert_eq!(pool(&twice), refused(Error::BatchNotAscending));
        });
    }

    mod replay {
        use super::*;

        /// A good call of Alice, taken apart.
        fn stolen(id: TaskId) -> (BoundedVec<Commit<Test>, <Test as Config>::MaxBatch>, EvaluatorSignature) {
            match commit_call(ALICE, vec![commit_of(ALICE, id)]) {
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
                    key: key(BOB),
                    sent_after: System::block_number(),
                    commits: commits.clone(),
                    signature: signature.clone(),
                };
                assert_eq!(pool(&call), refused(Error::WrongContext));
                // With the thief's seat in it, it is not what was signed any more.
                commits[0].context = context(BOB, id);
                let sent_after = System::block_number();
                let call = Call::commit_scores { key: key(BOB), sent_after, commits, signature };
                assert_eq!(pool(&call), refused(Error::BadSignature));
            });
        }

        #[test]
        fn signed_again_by_another_account_never_opens() {
            checked(|| {
                // given: Bob publishes the seal of Alice as his own
                let id = task_to_commit();
                let stolen = commit_of(ALICE, id);
                assert_eq!(pool(&commit_call(BOB, vec![stolen.clone()])), refused(Error::WrongContext));
                // Under his own context it gets in, but never opens.
                include(commit_call(BOB, vec![Commit { context: context(BOB, id), ..stolen }]));
                for who in [ALICE, CHARLIE, DAVE] {
                    commit(who, id, &GOOD);
                }
                // when: Alice reveals, and Bob copies her key as well
                reveal(ALICE, id);
                let call = reveal_call(BOB, vec![Reveal { task: id, key: seal_key(ALICE, id).0 }]);
                // then: the commitment was made for the seat of Alice
                assert_eq!(pool(&call), refused(Error::WrongKey));
                run_to(12);
                let seats = outcome(id).seats;
                let copier = seats.iter().find(|seat| seat.account == BOB).unwrap();
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
                    key: key(ALICE),
                    sent_after: System::block_number(),
                    commits: commits.clone(),
                    signature: signature.clone(),
                };
                assert_eq!(pool(&call), refused(Error::WrongContext));
                commits[0].context = context(ALICE, two);
                let sent_after = System::block_number();
                let call = Call::commit_scores { key: key(ALICE), sent_after, commits, signature };
                assert_eq!(pool(&call), refused(Error::BadSignature));
            });
        }

        #[test]
        fn fails_on_another_chain() {
            checked(|| {
                let id = task_to_commit();
                let commits = BoundedVec::try_from(vec![commit_of(ALICE, id)]).unwrap();
                let elsewhere = keys::commit_message(&sp_core::H256([9; 32]), &key(ALICE), &3u64, &commits);
                let signature = sign(ALICE, &elsewhere);
                let call = Call::commit_scores { key: key(ALICE), sent_after: 3, commits, signature };
                assert_eq!(pool(&call), refused(Error::BadSignature));
            });
        }

        #[test]
        fn fails_after_the_answers_changed() {
            checked(|| {
                // given: a commit made on a fork on which the answers came in another order
                let id = task_to_commit();
                let here = task(id);
                Tasks::<Test>::insert(id, with_answers_reversed(here.clone()));
                let elsewhere = commit_call(ALICE, vec![commit_of(ALICE, id)]);
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
                // given: a commit made on a fork whose committee has the same members in other
                // seats
                let id = task_to_commit();
                let call = commit_call(ALICE, vec![commit_of(ALICE, id)]);
                let ((a, seat_a), (b, seat_b)) = (seat_of(ALICE, id), seat_of(BOB, id));
                // when
                Seats::<Test>::insert(id, a, seat_b);
                Seats::<Test>::insert(id, b, seat_a);
                OpenSeats::<Test>::insert(key(ALICE), id, b);
                OpenSeats::<Test>::insert(key(BOB), id, a);
                Duties::<Test>::insert(ALICE, id, Duty::Judge { seat: b });
                Duties::<Test>::insert(BOB, id, Duty::Judge { seat: a });
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
            reveal(ALICE, id);
            let scores = BoundedVec::try_from(GOOD.map(Permill::from_parts).to_vec()).unwrap();
            assert_eq!(seat_of(ALICE, id).1.state, SeatState::Revealed { scores });
            assert_eq!(task(id).revealed, 1);
        });
    }

    #[test]
    fn carries_a_batch() {
        checked(|| {
            let (one, two) = (task_to_commit(), task_to_commit());
            for id in [one, two] {
                EVALUATORS.iter().for_each(|who| commit(*who, id, &GOOD));
            }
            let reveals = [one, two].map(|id| Reveal { task: id, key: seal_key(ALICE, id).0 }).to_vec();
            include(reveal_call(ALICE, reveals));
            assert_eq!((task(one).revealed, task(two).revealed), (1, 1));
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
            let first = dispatch(call(ALICE));
            dispatch(call(BOB));
            dispatch(call(CHARLIE));
            let last = dispatch(call(DAVE));
            let full = <Test as Config>::WeightInfo::worst_reveal(1);
            assert_eq!(last, full);
            assert_eq!(first, full - <Test as Config>::WeightInfo::settlement_saved());
        });
    }

    #[test]
    fn stays_whole_whatever_others_do_with_it() {
        checked(|| {
            // given: a batch that all nodes have seen in the pool
            let ids = tasks_to_commit(4);
            for id in &ids {
                EVALUATORS.iter().for_each(|who| commit(*who, *id, &GOOD));
            }
            let reveals: Vec<_> = ids.iter().map(|id| Reveal { task: *id, key: seal_key(ALICE, *id).0 }).collect();
            let whole = reveal_call(ALICE, reveals.clone());
            let Call::reveal_scores { sent_after, signature, .. } = whole.clone() else { panic!("not a reveal") };
            let valid = pool(&whole).unwrap();
            assert_eq!(valid.provides.len(), 4);
            // when: a third party sends each part of it instead, with the same height, a lower or a
            // higher one
            for part in 1..1u32 << reveals.len() {
                let kept: Vec<_> = (0..4).filter(|n| part >> n & 1 == 1).map(|n| reveals[n].clone()).collect();
                for ahead in [0, 1, 16] {
                    let call = Call::reveal_scores {
                        key: key(ALICE),
                        sent_after: sent_after + ahead,
                        reveals: BoundedVec::try_from(kept.clone()).unwrap(),
                        signature: signature.clone(),
                    };
                    // then: only the very same call is good, and it has no more priority than the
                    // first
                    if kept.len() == 4 && ahead == 0 {
                        assert_eq!(pool(&call).unwrap().priority, valid.priority);
                    } else {
                        assert_eq!(pool(&call), refused(Error::BadSignature));
                    }
                }
            }
            // and: the key of another evaluator cannot sign for it either
            let signed_by_bob = Call::reveal_scores {
                key: key(ALICE),
                sent_after,
                reveals: BoundedVec::try_from(reveals).unwrap(),
                signature: sign(BOB, b"anything"),
            };
            assert_eq!(pool(&signed_by_bob), refused(Error::BadSignature));
        });
    }

    #[test]
    fn counts_for_the_others_when_one_of_its_tasks_is_done_already() {
        checked(|| {
            // given: a batch of two, sent before the first of its seals was revealed alone
            let (one, two) = (task_to_commit(), task_to_commit());
            for id in [one, two] {
                EVALUATORS.iter().for_each(|who| commit(*who, id, &GOOD));
            }
            let both =
                reveal_call(ALICE, [one, two].map(|id| Reveal { task: id, key: seal_key(ALICE, id).0 }).to_vec());
            reveal(ALICE, one);
            // when
            include(both.clone());
            // then: the second one counts, the first one does not count twice, and nothing is left
            // to do
            assert_eq!((task(one).revealed, task(two).revealed), (1, 1));
            assert_eq!(pool(&both), refused(Error::AlreadyRevealed));
        });
    }

    #[test]
    fn leaves_stragglers_a_grace_period_after_the_quorum() {
        checked(|| {
            let id = task_to_reveal();
            for who in [ALICE, BOB, CHARLIE] {
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
            let call = reveal_call(ALICE, vec![Reveal { task: id, key: [0; 32] }]);
            assert_eq!(pool(&call), refused(Error::WrongKey));
        });
    }

    #[test]
    fn fails_without_a_commit() {
        checked(|| {
            let id = task_to_commit();
            EVALUATORS[..3].iter().for_each(|who| commit(*who, id, &GOOD));
            run_to(6);
            let call = reveal_call(DAVE, vec![Reveal { task: id, key: seal_key(DAVE, id).0 }]);
            assert_eq!(pool(&call), refused(Error::NotCommitted));
        });
    }

    #[test]
    fn fails_before_the_commit_phase_is_over() {
        checked(|| {
            let id = task_to_commit();
            commit(ALICE, id, &GOOD);
            let call = reveal_call(ALICE, vec![Reveal { task: id, key: seal_key(ALICE, id).0 }]);
            assert_eq!(pool(&call), refused(Error::RevealTooEarly));
        });
    }

    #[test]
    fn fails_twice() {
        checked(|| {
            let id = task_to_reveal();
            let call = reveal_call(ALICE, vec![Reveal { task: id, key: seal_key(ALICE, id).0 }]);
            include(call.clone());
            assert_eq!(pool(&call), refused(Error::AlreadyRevealed));
        });
    }

    #[test]
    fn fails_after_the_deadline() {
        checked(|| {
            let id = task_to_reveal();
            let call = reveal_call(ALICE, vec![Reveal { task: id, key: seal_key(ALICE, id).0 }]);
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
            let call = reveal_call(NEWCOMER, vec![Reveal { task: id, key: seal_key(ALICE, id).0 }]);
            assert_eq!(pool(&call), refused(Error::NoSeat));
        });
    }

    #[test]
    fn fails_when_empty() {
        checked(|| assert_eq!(pool(&reveal_call(ALICE, vec![])), refused(Error::EmptyBatch)));
    }
}

/// Both calls have one way in.
#[test]
fn signed_and_root_origins_are_refused() {
    checked(|| {
        let id = task_to_commit();
        for origin in [RuntimeOrigin::signed(ALICE), RuntimeOrigin::root(), RuntimeOrigin::none()] {
            let call = RuntimeCall::from(commit_call(ALICE, vec![commit_of(ALICE, id)]));
            assert!(call.dispatch(origin.clone()).is_err());
            let call = RuntimeCall::from(reveal_call(ALICE, vec![Reveal { task: id, key: [0; 32] }]));
            assert!(call.dispatch(origin).is_err());
        }
        assert_eq!(task(id).committed, 0);
    });
}
