//! Trust, dues and past qualities, from task to task.

use super::*;
use poq_mechanism::{skill::Dues, trust::Trust};

const FAIR: [u32; 3] = [800_000, 400_000, 300_000];

/// This number of tasks that all evaluators score fairly.
fn fairly_judged(tasks: usize) {
    for _ in 0..tasks {
        judged_by_dave(FAIR);
    }
}

/// A task that all seats score: Dave as given, the others fairly.
fn judged_by_dave(scores: [u32; 3]) -> TaskId {
    let id = task_to_commit();
    EVALUATORS[..3].iter().for_each(|who| commit(*who, id, &FAIR));
    commit(DAVE, id, &scores);
    EVALUATORS.iter().for_each(|who| reveal(*who, id));
    next_block();
    id
}

fn reputation(who: AccountId) -> Reputation<Balance> {
    ProofOfQuality::reputation(who).expect("an evaluator has a reputation")
}

fn paid(id: TaskId, who: AccountId) -> Balance {
    outcome(id).seats.iter().find(|seat| seat.account == who).expect("the account had a seat").paid
}

mod trust {
    use super::*;

    #[test]
    fn falls_with_scores_that_are_off_and_carries_over() {
        checked(|| {
            judged_by_dave([0, 0, 0]);
            assert_eq!(reputation(DAVE).trust, Trust::from_ppm(750_000));
            assert_eq!(reputation(ALICE).trust, Trust::NEUTRAL);
            judged_by_dave([0, 0, 0]);
            assert!(reputation(DAVE).trust < Trust::from_ppm(600_000));
        });
    }

    #[test]
    fn falls_with_absence() {
        checked(|| {
            let id = task_to_commit();
            EVALUATORS[..3].iter().for_each(|who| commit(*who, id, &FAIR));
            run_to(6);
            EVALUATORS[..3].iter().for_each(|who| reveal(*who, id));
            assert_eq!(reputation(DAVE).trust, Trust::from_ppm(900_000));
        });
    }

    #[test]
    fn returns_home_with_honest_work() {
        checked(|| {
            judged_by_dave([0, 0, 0]);
            let low = reputation(DAVE).trust;
            fairly_judged(5);
            assert!(reputation(DAVE).trust > low);
        });
    }

    #[test]
    fn below_neutral_is_paid_less() {
        checked(|| {
            Reputations::<Test>::mutate(DAVE, |it| {
                it.as_mut().unwrap().trust = Trust::from_ppm(500_000);
            });
            let id = judged_by_dave(FAIR);
            // By the square of the trust.
            assert_eq!((paid(id, ALICE), paid(id, DAVE)), (475, 118));
        });
    }
}

mod dues {
    use super::*;

    #[test]
    fn a_new_evaluator_shows_skill_before_it_is_paid() {
        checked(|| {
            // given: one of the four left, and a new one in its place
            assert_ok!(ProofOfQuality::leave(RuntimeOrigin::signed(DAVE), Role::Evaluator));
            let proof = proof(STRANGER);
            assert_ok!(ProofOfQuality::join_evaluators(RuntimeOrigin::signed(STRANGER), key(STRANGER), proof, 500_000));
            let entry = TestParameters::get().rules.skill.probation;
            assert_eq!(reputation(STRANGER).dues, Dues { probation: u32::from(entry) * 1_000_000, debt: 0 });
            let everybody = [ALICE, BOB, CHARLIE, STRANGER];
            let mut first_paid = None;
            for round in 1..=12 {
                let id = task_to_commit();
                everybody.iter().for_each(|who| commit(*who, id, &FAIR));
                everybody.iter().for_each(|who| reveal(*who, id));
                next_block();
                if paid(id, STRANGER) > 0 && first_paid.is_none() {
                    first_paid = Some(round);
                }
            }
            // Eight caps at 0.95 each: the ninth task pays.
            assert_eq!(first_paid, Some(9));
        });
    }

    #[test]
    fn what_bad_judging_cost_is_earned_back_first() {
        checked(|| {
            let bad = judged_by_dave([0, 0, 0]);
            assert_eq!(paid(bad, DAVE), 0);
            let owed = reputation(DAVE).dues.debt;
            assert!(owed > 475);
            let good = judged_by_dave(FAIR);
            assert_eq!(paid(good, DAVE), 0);
            assert!(reputation(DAVE).dues.debt < owed);
        });
    }

    #[test]
    fn end_with_the_bond_but_a_new_one_starts_again() {
        checked(|| {
            assert_ok!(ProofOfQuality::leave(RuntimeOrigin::signed(DAVE), Role::Evaluator));
            run_to(21);
            assert_ok!(ProofOfQuality::withdraw_bond(RuntimeOrigin::signed(DAVE), Role::Evaluator));
            assert_eq!(ProofOfQuality::reputation(DAVE), None);
            assert_ok!(ProofOfQuality::join_evaluators(RuntimeOrigin::signed(DAVE), key(DAVE), proof(DAVE), 500_000));
            assert!(reputation(DAVE).dues.probation > 0);
        });
    }
}

