//! Answers of tasks with several answer slots: committed first, and revealed together.

use super::*;
use frame_support::assert_noop;
use poq_mechanism::offence::Offence;

/// A task in which all three nodes have committed.
fn task_to_open() -> TaskId {
    let id = submit();
    NODES.iter().for_each(|node| seal(*node, id));
    id
}

/// Scores what was revealed, with 0.8 for each answer.
fn judge_all(id: TaskId) {
    let scores = vec![800_000; task(id).answers.len()];
    EVALUATORS.iter().for_each(|who| commit(*who, id, &scores));
    EVALUATORS.iter().for_each(|who| reveal(*who, id));
}

fn record(who: AccountId) -> u8 {
    Participants::<Test>::get(Role::Inference, who).expect("it is a node").record
}

mod commit_answer {
    use super::*;

    #[test]
    fn hides_the_text_and_takes_an_answer_slot() {
        checked(|| {
            let id = submit();
            seal(NODES[0], id);
            assert!(ProofOfQuality::answers(id).is_empty());
            let stored = SealedAnswers::<Test>::get(id, NODES[0]).unwrap();
            assert_eq!(stored.ciphertext.len(), says(NODES[0]).len() + 16);
            assert_eq!((task(id).answers.len(), task(id).slots_taken()), (0, 1));
            assert_eq!(emitted(|event| *event == Event::AnswerCommitted { task: id, author: NODES[0] }), 1);
        });
    }

    #[test]
    fn the_last_one_ends_the_phase() {
        checked(|| {
            let id = task_to_open();
            assert_eq!(task(id).phase, Phase::RevealingAnswers { since: 1, until: 7 });
            assert_eq!(emitted(|event| *event == Event::AnswerRevealPhaseStarted { task: id, sealed: 3 }), 1);
        });
    }

    #[test]
    fn so_does_the_deadline() {
        checked(|| {
            let id = submit();
            seal(NODES[0], id);
            run_to(11);
            assert_eq!(task(id).phase, Phase::Answering { until: 11 });
            next_block();
            assert_eq!(task(id).phase, Phase::RevealingAnswers { since: 12, until: 18 });
        });
    }

    #[test]
    fn fails_for_an_unknown_task() {
        checked(|| {
            let id = submit();
            let (context, seal) = (answer_context(NODES[0], id).to_bytes(), sealed_text(NODES[0], id, b"tea"));
            assert_noop!(
                ProofOfQuality::commit_answer(RuntimeOrigin::signed(NODES[0]), 7, context, seal),
                Error::<Test>::UnknownTask
            );
        });
    }

    #[test]
    fn fails_where_one_answer_is_wanted() {
        checked(|| {
            let id = submit_for(100, 1);
            let drawn = task(id).responders[0];
            assert_noop!(try_seal(drawn, id, b"tea"), Error::<Test>::MustSubmitAnswer);
        });
    }

    #[test]
    fn fails_unsealed() {
        checked(|| {
            let id = submit();
            let answer = ProofOfQuality::submit_answer(RuntimeOrigin::signed(NODES[0]), id, text("tea"));
            assert_noop!(answer, Error::<Test>::MustCommitAnswer);
        });
    }

    #[test]
    fn fails_when_empty() {
        checked(|| {
            let id = submit();
            assert_noop!(try_seal(NODES[0], id, b""), Error::<Test>::EmptyAnswer);
            let context = answer_context(NODES[0], id).to_bytes();
            let nothing = Seal { ciphertext: BoundedVec::default(), ..sealed_text(NODES[0], id, b"") };
            assert_noop!(
                ProofOfQuality::commit_answer(RuntimeOrigin::signed(NODES[0]), id, context, nothing),
                Error::<Test>::EmptyAnswer
            );
        });
    }

    #[test]
    fn fails_twice() {
        checked(|| {
            let id = submit();
            seal(NODES[0], id);
            assert_noop!(try_seal(NODES[0], id, b"another"), Error::<Test>::AlreadyAnswered);
        });
    }

    #[test]
    fn fails_for_the_submitter() {
        checked(|| {
            let id = submit();
            assert_noop!(try_seal(USER, id, b"tea"), Error::<Test>::OwnTask);
        });
    }

    #[test]
    fn fails_after_the_deadline_and_when_closed_early() {
        checked(|| {
            let id = submit();
            seal(NODES[0], id);
            run_to(12);
            assert_noop!(try_seal(NODES[1], id, b"late"), Error::<Test>::AnswersClosed);
            let closed = task_to_open();
            assert_noop!(try_seal(STRANGER, closed, b"more"), Error::<Test>::AnswersClosed);
        });
    }

