//! Offences: what is lost by a judge that took a seat, or an inference node that sealed an answer,
//! and did not do its duty.

use crate::Score;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_arithmetic::traits::AtLeast32BitUnsigned;

/// A neglected duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub enum Offence {
    /// Nothing was committed, or answered.
    Absent,
    /// A seal was not opened.
    Withheld,
    /// What was opened is not what was committed, or neither scores nor an answer.
    Unopenable,
}

/// What offences cost.
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
    /// The share of the bond that a withheld reveal costs.
    pub withheld: Score,
    /// The share of the bond that an unopenable commitment costs.
    pub unopenable: Score,
    /// After so many duties done in a row one offence is forgotten.
    pub forgiven_after: u16,
    /// With so many offences on record an evaluator is chilled: seated no more until it asks to be.
    pub chilled_at: u8,
}

impl OffenceRules {
    /// The slash for an offence by somebody with `record` offences on record: the rate doubles with
    /// each, up to the number that chills and to the whole bond.
    pub fn slash<Balance: AtLeast32BitUnsigned + Copy>(&self, offence: Offence, record: u8, bond: Balance) -> Balance {
        let rate = self.rate(offence).deconstruct();
        let doubled = u32::from(record.min(self.chilled_at));
        let escalated = rate.saturating_mul(1u32.checked_shl(doubled).unwrap_or(u32::MAX));
        Score::from_parts(escalated.min(1_000_000)).mul_ceil(bond)
    }

    /// The slash for a further offence of one outage, which goes on no record: what a first one
    /// costs, but no more than a little above `stake`, all that could have been gained by it.
    pub fn slash_again<Balance: AtLeast32BitUnsigned + Copy>(
        &self,
        offence: Offence,
        bond: Balance,
        stake: Balance,
    ) -> Balance {
        self.slash(offence, 0, bond).min(stake.saturating_add(Balance::one()))
    }

    /// What a first offence costs.
    pub fn rate(&self, offence: Offence) -> Score {
        match offence {
            Offence::Absent => self.absent,
            Offence::Withheld => self.withheld,
            Offence::Unopenable => self.unopenable,
        }
    }

    /// Whether somebody with so many offences on record is chilled.
    pub fn chills(&self, record: u8) -> bool {
        record >= self.chilled_at
    }

    /// Whether not opening can never pay, for tasks of at most `bounty` with `seats` seats of at
    /// most `seat` each, by evaluators with at least `bond` left:
    ///
    /// `min(withheld, unopenable) · bond > bounty + (limit + 1) · seats · seat`
    ///
    /// The right side is all that can be saved or gained. Without the scores a quorum may fail, and
    /// the whole bounty goes back to a user who may be in league; with them gone the others'
    /// references move, each of which is worth a part of a seat and what its judge could owe. (The
    /// pay for the seat itself is forgone, not saved.) An absence is decided before anything is
    /// known of the others' scores, and its rate may be lower: what it may gain is for a user in
    /// league with more of a committee than a quorum can spare, a limit that `docs/protocol.md`
    /// states.
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

/// All that an evaluator, with others in league, could gain or save in one task by not doing its
/// duty: `bounty + (limit + 1) · seats · seat`.
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
        // 5 % of 4,800 against a bounty of 100 and four parts of 5 for each of seven seats.
        assert!(RULES.withholding_never_pays(3, 100u64, 7, 5, 4_820));
        assert!(!RULES.withholding_never_pays(3, 100u64, 7, 5, 4_800));
        assert!(!RULES.withholding_never_pays(255, u64::MAX, u32::MAX, u64::MAX, u64::MAX));
    }

    proptest! {
        #[test]
        fn nobody_loses_more_than_the_bond(bond: u128, record: u8) {
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
