//! Participants: bonds, rosters, evaluator keys, leaving and chilling. Evaluators and inference
//! nodes share these rules.

use crate::{Task, *};
use frame_support::pallet_prelude::*;
use frame_system::pallet_prelude::BlockNumberFor;
use poq_mechanism::offence::stake;
use sp_application_crypto::RuntimeAppPublic;
use sp_runtime::{
    traits::{One, Saturating, Zero},
    Permill,
};

impl<T: Config> Pallet<T> {
    /// Checks the parameters as a whole.
    pub(crate) fn check_parameters(parameters: &ParametersOf<T>) -> DispatchResult {
        let p = parameters;
        let size = p.committee_size;
        ensure!(
            (1..=T::MaxCommittee::get()).contains(&size) && (1..=size).contains(&p.min_committee),
            Error::<T>::BadCommitteeSize
        );
        // With half or less, two disjoint halves of a committee could each make an outcome.
        ensure!(p.quorum > Permill::from_percent(50), Error::<T>::BadQuorum);
        let windows = [p.answer_window, p.commit_window, p.reveal_window, p.grace, p.reveal_depth, p.retention];
        ensure!(
            windows.iter().all(|blocks| !blocks.is_zero()) && p.reveal_depth <= p.reveal_window,
            Error::<T>::BadWindow
        );
        ensure!(!p.min_bounty.is_zero() && p.min_bounty <= p.max_bounty, Error::<T>::BadBounties);
        p.rules.check().map_err(Error::<T>::from)?;
        p.rules.check_withholding(p.max_bounty, size, p.chill_below(Role::Evaluator)).map_err(Error::<T>::from)?;
        Ok(())
    }

    pub(crate) fn join(who: &T::AccountId, role: Role, bond: BalanceOf<T>) -> DispatchResult {
        ensure!(!Participants::<T>::contains_key(role, who), Error::<T>::AlreadyJoined);
        ensure!(bond >= CurrentParameters::<T>::get().min_bond(role), Error::<T>::BondTooSmall);
        Self::hold(who, role.hold_reason(), bond)?;
        let standing = Self::enter_roster(role, who);
        Participants::<T>::insert(role, who, Participant { bond, standing, record: 0, clean: 0 });
        if role == Role::Evaluator {
            let dues = CurrentParameters::<T>::get().rules.skill.probation_dues();
            Reputations::<T>::insert(who, Reputation { trust: Trust::NEUTRAL, dues });
        }
        Self::deposit_event(Event::Joined { who: who.clone(), role, bond });
        Ok(())
    }

    pub(crate) fn do_add_bond(who: &T::AccountId, role: Role, amount: BalanceOf<T>) -> DispatchResult {
        let mut participant = Participants::<T>::get(role, who).ok_or(Error::<T>::NotJoined)?;
        Self::hold(who, role.hold_reason(), amount)?;
        participant.bond = participant.bond.saturating_add(amount);
        Participants::<T>::insert(role, who, participant);
        Self::deposit_event(Event::BondAdded { who: who.clone(), role, amount });
        Ok(())
    }

    pub(crate) fn do_leave(who: &T::AccountId, role: Role) -> DispatchResult {
        let mut participant = Participants::<T>::get(role, who).ok_or(Error::<T>::NotJoined)?;
        match participant.standing {
            Standing::Leaving { .. } => return Err(Error::<T>::AlreadyLeaving.into()),
            Standing::Active { index } => Self::leave_roster(role, index),
            Standing::Chilled => (),
        }
        let now = frame_system::Pallet::<T>::block_number();
        let until = now.saturating_add(CurrentParameters::<T>::get().unbonding);
        participant.standing = Standing::Leaving { until };
        Participants::<T>::insert(role, who, participant);
        Self::deposit_event(Event::Leaving { who: who.clone(), role, until });
        Ok(())
    }

    pub(crate) fn do_withdraw_bond(who: &T::AccountId, role: Role) -> DispatchResult {
        let participant = Participants::<T>::get(role, who).ok_or(Error::<T>::NotJoined)?;
        let Standing::Leaving { until } = participant.standing else {
            return Err(Error::<T>::NotLeaving.into());
        };
        ensure!(frame_system::Pallet::<T>::block_number() >= until, Error::<T>::StillUnbonding);
        ensure!(Duties::<T>::iter_prefix(who).next().is_none(), Error::<T>::DutiesOpen);
        let amount = Self::release(who, role.hold_reason(), participant.bond);
        Participants::<T>::remove(role, who);
        if role == Role::Evaluator {
            if let Some(key) = EvaluatorKeys::<T>::take(who) {
                KeyOwners::<T>::remove(key);
            }
            Reputations::<T>::remove(who);
        } else {
            RecentPairings::<T>::remove(who);
        }
        LastOffences::<T>::remove(role, who);
        Self::deposit_event(Event::BondWithdrawn { who: who.clone(), role, amount });
        Ok(())
    }

    pub(crate) fn do_activate(who: &T::AccountId, role: Role) -> DispatchResult {
        let mut participant = Participants::<T>::get(role, who).ok_or(Error::<T>::NotJoined)?;
        ensure!(participant.standing == Standing::Chilled, Error::<T>::NotChilled);
        ensure!(participant.bond >= CurrentParameters::<T>::get().min_bond(role), Error::<T>::BondTooSmall);
        participant.standing = Self::enter_roster(role, who);
        Participants::<T>::insert(role, who, participant);
        Self::deposit_event(Event::Activated { who: who.clone(), role });
        Ok(())
    }