    #[test]
    fn fails_with_the_seal_for_another_prompt() {
        checked(|| {
            let id = submit();
            let context = answer_context(NODES[0], id).to_bytes();
            let seal = sealed_text(NODES[0], id, b"tea");
            // The same number stands for another task on this fork.
            Tasks::<Test>::mutate(id, |task| task.as_mut().unwrap().prompt = [1; 32]);
            assert_noop!(
                ProofOfQuality::commit_answer(RuntimeOrigin::signed(NODES[0]), id, context, seal),
                Error::<Test>::WrongContext
            );
        });
    }

    #[test]
    fn fails_with_the_seal_of_another_author() {
        checked(|| {
            let id = submit();
            let context = answer_context(NODES[0], id).to_bytes();
            let seal = sealed_text(NODES[0], id, b"tea");
            assert_noop!(
                ProofOfQuality::commit_answer(RuntimeOrigin::signed(NODES[1]), id, context, seal),
                Error::<Test>::WrongContext
            );
        });
    }

    #[test]
    fn no_one_steps_in_before_the_second_half_or_without_a_bond() {
        checked(|| {
            let id = submit_for(100, 2);
            let others: Vec<_> = NODES.into_iter().filter(|node| !task(id).responders.contains(node)).collect();
            run_to(6);
            assert_noop!(try_seal(others[0], id, b"tea"), Error::<Test>::NotDrawn);
            next_block();
            assert_noop!(try_seal(STRANGER, id, b"tea"), Error::<Test>::NotDrawn);
            assert_ok!(try_seal(others[0], id, b"tea"));
        });
    }

    #[test]
    fn fails_if_all_answer_slots_are_taken() {
        checked(|| {
            let id = submit_for(100, 2);
            let drawn = task(id).responders.to_vec();
            let other = NODES.into_iter().find(|node| !drawn.contains(node)).unwrap();
            run_to(7);
            seal(drawn[0], id);
            seal(other, id);
            assert_noop!(try_seal(drawn[1], id, b"tea"), Error::<Test>::AnswersClosed);
        });
    }
}

mod reveal_answer {
    use super::*;

    #[test]
    fn makes_the_text_readable_with_the_block_of_the_seal() {
        checked(|| {
            let id = submit();
            next_block();
            NODES.iter().for_each(|node| seal(*node, id));
            next_block();
            open(NODES[1], id);
            let answers = ProofOfQuality::answers(id);
            assert_eq!((answers.len(), answers[0].author, answers[0].at), (1, NODES[1], 2));
            assert_eq!(answers[0].text, says(NODES[1]).as_bytes());
            assert!(SealedAnswers::<Test>::get(id, NODES[1]).is_none());
            assert_eq!(emitted(|event| *event == Event::AnswerRevealed { task: id, index: 0, author: NODES[1] }), 1);
        });
    }

    #[test]
    fn takes_any_bytes() {
        checked(|| {
            let id = submit();
            assert_ok!(try_seal(NODES[0], id, &[0xff; 16 * 1024]));
            assert_ok!(try_seal(NODES[1], id, &[0]));
            seal(NODES[2], id);
            open(NODES[0], id);
            open(NODES[1], id);
            let lengths: Vec<_> = ProofOfQuality::answers(id).iter().map(|answer| answer.text.len()).collect();
            assert_eq!(lengths, [16 * 1024, 1]);
        });
    }

    #[test]
    fn the_last_one_closes_the_answers() {
        checked(|| {
            let id = task_to_open();
            next_block();
            NODES.iter().for_each(|node| open(*node, id));
            assert_eq!(task(id).phase, Phase::RevealingAnswers { since: 1, until: 2 });
            next_block();
            assert_eq!(task(id).phase, Phase::Drawing);
        });
    }

    #[test]
    fn two_may_have_had_the_same_idea() {
        checked(|| {
            let id = submit();
            for node in NODES {
                assert_ok!(try_seal(node, id, b"a drink"));
            }
            NODES.iter().for_each(|node| open(*node, id));
            assert_eq!(ProofOfQuality::answers(id).len(), 3);
        });
    }

