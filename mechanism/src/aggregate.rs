//! Aggregation: from the committee's scores for one answer to its consensus quality.
//!
//! All rules are exact integer arithmetic and do not depend on the order of the votes. The
//! *breakdown point* of a rule is a share of the votes. If at most this share has arbitrary values,
//! the consensus stays in the range of the other votes.

use crate::{distance, trust::Trust, Score};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The revealed score of one evaluator for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vote {
    /// The score that the evaluator gave the answer.
    pub score: Score,
    /// The trust of the evaluator. Rules that count each vote alike ignore it.
    pub trust: Trust,
}

/// A range of scores, ends included. For a single score both ends are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The lower end.
    pub low: Score,
    /// The upper end.
    pub high: Score,
}

impl Range {
    /// The distance of a score from the range, in ppm. It is 0 inside.
    pub fn distance(&self, score: &Score) -> u64 {
        distance(score, score.max(&self.low).min(&self.high))
    }

    /// The score in the middle, rounded down.
    pub fn middle(&self) -> Score {
        // The two ends are at most a million each.
        Score::from_parts((self.low.deconstruct() + self.high.deconstruct()) / 2)
    }
}

impl From<Score> for Range {
    fn from(score: Score) -> Self {
        Self { low: score, high: score }
    }
}

/// A rule that turns the votes for one answer into its consensus quality.
pub trait Aggregate {
    /// The range in which the consensus of `votes` may lie, or `None` without votes. It is a single
    /// score, unless the votes divide evenly. Then anything between the two in the middle would do.
    fn range(&self, votes: &[Vote]) -> Option<Range>;

    /// The consensus of `votes`: the middle of the range, or `None` without votes.
    fn aggregate(&self, votes: &[Vote]) -> Option<Score> {
        self.range(votes).map(|range| range.middle())
    }

    /// The number of evaluators, of `count` with equal trust, that may say anything without moving
    /// the consensus out of the range of the others.
    fn tolerates(&self, count: usize) -> usize;
}

/// The rules to choose from.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[scale_info(capture_docs = "always")]
pub enum Aggregator {
    /// The mean, rounded down. Breakdown point 0: one evaluator moves it at will.
    Mean,
    /// The median; of an even number of votes the mean of the two in the middle, rounded down.
    /// Breakdown point: fewer than half.
    Median,
    /// The mean of what is left when about a quarter of the votes is dropped at either end (see
    /// `trimmed`), rounded down. Breakdown point: the number dropped at one end.
    Trimmed,
    /// The median by trust, where no evaluator counts for more than twice the median trust.
    /// Breakdown point: less than half of the trust that counts.
    Trusted,
}

/// The number of votes that [`Aggregator::Trimmed`] drops at either end: a quarter of those beside
/// the middle one, rounded up. So it trims from three votes on (1 of 3 to 5, 2 of 6 to 9, 3 of 10
/// to 13).
pub fn trimmed(count: usize) -> usize {
    count.saturating_sub(1).div_ceil(4).min(count.saturating_sub(1) / 2)
}

impl Aggregate for Aggregator {
    fn range(&self, votes: &[Vote]) -> Option<Range> {
        self.around(votes, false)
    }

    fn tolerates(&self, count: usize) -> usize {
        match self {
            Self::Mean => 0,
            Self::Median | Self::Trusted => count.saturating_sub(1) / 2,
            Self::Trimmed => trimmed(count),
        }
    }
}

impl Aggregator {
    /// As [`Aggregate::range`]. With `even`, votes by trust also divide evenly if a quarter of the
    /// lightest vote would make them so.
    fn around(&self, votes: &[Vote], even: bool) -> Option<Range> {
        let mut votes = votes.to_vec();
        votes.sort_unstable_by_key(|vote| (vote.score, vote.trust));
        match self {
            Self::Mean => mean(&votes).map(Range::from),
            Self::Median => middle(&votes, &|_| 1, 0),
            Self::Trimmed => {
                let dropped = trimmed(votes.len());
                mean(&votes[dropped..votes.len() - dropped]).map(Range::from)
            }
            Self::Trusted => {
                let max = 2 * median_trust(&votes);
                let weight = |vote: &Vote| u64::from(vote.trust.ppm()).min(max);
                let lightest = votes.iter().map(weight).min().unwrap_or(0);
                middle(&votes, &weight, if even { lightest / 4 } else { 0 })
            }
        }
    }
}

