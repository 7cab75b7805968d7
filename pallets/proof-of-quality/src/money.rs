//! Money: bounties and bonds on hold, payouts, refunds and slashes.
//!
//! Funds leave a hold only through one of these functions, so the ledger can never miss any.

use crate::*;
use frame_support::{
    pallet_prelude::*,
    traits::{
        fungible::hold::{Balanced, Mutate},
        tokens::{Fortitude, Precision, Restriction},
        OnUnbalanced,
    },
};
use sp_runtime::{
    traits::{UniqueSaturatedInto, Zero},
    Saturating,
};

impl Role {
    /// The reason for which the bond of the role is on hold.
    pub fn hold_reason(self) -> HoldReason {
        match self {
            Role::Evaluator => HoldReason::EvaluatorBond,
            Role::Inference => HoldReason::InferenceBond,
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Puts funds on hold, as a bounty or a bond.
    pub(crate) fn hold(who: &T::AccountId, reason: HoldReason, amount: BalanceOf<T>) -> DispatchResult {
        T::Currency::hold(&reason.into(), who, amount)?;
        Self::record(|ledger| &mut ledger.funded, amount);
        Ok(())
    }

    /// Pays `amount` of a bounty on hold at `submitter`, and returns how much was really paid.
    ///
    /// Payees have a bond on hold, so their account exists and the transfer cannot fail. If it
    /// fails all the same, the money stays on hold and goes back to the submitter with the rest.
    pub(crate) fn pay(
        task: TaskId,
        submitter: &T::AccountId,
        who: &T::AccountId,
        role: Role,
        amount: BalanceOf<T>,
    ) -> BalanceOf<T> {
        if amount.is_zero() {
            return amount;
        }
        let paid = T::Currency::transfer_on_hold(
            &HoldReason::Bounty.into(),
            submitter,
            who,
            amount,
            Precision::Exact,
            Restriction::Free,
            Fortitude::Force,
        );
        match paid {
            Ok(amount) => {
                Self::record(|ledger| &mut ledger.paid, amount);
                Self::deposit_event(Event::Paid { task, who: who.clone(), role, amount });
                amount
            }
            Err(error) => {
                frame_support::defensive!("a bonded account must be payable", error);
                Zero::zero()
            }
        }
    }

    /// Gives back what is left of a bounty.
    pub(crate) fn refund(task: TaskId, submitter: &T::AccountId, amount: BalanceOf<T>) -> BalanceOf<T> {
        let refunded = Self::release(submitter, HoldReason::Bounty, amount);
        if !refunded.is_zero() {
            Self::deposit_event(Event::Refunded { task, submitter: submitter.clone(), amount: refunded });
        }
        refunded
    }

    /// Releases a hold.
    pub(crate) fn release(who: &T::AccountId, reason: HoldReason, amount: BalanceOf<T>) -> BalanceOf<T> {
        if amount.is_zero() {
            return amount;
        }
        match T::Currency::release(&reason.into(), who, amount, Precision::Exact) {
            Ok(released) => {
                Self::record(|ledger| &mut ledger.refunded, released);
                released
            }
            Err(error) => {
                frame_support::defensive!("what this pallet holds it can release", error);
                Zero::zero()
            }
        }
    }

    /// Takes up to `wanted` of a bond and hands it to the runtime's sink. Returns how much was
    /// taken.
    pub(crate) fn slash(
        task: TaskId,
        who: &T::AccountId,
        role: Role,
        offence: Offence,
        wanted: BalanceOf<T>,
    ) -> BalanceOf<T> {
        if wanted.is_zero() {
            return wanted;
        }
        let (credit, missing) = T::Currency::slash(&role.hold_reason().into(), who, wanted);
        let taken = wanted.saturating_sub(missing);
        T::OnSlash::on_unbalanced(credit);
        Self::record(|ledger| &mut ledger.slashed, taken);
        Self::deposit_event(Event::Slashed { task, who: who.clone(), role, offence, amount: taken });
        taken
    }

    fn record(column: impl FnOnce(&mut Ledger) -> &mut u128, amount: BalanceOf<T>) {
        CurrentLedger::<T>::mutate(|ledger| {
            let column = column(ledger);
            *column = column.saturating_add(amount.unique_saturated_into());
        });
    }
}