    #[test]
    fn is_free_and_goes_first() {
        use frame_support::dispatch::{DispatchClass, GetDispatchInfo, Pays};
        checked(|| {
            let id = task_to_open();
            let call = Call::<Test>::reveal_answer { task: id, key: answer_key(NODES[0]) };
            assert_eq!(call.get_dispatch_info().class, DispatchClass::Operational);
            let done = RuntimeCall::ProofOfQuality(call).dispatch(RuntimeOrigin::signed(NODES[0]));
            assert_eq!(done.map(|info| info.pays_fee), Ok(Pays::No));
            let wrong = Call::<Test>::reveal_answer { task: id, key: SealKey([0; 32]) };
            let done = RuntimeCall::ProofOfQuality(wrong).dispatch(RuntimeOrigin::signed(NODES[1]));
            assert_eq!(done.unwrap_err().post_info.pays_fee, Pays::Yes);
        });
    }

    #[test]
    fn fails_before_all_have_committed() {
        checked(|| {
            let id = submit();
            seal(NODES[0], id);
            assert_noop!(try_open(NODES[0], id), Error::<Test>::AnswerRevealTooEarly);
        });
    }

    #[test]
    fn fails_after_the_deadline() {
        checked(|| {
            let id = task_to_open();
            run_to(7);
            open(NODES[0], id);
            next_block();
            assert_noop!(try_open(NODES[1], id), Error::<Test>::AnswerRevealTooLate);
        });
    }

    #[test]
    fn fails_if_nothing_was_committed() {
        checked(|| {
            let id = submit();
            seal(NODES[0], id);
            run_to(12);
            assert_noop!(try_open(NODES[1], id), Error::<Test>::NoCommittedAnswer);
            let plain = submit_for(100, 1);
            let drawn = task(plain).responders[0];
            answer(drawn, plain);
            next_block();
            assert_noop!(try_open(drawn, plain), Error::<Test>::AnswerRevealTooLate);
            assert_noop!(try_open(drawn, 99), Error::<Test>::UnknownTask);
        });
    }

    #[test]
    fn fails_twice() {
        checked(|| {
            let id = task_to_open();
            open(NODES[0], id);
            assert_noop!(try_open(NODES[0], id), Error::<Test>::NoCommittedAnswer);
        });
    }

    #[test]
    fn fails_with_another_key_and_the_right_one_may_still_come() {
        checked(|| {
            let id = task_to_open();
            let wrong = ProofOfQuality::reveal_answer(RuntimeOrigin::signed(NODES[0]), id, SealKey([0; 32]));
            assert_noop!(wrong, Error::<Test>::WrongKey);
            open(NODES[0], id);
        });
    }

    #[test]
    fn a_copied_seal_opens_to_nothing() {
        checked(|| {
            // The copier hides the other's ciphertext under its own commitment.
            let id = submit();
            let theirs = sealed_text(NODES[0], id, b"tea");
            let context = answer_context(NODES[1], id);
            let copy = Seal { commitment: answer_key(NODES[1]).commitment(&context), ..theirs };
            assert_ok!(ProofOfQuality::commit_answer(RuntimeOrigin::signed(NODES[1]), id, context.to_bytes(), copy));
            seal(NODES[0], id);
            seal(NODES[2], id);
            open(NODES[1], id);
            assert!(task(id).answers.is_empty());
            assert_eq!(emitted(|event| *event == Event::AnswerUnopenable { task: id, author: NODES[1] }), 1);
            assert_noop!(try_open(NODES[1], id), Error::<Test>::AlreadyRevealed);
        });
    }
}

mod answers_that_are_not_opened {
    use super::*;

    #[test]
    fn of_one_outage_do_not_take_the_whole_bond() {
        checked(|| {
            let ids: Vec<_> = (0..6).map(|_| task_to_open()).collect();
            for id in &ids {
                open(NODES[0], *id);
                open(NODES[2], *id);
            }
            run_to(10);
            ids.iter().for_each(|id| judge_all(*id));
            // Six times a tenth of what was left, and no more for those that came later.
            assert_eq!(bond_of(Role::Inference, NODES[1]), 2_656);
        });
    }

    #[test]
    fn are_not_judged_and_cost_their_author() {
        checked(|| {
            let id = task_to_open();
            open(NODES[0], id);
            open(NODES[2], id);
            run_to(10);
            assert_eq!(task(id).answers.len(), 2);
            judge_all(id);
            let outcome = outcome(id);
            assert_eq!(outcome.answers.iter().map(|answer| answer.author).collect::<Vec<_>>(), [NODES[0], NODES[2]]);
            // A tenth of the bond of 5,000.
            let unrevealed = UnrevealedAnswer { author: NODES[1], offence: Offence::Withheld, slashed: 500 };
            assert_eq!(outcome.unrevealed.to_vec(), [unrevealed]);
            assert_eq!((bond_of(Role::Inference, NODES[1]), record(NODES[1])), (4_500, 1));
            assert_eq!((bond_of(Role::Inference, NODES[0]), record(NODES[0])), (5_000, 0));
        });
    }

