//! One network over many tasks: who is drawn, what they say, and what the rules make of it.
//!
//! Everything that the chain decides is decided by `poq-mechanism`; what people do is in
//! [`crate::strategy`].

use crate::{
    profile::Profile,
    random::Random,
    score::{apart, score},
    strategy::{Report, Situation, Strategy},
};
use poq_mechanism::{
    aggregate::{without, Aggregate, Range, Vote},
    draw::{self, seated},
    offence::Offence,
    payout::{delay_cost, split, Split},
    rules::Rules,
    skill::{self, deviation, distances, remember, spread, Dues, PastQuality},
    trust::Trust,
    Score,
};
use std::collections::{BTreeSet, VecDeque};

/// The bounty of each task, in units that nobody cares about. Large, so that rounding does not
/// matter.
pub const BOUNTY: u64 = 1_000_000;
/// The bond of an evaluator, in bounties: twice the smallest.
pub const BOND: u64 = 80;
/// Blocks in which answers are taken.
pub const WINDOW: u32 = 10;
/// Outcomes of one author that a lazy evaluator remembers.
const PAST_OF_AUTHOR: usize = 16;
/// The most candidates that are looked at for a committee.
const LOOKS: usize = 64;

/// An evaluator and all that the chain keeps of it.
pub struct Evaluator {
    /// What it does.
    pub strategy: Strategy,
    /// The chain's figures.
    pub trust: Trust,
    /// What it must earn before it is paid.
    pub dues: Dues<u64>,
    /// What is left of its bond.
    pub bond: u64,
    /// Offences on record.
    pub record: u8,
    /// Duties done since the last offence.
    pub clean: u16,
    /// Totals that are reported.
    pub total: Total,
}

/// What somebody did and got, over the tasks that count.
#[derive(Clone, Copy, Debug, Default)]
pub struct Total {
    /// Seats taken, or answers given.
    pub duties: u64,
    /// What it was paid.
    pub paid: u64,
    /// What it was slashed.
    pub slashed: u64,
    /// Times it was chilled.
    pub chilled: u64,
}

impl Total {
    /// What is left of the pay after slashes, per duty, in parts of `part`.
    pub fn net(&self, part: u64) -> f64 {
        if self.duties == 0 {
            return 0.0;
        }
        (self.paid as f64 - self.slashed as f64) / self.duties as f64 / part as f64
    }
}

/// A figure summed up over tasks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mean {
    sum: f64,
    count: u64,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    /// The mean; 0 of nothing.
    pub fn get(&self) -> f64 {
        if self.count == 0 {
            0.0
        } else {
            self.sum / self.count as f64
        }
    }
}

/// A network.
pub struct World<'a> {
    rules: Rules,
    profile: &'a Profile,
    committee: usize,
    random: Random,
    /// The evaluators.
    pub evaluators: Vec<Evaluator>,
    /// What the inference nodes got, in the order of the profile.
    pub answerers: Vec<Total>,
    outcomes: Vec<PastQuality>,
    /// Who judged the last tasks of each node.
    judged_by: Vec<VecDeque<Vec<u32>>>,
    past_of: Vec<VecDeque<Score>>,
    task: usize,
    /// How far the consensus was from the true quality.
    pub error: Mean,
    /// How far the consensus was from what an honest evaluator would have said.
    pub moved: Mean,
    /// The share of the bounty that the user paid.
    pub spent: Mean,
    /// The quality that the user got, of the better answer.
    pub got: Mean,
    /// Tasks without an outcome.
    pub expired: u64,
}