mod baseline {
    use super::*;

    #[test]
    fn is_the_median_of_past_qualities_and_its_mean_distance() {
        checked(|| {
            let baseline = ProofOfQuality::baseline().unwrap();
            assert_eq!((baseline.guess, baseline.spread), (Permill::from_percent(60), Permill::from_percent(20)));
            judged_by_dave(FAIR);
            let baseline = ProofOfQuality::baseline().unwrap();
            // Each answer of a task for a hundred minimum bounties weighs much more than the first
            // four.
            assert_eq!((baseline.guess, baseline.past_qualities), (Permill::from_percent(40), 7));
        });
    }

    #[test]
    fn forgets_the_oldest_past_qualities() {
        checked(|| {
            fairly_judged(4);
            assert_eq!(RecentPastQualities::<Test>::get().len(), 8);
            assert!(RecentPastQualities::<Test>::get().iter().all(|outcome| outcome.weight == 32));
        });
    }

    #[test]
    fn unknown_at_first_pays_no_judging() {
        checked(|| {
            RecentPastQualities::<Test>::kill();
            assert_eq!(ProofOfQuality::baseline(), None);
            let id = judged_by_dave(FAIR);
            assert_eq!(paid(id, ALICE), 0);
            assert!(outcome(id).answers[0].paid > 0);
            // Three past qualities are known now, and four are needed.
            let id = judged_by_dave(FAIR);
            assert_eq!(paid(id, ALICE), 0);
            let id = judged_by_dave(FAIR);
            assert!(paid(id, ALICE) > 0);
        });
    }

    #[test]
    fn an_evaluator_alone_is_neither_paid_nor_moved() {
        checked(|| {
            for who in [BOB, CHARLIE, DAVE] {
                assert_ok!(ProofOfQuality::leave(RuntimeOrigin::signed(who), Role::Evaluator));
            }
            let id = task_to_commit();
            commit(ALICE, id, &FAIR);
            reveal(ALICE, id);
            let seat = &outcome(id).seats[0];
            assert_eq!((seat.deviation, seat.skill, seat.paid), (None, None, 0));
            assert_eq!(reputation(ALICE), Reputation::default());
        });
    }
}

mod quotes {
    use super::*;

    #[test]
    fn say_what_an_honest_evaluator_would_earn() {
        checked(|| {
            let quote = ProofOfQuality::seat_quote(ALICE, 10_000).unwrap();
            assert_eq!((quote.cap, quote.pay), (500, 475));
            let id = judged_by_dave(FAIR);
            assert_eq!(paid(id, ALICE), quote.pay);
        });
    }

    #[test]
    fn say_nothing_of_strangers() {
        checked(|| assert_eq!(ProofOfQuality::seat_quote(STRANGER, 10_000), None));
    }
}

mod meetings {
    use super::*;

    #[test]
    fn evaluators_of_a_node_score_it_again_only_if_no_one_else_is_available() {
        checked(|| {
            // given: committees of one out of four
            let mut parameters = TestParameters::get();
            parameters.committee_size = 1;
            assert_ok!(ProofOfQuality::set_parameters(RuntimeOrigin::root(), parameters));
            let committee = |id| {
                let mut committee: Vec<_> = Seats::<Test>::iter_prefix_values(id).map(|seat| seat.account).collect();
                committee.sort();
                committee
            };
            // when, then: the evaluators that scored the same three nodes just before are left out
            let committees: Vec<_> = (0..6).map(|_| committee(task_to_commit())).collect();
            assert!(committees.windows(2).all(|pair| pair[0] != pair[1]));
        });
    }

    #[test]
    fn keep_no_evaluator_away_if_too_few_others_are_left() {
        checked(|| {
            let id = judged_by_dave(FAIR);
            let (author, rules) = (outcome(id).answers[0].author, TestParameters::get().rules);
            assert_eq!(RecentPairings::<Test>::get(author).iter().flatten().count(), 4);
            assert!(ProofOfQuality::recently_paired(&[&author], &rules).is_empty());
        });
    }

    #[test]
    fn are_forgotten_with_the_node() {
        checked(|| {
            let id = judged_by_dave(FAIR);
            let node = outcome(id).answers[0].author;
            assert_eq!(RecentPairings::<Test>::get(node).len(), 1);
            assert_ok!(ProofOfQuality::leave(RuntimeOrigin::signed(node), Role::Inference));
            run_to(40);
            assert_ok!(ProofOfQuality::withdraw_bond(RuntimeOrigin::signed(node), Role::Inference));
            assert!(!RecentPairings::<Test>::contains_key(node));
        });
    }
}
