//! One cell of the sweep: one strategy, one share of those who follow it, one size of committee,
//! one set of rules.

use crate::{
    profile::Profile,
    strategy::Strategy,
    world::{Evaluator, Mean, Total, World},
};
use poq_mechanism::{aggregate::Aggregator, rules::Rules, trust::Update};
use serde::{Deserialize, Serialize};

/// Networks that are run for a cell, each with a seed of its own.
pub const NETWORKS: u64 = 5;
/// Tasks of a network that are not counted.
pub const WARM_UP: usize = 200;

/// Where a cell lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Seats.
    pub committee: usize,
    /// The rule of consensus.
    pub aggregator: Aggregator,
    /// The rule of trust.
    pub update: Update,
    /// What those do who are not honest.
    pub strategy: Strategy,
    /// How many of 100 they are.
    pub percent: usize,
}

/// What came of a cell: a line of the table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Of the rules, the profile and the arguments that it was run with.
    pub fingerprint: String,
    /// The profile's name.
    pub profile: String,
    /// Seats.
    pub committee: usize,
    /// The rule of consensus.
    pub aggregator: String,
    /// The rule of trust.
    pub trust: String,
    /// What those do who are not honest.
    pub strategy: String,
    /// How many of 100 evaluators they are.
    pub percent: usize,
    /// Tasks that count.
    pub tasks: usize,
    /// What an honest seat got net of slashes, in parts of what it could get.
    pub honest_net: f64,
    /// What a dishonest seat got, likewise.
    pub strategy_net: f64,
    /// What a dishonest evaluator got over all its seats, in what an honest one got: fewer seats
    /// count as well.
    pub strategy_of_honest: f64,
    /// The standard deviation of what honest evaluators got, in the mean of it.
    pub honest_spread: f64,
    /// The mean pay of an honest seat, in bounties.
    pub honest_pay: f64,
    /// Seats of a dishonest evaluator, in those of an honest one.
    pub strategy_seats: f64,
    /// The mean distance of the consensus from the true quality.
    pub error: f64,
    /// The mean distance of the consensus from what an honest evaluator says.
    pub moved: f64,
    /// Slashes of an honest evaluator, in bounties.
    pub honest_slashed: f64,
    /// Slashes of a dishonest evaluator, in bounties.
    pub strategy_slashed: f64,
    /// Times that an honest evaluator was chilled, in all.
    pub honest_chilled: u64,
    /// The mean trust of honest evaluators at the end.
    pub honest_trust: f64,
    /// The mean trust of dishonest evaluators at the end.
    pub strategy_trust: f64,
    /// The share of the bounty that the user paid.
    pub spent: f64,
    /// The quality of the better answer.
    pub got: f64,
    /// Tasks without an outcome.
    pub expired: u64,
}

/// The name of a rule of consensus.
pub fn aggregator_name(aggregator: Aggregator) -> &'static str {
    match aggregator {
        Aggregator::Mean => "mean",
        Aggregator::Median => "median",
        Aggregator::Trimmed => "trimmed mean",
        Aggregator::Trusted => "median by trust",
    }
}

/// The name of a rule of trust.
pub fn trust_name(update: Update) -> &'static str {
    match update {
        Update::Published => "published",
        Update::Centred => "centred",
    }
}

impl Cell {
    /// What tells it from others in the table.
    pub fn key(&self, profile: &str) -> String {
        format!(
            "{profile}/{}/{}/{}/{}/{}",
            self.committee,
            aggregator_name(self.aggregator),
            trust_name(self.update),
            self.strategy.name(),
            self.percent
        )
    }

    /// Runs `tasks` tasks that count, over all networks.
    pub fn run(&self, rules: Rules, profile: &Profile, tasks: usize, seed: u64, fingerprint: &str) -> Row {
        let mut rules = Rules { aggregator: self.aggregator, ..rules };
        rules.trust.update = self.update;
        let malicious = profile.evaluators * self.percent / 100;
        let each = tasks.div_ceil(NETWORKS as usize);
        let (mut honest, mut others) = (Group::default(), Group::default());
        let (mut error, mut moved, mut spent, mut got, mut expired, mut part) = (vec![], vec![], vec![], vec![], 0, 1);
        for network in 0..NETWORKS {
            let mut world = World::new(rules, profile, self.committee, self.strategy, malicious, seed + network);
            world.run(WARM_UP + each, WARM_UP);
            part = world.seat_part();
            honest.add(&world.evaluators[malicious..]);
            others.add(&world.evaluators[..malicious]);
            [(&mut error, world.error), (&mut moved, world.moved), (&mut spent, world.spent), (&mut got, world.got)]
                .into_iter()
                .for_each(|(all, one): (&mut Vec<f64>, Mean)| all.push(one.get()));
            expired += world.expired;
        }
        let bounty = crate::world::BOUNTY as f64;
        let mean = |all: &[f64]| all.iter().sum::<f64>() / all.len().max(1) as f64;
        Row {
            fingerprint: fingerprint.into(),
            profile: profile.name.clone(),
            committee: self.committee,
            aggregator: aggregator_name(self.aggregator).into(),
            trust: trust_name(self.update).into(),
            strategy: self.strategy.name().into(),
            percent: self.percent,
            tasks: each * NETWORKS as usize,
            honest_net: honest.sum.net(part),
            strategy_net: others.sum.net(part),
            strategy_of_honest: others.each() / honest.each(),
            honest_spread: honest.spread(),
            honest_pay: honest.sum.paid as f64 / honest.sum.duties.max(1) as f64 / bounty,
            strategy_seats: others.seats() / honest.seats(),
            error: mean(&error),
            moved: mean(&moved),
            honest_slashed: honest.sum.slashed as f64 / honest.count.max(1) as f64 / bounty,
            strategy_slashed: others.sum.slashed as f64 / others.count.max(1) as f64 / bounty,
            honest_chilled: honest.sum.chilled,
            honest_trust: honest.trust / honest.count.max(1) as f64,
            strategy_trust: others.trust / others.count.max(1) as f64,
            spent: mean(&spent),
            got: mean(&got),
            expired,
        }
    }
}

/// Evaluators of one kind.
#[derive(Default)]
struct Group {
    count: usize,
    sum: Total,
    trust: f64,
    nets: Vec<f64>,
}

impl Group {
    fn add(&mut self, evaluators: &[Evaluator]) {
        for evaluator in evaluators {
            let Total { duties, paid, slashed, chilled } = evaluator.total;
            self.count += 1;
            self.sum.duties += duties;
            self.sum.paid += paid;
            self.sum.slashed += slashed;
            self.sum.chilled += chilled;
            self.trust += f64::from(evaluator.trust.ppm()) / 1e6;
            self.nets.push(paid as f64 - slashed as f64);
        }
    }

    /// What one of them got in all.
    fn each(&self) -> f64 {
        self.nets.iter().sum::<f64>() / self.count.max(1) as f64
    }

    fn seats(&self) -> f64 {
        self.sum.duties as f64 / self.count.max(1) as f64
    }

    /// The standard deviation of what they got, in the mean of it.
    fn spread(&self) -> f64 {
        let mean = self.each();
        let variance = self.nets.iter().map(|net| (net - mean).powi(2)).sum::<f64>() / self.count.max(1) as f64;
        variance.sqrt() / mean.abs().max(1.0)
    }
}
