//! Trust: how much an evaluator's scores count, and how likely it gets a seat. Only revealed scores
//! and offences change it, and it carries over from task to task.

use crate::Score;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// How far an evaluator is trusted, in millionths. Each evaluator starts at 1,000,000, which is
/// neutral.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[scale_info(capture_docs = "always")]
pub struct Trust(u32);

impl Trust {
    /// Neutral trust, at which each evaluator starts.
    pub const NEUTRAL: Self = Self(1_000_000);

    /// Trust of `ppm` millionths.
    pub const fn from_ppm(ppm: u32) -> Self {
        Self(ppm)
    }

    /// The trust in millionths.
    pub const fn ppm(self) -> u32 {
        self.0
    }
}

impl Default for Trust {
    fn default() -> Self {
        Self::NEUTRAL
    }
}

/// The formula by which trust changes after a task.
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
pub enum Update {
    /// The published formula (arXiv 2601.21189, Eq. 21): `w ← w · (1 + rate · (1/2 − d))`. An
    /// evaluator with a deviation below one half climbs to the maximum, so in the end all are
    /// trusted alike. It is only here to compare with.
    Published,
    /// Our own formula: `w ← w · (1 + rate · (m − d) / max(m, floor)) + home · (1 − w)`.
    ///
    /// Here `m` is the median of the committee's deviations; of an even number the smaller of the
    /// two in the middle. The fraction is kept from −1 to 1/4, so trust is lost four times as fast
    /// as it is gained. In each task half of a committee gains and half loses, so honest evaluators
    /// stay around neutral. An evaluator that deviates more than the others for long falls.
    Centred,
}

/// How trust changes, and between which bounds.
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
pub struct TrustRules {
    /// The formula by which trust changes.
    pub update: Update,
    /// The maximum change by one task, as a share of the trust.
    pub rate: Score,
    /// The share of the way back to neutral that one task takes ([`Update::Centred`] only).
    pub home: Score,
    /// A deviation below this counts as none, because it is the noise of the judge
    /// ([`Update::Centred`] only).
    pub floor: Score,
    /// The share of its trust that an evaluator loses with a seat that did not reveal.
    pub absence: Score,
    /// The minimum of trust, from 1 to 1,000,000.
    pub min: Trust,
    /// The maximum of trust, at least 1,000,000.
    pub max: Trust,
}

impl TrustRules {
    /// The trust of each evaluator after a task. `trusted` holds their trust before it.
    /// `deviations` holds, in the same order, the mean distance of the scores of each from the
    /// consensus of the others.
    pub fn after_task(&self, trusted: &[Trust], deviations: &[Score]) -> Vec<Trust> {
        let median = median(deviations);
        let step = |trust: &Trust, deviation: &Score| {
            let (trust, deviation) = (i64::from(trust.0), i64::from(deviation.deconstruct()));
            let rate = i64::from(self.rate.deconstruct());
            // All factors are at most a million in size, except trust, which is below 2^32. So no
            // product exceeds 2^32 · 10^6 < 2^63.
            let moved = match self.update {
                Update::Published => trust * (rate * (500_000 - deviation) / MILLION) / MILLION,
                Update::Centred => {
                    let scale = median.max(i64::from(self.floor.deconstruct())).max(1);
                    let share = ((median - deviation) * MILLION / scale).clamp(-MILLION, MILLION / 4);
                    let home = i64::from(self.home.deconstruct()) * (MILLION - trust) / MILLION;
                    trust * (rate * share / MILLION) / MILLION + home
                }
            };
            self.bounded(trust + moved)
        };
        trusted.iter().zip(deviations).map(|(trust, deviation)| step(trust, deviation)).collect()
    }

    /// The trust after a seat that did not reveal.
    pub fn after_absence(&self, trust: Trust) -> Trust {
        self.bounded(i64::from(trust.0) - i64::from(self.absence.mul_ceil(trust.0)))
    }

    fn bounded(&self, trust: i64) -> Trust {
        // The result lies between two numbers of 32 bits.
        Trust(trust.clamp(i64::from(self.min.0), i64::from(self.max.0.max(self.min.0))) as u32)
    }
}

const MILLION: i64 = 1_000_000;

