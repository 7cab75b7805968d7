//! Scoring: the consensus of a committee's revealed scores, and what each seat's scores were worth.

use crate::*;
use alloc::vec::Vec;
use poq_mechanism::{
    aggregate::{without, Aggregate, Range, Vote},
    skill::{deviation, distances, Skill},
};
use sp_runtime::Permill;

/// The seats of a committee when its task ends.
pub(crate) struct Votes<T: Config>(Vec<Ballot<T>>);

/// One seat of the committee.
struct Ballot<T: Config> {
    /// At the start of the settlement.
    reputation: Reputation<BalanceOf<T>>,
    /// `None` if the seat did not reveal.
    scores: Option<ScoresOf<T>>,
}

/// What follows for one seat.
pub(crate) struct Judged<Balance> {
    /// Before the task.
    pub(crate) reputation: Reputation<Balance>,
    /// The trust after the task, for a seat that revealed.
    pub(crate) trust: Trust,
    /// The mean distance of its scores from what the others said. `None` if there was nothing to
    /// compare.
    pub(crate) deviation: Option<Permill>,
    /// What the scores were worth beyond a guess. `None` if that is not known.
    pub(crate) skill: Option<Skill>,
    /// The skill that is paid, or owed for. `None` if nothing is.
    pub(crate) pays: Option<Skill>,
}

impl<T: Config> Votes<T> {
    pub(crate) fn of(seats: &[Seat<T>]) -> Self {
        let ballot = |seat: &Seat<T>| Ballot {
            reputation: Reputations::<T>::get(&seat.account).unwrap_or_default(),
            scores: match &seat.state {
                SeatState::Revealed { scores } => Some(scores.clone()),
                _ => None,
            },
        };
        Self(seats.iter().map(ballot).collect())
    }

    /// The votes for one answer, in the order of the seats that revealed.
    fn on(&self, answer: usize) -> Vec<Vote> {
        let vote = |ballot: &Ballot<T>| {
            Some(Vote { score: *ballot.scores.as_ref()?.get(answer)?, trust: ballot.reputation.trust })
        };
        self.0.iter().filter_map(vote).collect()
    }

    /// The consensus quality of each answer. `None` if no seat revealed.
    pub(crate) fn consensus(&self, rules: &Rules, answers: usize) -> Option<Vec<Permill>> {
        (0..answers).map(|answer| rules.aggregator.aggregate(&self.on(answer))).collect()
    }

    /// What each seat's scores were worth, against those of the others and against the best guess.
    pub(crate) fn judge(&self, rules: &Rules, answers: usize, baseline: Option<Baseline>) -> Vec<Judged<BalanceOf<T>>> {
        let votes: Vec<Vec<Vote>> = (0..answers).map(|answer| self.on(answer)).collect();
        let mut revealed = 0;
        let off: Vec<Option<Vec<Permill>>> = self
            .0
            .iter()
            .map(|ballot| {
                let scores = ballot.scores.as_ref()?;
                let others: Vec<Range> =
                    votes.iter().filter_map(|votes| without(rules.aggregator, votes, revealed)).collect();
                revealed += 1;
                distances(scores, &others)
            })
            .collect();
        // Only trust that can be compared moves. A single evaluator keeps its trust.
        let compared = || self.0.iter().zip(&off).filter_map(|(ballot, off)| Some((ballot, off.as_deref()?)));
        let trusted: Vec<Trust> = compared().map(|(ballot, _)| ballot.reputation.trust).collect();
        let deviations: Vec<Permill> = compared().map(|(_, off)| deviation(off)).collect();
        let mut moved = rules.trust.after_task(&trusted, &deviations).into_iter();
        let judged = |(ballot, off): (&Ballot<T>, &Option<Vec<Permill>>)| {
            let off = off.as_deref();
            let skill = off.zip(baseline).map(|(off, baseline)| rules.skill.skill(off, baseline.spread));
            Judged {
                reputation: ballot.reputation,
                trust: off.and_then(|_| moved.next()).unwrap_or(ballot.reputation.trust),
                deviation: off.map(deviation),
                skill,
                pays: skill,
            }
        };
        self.0.iter().zip(&off).map(judged).collect()
    }

    /// Without a consensus there is nothing to agree with. The work is paid, whatever the scores,
    /// and no trust moves.
    pub(crate) fn unjudged(&self, rules: &Rules) -> Vec<Judged<BalanceOf<T>>> {
        let judged = |ballot: &Ballot<T>| Judged {
            reputation: ballot.reputation,
            trust: ballot.reputation.trust,
            deviation: None,
            skill: None,
            pays: ballot.scores.as_ref().map(|_| Pallet::<T>::without_consensus(rules)),
        };
        self.0.iter().map(judged).collect()
    }
}
