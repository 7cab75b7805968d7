//! How tasks end: consensus, payouts, slashes, refunds. The bounty is 10,000: 2,666 for each of
//! three answers, 500 for each of four seats. The past qualities at the start have a spread of 0.2.

use super::*;

const JUDGE_PART: Balance = 500;
const ANSWER_PART: Balance = 2_666;
/// What an evaluator in agreement with the others earns: all but the margin of 5 %.
const JUDGE_PAY: Balance = 475;
/// What an answer of quality 0.8 without delay earns: 1.1 * 0.8 of its cap, rounded down.
const GOOD_PAY: Balance = 2_346;

/// The outcome of the seat of `who`.
fn seat_outcome(id: TaskId, who: AccountId) -> SeatOutcome<Test> {
    outcome(id).seats.into_iter().find(|seat| seat.account == who).expect("the account had a seat")
}

fn judged(scores: [[u32; 3]; 4]) -> TaskId {
    let id = task_to_commit();
    for (who, scores) in EVALUATORS.iter().zip(&scores) {
        commit(*who, id, scores);
    }
    EVALUATORS.iter().for_each(|who| reveal(*who, id));
    id
}

mod settled {
    use super::*;

    #[test]
    fn with_the_last_reveal() {
        checked(|| {
            let id = judged([[800_000, 100_000, 0]; 4]);
            // Answers in block 1, draw at the end of block 2, here commits and reveals both in
            // block 3.
            assert_eq!(task(id).phase, Phase::Settled { at: 3 });
            assert_eq!(emitted(|event| matches!(event, Event::TaskSettled { .. })), 1);
        });
    }

    #[test]
    fn pays_answers_by_quality_and_evaluators_by_skill() {
        checked(|| {
            let user = free(USER);
            let nodes = NODES.map(free);
            let judges = EVALUATORS.map(free);
            let id =
                judged([[800_000, 100_000, 0], [800_000, 100_000, 0], [800_000, 100_000, 0], [500_000, 100_000, 0]]);
            let outcome = outcome(id);
            let qualities: Vec<_> = outcome.answers.iter().map(|a| a.quality.unwrap().deconstruct()).collect();
            assert_eq!(qualities, [800_000, 100_000, 0]);
            // Below the floor of 0.2 an answer earns nothing.
            assert_eq!(free(NODES[0]) - nodes[0], GOOD_PAY);
            assert_eq!(free(NODES[1]) - nodes[1], 0);
            assert_eq!(free(NODES[2]) - nodes[2], 0);
            assert_eq!(free(ALICE) - judges[0], JUDGE_PAY);
            // Off by 0.3 on one of three answers, 1.5 times the distance of a guess: 1 - 1.5 * 1.5
            // / 3 - 0.05.
            let other = seat_outcome(id, DAVE);
            assert_eq!((other.deviation, other.skill), (Some(Permill::from_percent(10)), Some(200_000)));
            assert_eq!(free(DAVE) - judges[3], 100);
            let spent = GOOD_PAY + 3 * JUDGE_PAY + 100;
            assert_eq!(user - free(USER), spent);
            assert_eq!(outcome.refunded, 10_000 - spent);
        });
    }

    #[test]
    fn a_minority_cannot_move_the_consensus() {
        checked(|| {
            let honest = [800_000, 100_000, 0];
            let id = judged([honest, honest, honest, [0, 1_000_000, 1_000_000]]);
            let qualities: Vec<_> = outcome(id).answers.iter().map(|a| a.quality.unwrap().deconstruct()).collect();
            assert_eq!(qualities, honest);
            let liar = seat_outcome(id, DAVE);
            // Three caps are the most that one task can cost.
            assert_eq!((liar.paid, liar.skill, liar.reputation.dues.debt), (0, Some(-3_000_000), 3 * JUDGE_PART));
        });
    }

    #[test]
    fn frees_all_participants_of_their_duties() {
        checked(|| {
            let id = judged([[1; 3]; 4]);
            assert_eq!(Duties::<Test>::iter().count(), 0);
            assert_eq!(OpenSeats::<Test>::iter().count(), 0);
            assert!(ProofOfQuality::open_work(ALICE).is_empty());
            assert!(ProofOfQuality::outcome(id).is_some());
        });
    }

    #[test]
    fn rounding_dust_goes_back_to_the_user() {
        checked(|| {
            let before = free(USER);
            let id = submit_for(101, 3);
            NODES.iter().for_each(|node| answer(*node, id));
            run_to(3);
            EVALUATORS.iter().for_each(|who| commit(*who, id, &[1_000_000; 3]));
            EVALUATORS.iter().for_each(|who| reveal(*who, id));
            // 20 for the seats: 4 of 5 each. 81 for the answers: 27 each.
            assert_eq!(before - free(USER), 97);
            let id = submit_for(103, 3);
            NODES.iter().for_each(|node| answer(*node, id));
            run_to(5);
            EVALUATORS.iter().for_each(|who| commit(*who, id, &[1_000_000; 3]));
            EVALUATORS.iter().for_each(|who| reveal(*who, id));
            // 83 for the answers: 27 each, 2 of dust.
            assert_eq!(outcome(id).refunded, 6);
        });
    }
}

