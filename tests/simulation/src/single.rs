//! Experiments beside the sweep: one question each.

use crate::{
    cell::WARM_UP,
    profile::Profile,
    strategy::Strategy,
    world::{Total, World},
};
use poq_mechanism::{
    rules::Rules,
    trust::{Trust, Update},
};

/// What they found.
pub struct Singles {
    /// An honest network over 10,000 tasks: chills, slashes in bounties, and the share of honest
    /// evaluators that earned something.
    pub long: (u64, f64, f64),
    /// What a new honest evaluator earns in each hundred tasks after it joined, of what veterans
    /// earn in the same.
    pub newcomer: Vec<f64>,
    /// What inference nodes earn per answer, in parts of what they could: name, share.
    pub nodes: Vec<(String, f64)>,
    /// The share of evaluators at the highest trust after 1,000 tasks, with a third of them noisy:
    /// published, centred.
    pub saturated: [f64; 2],
}

/// The seats of the committees here.
const COMMITTEE: usize = 7;

/// Runs all of them.
pub fn all(rules: Rules, profile: &Profile, seed: u64) -> Singles {
    Singles {
        long: long(rules, profile, seed),
        newcomer: newcomer(rules, profile, seed),
        nodes: nodes(rules, profile, seed),
        saturated: [Update::Published, Update::Centred].map(|update| saturated(rules, profile, update, seed)),
    }
}

fn long(rules: Rules, profile: &Profile, seed: u64) -> (u64, f64, f64) {
    let mut world = World::new(rules, profile, COMMITTEE, Strategy::Honest, 0, seed);
    world.run(10_000, 0);
    let chilled = world.evaluators.iter().map(|evaluator| evaluator.total.chilled).sum();
    let slashed: u64 = world.evaluators.iter().map(|evaluator| evaluator.total.slashed).sum();
    let paid = world.evaluators.iter().filter(|evaluator| evaluator.total.paid > 0).count();
    (chilled, slashed as f64 / crate::world::BOUNTY as f64, paid as f64 / world.evaluators.len() as f64)
}

/// In each of many networks a fifth of the evaluators join anew after the warm-up.
fn newcomer(rules: Rules, profile: &Profile, seed: u64) -> Vec<f64> {
    const STEP: usize = 100;
    const STEPS: usize = 5;
    let mut ratios = vec![(0.0, 0.0); STEPS];
    for network in 0..20 {
        let mut world = World::new(rules, profile, COMMITTEE, Strategy::Honest, 0, seed + network);
        world.run(WARM_UP, usize::MAX);
        let new = profile.evaluators / 5;
        world.restart(new);
        for ratio in &mut ratios {
            world.evaluators.iter_mut().for_each(|evaluator| evaluator.total = Total::default());
            world.run(STEP, 0);
            let mean = |evaluators: &[crate::world::Evaluator]| {
                evaluators.iter().map(|evaluator| evaluator.total.paid as f64).sum::<f64>() / evaluators.len() as f64
            };
            ratio.0 += mean(&world.evaluators[..new]);
            ratio.1 += mean(&world.evaluators[new..]);
        }
    }
    ratios.into_iter().map(|(new, old)| new / old).collect()
}

fn nodes(rules: Rules, profile: &Profile, seed: u64) -> Vec<(String, f64)> {
    let mut world = World::new(rules, profile, COMMITTEE, Strategy::Honest, 0, seed);
    world.run(WARM_UP + 5_000, WARM_UP);
    let part = world.responder_part();
    profile.nodes.iter().zip(&world.answerers).map(|(node, total)| (node.name.clone(), total.net(part))).collect()
}

fn saturated(mut rules: Rules, profile: &Profile, update: Update, seed: u64) -> f64 {
    rules.trust.update = update;
    let mut world = World::new(rules, profile, COMMITTEE, Strategy::Noisy, profile.evaluators / 3, seed);
    world.run(1_000, 0);
    let at_most = |trust: Trust| trust.ppm() >= rules.trust.max.ppm() / 100 * 95;
    world.evaluators.iter().filter(|evaluator| at_most(evaluator.trust)).count() as f64 / world.evaluators.len() as f64
}