impl<'a> World<'a> {
    /// A network in which the first `malicious` of `profile.evaluators` follow `strategy` and the
    /// others are honest.
    pub fn new(
        rules: Rules,
        profile: &'a Profile,
        committee: usize,
        strategy: Strategy,
        malicious: usize,
        seed: u64,
    ) -> Self {
        let evaluator = |index| Evaluator::new(if index < malicious { strategy } else { Strategy::Honest }, &rules);
        Self {
            rules,
            profile,
            committee,
            random: Random::new(seed),
            evaluators: (0..profile.evaluators).map(evaluator).collect(),
            answerers: vec![Total::default(); profile.nodes.len()],
            outcomes: Vec::new(),
            judged_by: vec![VecDeque::new(); profile.nodes.len()],
            past_of: vec![VecDeque::new(); profile.nodes.len()],
            task: 0,
            error: Mean::default(),
            moved: Mean::default(),
            spent: Mean::default(),
            got: Mean::default(),
            expired: 0,
        }
    }

    fn parts(&self) -> Split<u64> {
        split(BOUNTY, self.rules.judging_share, self.profile.responders as u32, self.committee as u32)
    }

    /// The most that one seat can earn of a task.
    pub fn seat_part(&self) -> u64 {
        self.parts().seat
    }

    /// The most that one answer can earn of a task.
    pub fn responder_part(&self) -> u64 {
        self.parts().responder
    }

    /// The first `count` evaluators leave, and others with the same strategies come.
    pub fn restart(&mut self, count: usize) {
        for evaluator in &mut self.evaluators[..count] {
            *evaluator = Evaluator::new(evaluator.strategy, &self.rules);
        }
    }

    /// Runs so many tasks; what is reported is of those after the `warm_up`.
    pub fn run(&mut self, tasks: usize, warm_up: usize) {
        for _ in 0..tasks {
            let counts = self.task >= warm_up;
            self.one_task(counts);
            self.task += 1;
        }
    }

    fn one_task(&mut self, counts: bool) {
        let mut answers = Vec::new();
        let mut nodes = Vec::new();
        for node in self.draw_nodes() {
            match self.answer(node) {
                Some(answer) => {
                    answers.push(answer);
                    nodes.push(node);
                }
                None => self.book_late(node, counts),
            }
        }
        if answers.is_empty() {
            self.expired += u64::from(counts);
            return;
        }
        let seats = self.draw_committee(&nodes);
        let seen: Vec<Score> = answers.iter().map(|answer| answer.seen).collect();
        let outcomes: Vec<PastQuality> = self.outcomes.to_vec();
        let past: Vec<Score> = outcomes.iter().map(|outcome| outcome.quality).collect();
        let own: Vec<bool> = nodes.iter().map(|node| self.profile.nodes[*node].colludes).collect();
        let past_of: Vec<Vec<Score>> = nodes.iter().map(|node| self.past_of[*node].iter().copied().collect()).collect();
        let mut reports: Vec<Report> = Vec::new();
        for seat in &seats {
            let situation =
                Situation { past_of: &past_of, seen: &seen, past: &past, own: &own, noise: self.profile.own_noise };
            let strategy = self.evaluators[*seat as usize].strategy;
            reports.push(strategy.report(&situation, &mut self.random));
        }
        // The part of a late answer goes back to the user.
        let parts = self.parts();
        let spread = spread(&outcomes).unwrap_or(Score::zero());
        self.withhold(&seats, &mut reports, spread);
        self.settle(&seats, &reports, &answers, &nodes, spread, parts, counts);
    }

    /// Those who withhold when they lose look at all others' scores first, as the last one to open
    /// could.
    fn withhold(&self, seats: &[u32], reports: &mut [Report], spread: Score) {
        for index in 0..seats.len() {
            if self.evaluators[seats[index] as usize].strategy != Strategy::WithholdsWhenLosing {
                continue;
            }
            let Report::Scores(scores) = &reports[index] else { continue };
            let others: Vec<Range> =
                (0..scores.len()).filter_map(|answer| self.consensus_without(seats, reports, index, answer)).collect();
            let loses =
                distances(scores, &others).is_some_and(|distances| self.rules.skill.skill(&distances, spread) < 0);
            if loses {
                reports[index] = Report::Withheld;
            }
        }
    }

