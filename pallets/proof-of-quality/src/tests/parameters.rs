//! Governance sets the parameters; they are checked as a whole.

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
        assert_noop!(set(|p| p.max_missed = 0), Error::<Test>::BadWindow);
    });
}

#[test]
fn fail_when_withholding_is_cheaper_than_absence() {
    checked(|| {
        assert_noop!(set(|p| p.slash_absent = Permill::from_percent(11)), Error::<Test>::BadSlashes);
        assert_noop!(set(|p| p.slash_withheld = Permill::from_percent(21)), Error::<Test>::BadSlashes);
    });
}