/// The consensus without one of the evaluators. This evaluator is compared with it, so that its own
/// score is no part of the reference.
///
/// It is a whole range, because an odd committee without one is even. If half of the others lie, an
/// honest evaluator still stands at one end of the range between the two halves. So its distance is
/// 0.
pub fn without(rule: Aggregator, votes: &[Vote], left_out: usize) -> Option<Range> {
    let others: Vec<Vote> =
        votes.iter().enumerate().filter(|(index, _)| *index != left_out).map(|(_, vote)| *vote).collect();
    // Trust is hardly ever exactly equal. Votes that divide almost evenly must do here, because no
    // consensus is moved by it.
    rule.around(&others, true)
}

fn mean(votes: &[Vote]) -> Option<Score> {
    let sum: u64 = votes.iter().map(|vote| u64::from(vote.score.deconstruct())).sum();
    // At most 1,000,000, because each score is.
    sum.checked_div(votes.len() as u64).map(|mean| Score::from_parts(mean as u32))
}

/// The scores around which the weight divides: from the first that reaches half of it to the last
/// with at most half before it. `slack` of the doubled weight may be missing or too much. The
/// result is one score, unless the weight divides evenly there. `votes` are sorted. If all weights
/// are 0, all votes count alike.
fn middle(votes: &[Vote], weight: &dyn Fn(&Vote) -> u64, slack: u64) -> Option<Range> {
    let total: u64 = votes.iter().map(weight).sum();
    if total == 0 && !votes.is_empty() {
        return middle(votes, &|_| 1, 0);
    }
    let (mut reached, mut low, mut high) = (0, None, None);
    for vote in votes.iter().filter(|vote| weight(vote) > 0) {
        if 2 * reached <= total + slack {
            high = Some(vote.score);
        }
        reached += weight(vote);
        if 2 * reached + slack >= total && low.is_none() {
            low = Some(vote.score);
        }
    }
    Some(Range { low: low?, high: high? })
}

