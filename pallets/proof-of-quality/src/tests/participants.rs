//! Bonds, keys, leaving and chilling, in both roles.

use super::*;
use frame_support::{assert_noop, traits::fungible::hold::Inspect};

fn join(who: AccountId, bond: Balance) -> frame_support::dispatch::DispatchResult {
    ProofOfQuality::join_evaluators(RuntimeOrigin::signed(who), key(who), proof(who), bond)
}

mod joining {
    use super::*;

    #[test]
    fn holds_the_bond_and_enters_the_roster() {
        checked(|| {
            assert_ok!(join(STRANGER, 500_000));
            assert_eq!(Balances::balance_on_hold(&HoldReason::EvaluatorBond.into(), &STRANGER), 500_000);
            assert_eq!(RosterSize::<Test>::get(Role::Evaluator), 5);
            assert_eq!(EvaluatorKeys::<Test>::get(STRANGER), Some(key(STRANGER)));
        });
    }

    #[test]
    fn works_in_both_roles() {
        checked(|| {
            assert_ok!(join(STRANGER, 500_000));
            assert_ok!(ProofOfQuality::join_inference(RuntimeOrigin::signed(STRANGER), 500));
            assert_eq!(Balances::balance_on_hold(&HoldReason::InferenceBond.into(), &STRANGER), 500);
        });
    }

    #[test]
    fn fails_twice() {
        checked(|| {
            assert_noop!(join(ALICE, 500_000), Error::<Test>::AlreadyJoined);
            let again = ProofOfQuality::join_inference(RuntimeOrigin::signed(NODES[0]), 500);
            assert_noop!(again, Error::<Test>::AlreadyJoined);
        });
    }

    #[test]
    fn fails_below_the_smallest_bond() {
        checked(|| {
            assert_noop!(join(STRANGER, 399_999), Error::<Test>::BondTooSmall);
            let small = ProofOfQuality::join_inference(RuntimeOrigin::signed(STRANGER), 499);
            assert_noop!(small, Error::<Test>::BondTooSmall);
        });
    }

    #[test]
    fn fails_with_the_key_of_another_evaluator() {
        checked(|| {
            // It is not proven.
            let stolen = ProofOfQuality::join_evaluators(
                RuntimeOrigin::signed(STRANGER),
                key(NEWCOMER),
                proof(STRANGER),
                500_000,
            );
            assert_noop!(stolen, Error::<Test>::BadKeyProof);
            // It is proven, but for another account: a proof that was seen in the pool.
            let seen = ProofOfQuality::join_evaluators(
                RuntimeOrigin::signed(STRANGER),
                key(NEWCOMER),
                proof(NEWCOMER),
                500_000,
            );
            assert_noop!(seen, Error::<Test>::BadKeyProof);
            // It is proven and in use.
            let ours = sign(ALICE, &keys::registration_message(&System::block_hash(0), &STRANGER));
            let taken = Call::join_evaluators { key: key(ALICE), proof: ours, bond: 500_000 };
            let taken = RuntimeCall::from(taken).dispatch(RuntimeOrigin::signed(STRANGER));
            assert_eq!(taken.map_err(|error| error.error), Err(Error::<Test>::KeyTaken.into()));
        });
    }
}

mod key_changes {
    use super::*;

    #[test]
    fn take_effect_for_later_draws() {
        checked(|| {
            let proof = sign(NEWCOMER, &keys::registration_message(&System::block_hash(0), &ALICE));
            assert_ok!(ProofOfQuality::change_key(RuntimeOrigin::signed(ALICE), key(NEWCOMER), proof));
            let id = task_to_commit();
            assert_eq!(seat_of(ALICE, id).1.key, key(NEWCOMER));
            assert_eq!(KeyOwners::<Test>::get(key(ALICE)), None);
        });
    }

    #[test]
    fn fail_without_having_joined() {
        checked(|| {
            let change = ProofOfQuality::change_key(RuntimeOrigin::signed(STRANGER), key(STRANGER), proof(STRANGER));
            assert_noop!(change, Error::<Test>::NotJoined);
        });
    }
}

mod leaving {
    use super::*;

    fn leave(who: AccountId) {
        assert_ok!(ProofOfQuality::leave(RuntimeOrigin::signed(who), Role::Evaluator));
    }

    fn withdraw(who: AccountId) -> frame_support::dispatch::DispatchResult {
        ProofOfQuality::withdraw_bond(RuntimeOrigin::signed(who), Role::Evaluator)
    }

    #[test]
    fn gives_the_bond_back_after_the_delay() {
        checked(|| {
            let before = free(ALICE);
            leave(ALICE);
            run_to(20);
            assert_noop!(withdraw(ALICE), Error::<Test>::StillUnbonding);
            run_to(21);
            assert_ok!(withdraw(ALICE));
            assert_eq!(free(ALICE), before + 1_000_000);
            assert_eq!(KeyOwners::<Test>::get(key(ALICE)), None);
            assert_noop!(withdraw(ALICE), Error::<Test>::NotJoined);
        });
    }

