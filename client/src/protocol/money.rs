//! What accounts and the pallet hold.

use serde::Serialize;
use subxt::ext::scale_decode::DecodeAsType;

/// All money that ever went through the pallet's holds:
/// `funded == held + paid + refunded + slashed`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Ledger {
    /// Put on hold.
    pub funded: u128,
    /// Paid out of bounties.
    pub paid: u128,
    /// Given back: unspent bounties and withdrawn bonds.
    pub refunded: u128,
    /// Slashed from bonds.
    pub slashed: u128,
}

impl Ledger {
    /// What is on hold now.
    pub fn held(&self) -> u128 {
        self.funded.saturating_sub(self.paid).saturating_sub(self.refunded).saturating_sub(self.slashed)
    }
}

/// What an account owns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// Free to spend.
    pub free: u128,
    /// On hold: bounties and bonds.
    pub held: u128,
}

/// A part of an account's balance that is on hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hold {
    /// What for, such as `ProofOfQuality.Bounty`.
    pub reason: String,
    /// How much.
    pub amount: u128,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ledger_tells_what_is_held() {
        assert_eq!(Ledger { funded: 10, paid: 4, refunded: 3, slashed: 1 }.held(), 2);
    }
}