    #[test]
    fn cost_as_much_if_the_seal_holds_none() {
        checked(|| {
            let id = submit();
            let context = answer_context(NODES[1], id).to_bytes();
            let mut broken = sealed_text(NODES[1], id, b"tea");
            broken.ciphertext[0] ^= 1;
            assert_ok!(ProofOfQuality::commit_answer(RuntimeOrigin::signed(NODES[1]), id, context, broken));
            seal(NODES[0], id);
            seal(NODES[2], id);
            NODES.iter().for_each(|node| open(*node, id));
            next_block();
            next_block();
            judge_all(id);
            let unrevealed = UnrevealedAnswer { author: NODES[1], offence: Offence::Unopenable, slashed: 500 };
            assert_eq!(outcome(id).unrevealed.to_vec(), [unrevealed]);
        });
    }

    #[test]
    fn end_the_task_if_there_are_no_others() {
        checked(|| {
            let id = submit();
            seal(NODES[0], id);
            run_to(19);
            assert!(matches!(task(id).phase, Phase::Expired { reason: Expiry::NoAnswers, .. }));
            assert_eq!(outcome(id).refunded, 10_000);
            assert_eq!(outcome(id).unrevealed.len(), 1);
            // The others only missed a task.
            assert_eq!((record(NODES[0]), bond_of(Role::Inference, NODES[0])), (1, 4_500));
            assert_eq!((record(NODES[1]), bond_of(Role::Inference, NODES[1])), (1, 5_000));
        });
    }

    #[test]
    fn leave_nothing_behind_when_the_task_is_pruned() {
        checked(|| {
            let id = submit();
            seal(NODES[0], id);
            run_to(75);
            assert!(Tasks::<Test>::get(id).is_none());
            assert_eq!(SealedAnswers::<Test>::iter().count(), 0);
        });
    }

    #[test]
    fn chill_an_author_that_does_it_again_and_again() {
        checked(|| {
            for _ in 0..3 {
                let id = submit();
                NODES.iter().for_each(|node| seal(*node, id));
                open(NODES[0], id);
                open(NODES[2], id);
                let start = System::block_number();
                run_to(start + 9);
                judge_all(id);
                next_block();
            }
            // A tenth of what was left, each time.
            assert_eq!(bond_of(Role::Inference, NODES[1]), 3_645);
            let standing = Participants::<Test>::get(Role::Inference, NODES[1]).unwrap().standing;
            assert_eq!(standing, Standing::Chilled);
        });
    }
}

mod who_sealed {
    use super::*;

    #[test]
    fn gets_no_seat_even_if_it_never_reveals() {
        checked(|| {
            // An evaluator that was not drawn to answer, and takes a free answer slot.
            let id = submit_for(100, 2);
            assert_ok!(ProofOfQuality::join_inference(RuntimeOrigin::signed(ALICE), 5_000));
            run_to(7);
            let honest = task(id).responders[0];
            seal(honest, id);
            seal(ALICE, id);
            open(honest, id);
            run_to(16);
            assert!(matches!(task(id).phase, Phase::Committing { .. }));
            assert!(Seats::<Test>::iter_prefix(id).all(|(_, seat)| seat.account != ALICE));
        });
    }

    #[test]
    fn cannot_take_its_bond_home_before_the_task_ends() {
        checked(|| {
            let id = submit();
            seal(NODES[0], id);
            assert_ok!(ProofOfQuality::leave(RuntimeOrigin::signed(NODES[0]), Role::Inference));
            // The time is long enough, but the task is open.
            CurrentParameters::<Test>::mutate(|parameters| parameters.unbonding = 0);
            Participants::<Test>::mutate(Role::Inference, NODES[0], |participant| {
                participant.as_mut().unwrap().standing = Standing::Leaving { until: 1 };
            });
            let home = ProofOfQuality::withdraw_bond(RuntimeOrigin::signed(NODES[0]), Role::Inference);
            assert_noop!(home, Error::<Test>::DutiesOpen);
        });
    }
}
