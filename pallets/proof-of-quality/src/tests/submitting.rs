//! Submitting a task.

use super::*;
use frame_support::{assert_noop, traits::fungible::hold::Inspect};

#[test]
fn holds_the_bounty_and_draws_responders() {
    checked(|| {
        // given
        let before = free(USER);
        // when
        let id = submit();
        // then
        assert_eq!(free(USER), before - 10_000);
        assert_eq!(Balances::balance_on_hold(&HoldReason::Bounty.into(), &USER), 10_000);
        let mut drawn = task(id).responders.to_vec();
        drawn.sort();
        assert_eq!(drawn, NODES);
        assert_eq!(Prompts::<Test>::get(id).unwrap().as_slice(), b"What is tea?");
        assert_eq!(ProofOfQuality::open_work(NODES[0]).len(), 1);
        System::assert_last_event(
            Event::TaskSubmitted {
                task: id,
                submitter: USER,
                bounty: 10_000,
                responders: task(id).responders.to_vec(),
            }
            .into(),
        );
    });
}

#[test]
fn draws_as_many_as_are_wanted_and_active() {
    checked(|| {
        assert_eq!(task(submit_for(100, 2)).responders.len(), 2);
        assert_eq!(task(submit_for(100, 4)).responders.len(), 3);
    });
}

#[test]
fn never_draws_the_submitter() {
    checked(|| {
        for _ in 0..20 {
            let id = TaskCount::<Test>::get();
            let asks = RuntimeOrigin::signed(NODES[1]);
            assert_ok!(ProofOfQuality::submit_task(asks, text("?"), 100, options(3)));
            assert!(!task(id).responders.contains(&NODES[1]));
        }
    });
}

#[test]
fn a_task_keeps_the_parameters_it_started_with() {
    checked(|| {
        let id = submit();
        let mut parameters = TestParameters::get();
        parameters.committee_size = 2;
        assert_ok!(ProofOfQuality::set_parameters(RuntimeOrigin::root(), parameters.clone()));
        assert_eq!(task(id).parameters, TestParameters::get());
        assert_eq!(task(submit()).parameters, parameters);
    });
}

#[test]
fn works_without_randomness() {
    checked(|| {
        Seed::set(None);
        assert_eq!(task(submit()).responders.len(), 3);
    });
}

#[test]
fn fails_with_an_empty_prompt() {
    checked(|| {
        assert_noop!(
            ProofOfQuality::submit_task(RuntimeOrigin::signed(USER), text(""), 100, options(1)),
            Error::<Test>::EmptyPrompt
        );
    });
}

#[test]
fn fails_below_the_smallest_bounty() {
    checked(|| {
        assert_noop!(
            ProofOfQuality::submit_task(RuntimeOrigin::signed(USER), text("?"), 99, options(1)),
            Error::<Test>::BountyTooSmall
        );
        submit_for(100, 1);
    });
}

#[test]
fn fails_with_no_or_too_many_responders() {
    checked(|| {
        for responders in [0, 5, u32::MAX] {
            assert_noop!(
                ProofOfQuality::submit_task(RuntimeOrigin::signed(USER), text("?"), 100, options(responders)),
                Error::<Test>::BadResponderCount
            );
        }
    });
}

#[test]
fn fails_when_it_insists_on_another_model() {
    checked(|| {
        let insist = |model| TaskOptions { responders: 1, model: Some(model) };
        assert_noop!(
            ProofOfQuality::submit_task(RuntimeOrigin::signed(USER), text("?"), 100, insist([8; 32])),
            Error::<Test>::UnknownModel
        );
        assert_ok!(ProofOfQuality::submit_task(RuntimeOrigin::signed(USER), text("?"), 100, insist(MODEL)));
    });
}

#[test]
fn fails_above_the_largest_bounty() {
    checked(|| {
        assert_noop!(
            ProofOfQuality::submit_task(RuntimeOrigin::signed(USER), text("?"), 10_001, options(1)),
            Error::<Test>::BountyTooLarge
        );
    });
}

#[test]
fn fails_without_the_money() {
    checked(|| {
        assert_noop!(
            ProofOfQuality::submit_task(RuntimeOrigin::signed(PENNILESS), text("?"), 100, options(1)),
            sp_runtime::TokenError::FundsUnavailable
        );
    });
}

#[test]
fn fails_if_no_inference_node_is_active() {
    checked(|| {
        for node in NODES {
            assert_ok!(ProofOfQuality::leave(RuntimeOrigin::signed(node), Role::Inference));
        }
        assert_noop!(
            ProofOfQuality::submit_task(RuntimeOrigin::signed(USER), text("?"), 100, options(1)),
            Error::<Test>::NoInferenceNodes
        );
    });
}

#[test]
fn takes_the_longest_prompt() {
    checked(|| {
        let prompt = BoundedVec::try_from(vec![0xff; 16 * 1024]).unwrap();
        assert_ok!(ProofOfQuality::submit_task(RuntimeOrigin::signed(USER), prompt, 100, options(1)));
    });
}
