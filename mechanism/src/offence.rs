//! Offences: what a participant loses if it neglects a duty. The duties are those of an evaluator
//! with a seat, and of an inference node that committed a sealed answer.

use crate::Score;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_arithmetic::traits::AtLeast32BitUnsigned;

/// A duty that a participant neglected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub enum Offence {
    /// The evaluator committed no scores, or the inference node gave no answer.
    Absent,
    /// The key of a seal was not revealed in time.
    Withheld,
    /// The key of a seal was right, but the seal holds no scores, or no answer.
    Unopenable,
}

/// What offences cost, and when they count.
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
pub struct OffenceRules {
    /// The share of the bond that an absence costs.
    pub absent: Score,
    /// The share of the bond that a withheld key costs.
    pub withheld: Score,
    /// The share of the bond that an unopenable seal costs.
    pub unopenable: Score,
    /// The number of duties done in a row after which one offence is forgotten.
    pub forgiven_after: u16,
    /// The number of offences on record at which an evaluator is chilled: it gets no seats until it
    /// calls `activate`.
    pub chilled_at: u8,
}

impl OffenceRules {
    /// The slash for an offence of a participant with `record` offences on record. The rate doubles
    /// with each of them, up to the number that chills, and up to the whole bond. It is rounded up.
    pub fn slash<Balance: AtLeast32BitUnsigned + Copy>(&self, offence: Offence, record: u8, bond: Balance) -> Balance {
        let rate = self.rate(offence).deconstruct();
        let doubled = u32::from(record.min(self.chilled_at));
        let escalated = rate.saturating_mul(1u32.checked_shl(doubled).unwrap_or(u32::MAX));
        Score::from_parts(escalated.min(1_000_000)).mul_ceil(bond)
    }

    /// The slash for a further offence of one outage, which does not go on the record. It is the
    /// slash for a first offence, but at most `stake + 1`. `stake` is all that the offence could
    /// have gained.
    pub fn slash_again<Balance: AtLeast32BitUnsigned + Copy>(
        &self,
        offence: Offence,
        bond: Balance,
        stake: Balance,
    ) -> Balance {
        self.slash(offence, 0, bond).min(stake.saturating_add(Balance::one()))
    }

    /// The share of the bond that a first offence costs.
    pub fn rate(&self, offence: Offence) -> Score {
        match offence {
            Offence::Absent => self.absent,
            Offence::Withheld => self.withheld,
            Offence::Unopenable => self.unopenable,
        }
    }

    /// Whether a participant with `record` offences on record is chilled.
    pub fn chills(&self, record: u8) -> bool {
        record >= self.chilled_at
    }

    /// Whether withholding a key never pays. It holds for tasks of at most `bounty` with `seats`
    /// seats of at most `seat` each, and for evaluators with at least `bond` left:
    ///
    /// `min(withheld, unopenable) · bond > bounty + (limit + 1) · seats · seat`
    ///
    /// The right side is all that can be saved or gained. Without the scores a quorum may fail, and
    /// the whole bounty goes back to a submitter that may be an accomplice. Each missing seat also
    /// moves the references of the others. Each reference is worth the cap of a seat, and what its
    /// evaluator could owe. (The pay for the withheld seat itself is lost, not saved.)
    ///
    /// An absence is decided before anything is known of the others' scores, so its rate may be
    /// lower. It can only gain for a submitter with more accomplices in a committee than a quorum
    /// can spare. `docs/protocol.md` states that limit.
    pub fn withholding_never_pays<Balance: AtLeast32BitUnsigned + Copy>(
        &self,
        limit: u8,
        bounty: Balance,
        seats: u32,
        seat: Balance,
        bond: Balance,
    ) -> bool {
        self.withheld.min(self.unopenable).mul_floor(bond) > stake(limit, bounty, seats, seat)
    }
}

/// All that an evaluator and its accomplices could gain or save by an offence in a task:
///
/// `bounty + (limit + 1) · seats · seat`
pub fn stake<Balance: AtLeast32BitUnsigned + Copy>(limit: u8, bounty: Balance, seats: u32, seat: Balance) -> Balance {
    let one = seat.saturating_mul(limit.into()).saturating_add(seat);
    one.saturating_mul(seats.into()).saturating_add(bounty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULES: OffenceRules = OffenceRules {
        absent: Score::from_percent(1),
        withheld: Score::from_percent(5),
        unopenable: Score::from_percent(5),
        forgiven_after: 100,
        chilled_at: 3,
    };

    #[test]
    fn a_repeated_offence_costs_twice_as_much() {
        let slashes = [0, 1, 2, 5, 40, 255].map(|record| RULES.slash(Offence::Withheld, record, 1_000u64));
        assert_eq!(slashes, [50, 100, 200, 400, 400, 400]);
    }

    #[test]
    fn each_offence_has_its_rate() {
        assert_eq!(RULES.slash(Offence::Absent, 0, 1_000u64), 10);
        assert_eq!(RULES.slash(Offence::Unopenable, 0, 1_000u64), 50);
    }

    #[test]
    fn the_third_offence_chills() {
        assert_eq!([0, 2, 3, 9].map(|record| RULES.chills(record)), [false, false, true, true]);
    }

    #[test]
    fn withholding_pays_where_the_bond_is_too_small() {
        // 5 % of 4,800 against a bounty of 100, and four caps of 5 for each of seven seats.
        assert!(RULES.withholding_never_pays(3, 100u64, 7, 5, 4_820));
        assert!(!RULES.withholding_never_pays(3, 100u64, 7, 5, 4_800));
        assert!(!RULES.withholding_never_pays(255, u64::MAX, u32::MAX, u64::MAX, u64::MAX));
    }

    proptest! {
        #[test]
        fn no_slash_exceeds_the_bond(bond: u128, record: u8) {
            for offence in [Offence::Absent, Offence::Withheld, Offence::Unopenable] {
                prop_assert!(RULES.slash(offence, record, bond) <= bond);
            }
        }

        #[test]
        fn where_withholding_never_pays_every_slash_exceeds_every_gain(
            bounty in 0u64..1 << 40, seats in 1u32..20, bond: u64, more: u64, record: u8,
        ) {
            let seat = bounty / 5 / u64::from(seats);
            prop_assume!(RULES.withholding_never_pays(3, bounty, seats, seat, bond));
            let bond = bond.saturating_add(more);
            for offence in [Offence::Withheld, Offence::Unopenable] {
                prop_assert!(RULES.slash(offence, record, bond) > bounty + 4 * u64::from(seats) * seat);
            }
        }
    }
}
