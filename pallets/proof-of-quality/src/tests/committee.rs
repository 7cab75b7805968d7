//! Drawing the committee.

use super::*;

#[test]
fn is_drawn_at_the_end_of_the_block_after_the_last_answer() {
    checked(|| {
        let id = submit();
        NODES.iter().for_each(|node| answer(*node, id));
        assert_eq!(System::block_number(), 1);
        next_block();
        // Block 2 is under way: its randomness is not out yet.
        assert_eq!(task(id).phase, Phase::Drawing);
        assert_eq!(Seats::<Test>::iter_prefix(id).count(), 0);
        next_block();
        // Drawn at the end of block 2, so the workers of block 2 saw it.
        assert_eq!(task(id).phase, Phase::Committing { until: 8 });
        assert_eq!(task(id).seats, 4);
    });
}

#[test]
fn is_drawn_after_the_deadline_when_answers_are_missing() {
    checked(|| {
        let id = submit();
        seal(NODES[0], id);
        run_to(12);
        open(NODES[0], id);
        next_block();
        assert_eq!(task(id).phase, Phase::Drawing);
        next_block();
        assert_eq!(task(id).phase, Phase::Committing { until: 19 });
    });
}

#[test]
fn is_drawn_once_where_an_old_deadline_comes_in_the_same_block() {
    checked(|| {
        // given: answers that close one block before their deadline, and an agenda that is behind
        let id = submit();
        run_to(10);
        NODES.iter().for_each(|node| answer(*node, id));
        assert_eq!(task(id).phase, Phase::RevealingAnswers { since: 10, until: 10 });
        System::set_block_number(11);
        System::set_block_number(12);
        // when: both entries are worked off in one block
        use frame_support::traits::Hooks;
        ProofOfQuality::on_poll(12, &mut frame_support::weights::WeightMeter::new());
        // then
        assert_eq!(DrawQueue::<Test>::get().to_vec(), [id]);
        next_block();
        let drawn = |event: &Event<Test>| matches!(event, Event::CommitteeDrawn { task, .. } if *task == id);
        assert_eq!(emitted(drawn), 1);
    });
}

#[test]
fn freezes_accounts_and_keys() {
    checked(|| {
        let id = task_to_commit();
        let mut accounts: Vec<_> = Seats::<Test>::iter_prefix_values(id).map(|seat| seat.account).collect();
        accounts.sort();
        assert_eq!(accounts, EVALUATORS);
        for who in EVALUATORS {
            let (index, seat) = seat_of(who, id);
            assert_eq!(seat.key, key(who));
            assert_eq!(OpenSeats::<Test>::get(key(who), id), Some(index));
            let work = ProofOfQuality::open_work(who);
            assert_eq!((work[0].task, work[0].duty), (id, Duty::Judge { seat: index }));
        }
    });
}

#[test]
fn follows_from_the_seed_in_the_event() {
    checked(|| {
        let id = task_to_commit();
        let (seed, committee) = System::events()
            .into_iter()
            .find_map(|record| match record.event {
                RuntimeEvent::ProofOfQuality(Event::CommitteeDrawn { task, seed, committee }) if task == id => {
                    Some((seed, committee))
                }
                _ => None,
            })
            .unwrap();
        // All evaluators have neutral trust, and bonds that are large enough. The chance is one in
        // two, because the maximum of trust is two.
        let again: Vec<_> = poq_mechanism::draw::seated(seed, 4, 4, 64, |_| Some(500_000))
            .into_iter()
            .map(|index| Roster::<Test>::get(Role::Evaluator, index).unwrap())
            .collect();
        assert_eq!(committee, again);
    });
}

#[test]
fn seats_no_party_of_the_task() {
    checked(|| {
        // given: one evaluator asks, another one is also an inference node
        assert_ok!(ProofOfQuality::join_inference(RuntimeOrigin::signed(BOB), 500));
        let id = TaskCount::<Test>::get();
        assert_ok!(ProofOfQuality::submit_task(RuntimeOrigin::signed(ALICE), text("?"), 100, options(4)));
        // when
        run_to(12);
        assert_eq!(task(id).phase, Phase::Expired { at: 12, reason: Expiry::NoAnswers });
        let id = TaskCount::<Test>::get();
        assert_ok!(ProofOfQuality::submit_task(RuntimeOrigin::signed(ALICE), text("?"), 100, options(4)));
        seal(BOB, id);
        run_to(23);
        open(BOB, id);
        run_to(25);
        // then
        let mut accounts: Vec<_> = Seats::<Test>::iter_prefix_values(id).map(|seat| seat.account).collect();
        accounts.sort();
        assert_eq!(accounts, [CHARLIE, DAVE]);
    });
}

#[test]
fn waits_for_a_block_with_randomness() {
    checked(|| {
        let id = submit();
        NODES.iter().for_each(|node| answer(*node, id));
        Seed::set(None);
        run_to(5);
        assert_eq!(task(id).phase, Phase::Drawing);
        Seed::set(Some(sp_core::H256([2; 32])));
        next_block();
        assert!(matches!(task(id).phase, Phase::Committing { .. }));
    });
}

#[test]
fn gives_up_when_there_is_no_randomness_for_long() {
    checked(|| {
        let before = free(USER);
        let id = submit();
        NODES.iter().for_each(|node| answer(*node, id));
        Seed::set(None);
        // Submitted in block 1. The windows for answers, keys and commits are 10, 6 and 6 blocks.
        run_to(24);
        assert_eq!(task(id).phase, Phase::Drawing);
        next_block();
        assert_eq!(task(id).phase, Phase::Expired { at: 24, reason: Expiry::NoCommittee });
        assert_eq!(free(USER), before);
    });
}

#[test]
fn draws_no_more_in_a_block_than_allowed_and_the_rest_in_the_next() {
    checked(|| {
        // given: MaxDraws is 4
        let ids: Vec<_> = (0..6).map(|_| submit_for(100, 1)).collect();
        for id in &ids {
            answer(task(*id).responders[0], *id);
        }
        let drawing = |ids: &[TaskId]| ids.iter().filter(|id| task(**id).phase == Phase::Drawing).count();
        // when
        next_block();
        assert_eq!((DrawQueue::<Test>::get().len(), drawing(&ids)), (4, 6));
        next_block();
        assert_eq!((DrawQueue::<Test>::get().len(), drawing(&ids)), (2, 2));
        next_block();
        // then
        assert_eq!((DrawQueue::<Test>::get().len(), drawing(&ids)), (0, 0));
    });
}

#[test]
fn a_task_without_enough_evaluators_is_refunded() {
    checked(|| {
        for who in EVALUATORS {
            assert_ok!(ProofOfQuality::leave(RuntimeOrigin::signed(who), Role::Evaluator));
        }
        let before = free(USER);
        let id = submit();
        NODES.iter().for_each(|node| answer(*node, id));
        run_to(3);
        assert_eq!(task(id).phase, Phase::Expired { at: 2, reason: Expiry::NoCommittee });
        assert_eq!(free(USER), before);
        assert_eq!(outcome(id).refunded, 10_000);
    });
}