    fn votes(&self, seats: &[u32], reports: &[Report], answer: usize) -> Vec<(usize, Vote)> {
        let vote = |(index, report): (usize, &Report)| match report {
            Report::Scores(scores) => {
                Some((index, Vote { score: scores[answer], trust: self.evaluators[seats[index] as usize].trust }))
            }
            _ => None,
        };
        reports.iter().enumerate().filter_map(vote).collect()
    }

    fn consensus_without(&self, seats: &[u32], reports: &[Report], left_out: usize, answer: usize) -> Option<Range> {
        let votes = self.votes(seats, reports, answer);
        let at = votes.iter().position(|(index, _)| *index == left_out)?;
        without(self.rules.aggregator, &votes.into_iter().map(|(_, vote)| vote).collect::<Vec<_>>(), at)
    }

    #[allow(clippy::too_many_arguments, reason = "one task, all of it")]
    fn settle(
        &mut self,
        seats: &[u32],
        reports: &[Report],
        answers: &[Answer],
        nodes: &[usize],
        spread: Score,
        parts: Split<u64>,
        counts: bool,
    ) {
        let revealed: Vec<usize> =
            (0..seats.len()).filter(|index| matches!(reports[*index], Report::Scores(_))).collect();
        let settled = !revealed.is_empty() && revealed.len() * 3 >= seats.len() * 2;
        let mut spent = 0;
        if settled {
            let consensus: Vec<Score> = (0..answers.len())
                .filter_map(|answer| {
                    let votes: Vec<Vote> =
                        self.votes(seats, reports, answer).into_iter().map(|(_, vote)| vote).collect();
                    self.rules.aggregator.aggregate(&votes)
                })
                .collect();
            spent += self.pay_answers(answers, nodes, &consensus, parts.responder, counts);
            spent += self.pay_evaluators(seats, reports, &revealed, answers.len(), spread, parts.seat, counts);
            for ((answer, node), consensus) in answers.iter().zip(nodes).zip(&consensus) {
                let outcome = PastQuality::new(*consensus, BOUNTY, BOUNTY, answers.len() as u32);
                remember(&mut self.outcomes, outcome, self.rules.past_qualities.into());
                self.past_of[*node].push_back(*consensus);
                if self.past_of[*node].len() > PAST_OF_AUTHOR {
                    self.past_of[*node].pop_front();
                }
                if counts {
                    self.error.add(apart(*consensus, answer.worth));
                    self.moved.add(apart(*consensus, answer.seen));
                }
            }
        } else if counts {
            self.expired += 1;
        }
        for (seat, report) in seats.iter().zip(reports) {
            let offence = match report {
                Report::Scores(_) => None,
                Report::Absent => Some(Offence::Absent),
                Report::Withheld => Some(Offence::Withheld),
                Report::Unopenable => Some(Offence::Unopenable),
            };
            self.book(*seat, offence, counts);
        }
        if counts {
            self.spent.add(spent as f64 / BOUNTY as f64);
            self.got.add(answers.iter().map(|answer| f64::from(answer.worth.deconstruct()) / 1e6).fold(0.0, f64::max));
        }
    }

    fn pay_answers(
        &mut self,
        answers: &[Answer],
        nodes: &[usize],
        consensus: &[Score],
        part: u64,
        counts: bool,
    ) -> u64 {
        let mut spent = 0;
        for ((answer, node), quality) in answers.iter().zip(nodes).zip(consensus) {
            let paid = self.rules.answer.share(*quality, delay_cost(answer.delay, WINDOW)).mul_floor(part);
            spent += paid;
            if counts {
                self.answerers[*node].duties += 1;
                self.answerers[*node].paid += paid;
            }
        }
        spent
    }