    #[test]
    fn stops_being_drawn_at_once() {
        checked(|| {
            leave(BOB);
            let id = task_to_commit();
            assert_eq!(task(id).seats, 3);
            assert!(Seats::<Test>::iter_prefix_values(id).all(|seat| seat.account != BOB));
        });
    }

    #[test]
    fn no_gap_is_left_in_any_order_of_leaving() {
        for leaver in EVALUATORS {
            checked(|| {
                leave(leaver);
                prove();
                leave(if leaver == ALICE { BOB } else { ALICE });
            });
        }
    }

    #[test]
    fn fails_to_withdraw_while_a_duty_is_open() {
        checked(|| {
            let id = submit();
            leave(ALICE);
            let node = RuntimeOrigin::signed(NODES[0]);
            assert_ok!(ProofOfQuality::leave(node.clone(), Role::Inference));
            NODES.iter().for_each(|who| answer(*who, id));
            // Keeps a task of this node open beyond the delay: its answer waits for evaluators that
            // never come.
            let mut long = task(id);
            long.phase = Phase::Answering { until: 100 };
            Agenda::<Test>::insert(101, id, ());
            Tasks::<Test>::insert(id, long);
            run_to(22);
            let early = ProofOfQuality::withdraw_bond(node, Role::Inference);
            assert_noop!(early, Error::<Test>::DutiesOpen);
        });
    }

    #[test]
    fn fails_twice_and_without_leaving() {
        checked(|| {
            assert_noop!(withdraw(ALICE), Error::<Test>::NotLeaving);
            leave(ALICE);
            let again = ProofOfQuality::leave(RuntimeOrigin::signed(ALICE), Role::Evaluator);
            assert_noop!(again, Error::<Test>::AlreadyLeaving);
            let never = ProofOfQuality::leave(RuntimeOrigin::signed(STRANGER), Role::Evaluator);
            assert_noop!(never, Error::<Test>::NotJoined);
        });
    }

    #[test]
    fn duties_from_before_are_still_slashed() {
        checked(|| {
            let id = task_to_commit();
            leave(ALICE);
            for who in [BOB, CHARLIE, DAVE] {
                commit(who, id, &[1; 3]);
            }
            run_to(6);
            for who in [BOB, CHARLIE, DAVE] {
                reveal(who, id);
            }
            assert_eq!(bond_of(Role::Evaluator, ALICE), 997_500);
        });
    }
}

mod chilling {
    use super::*;

    /// A task that Dave and all inference nodes but the first miss.
    fn missed_task() {
        let now = System::block_number();
        let id = submit();
        let first = task(id).responders.iter().copied().find(|who| *who == NODES[0]);
        let first = first.expect("all active nodes are drawn");
        answer(first, id);
        run_to(now + 11);
        if task(id).is_sealed() {
            open(first, id);
        }
        run_to(now + 13);
        for who in [ALICE, BOB, CHARLIE] {
            commit(who, id, &[500_000]);
        }
        run_to(now + 16);
        for who in [ALICE, BOB, CHARLIE] {
            reveal(who, id);
        }
        assert!(task(id).phase.has_ended());
        next_block();
    }

    #[test]
    fn comes_after_repeated_absence() {
        checked(|| {
            for round in 1..=3 {
                missed_task();
                let chilled = |role, who| Participants::<Test>::get(role, who).unwrap().standing == Standing::Chilled;
                assert_eq!(chilled(Role::Evaluator, DAVE), round == 3);
                assert_eq!(chilled(Role::Inference, NODES[1]), round == 3);
                assert!(!chilled(Role::Evaluator, ALICE) && !chilled(Role::Inference, NODES[0]));
            }
            assert_eq!((RosterSize::<Test>::get(Role::Evaluator), RosterSize::<Test>::get(Role::Inference)), (3, 1));
        });
    }

    #[test]
    fn each_offence_on_record_doubles_the_next_slash() {
        checked(|| {
            let mut bonds = vec![bond_of(Role::Evaluator, DAVE)];
            for _ in 0..3 {
                missed_task();
                bonds.push(bond_of(Role::Evaluator, DAVE));
            }
            // 0.25 %, 0.5 % and 1 % of what is left.
            assert_eq!(bonds, [1_000_000, 997_500, 992_512, 982_586]);
        });
    }

    #[test]
    fn one_outage_with_many_open_seats_is_not_many_offences() {
        checked(|| {
            // given: twelve tasks at once, of which Dave serves none
            let ids: Vec<_> = (0..12).map(|_| submit_for(100, 1)).collect();
            for id in &ids {
                answer(task(*id).responders[0], *id);
            }
            run_to(6);
            for id in &ids {
                for who in [ALICE, BOB, CHARLIE] {
                    commit(who, *id, &[500_000]);
                }
            }
            run_to(12);
            for id in &ids {
                for who in [ALICE, BOB, CHARLIE] {
                    reveal(who, *id);
                }
            }
            // then: one offence at a quarter of a percent. Each other task costs a little above
            // what could be gained by it: the bounty of 100 and four times the seats' 20
            let dave = Participants::<Test>::get(Role::Evaluator, DAVE).unwrap();
            assert_eq!((dave.record, dave.bond), (1, 1_000_000 - 2_500 - 11 * 181));
            assert!(matches!(dave.standing, Standing::Active { .. }));
        });
    }

