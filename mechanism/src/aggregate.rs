//! Aggregation: from the committee's scores for one answer to its consensus quality.

use crate::Score;
use alloc::vec::Vec;

/// A rule that turns the opened scores for one answer into its consensus quality.
pub trait Aggregate {
    /// The consensus of `scores`, or `None` if there are none. The order of `scores` must not matter.
    fn aggregate(scores: &[Score]) -> Option<Score>;
}

/// The median; of an even number of scores the mean of the two in the middle, rounded down.
///
/// Breakdown point: fewer than half of the scores, whatever they are, cannot move the consensus out of the range of the
/// honest ones.
pub struct Median;

impl Aggregate for Median {
    fn aggregate(scores: &[Score]) -> Option<Score> {
        let mut parts: Vec<u32> = scores.iter().map(|score| score.deconstruct()).collect();
        parts.sort_unstable();
        let middle = parts.len() / 2;
        match parts.len() {
            0 => None,
            len if len % 2 == 1 => Some(Score::from_parts(parts[middle])),
            // Two scores of at most 1,000,000 each: the sum cannot overflow.
            _ => Some(Score::from_parts((parts[middle - 1] + parts[middle]) / 2)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(values: &[u32]) -> Vec<Score> {
        values.iter().copied().map(Score::from_parts).collect()
    }

    #[test]
    fn nobody_gives_no_consensus() {
        assert_eq!(Median::aggregate(&[]), None);
    }

    #[test]
    fn takes_the_middle() {
        assert_eq!(Median::aggregate(&parts(&[900, 100, 500])), Some(Score::from_parts(500)));
        assert_eq!(Median::aggregate(&parts(&[900, 100, 500, 701])), Some(Score::from_parts(600)));
        assert_eq!(Median::aggregate(&parts(&[3])), Some(Score::from_parts(3)));
    }

    proptest! {
        #[test]
        fn a_minority_cannot_leave_the_honest_range(
            honest in prop::collection::vec(0u32..=1_000_000, 1..12),
            liars in prop::collection::vec(0u32..=1_000_000, 0..12),
        ) {
            prop_assume!(liars.len() < honest.len());
            let (low, high) = (*honest.iter().min().unwrap(), *honest.iter().max().unwrap());
            let all = parts(&[honest, liars].concat());
            let consensus = Median::aggregate(&all).unwrap().deconstruct();
            prop_assert!((low..=high).contains(&consensus));
        }

        #[test]
        fn order_does_not_matter(mut scores in prop::collection::vec(0u32..=1_000_000, 1..12)) {
            let forward = Median::aggregate(&parts(&scores));
            scores.reverse();
            prop_assert_eq!(forward, Median::aggregate(&parts(&scores)));
        }
    }
}