mod withheld {
    use super::*;

    /// Three of four reveal. Dave has committed and stays silent.
    fn with_a_withheld_seal() -> TaskId {
        let id = task_to_commit();
        EVALUATORS.iter().for_each(|who| commit(*who, id, &[800_000, 100_000, 0]));
        EVALUATORS[..3].iter().for_each(|who| reveal(*who, id));
        id
    }

    #[test]
    fn the_others_settle_after_the_grace_period() {
        checked(|| {
            let id = with_a_withheld_seal();
            run_to(6);
            assert_eq!(task(id).phase, Phase::Settled { at: 6 });
            assert_eq!(outcome(id).answers[0].paid, GOOD_PAY);
        });
    }

    #[test]
    fn is_slashed_and_not_paid_and_the_user_loses_only_what_was_judged() {
        checked(|| {
            let user = free(USER);
            // given: the task is settled, and Dave may still give his key
            let id = with_a_withheld_seal();
            run_to(9);
            let waiting = seat_outcome(id, DAVE);
            assert_eq!((waiting.paid, waiting.offence, waiting.slashed), (0, None, 0));
            assert_ok!(ProofOfQuality::leave(RuntimeOrigin::signed(DAVE), Role::Evaluator));
            assert!(Duties::<Test>::contains_key(DAVE, id), "the duty keeps his bond");
            // when
            next_block();
            // then
            let withheld = seat_outcome(id, DAVE);
            assert_eq!((withheld.paid, withheld.offence), (0, Some(Offence::Withheld)));
            assert!(!Duties::<Test>::contains_key(DAVE, id));
            // 10 % of a million, into the slash pot.
            assert_eq!((withheld.slashed, bond_of(Role::Evaluator, DAVE)), (100_000, 900_000));
            assert_eq!(free(Pot::get()), 100_000);
            let spent = GOOD_PAY + 3 * JUDGE_PAY;
            assert_eq!(user - free(USER), spent);
        });
    }

    #[test]
    fn costs_nothing_if_the_key_comes_before_the_window_is_over() {
        checked(|| {
            // given: the others' quorum has closed the vote
            let id = with_a_withheld_seal();
            let before = Reputations::<Test>::get(DAVE).unwrap();
            run_to(6);
            assert_eq!(task(id).phase, Phase::Settled { at: 6 });
            // when: the key comes in the last block that takes it
            run_to(9);
            reveal(DAVE, id);
            // then: neither paid nor slashed, nothing is left to do, and later blocks change
            // nothing
            assert_eq!(
                emitted(|event| matches!(event, Event::KeyGivenLate { evaluator, .. } if *evaluator == DAVE)),
                1
            );
            run_to(20);
            let late = seat_outcome(id, DAVE);
            assert_eq!((late.paid, late.offence, late.slashed), (0, None, 0));
            assert_eq!(bond_of(Role::Evaluator, DAVE), 1_000_000);
            assert_eq!(Reputations::<Test>::get(DAVE).unwrap(), before);
            assert_eq!(Participants::<Test>::get(Role::Evaluator, DAVE).unwrap().record, 0);
            assert_eq!(KeysDue::<Test>::iter().count(), 0);
        });
    }

    #[test]
    fn takes_no_key_twice_or_after_the_window() {
        checked(|| {
            let id = with_a_withheld_seal();
            let key_of = |who| reveal_call(who, vec![Reveal { task: id, key: seal_key(who, id).0 }]);
            let (daves, alices) = (key_of(DAVE), key_of(ALICE));
            run_to(9);
            assert_ok!(pool(&daves));
            assert_eq!(pool(&alices), refused(Error::NoSeat));
            next_block();
            assert_eq!(pool(&daves), refused(Error::RevealTooLate));
        });
    }

    #[test]
    fn a_late_key_to_garbage_is_slashed() {
        checked(|| {
            let id = task_to_commit();
            let mut garbage = sealed(DAVE, id, &[1; 3]);
            garbage.ciphertext[0] ^= 1;
            include(commit_call(DAVE, vec![Commit { task: id, context: context(DAVE, id), seal: garbage }]));
            EVALUATORS[..3].iter().for_each(|who| commit(*who, id, &[800_000, 100_000, 0]));
            EVALUATORS[..3].iter().for_each(|who| reveal(*who, id));
            run_to(7);
            reveal(DAVE, id);
            let late = seat_outcome(id, DAVE);
            assert_eq!((late.offence, late.slashed), (Some(Offence::Unopenable), 100_000));
        });
    }

