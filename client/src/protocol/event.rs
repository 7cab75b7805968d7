//! What happened, as the pallet tells it.

use super::{as_hex, AccountId, BlockNumber, Offence, Outcome, Parameters, Permill, Role, TaskId};
use serde::Serialize;
use subxt::ext::scale_decode::DecodeAsType;

/// What happened, as the pallet tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[serde(tag = "event")]
#[allow(missing_docs)] // The pallet's metadata explains the fields; their names are the pallet's.
pub enum Event {
    /// A task was submitted and its bounty put on hold.
    TaskSubmitted { task: TaskId, submitter: AccountId, bounty: u128, responders: Vec<AccountId> },
    /// An inference node answered.
    AnswerSubmitted { task: TaskId, index: u32, author: AccountId },
    /// An inference node answered; nobody can read it yet.
    AnswerCommitted { task: TaskId, author: AccountId },
    /// Sealed answers are opened now.
    AnswerRevealPhaseStarted { task: TaskId, sealed: u32 },
    /// An inference node opened its answer.
    AnswerRevealed { task: TaskId, index: u32, author: AccountId },
    /// The seal of an answer holds none.
    AnswerUnopenable { task: TaskId, author: AccountId },
    /// A committee was drawn; its seats commit now.
    CommitteeDrawn { task: TaskId, committee: Vec<AccountId> },
    /// An evaluator published its sealed scores.
    ScoresCommitted { task: TaskId, evaluator: AccountId },
    /// The commit phase is over; seats that committed open now.
    ScoreRevealPhaseStarted { task: TaskId, committed: u32 },
    /// An evaluator opened its scores.
    ScoresRevealed { task: TaskId, evaluator: AccountId, scores: Vec<Permill> },
    /// An evaluator's seal does not hold scores.
    ScoresUnopenable { task: TaskId, evaluator: AccountId },
    /// Somebody was paid out of a bounty.
    Paid { task: TaskId, who: AccountId, role: Role, amount: u128 },
    /// Somebody lost part of its bond.
    Slashed { task: TaskId, who: AccountId, role: Role, offence: Offence, amount: u128 },
    /// The unspent part of a bounty went back to the user.
    Refunded { task: TaskId, submitter: AccountId, amount: u128 },
    /// A task was judged and paid.
    TaskSettled { task: TaskId, outcome: Outcome },
    /// A task ended without a consensus.
    TaskExpired { task: TaskId, outcome: Outcome },
    /// An ended task was removed from storage.
    TaskPruned { task: TaskId },
    /// Somebody put up a bond and may be drawn from now on.
    Joined { who: AccountId, role: Role, bond: u128 },
    /// A bond was increased.
    BondAdded { who: AccountId, role: Role, amount: u128 },
    /// Somebody is not drawn any more and may take the bond home later.
    Leaving { who: AccountId, role: Role, until: BlockNumber },
    /// A bond went back to its owner, who has left.
    BondWithdrawn { who: AccountId, role: Role, amount: u128 },
    /// Somebody is not drawn until it calls `activate`.
    Chilled { who: AccountId, role: Role },
    /// A chilled participant may be drawn again.
    Activated { who: AccountId, role: Role },
    /// An evaluator changed its key.
    KeyChanged {
        who: AccountId,
        #[serde(serialize_with = "as_hex")]
        key: [u8; 32],
    },
    /// Governance changed the parameters.
    ParametersSet { parameters: Parameters },
    /// An evaluator gave its key after the settlement, and in time.
    KeyGivenLate { task: TaskId, evaluator: AccountId },
}

impl Event {
    /// The task that the event is about, if it is about one.
    pub fn task(&self) -> Option<TaskId> {
        match self {
            Self::TaskSubmitted { task, .. }
            | Self::AnswerSubmitted { task, .. }
            | Self::AnswerCommitted { task, .. }
            | Self::AnswerRevealPhaseStarted { task, .. }
            | Self::AnswerRevealed { task, .. }
            | Self::AnswerUnopenable { task, .. }
            | Self::CommitteeDrawn { task, .. }
            | Self::ScoresCommitted { task, .. }
            | Self::ScoreRevealPhaseStarted { task, .. }
            | Self::ScoresRevealed { task, .. }
            | Self::ScoresUnopenable { task, .. }
            | Self::KeyGivenLate { task, .. }
            | Self::Paid { task, .. }
            | Self::Slashed { task, .. }
            | Self::Refunded { task, .. }
            | Self::TaskSettled { task, .. }
            | Self::TaskExpired { task, .. }
            | Self::TaskPruned { task } => Some(*task),
            Self::Joined { .. }
            | Self::BondAdded { .. }
            | Self::Leaving { .. }
            | Self::BondWithdrawn { .. }
            | Self::Chilled { .. }
            | Self::Activated { .. }
            | Self::KeyChanged { .. }
            | Self::ParametersSet { .. } => None,
        }
    }
}

/// The runtime's event enum, as far as it concerns this client.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub(crate) enum RuntimeEvent {
    ProofOfQuality(Event),
}