    pub(crate) fn check_key_proof(who: &T::AccountId, key: &EvaluatorId, proof: &EvaluatorSignature) -> DispatchResult {
        let message = keys::registration_message(&Self::genesis_hash(), who);
        ensure!(key.verify(&message, proof), Error::<T>::BadKeyProof);
        Ok(())
    }

    /// Makes `key` the evaluator's key, in place of its old one.
    pub(crate) fn assign_key(who: &T::AccountId, key: &EvaluatorId) -> DispatchResult {
        ensure!(!KeyOwners::<T>::contains_key(key), Error::<T>::KeyTaken);
        if let Some(old) = EvaluatorKeys::<T>::get(who) {
            KeyOwners::<T>::remove(old);
        }
        EvaluatorKeys::<T>::insert(who, key);
        KeyOwners::<T>::insert(key, who);
        Ok(())
    }

    pub(crate) fn genesis_hash() -> T::Hash {
        frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero())
    }

    /// The genesis hash as seals contain it. Hashes have 32 bytes everywhere in practice; a shorter
    /// one is padded with zeros.
    pub(crate) fn genesis_bytes() -> [u8; 32] {
        let mut genesis = [0u8; 32];
        let hash = Self::genesis_hash();
        let len = hash.as_ref().len().min(32);
        genesis[..len].copy_from_slice(&hash.as_ref()[..len]);
        genesis
    }

    /// Records a duty that was done, or the offence of neglecting it, and returns what was slashed.
    ///
    /// Each offence on an evaluator's record doubles what the next one costs, and duties done make
    /// offences forgotten. A participant with too many offences on its record, or with too small a
    /// bond left, is chilled.
    ///
    /// One outage is one offence, however many tasks it touches. When the last offence went on the
    /// record, an offence in a task submitted before it could not be avoided any more. So that
    /// offence does not go on the record, and costs at most what could have been gained by it. It
    /// makes no difference whether the participant was chilled or left since the draw.
    pub(crate) fn note_duty(
        id: TaskId,
        task: &Task<T>,
        who: &T::AccountId,
        role: Role,
        offence: Option<Offence>,
    ) -> BalanceOf<T> {
        let Some(mut participant) = Participants::<T>::get(role, who) else {
            frame_support::defensive!("a participant with duties cannot withdraw its bond");
            return Zero::zero();
        };
        let parameters = &task.parameters;
        let rules = &parameters.rules.offence;
        let slashed = match offence {
            None => {
                participant.clean.saturating_inc();
                if participant.clean >= rules.forgiven_after {
                    participant.clean = 0;
                    participant.record = participant.record.saturating_sub(1);
                }
                Zero::zero()
            }
            Some(offence) => {
                let is_same_outage = LastOffences::<T>::get(role, who).is_some_and(|last| task.submitted_at <= last);
                let record = participant.record;
                if !is_same_outage {
                    participant.clean = 0;
                    participant.record.saturating_inc();
                    LastOffences::<T>::insert(role, who, frame_system::Pallet::<T>::block_number());
                }
                let wanted = match (role, offence) {
                    // Others can make it miss answers by asking for more than it can give. It is
                    // chilled all the same.
                    (Role::Inference, Offence::Absent) => Zero::zero(),
                    _ if is_same_outage => rules.slash_again(offence, participant.bond, Self::stake(task, role)),
                    // An answer that is not revealed gains nothing, so its cost does not escalate.
                    (Role::Inference, _) => rules.slash(offence, 0, participant.bond),
                    (Role::Evaluator, _) => rules.slash(offence, record, participant.bond),
                };
                Self::slash(id, who, role, offence, wanted)
            }
        };
        participant.bond.saturating_reduce(slashed);
        if let Standing::Active { index } = participant.standing {
            let too_small = participant.bond < parameters.chill_below(role);
            if (offence.is_some() && rules.chills(participant.record)) || too_small {
                Self::leave_roster(role, index);
                participant.standing = Standing::Chilled;
                Self::deposit_event(Event::Chilled { who: who.clone(), role });
            }
        }
        Participants::<T>::insert(role, who, participant);
        slashed
    }

    /// All that could be gained in a task by neglecting a duty of this role.
    fn stake(task: &Task<T>, role: Role) -> BalanceOf<T> {
        let caps = task.caps();
        match role {
            Role::Evaluator => stake(task.parameters.rules.skill.limit, task.bounty, task.seats, caps.seat),
            Role::Inference => caps.responder,
        }
    }

    fn enter_roster(role: Role, who: &T::AccountId) -> Standing<BlockNumberFor<T>> {
        let index = RosterSize::<T>::get(role);
        Roster::<T>::insert(role, index, who);
        RosterSize::<T>::insert(role, index.saturating_add(1));
        Standing::Active { index }
    }

    /// Frees a roster index. The last participant of the roster takes it, so that there are no
    /// gaps.
    fn leave_roster(role: Role, index: u32) {
        let last = RosterSize::<T>::get(role).saturating_sub(One::one());
        RosterSize::<T>::insert(role, last);
        let Some(moved) = Roster::<T>::take(role, last) else {
            frame_support::defensive!("the roster has no gaps");
            return;
        };
        if index != last {
            Participants::<T>::mutate(role, &moved, |participant| {
                if let Some(participant) = participant {
                    participant.standing = Standing::Active { index };
                }
            });
            Roster::<T>::insert(role, index, moved);
        }
    }
}
