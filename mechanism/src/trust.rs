//! Trust: how much an evaluator's word counts, and how likely it is to be seated. It moves with
//! opened scores only, and carries from task to task.

use crate::Score;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// How far an evaluator is trusted, in millionths: 1,000,000 is neutral, where everybody starts.
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
    /// Where everybody starts.
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

/// How trust moves after a task.
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
    /// As published (arXiv 2601.21189, Eq. 21): `w ← w · (1 + rate · (1/2 − d))`. Whoever is off by
    /// less than one half on average climbs to the top, so that in the end all are trusted alike.
    /// Here to compare with.
    Published,
    /// Our own: `w ← w · (1 + rate · (m − d) / max(m, floor)) + home · (1 − w)`, where `m` is the
    /// median of the committee's own deviations (of an even number the smaller of the two in the
    /// middle) and the fraction is kept within −1 and 1/4: trust is lost four times as fast as it
    /// is gained. Half of a committee gains and half loses at each task, so honest judges stay
    /// around neutral, and who is off by more than the others for long falls.
    Centred,
}

/// How trust moves, and between which bounds.
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
    /// The formula by which trust moves.
    pub update: Update,
    /// How fast it moves: the largest change by one task, as a share.
    pub rate: Score,
    /// How fast it returns to neutral: the share of the way by one task ([`Update::Centred`] only).
    pub home: Score,
    /// A deviation below this is as good as none: the judge's own noise ([`Update::Centred`] only).
    pub floor: Score,
    /// The share that a seat that did not open costs.
    pub absence: Score,
    /// The lower bound of trust; above 0, and at most 1,000,000.
    pub min: Trust,
    /// The upper bound of trust; at least 1,000,000.
    pub max: Trust,
}

impl TrustRules {
    /// The trust of each judge after a task. `deviations` are how far the scores of each, on
    /// average over the answers, lay from the consensus of the others, in the order of `trusted`.
    pub fn after_task(&self, trusted: &[Trust], deviations: &[Score]) -> Vec<Trust> {
        let median = median(deviations);
        let step = |trust: &Trust, deviation: &Score| {
            let (trust, deviation) = (i64::from(trust.0), i64::from(deviation.deconstruct()));
            let rate = i64::from(self.rate.deconstruct());
            // All factors are at most a million in size but trust, which is below 2^32: no product
            // exceeds 2^32 · 10^6 < 2^63.
            let moved = match self.update {
                Update::Published => trust * (rate * (500_000 - deviation) / MILLION) / MILLION,
                Update::Centred => {
                    let unit = median.max(i64::from(self.floor.deconstruct())).max(1);
                    let share = ((median - deviation) * MILLION / unit).clamp(-MILLION, MILLION / 4);
                    let home = i64::from(self.home.deconstruct()) * (MILLION - trust) / MILLION;
                    trust * (rate * share / MILLION) / MILLION + home
                }
            };
            self.bounded(trust + moved)
        };
        trusted.iter().zip(deviations).map(|(trust, deviation)| step(trust, deviation)).collect()
    }

    /// The trust after a seat that was not opened.
    pub fn after_absence(&self, trust: Trust) -> Trust {
        self.bounded(i64::from(trust.0) - i64::from(self.absence.mul_ceil(trust.0)))
    }

    fn bounded(&self, trust: i64) -> Trust {
        // Between two numbers of 32 bits.
        Trust(trust.clamp(i64::from(self.min.0), i64::from(self.max.0.max(self.min.0))) as u32)
    }
}

const MILLION: i64 = 1_000_000;

/// The median in millionths, of an even number the smaller of the two in the middle; 0 for nobody.
fn median(deviations: &[Score]) -> i64 {
    let mut parts: Vec<i64> = deviations.iter().map(|deviation| i64::from(deviation.deconstruct())).collect();
    parts.sort_unstable();
    parts.get(parts.len().saturating_sub(1) / 2).copied().unwrap_or(0)
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
        let deviations: Vec<Score> = deviations.iter().map(|parts| Score::from_parts(*parts)).collect();
        let mut trusted = vec![Trust::NEUTRAL; deviations.len()];
        for _ in 0..tasks {
            trusted = rules.after_task(&trusted, &deviations);
        }
        trusted.iter().map(|trust| trust.ppm()).collect()
    }

    #[test]
    fn the_published_update_saturates() {
        // A judge that is off by almost a half ends where a perfect one does.
        assert_eq!(after(rules(Update::Published), &[0, 450_000, 450_000], 400), [2_000_000; 3]);
    }

    #[test]
    fn the_centred_update_tells_them_apart() {
        let rules = rules(Update::Centred);
        let mut trusted = vec![Trust::NEUTRAL; 4];
        // Three judges with the same noise, and one that is always far off.
        for task in 0..400 {
            let mut deviations = [30_000, 40_000, 50_000].map(Score::from_parts);
            deviations.rotate_left(task % 3);
            trusted = rules.after_task(&trusted, &[&deviations[..], &[Score::from_parts(450_000)]].concat());
        }
        assert!(trusted[3].ppm() < 200_000, "{trusted:?}");
        assert!(trusted[..3].iter().all(|trust| (800_000..1_600_000).contains(&trust.ppm())), "{trusted:?}");
    }

    #[test]
    fn those_who_are_all_alike_stay_neutral() {
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
    fn who_does_not_open_loses_it() {
        let rules = rules(Update::Centred);
        assert_eq!(rules.after_absence(Trust::NEUTRAL), Trust::from_ppm(800_000));
        assert_eq!(rules.after_absence(rules.min), rules.min);
    }

    #[test]
    fn one_judge_alone_has_nobody_to_be_compared_with() {
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
        fn who_is_closer_is_never_trusted_less(
            near in 0u32..=1_000_000, far in 0u32..=1_000_000, others in prop::collection::vec(0u32..=1_000_000, 1..8), published: bool,
        ) {
            prop_assume!(near <= far);
            let deviations = [&[near, far], &others[..]].concat();
            let found = after(rules(if published { Update::Published } else { Update::Centred }), &deviations, 3);
            prop_assert!(found[0] >= found[1]);
        }
    }
}
