//! Governance sets the parameters, and the pallet checks them as a whole.

use super::*;
use frame_support::assert_noop;

fn set(change: impl FnOnce(&mut ParametersOf<Test>)) -> frame_support::dispatch::DispatchResult {
    let mut parameters = TestParameters::get();
    change(&mut parameters);
    ProofOfQuality::set_parameters(RuntimeOrigin::root(), parameters)
}

#[test]
fn are_set_by_governance_only() {
    checked(|| {
        assert_ok!(set(|p| p.committee_size = 3));
        assert_eq!(ProofOfQuality::parameters().committee_size, 3);
        let by_user = ProofOfQuality::set_parameters(RuntimeOrigin::signed(USER), TestParameters::get());
        assert_noop!(by_user, sp_runtime::DispatchError::BadOrigin);
    });
}

#[test]
fn fail_with_a_committee_that_cannot_be() {
    checked(|| {
        assert_noop!(set(|p| p.committee_size = 0), Error::<Test>::BadCommitteeSize);
        assert_noop!(set(|p| p.committee_size = 9), Error::<Test>::BadCommitteeSize);
        assert_noop!(set(|p| p.min_committee = 0), Error::<Test>::BadCommitteeSize);
        assert_noop!(set(|p| p.min_committee = 5), Error::<Test>::BadCommitteeSize);
    });
}

#[test]
fn fail_with_a_quorum_of_half_or_less() {
    checked(|| {
        assert_noop!(set(|p| p.quorum = Permill::from_percent(50)), Error::<Test>::BadQuorum);
        assert_ok!(set(|p| p.quorum = Permill::one()));
    });
}

#[test]
fn fail_without_time_to_act() {
    checked(|| {
        assert_noop!(set(|p| p.answer_window = 0), Error::<Test>::BadWindow);
        assert_noop!(set(|p| p.commit_window = 0), Error::<Test>::BadWindow);
        assert_noop!(set(|p| p.reveal_window = 0), Error::<Test>::BadWindow);
        assert_noop!(set(|p| p.grace = 0), Error::<Test>::BadWindow);
        assert_noop!(set(|p| p.retention = 0), Error::<Test>::BadWindow);
        assert_noop!(set(|p| p.reveal_depth = 0), Error::<Test>::BadWindow);
        assert_noop!(set(|p| p.reveal_depth = p.reveal_window + 1), Error::<Test>::BadWindow);
    });
}

#[test]
fn fail_with_rules_that_cannot_stand() {
    checked(|| {
        assert_noop!(set(|p| p.rules.offence.absent = Permill::from_percent(11)), Error::<Test>::BadOffences);
        assert_noop!(set(|p| p.rules.skill.margin = Permill::one()), Error::<Test>::BadMargin);
        assert_noop!(set(|p| p.rules.past_qualities = 3), Error::<Test>::BadPastQualities);
    });
}

#[test]
fn fail_where_withholding_could_pay() {
    checked(|| {
        // 10 % of half of 400,000, against 18,000 that may be at stake.
        assert_noop!(set(|p| p.max_bounty = 12_000), Error::<Test>::WithholdingPays);
        assert_noop!(set(|p| p.evaluator_bond = 300_000), Error::<Test>::WithholdingPays);
        assert_ok!(set(|p| (p.max_bounty, p.evaluator_bond) = (12_000, 500_000)));
    });
}

#[test]
fn fail_with_bounties_that_cannot_be() {
    checked(|| {
        assert_noop!(set(|p| p.min_bounty = 0), Error::<Test>::BadBounties);
        assert_noop!(set(|p| p.max_bounty = 99), Error::<Test>::BadBounties);
    });
}