    #[allow(clippy::too_many_arguments, reason = "one task, all of it")]
    fn pay_evaluators(
        &mut self,
        seats: &[u32],
        reports: &[Report],
        revealed: &[usize],
        answers: usize,
        spread: Score,
        part: u64,
        counts: bool,
    ) -> u64 {
        let mut spent = 0;
        let mut off: Vec<Vec<Score>> = Vec::new();
        for index in revealed {
            let Report::Scores(scores) = &reports[*index] else { continue };
            let others: Vec<Range> =
                (0..answers).filter_map(|answer| self.consensus_without(seats, reports, *index, answer)).collect();
            // An evaluator alone has nobody to be compared with, and is as far off as can be.
            off.push(distances(scores, &others).unwrap_or_else(|| vec![Score::one()]));
        }
        // Nobody knows yet what a guess would earn: judging is not paid before there are outcomes
        // to compare with.
        let is_known = self.outcomes.len() >= usize::from(self.rules.past_qualities) / 2;
        let trusted: Vec<Trust> = revealed.iter().map(|index| self.evaluators[seats[*index] as usize].trust).collect();
        let deviations: Vec<Score> = off.iter().map(|distances| deviation(distances)).collect();
        let after = self.rules.trust.after_task(&trusted, &deviations);
        for ((index, distances), trust) in revealed.iter().zip(&off).zip(after) {
            let rules = self.rules.skill;
            let evaluator = &mut self.evaluators[seats[*index] as usize];
            let before = std::mem::replace(&mut evaluator.trust, trust);
            if is_known {
                let (paid, dues) = skill::settle(part, rules.skill(distances, spread), before, evaluator.dues);
                evaluator.dues = dues;
                spent += paid;
                if counts {
                    evaluator.total.paid += paid;
                }
            }
        }
        spent
    }

    fn book(&mut self, seat: u32, offence: Option<Offence>, counts: bool) {
        let (rules, part) = (self.rules, self.seat_part());
        let evaluator = &mut self.evaluators[seat as usize];
        if counts {
            evaluator.total.duties += 1;
        }
        let Some(offence) = offence else {
            evaluator.clean += 1;
            let probation: Dues<u64> = rules.skill.probation_dues();
            let owes_more = evaluator.dues.debt > u64::from(rules.skill.probation) * part
                || evaluator.dues.probation > probation.probation;
            if evaluator.strategy == Strategy::Rotates && owes_more {
                evaluator.take_another_name(&rules);
                return;
            }
            if evaluator.clean >= rules.offence.forgiven_after {
                (evaluator.clean, evaluator.record) = (0, evaluator.record.saturating_sub(1));
            }
            return;
        };
        let slash = rules.offence.slash(offence, evaluator.record, evaluator.bond);
        evaluator.bond -= slash;
        evaluator.record = evaluator.record.saturating_add(1);
        evaluator.clean = 0;
        evaluator.trust = rules.trust.after_absence(evaluator.trust);
        if counts {
            evaluator.total.slashed += slash;
        }
        if rules.offence.chills(evaluator.record) {
            if counts {
                evaluator.total.chilled += 1;
            }
            // It comes back under another name, with a new bond.
            evaluator.take_another_name(&rules);
        }
    }

    fn draw_nodes(&mut self) -> Vec<usize> {
        let seed = self.random.seed();
        seated(seed, self.profile.nodes.len() as u32, self.profile.responders, LOOKS, |_| Some(1_000_000))
            .into_iter()
            .map(|node| node as usize)
            .collect()
    }

    fn draw_committee(&mut self, nodes: &[usize]) -> Vec<u32> {
        let seed = self.random.seed();
        let (most, evaluators) = (self.rules.trust.max, &self.evaluators);
        let mut met: BTreeSet<u32> =
            nodes.iter().flat_map(|node| self.judged_by[*node].iter().flatten().copied()).collect();
        // As the pallet does: only where enough others are left.
        if met.len() * 4 > evaluators.len() {
            met.clear();
        }
        let chance = |index: u32| {
            let evaluator = &evaluators[index as usize];
            if met.contains(&index) {
                return Some(0);
            }
            // Most put up twice the smallest bond, so as to use all of their trust.
            Some(draw::chance(evaluator.trust, most, evaluator.bond, BOND * BOUNTY / 2))
        };
        let committee = seated(seed, evaluators.len() as u32, self.committee, LOOKS, chance);
        for node in nodes {
            self.judged_by[*node].push_back(committee.clone());
            while self.judged_by[*node].len() > usize::from(self.rules.recent_pairings) {
                self.judged_by[*node].pop_front();
            }
        }
        committee
    }