    #[test]
    fn costs_more_than_never_committing() {
        let rates = TestParameters::get().rules.offence;
        assert!(rates.withheld > rates.absent);
        checked(|| {
            let id = task_to_commit();
            EVALUATORS[..3].iter().for_each(|who| commit(*who, id, &[1; 3]));
            run_to(6);
            EVALUATORS[..3].iter().for_each(|who| reveal(*who, id));
            let absent = seat_outcome(id, DAVE);
            assert_eq!((absent.offence, absent.slashed), (Some(Offence::Absent), 2_500));
        });
    }
}

mod unopenable {
    use super::*;

    /// Dave commits garbage under a key that fits his commitment.
    fn with_garbage() -> TaskId {
        let id = task_to_commit();
        let mut garbage = sealed(DAVE, id, &[1; 3]);
        garbage.ciphertext[0] ^= 1;
        include(commit_call(DAVE, vec![Commit { task: id, context: context(DAVE, id), seal: garbage }]));
        EVALUATORS[..3].iter().for_each(|who| commit(*who, id, &[800_000, 100_000, 0]));
        id
    }

    #[test]
    fn is_slashed_like_withholding() {
        checked(|| {
            let id = with_garbage();
            EVALUATORS.iter().for_each(|who| reveal(*who, id));
            assert_eq!(task(id).phase, Phase::Settled { at: 3 });
            let garbage = seat_outcome(id, DAVE);
            assert_eq!((garbage.offence, garbage.slashed, garbage.paid), (Some(Offence::Unopenable), 100_000, 0));
            assert_eq!(outcome(id).answers[0].quality, Some(Permill::from_percent(80)));
        });
    }

    #[test]
    fn counts_for_no_quorum() {
        checked(|| {
            let id = with_garbage();
            for who in [DAVE, ALICE, BOB] {
                reveal(who, id);
            }
            run_to(10);
            // Two revealed, but three are needed.
            assert_eq!(task(id).phase, Phase::Expired { at: 10, reason: Expiry::NoQuorum });
        });
    }
}

mod expired {
    use super::*;

    #[test]
    fn without_answers_the_user_gets_everything_back() {
        checked(|| {
            let before = free(USER);
            let id = submit();
            run_to(12);
            assert_eq!(task(id).phase, Phase::Expired { at: 12, reason: Expiry::NoAnswers });
            assert_eq!(free(USER), before);
            assert_eq!(Participants::<Test>::get(Role::Inference, NODES[0]).unwrap().record, 1);
        });
    }

    #[test]
    fn without_enough_commits_absentees_are_slashed_and_the_user_gets_everything_back() {
        checked(|| {
            let before = free(USER);
            let id = task_to_commit();
            commit(ALICE, id, &[1; 3]);
            commit(BOB, id, &[1; 3]);
            run_to(9);
            assert_eq!(task(id).phase, Phase::Expired { at: 9, reason: Expiry::NoQuorum });
            assert_eq!(free(USER), before);
            for who in [CHARLIE, DAVE] {
                assert_eq!(seat_outcome(id, who).offence, Some(Offence::Absent));
            }
            // A seat that committed did all that the chain let it do.
            for who in [ALICE, BOB] {
                assert_eq!((seat_outcome(id, who).offence, seat_outcome(id, who).slashed), (None, 0));
            }
        });
    }

    #[test]
    fn without_enough_reveals_the_revealed_seats_are_paid_and_the_rest_is_refunded() {
        checked(|| {
            let before = free(USER);
            let id = task_to_commit();
            EVALUATORS.iter().for_each(|who| commit(*who, id, &[1; 3]));
            reveal(ALICE, id);
            reveal(BOB, id);
            run_to(10);
            assert_eq!(task(id).phase, Phase::Expired { at: 10, reason: Expiry::NoQuorum });
            assert_eq!(before - free(USER), 2 * JUDGE_PAY);
            assert_eq!(seat_outcome(id, ALICE).paid, JUDGE_PAY);
            assert_eq!(seat_outcome(id, CHARLIE).offence, Some(Offence::Withheld));
            assert!(outcome(id).answers.iter().all(|answer| answer.quality.is_none() && answer.paid == 0));
        });
    }
}

#[test]
fn the_cut_of_the_bounty_is_what_the_tests_above_say() {
    let split = poq_mechanism::payout::split(10_000u64, Permill::from_percent(20), 3, 4);
    assert_eq!((split.responder, split.seat), (ANSWER_PART, JUDGE_PART));
}
