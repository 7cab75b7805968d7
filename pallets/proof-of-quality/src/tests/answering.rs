//! Answering a task with one answer slot, and what holds for all answers. Sealed answers are in
//! `sealing`.

use super::*;
use frame_support::assert_noop;

fn try_answer(who: AccountId, id: TaskId, answer: &str) -> frame_support::dispatch::DispatchResult {
    ProofOfQuality::submit_answer(RuntimeOrigin::signed(who), id, text(answer))
}

/// A task for one of the nodes, and that node.
fn task_for_one() -> (TaskId, AccountId) {
    let id = submit_for(100, 1);
    (id, task(id).responders[0])
}

#[test]
fn keeps_the_answer_and_the_block_it_came_in() {
    checked(|| {
        let (id, drawn) = task_for_one();
        next_block();
        answer(drawn, id);
        let answers = ProofOfQuality::answers(id);
        assert_eq!(answers.len(), 1);
        assert_eq!((answers[0].author, answers[0].at), (drawn, 2));
        assert_eq!(answers[0].text, says(drawn).as_bytes());
    });
}

#[test]
fn takes_any_bytes() {
    checked(|| {
        for bytes in [vec![0xff; 16 * 1024], vec![0]] {
            let (id, drawn) = task_for_one();
            let answer = BoundedVec::try_from(bytes).unwrap();
            assert_ok!(ProofOfQuality::submit_answer(RuntimeOrigin::signed(drawn), id, answer));
        }
    });
}

#[test]
fn closes_with_the_answer() {
    checked(|| {
        let (id, drawn) = task_for_one();
        answer(drawn, id);
        assert_eq!(task(id).phase, Phase::Answering { until: 1 });
        next_block();
        assert_eq!(task(id).phase, Phase::Drawing);
    });
}

#[test]
fn fails_for_an_unknown_task() {
    checked(|| {
        assert_noop!(try_answer(NODES[0], 7, "!"), Error::<Test>::UnknownTask);
    });
}

#[test]
fn fails_when_empty() {
    checked(|| {
        let (id, drawn) = task_for_one();
        assert_noop!(try_answer(drawn, id, ""), Error::<Test>::EmptyAnswer);
    });
}

#[test]
fn fails_twice() {
    checked(|| {
        let (id, drawn) = task_for_one();
        answer(drawn, id);
        assert_noop!(try_answer(drawn, id, "another"), Error::<Test>::AlreadyAnswered);
    });
}

#[test]
fn fails_for_the_submitter() {
    checked(|| {
        let (id, _) = task_for_one();
        assert_noop!(try_answer(USER, id, "!"), Error::<Test>::OwnTask);
    });
}

#[test]
fn works_in_the_last_block_and_fails_after_it() {
    checked(|| {
        let ((first, drawn), (second, other)) = (task_for_one(), task_for_one());
        run_to(11);
        assert_ok!(try_answer(drawn, first, "in the last block"));
        next_block();
        assert_noop!(try_answer(other, second, "late"), Error::<Test>::AnswersClosed);
    });
}

#[test]
fn fails_when_closed_early() {
    checked(|| {
        let (id, drawn) = task_for_one();
        answer(drawn, id);
        next_block();
        assert_noop!(try_answer(drawn, id, "more"), Error::<Test>::AnswersClosed);
    });
}

mod stepping_in {
    use super::*;

    /// A task for one of the nodes, and the two that were not drawn.
    fn task_for_one() -> (TaskId, AccountId, Vec<AccountId>) {
        let (id, drawn) = super::task_for_one();
        (id, drawn, NODES.into_iter().filter(|node| *node != drawn).collect())
    }

    #[test]
    fn fails_in_the_first_half() {
        checked(|| {
            let (id, _, others) = task_for_one();
            run_to(6);
            assert_noop!(try_answer(others[0], id, "!"), Error::<Test>::NotDrawn);
        });
    }

    #[test]
    fn works_in_the_second_half() {
        checked(|| {
            let (id, drawn, others) = task_for_one();
            run_to(7);
            assert_ok!(try_answer(others[0], id, "!"));
            // The only answer slot is taken.
            assert_noop!(try_answer(drawn, id, "too late"), Error::<Test>::AnswersFull);
        });
    }

    #[test]
    fn fails_without_a_bond() {
        checked(|| {
            let (id, ..) = task_for_one();
            run_to(7);
            assert_noop!(try_answer(STRANGER, id, "!"), Error::<Test>::NotDrawn);
        });
    }

    #[test]
    fn a_responder_is_not_to_blame_if_its_answer_slot_was_taken() {
        checked(|| {
            let (id, drawn, others) = task_for_one();
            run_to(7);
            assert_ok!(try_answer(others[0], id, "!"));
            run_to(9);
            EVALUATORS.iter().for_each(|who| commit(*who, id, &[500_000]));
            EVALUATORS.iter().for_each(|who| reveal(*who, id));
            assert_eq!(Participants::<Test>::get(Role::Inference, drawn).unwrap().record, 0);
            assert_eq!(Participants::<Test>::get(Role::Inference, others[0]).unwrap().record, 0);
            assert_eq!(outcome(id).answers[0].author, others[0]);
        });
    }
}