    /// An answer that came too late is not judged.
    fn book_late(&mut self, node: usize, counts: bool) {
        if counts {
            self.answerers[node].duties += 1;
        }
    }

    /// What a node answers; `None` if it is too late.
    fn answer(&mut self, node: usize) -> Option<Answer> {
        let node = &self.profile.nodes[node];
        let worth = self.random.normal(node.quality, node.quality_noise);
        // All evaluators run the same model: its error is theirs together.
        let error = self.profile.judge_error(worth, &mut self.random);
        let seen = score(worth + error + node.fools);
        let delay = (self.random.normal(node.delay, 0.1) * f64::from(WINDOW)).max(0.0).round() as u32;
        (delay <= WINDOW).then(|| Answer { worth: score(worth), seen, delay })
    }
}

/// An answer.
struct Answer {
    worth: Score,
    /// What the model says of it.
    seen: Score,
    /// In blocks.
    delay: u32,
}

impl Evaluator {
    /// A new account of the same person, whose gains and losses are still its own.
    fn take_another_name(&mut self, rules: &Rules) {
        *self = Self { total: self.total, ..Self::new(self.strategy, rules) };
    }

    fn new(strategy: Strategy, rules: &Rules) -> Self {
        Self {
            strategy,
            trust: Trust::NEUTRAL,
            dues: rules.skill.probation_dues(),
            bond: BOND * BOUNTY,
            record: 0,
            clean: 0,
            total: Total::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> Profile {
        // Tests run in their package's folder. A path fixed when compiling would be another
        // checkout's that shares the target.
        Profile::read("profiles/judge.toml".as_ref()).expect("it is there")
    }

    /// Net pay of the followers of a strategy and of the honest, in parts of a seat, three in ten
    /// following it.
    fn pays(strategy: Strategy) -> (f64, f64) {
        let profile = profile();
        let malicious = profile.evaluators * 3 / 10;
        let mut world = World::new(Rules::default(), &profile, 7, strategy, malicious, 7);
        world.run(600, 200);
        let part = world.seat_part();
        let mean = |evaluators: &[Evaluator]| {
            evaluators.iter().map(|evaluator| evaluator.total.net(part)).sum::<f64>() / evaluators.len() as f64
        };
        (mean(&world.evaluators[..malicious]), mean(&world.evaluators[malicious..]))
    }

    #[test]
    fn who_does_not_judge_earns_next_to_nothing() {
        for strategy in [Strategy::LazyConstant, Strategy::LazyPrior, Strategy::Random, Strategy::Colludes] {
            let (other, honest) = pays(strategy);
            assert!(honest > 0.5 && other <= 0.1 * honest, "{}: {other} against {honest}", strategy.name());
        }
    }

    #[test]
    fn who_takes_a_seat_and_does_not_open_loses() {
        for strategy in [Strategy::Absent, Strategy::Unopenable, Strategy::WithholdsWhenLosing] {
            let (other, _) = pays(strategy);
            assert!(other < 0.0, "{}: {other}", strategy.name());
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_history() {
        let profile = profile();
        let run = |seed| {
            let mut world = World::new(Rules::default(), &profile, 5, Strategy::Random, 10, seed);
            world.run(100, 0);
            world.evaluators.iter().map(|evaluator| (evaluator.total.paid, evaluator.trust)).collect::<Vec<_>>()
        };
        assert_eq!(run(3), run(3));
        assert_ne!(run(3), run(4));
    }
}