    #[test]
    fn one_outage_with_many_sealed_scores_is_not_many_offences() {
        checked(|| {
            // given: eight tasks in which Dave has committed before he disappeared
            let ids = tasks_to_commit(8);
            for id in &ids {
                EVALUATORS.iter().for_each(|who| commit(*who, *id, &[500_000; 3]));
                EVALUATORS[..3].iter().for_each(|who| reveal(*who, *id));
            }
            // when: every window is over
            let start = System::block_number();
            run_to(start + 8);
            // then: a tenth once, and not eight times, each twice the one before
            let dave = Participants::<Test>::get(Role::Evaluator, DAVE).unwrap();
            let stake = 10_000 + 4 * 2_000;
            assert_eq!((dave.record, dave.bond), (1, 1_000_000 - 100_000 - 7 * (stake + 1)));
        });
    }

    #[test]
    fn leaving_after_the_draw_makes_an_absence_no_cheaper() {
        checked(|| {
            // given
            missed_task();
            let id = task_to_commit();
            // when: Dave sees his seat and leaves
            assert_ok!(ProofOfQuality::leave(RuntimeOrigin::signed(DAVE), Role::Evaluator));
            EVALUATORS[..3].iter().for_each(|who| commit(*who, id, &[500_000; 3]));
            let start = System::block_number();
            run_to(start + 3);
            EVALUATORS[..3].iter().for_each(|who| reveal(*who, id));
            // then: half a percent, as for any second offence
            let dave = Participants::<Test>::get(Role::Evaluator, DAVE).unwrap();
            assert_eq!((dave.record, dave.bond), (2, 992_512));
        });
    }

    #[test]
    fn an_inference_node_that_is_asked_for_too_much_loses_nothing_but_its_turn() {
        checked(|| {
            let id = submit();
            seal(NODES[0], id);
            run_to(12);
            open(NODES[0], id);
            run_to(14);
            EVALUATORS.iter().for_each(|who| commit(*who, id, &[500_000]));
            EVALUATORS.iter().for_each(|who| reveal(*who, id));
            let missed = Participants::<Test>::get(Role::Inference, NODES[1]).unwrap();
            assert_eq!((missed.bond, missed.record), (5_000, 1));
            assert_eq!(bond_of(Role::Inference, NODES[0]), 5_000);
        });
    }

    #[test]
    fn enough_duties_done_make_an_offence_forgotten() {
        checked(|| {
            // given
            let mut parameters = TestParameters::get();
            parameters.rules.offence.forgiven_after = 2;
            assert_ok!(ProofOfQuality::set_parameters(RuntimeOrigin::root(), parameters));
            let record = || Participants::<Test>::get(Role::Evaluator, DAVE).unwrap().record;
            missed_task();
            missed_task();
            assert_eq!(record(), 2);
            // when, then
            for left in [2, 1, 1, 0] {
                let id = task_to_commit();
                EVALUATORS.iter().for_each(|who| commit(*who, id, &[1; 3]));
                EVALUATORS.iter().for_each(|who| reveal(*who, id));
                assert_eq!(record(), left);
            }
        });
    }

    #[test]
    fn ends_with_activate() {
        checked(|| {
            (0..3).for_each(|_| missed_task());
            assert_ok!(ProofOfQuality::activate(RuntimeOrigin::signed(DAVE), Role::Evaluator));
            assert_eq!(RosterSize::<Test>::get(Role::Evaluator), 4);
            let again = ProofOfQuality::activate(RuntimeOrigin::signed(DAVE), Role::Evaluator);
            assert_noop!(again, Error::<Test>::NotChilled);
        });
    }

    #[test]
    fn a_bond_that_shrank_too_far_chills_until_it_is_filled_up() {
        checked(|| {
            // given: a bond at the minimum, and slashes of half of it
            let mut parameters = TestParameters::get();
            parameters.evaluator_bond = 1_000_000;
            let rates = &mut parameters.rules.offence;
            (rates.absent, rates.withheld, rates.unopenable) =
                (Permill::from_percent(60), Permill::from_percent(60), Permill::from_percent(60));
            assert_ok!(ProofOfQuality::set_parameters(RuntimeOrigin::root(), parameters));
            // when
            missed_task();
            // then
            let role = Role::Evaluator;
            assert_eq!(Participants::<Test>::get(role, DAVE).unwrap().standing, Standing::Chilled);
            let activate = || ProofOfQuality::activate(RuntimeOrigin::signed(DAVE), role);
            assert_noop!(activate(), Error::<Test>::BondTooSmall);
            assert_ok!(ProofOfQuality::add_bond(RuntimeOrigin::signed(DAVE), role, 600_000));
            assert_ok!(activate());
        });
    }
}