fn median_trust(votes: &[Vote]) -> u64 {
    let mut trust: Vec<u32> = votes.iter().map(|vote| vote.trust.ppm()).collect();
    trust.sort_unstable();
    trust.get(trust.len() / 2).copied().map_or(0, u64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Aggregator; 4] = [Aggregator::Mean, Aggregator::Median, Aggregator::Trimmed, Aggregator::Trusted];

    fn votes(ppm: &[u32]) -> Vec<Vote> {
        ppm.iter().map(|ppm| Vote { score: Score::from_parts(*ppm), trust: Trust::NEUTRAL }).collect()
    }

    fn consensus(rule: Aggregator, ppm: &[u32]) -> Option<u32> {
        rule.aggregate(&votes(ppm)).map(|score| score.deconstruct())
    }

    #[test]
    fn no_votes_give_no_consensus() {
        assert!(ALL.iter().all(|rule| rule.aggregate(&[]).is_none()));
    }

    #[test]
    fn one_vote_is_the_consensus() {
        assert!(ALL.iter().all(|rule| consensus(*rule, &[3]) == Some(3)));
    }

    #[test]
    fn the_mean_is_of_all() {
        assert_eq!(consensus(Aggregator::Mean, &[900, 100, 501]), Some(500));
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(consensus(Aggregator::Median, &[900, 100, 500]), Some(500));
        assert_eq!(consensus(Aggregator::Median, &[900, 100, 500, 701]), Some(600));
    }

    #[test]
    fn the_trimmed_mean_trims_at_every_usual_size() {
        assert_eq!([1, 2, 3, 5, 6, 7, 9, 11].map(trimmed), [0, 0, 1, 1, 2, 2, 2, 3]);
        assert_eq!(consensus(Aggregator::Trimmed, &[0, 400, 500, 603, 1_000_000]), Some(501));
        assert_eq!(consensus(Aggregator::Trimmed, &[0, 0, 400, 500, 603, 999_999, 1_000_000]), Some(501));
    }

    #[test]
    fn trust_counts_for_more_but_for_no_more_than_two() {
        let vote = |score, trust| Vote { score: Score::from_parts(score), trust: Trust::from_ppm(trust) };
        let low = [vote(100, 1_000_000), vote(100, 1_000_000)];
        let found = |high: &[Vote]| Aggregator::Trusted.aggregate(&[&low, high].concat()).unwrap().deconstruct();
        // Two against one: the one would win with a trust above 2. It counts for two at most, which
        // is a draw.
        assert_eq!(found(&[vote(900, 1_500_000)]), 100);
        assert_eq!(found(&[vote(900, 2_000_000)]), 500);
        assert_eq!(found(&[vote(900, u32::MAX)]), 500);
    }

    #[test]
    fn votes_without_trust_count_alike() {
        let untrusted = votes(&[1, 5, 9]).into_iter().map(|vote| Vote { trust: Trust::from_ppm(0), ..vote });
        assert_eq!(Aggregator::Trusted.aggregate(&untrusted.collect::<Vec<_>>()), Some(Score::from_parts(5)));
    }

    #[test]
    fn a_vote_that_is_left_out_does_not_count() {
        let votes = votes(&[100, 200, 900_000]);
        assert_eq!(without(Aggregator::Mean, &votes, 2), Some(Score::from_parts(150).into()));
        assert_eq!(without(Aggregator::Mean, &votes[..1], 0), None);
    }

    #[test]
    fn half_of_the_others_lying_does_not_put_an_honest_evaluator_in_the_wrong() {
        let votes = votes(&[700_000, 700_000, 700_000, 1_000_000, 1_000_000]);
        let of = |index: usize| without(Aggregator::Median, &votes, index).unwrap().distance(&votes[index].score);
        assert_eq!((of(0), of(3)), (0, 300_000));
    }

    #[test]
    fn nor_does_it_where_trust_is_not_quite_alike() {
        let vote = |score, trust| Vote { score: Score::from_parts(score), trust: Trust::from_ppm(trust) };
        let votes = [vote(700_000, 990_000), vote(700_000, 985_000), vote(1_000_000, 1_010_000)];
        let of = |index: usize| without(Aggregator::Trusted, &votes, index).unwrap().distance(&votes[index].score);
        assert_eq!((of(0), of(1), of(2)), (0, 0, 300_000));
        // The liar does not draw the consensus itself towards it.
        assert_eq!(Aggregator::Trusted.aggregate(&votes), Some(Score::from_parts(700_000)));
    }

    #[test]
    fn what_lies_outside_of_a_range_is_measured_from_its_nearer_end() {
        let range = Range { low: Score::from_parts(400_000), high: Score::from_parts(500_000) };
        assert_eq!(
            [300_000, 400_000, 450_000, 500_050, 700_000].map(|x| range.distance(&Score::from_parts(x))),
            [100_000, 0, 0, 0, 200_000]
        );
    }

    proptest! {
        #[test]
        fn as_many_as_are_tolerated_cannot_leave_the_honest_range(
            honest in prop::collection::vec(0u32..=1_000_000, 1..12),
            liars in prop::collection::vec(0u32..=1_000_000, 0..12),
        ) {
            let (low, high) = (*honest.iter().min().unwrap(), *honest.iter().max().unwrap());
            let all = [honest.clone(), liars.clone()].concat();
            for rule in ALL {
                if liars.len() <= rule.tolerates(all.len()) {
                    let consensus = consensus(rule, &all).unwrap();
                    prop_assert!((low..=high).contains(&consensus), "{:?}", rule);
                }
            }
        }

        #[test]
        fn less_than_half_of_the_clipped_trust_cannot_leave_the_honest_range(
            honest in prop::collection::vec((0u32..=1_000_000, 1_000_000u32..=2_000_000), 3..9),
            liars in prop::collection::vec((0u32..=1_000_000, 0u32..=500_000), 1..5),
        ) {
            // Each liar counts for at most half of the least trusted honest evaluator, and there
            // are fewer than twice as many.
            prop_assume!(liars.len() < 2 * honest.len());
            let (low, high) = (honest.iter().map(|v| v.0).min().unwrap(), honest.iter().map(|v| v.0).max().unwrap());
            let votes: Vec<Vote> = honest.iter().chain(&liars)
                .map(|(score, trust)| Vote { score: Score::from_parts(*score), trust: Trust::from_ppm(*trust) }).collect();
            let max = 2 * median_trust(&votes);
            let clipped = |v: &(u32, u32)| u64::from(v.1).min(max);
            prop_assume!(liars.iter().map(clipped).sum::<u64>() < honest.iter().map(clipped).sum());
            let consensus = Aggregator::Trusted.aggregate(&votes).unwrap().deconstruct();
            prop_assert!((low..=high).contains(&consensus));
        }

        #[test]
        fn order_does_not_matter(mut votes in prop::collection::vec((0u32..=1_000_000, any::<u32>()), 1..12)) {
            let make = |votes: &[(u32, u32)]| votes.iter().map(|(score, trust)| Vote { score: Score::from_parts(*score), trust: Trust::from_ppm(*trust) }).collect::<Vec<_>>();
            let forward = ALL.map(|rule| rule.aggregate(&make(&votes)));
            votes.reverse();
            prop_assert_eq!(forward, ALL.map(|rule| rule.aggregate(&make(&votes))));
        }

        #[test]
        fn every_consensus_lies_among_the_votes(ppm in prop::collection::vec(0u32..=1_000_000, 1..64)) {
            let (low, high) = (*ppm.iter().min().unwrap(), *ppm.iter().max().unwrap());
            for rule in ALL {
                prop_assert!((low..=high).contains(&consensus(rule, &ppm).unwrap()));
            }
        }
    }
}
