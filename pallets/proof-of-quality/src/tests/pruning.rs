//! Deadlines and pruning: nothing stays for ever, and nothing is done beyond the weight of the
//! block.

use super::*;
use frame_support::{traits::Hooks, weights::WeightMeter};

#[test]
fn an_ended_task_stays_for_its_retention_and_not_longer() {
    checked(|| {
        let id = task_to_commit();
        EVALUATORS.iter().for_each(|who| commit(*who, id, &[1; 3]));
        EVALUATORS.iter().for_each(|who| reveal(*who, id));
        run_to(52);
        assert!(Tasks::<Test>::contains_key(id) && Outcomes::<Test>::contains_key(id));
        next_block();
        assert!(!Tasks::<Test>::contains_key(id) && !Outcomes::<Test>::contains_key(id));
        assert_eq!(
            Prompts::<Test>::iter().count() + Answers::<Test>::iter().count() + Seats::<Test>::iter().count(),
            0
        );
        assert_eq!(emitted(|event| *event == Event::TaskPruned { task: id }), 1);
    });
}

#[test]
fn nothing_is_left_on_the_agenda_when_all_is_done() {
    checked(|| {
        task_to_commit();
        submit();
        run_to(100);
        assert_eq!(Agenda::<Test>::iter().count(), 0);
        assert_eq!(Tasks::<Test>::iter().count(), 0);
    });
}

#[test]
fn what_does_not_fit_into_a_block_is_done_in_the_next() {
    checked(|| {
        // given: five tasks that expire in block 12
        let ids: Vec<_> = (0..5).map(|_| submit_for(100, 1)).collect();
        run_to(11);
        System::set_block_number(12);
        // when: the weight allows two looks and two steps (half of what is left is for the agenda)
        let step = <Test as Config>::WeightInfo::agenda_step();
        let look = <Test as Config>::WeightInfo::look_at_agenda();
        let mut meter = WeightMeter::with_limit((look * 2 + step * 2) * 2);
        ProofOfQuality::on_poll(12, &mut meter);
        // then
        let ended = |ids: &[TaskId]| ids.iter().filter(|id| task(**id).phase.has_ended()).count();
        assert_eq!(ended(&ids), 2);
        assert_eq!(meter.consumed(), look * 2 + step * 2);
        next_block();
        assert_eq!(ended(&ids), 5);
    });
}

#[test]
fn a_block_without_weight_loses_nothing() {
    checked(|| {
        let id = submit();
        run_to(11);
        System::set_block_number(12);
        ProofOfQuality::on_poll(12, &mut WeightMeter::with_limit(frame_support::weights::Weight::zero()));
        assert!(!task(id).phase.has_ended());
        next_block();
        assert!(task(id).phase.has_ended());
    });
}