/// The median in millionths; of an even number the smaller of the two in the middle. It is 0
/// without deviations.
fn median(deviations: &[Score]) -> i64 {
    let mut ppm: Vec<i64> = deviations.iter().map(|deviation| i64::from(deviation.deconstruct())).collect();
    ppm.sort_unstable();
    ppm.get(ppm.len().saturating_sub(1) / 2).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use proptest::prelude::*;

    fn rules(update: Update) -> TrustRules {
        TrustRules {
            update,
            rate: Score::from_percent(10),
            home: Score::from_percent(2),
            floor: Score::from_percent(2),
            absence: Score::from_percent(20),
            min: Trust::from_ppm(100_000),
            max: Trust::from_ppm(2_000_000),
        }
    }

    fn after(rules: TrustRules, deviations: &[u32], tasks: usize) -> Vec<u32> {
        let deviations: Vec<Score> = deviations.iter().map(|ppm| Score::from_parts(*ppm)).collect();
        let mut trusted = vec![Trust::NEUTRAL; deviations.len()];
        for _ in 0..tasks {
            trusted = rules.after_task(&trusted, &deviations);
        }
        trusted.iter().map(|trust| trust.ppm()).collect()
    }

    #[test]
    fn the_published_update_saturates() {
        // An evaluator with a deviation of almost a half ends where a perfect one does.
        assert_eq!(after(rules(Update::Published), &[0, 450_000, 450_000], 400), [2_000_000; 3]);
    }

    #[test]
    fn the_centred_update_separates_good_from_bad() {
        let rules = rules(Update::Centred);
        let mut trusted = vec![Trust::NEUTRAL; 4];
        // Three evaluators with the same noise, and one that is always far off.
        for task in 0..400 {
            let mut deviations = [30_000, 40_000, 50_000].map(Score::from_parts);
            deviations.rotate_left(task % 3);
            trusted = rules.after_task(&trusted, &[&deviations[..], &[Score::from_parts(450_000)]].concat());
        }
        assert!(trusted[3].ppm() < 200_000, "{trusted:?}");
        assert!(trusted[..3].iter().all(|trust| (800_000..1_600_000).contains(&trust.ppm())), "{trusted:?}");
    }

    #[test]
    fn evaluators_that_are_all_alike_stay_neutral() {
        for deviation in [0, 300_000, 1_000_000] {
            assert_eq!(after(rules(Update::Centred), &[deviation; 5], 1_000), [1_000_000; 5]);
        }
    }

    #[test]
    fn trust_returns_home() {
        let rules = rules(Update::Centred);
        let mut trusted = vec![rules.min, rules.max];
        for _ in 0..600 {
            trusted = rules.after_task(&trusted, &[Score::zero(); 2]);
        }
        assert!(trusted.iter().all(|trust| trust.ppm().abs_diff(1_000_000) < 5_000), "{trusted:?}");
    }

    #[test]
    fn a_seat_that_does_not_reveal_costs_trust() {
        let rules = rules(Update::Centred);
        assert_eq!(rules.after_absence(Trust::NEUTRAL), Trust::from_ppm(800_000));
        assert_eq!(rules.after_absence(rules.min), rules.min);
    }

    #[test]
    fn one_evaluator_alone_keeps_its_trust() {
        assert_eq!(rules(Update::Centred).after_task(&[], &[]), []);
        assert_eq!(after(rules(Update::Centred), &[1_000_000], 10), [1_000_000]);
    }

    proptest! {
        #[test]
        fn trust_stays_within_its_bounds(
            who in prop::collection::vec((any::<u32>(), 0u32..=1_000_000), 0..12),
            rate in 0u32..=1_000_000, home in 0u32..=1_000_000, floor in 0u32..=1_000_000, published: bool,
        ) {
            let rules = TrustRules {
                rate: Score::from_parts(rate), home: Score::from_parts(home), floor: Score::from_parts(floor),
                ..rules(if published { Update::Published } else { Update::Centred })
            };
            let (trusted, deviations): (Vec<_>, Vec<_>) = who.into_iter().map(|(t, d)| (Trust::from_ppm(t), Score::from_parts(d))).unzip();
            for trust in rules.after_task(&trusted, &deviations) {
                prop_assert!((rules.min..=rules.max).contains(&trust));
            }
        }

        #[test]
        fn a_closer_evaluator_is_never_trusted_less(
            near in 0u32..=1_000_000, far in 0u32..=1_000_000, others in prop::collection::vec(0u32..=1_000_000, 1..8), published: bool,
        ) {
            prop_assume!(near <= far);
            let deviations = [&[near, far], &others[..]].concat();
            let found = after(rules(if published { Update::Published } else { Update::Centred }), &deviations, 3);
            prop_assert!(found[0] >= found[1]);
        }
    }
}
