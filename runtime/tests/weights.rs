//! The weights that were measured, against those that are counted: what a chain takes that has not
//! measured yet must be the more.

use frame_support::weights::{constants::WEIGHT_REF_TIME_PER_MICROS, Weight};
use pallet_proof_of_quality::{weights::BoundedWeight, WeightInfo};
use poq_runtime::{weights::Measured, Runtime};

type Bound = BoundedWeight<Runtime>;
type Real = Measured<Runtime>;

/// Each weight by name, with the largest arguments that this runtime allows.
fn all<W: WeightInfo>() -> Vec<(&'static str, Weight)> {
    vec![
        ("submit_task of one byte", W::submit_task(1, 1)),
        ("submit_task", W::submit_task(16 * 1024, 8)),
        ("submit_answer", W::submit_answer(16 * 1024)),
        ("commit_answer", W::commit_answer(16 * 1024 + 16)),
        ("reveal_answer", W::reveal_answer()),
        ("commit_scores of one task", W::commit_scores(1)),
        ("commit_scores", W::commit_scores(8)),
        ("authorize_commit_scores", W::authorize_commit_scores(8)),
        ("reveal_scores of one task", W::reveal_scores(1)),
        ("worst_reveal", W::worst_reveal(8)),
        ("authorize_reveal_scores", W::authorize_reveal_scores(8)),
        ("end_task", W::end_task()),
        ("join_evaluators", W::join_evaluators()),
        ("join_inference", W::join_inference()),
        ("add_bond", W::add_bond()),
        ("leave", W::leave()),
        ("withdraw_bond", W::withdraw_bond()),
        ("activate", W::activate()),
        ("change_key", W::change_key()),
        ("set_parameters", W::set_parameters()),
        ("look_at_agenda", W::look_at_agenda()),
        ("advance_task", W::advance_task()),
        ("draw_committee", W::draw_committee()),
        ("prune", W::prune()),
    ]
}

#[test]
fn what_is_counted_is_at_least_what_was_measured() {
    let mut faults = Vec::new();
    for ((name, real), (_, bound)) in all::<Real>().into_iter().zip(all::<Bound>()) {
        let (real, bound) =
            (real.ref_time() / WEIGHT_REF_TIME_PER_MICROS, bound.ref_time() / WEIGHT_REF_TIME_PER_MICROS);
        println!("{name}: {real} µs measured, {bound} µs counted");
        if real > bound {
            faults.push(name);
        }
    }
    assert!(faults.is_empty(), "BoundedWeight counts too little: {faults:?}");
}

/// A reveal that settles nothing gives back what the settlement would have cost; something must be
/// left for what it did.
#[test]
fn a_reveal_that_settles_nothing_still_costs_something() {
    for tasks in 1..=8u32 {
        let left = Real::worst_reveal(tasks).saturating_sub(Real::settlement_saved().saturating_mul(tasks.into()));
        let least = Real::commit_scores(tasks);
        assert!(left.ref_time() >= least.ref_time(), "{tasks} tasks: {left:?} is less than {least:?}");
    }
}
