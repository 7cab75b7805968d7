//! A task from its submission to its outcome.

use super::{as_hex, as_text, AccountId, BlockNumber, Parameters, Permill, Reputation};
use serde::Serialize;
use std::fmt;
use subxt::ext::{scale_decode::DecodeAsType, scale_encode::EncodeAsType};

/// What a user may choose for a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct TaskOptions {
    /// How many inference nodes are to answer.
    pub responders: u32,
    /// Insist on being judged by this model.
    pub model: Option<[u8; 32]>,
}

/// Where a task is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub enum Phase {
    /// Inference nodes answer; where there are several answer slots, they commit.
    Answering {
        /// The last block in which an answer is taken.
        until: BlockNumber,
    },
    /// Inference nodes open their sealed answers.
    RevealingAnswers {
        /// The block in which the last seal came in, or the window was over.
        since: BlockNumber,
        /// The last block in which a key is taken.
        until: BlockNumber,
    },
    /// Answers are closed; the committee is drawn at the end of the block.
    Drawing,
    /// The committee publishes sealed scores.
    Committing {
        /// The last block in which a seal is taken.
        until: BlockNumber,
    },
    /// The committee opens its seals.
    Revealing {
        /// The block in which the commit phase ended.
        since: BlockNumber,
        /// The last block in which a key is taken.
        until: BlockNumber,
    },
    /// Judged and paid.
    Settled {
        /// The block of the settlement.
        at: BlockNumber,
    },
    /// Ended without a consensus.
    Expired {
        /// The block of the end.
        at: BlockNumber,
        /// Why.
        reason: Expiry,
    },
}

impl Phase {
    /// Whether the task has ended.
    pub fn has_ended(&self) -> bool {
        matches!(self, Self::Settled { .. } | Self::Expired { .. })
    }

    /// The phase in one word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Answering { .. } => "answering",
            Self::RevealingAnswers { .. } => "revealing-answers",
            Self::Drawing => "drawing",
            Self::Committing { .. } => "committing",
            Self::Revealing { .. } => "revealing",
            Self::Settled { .. } => "settled",
            Self::Expired { .. } => "expired",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answering { until } => write!(f, "answering until block {until}"),
            Self::RevealingAnswers { until, .. } => write!(f, "revealing answers until block {until}"),
            Self::Drawing => f.write_str("drawing the committee"),
            Self::Committing { until } => write!(f, "committing until block {until}"),
            Self::Revealing { until, .. } => write!(f, "revealing until block {until}"),
            Self::Settled { at } => write!(f, "settled in block {at}"),
            Self::Expired { at, reason } => write!(f, "expired in block {at}: {reason}"),
        }
    }
}

/// Why a task ended without a consensus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub enum Expiry {
    /// No inference node answered, or none revealed its answer.
    NoAnswers,
    /// Too few evaluators were active to form a committee.
    NoCommittee,
    /// Too few seats committed or revealed scores.
    NoQuorum,
}

impl fmt::Display for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAnswers => "nobody answered",
            Self::NoCommittee => "too few evaluators were active to form a committee",
            Self::NoQuorum => "too few evaluators committed or revealed their scores",
        })
    }
}

/// One answer, without its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct AnswerRecord {
    /// Who answered.
    pub author: AccountId,
    /// blake2-256 of the text.
    #[serde(serialize_with = "as_hex")]
    pub hash: [u8; 32],
    /// The block it came in, if need be sealed.
    pub at: BlockNumber,
}

/// An answer that nobody can read yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct SealedAnswer {
    /// Who answered.
    pub author: AccountId,
    /// The block the seal came in.
    pub at: BlockNumber,
    /// Whether its author has given the right key and the seal holds no answer all the same.
    pub unopenable: bool,
}

/// An answer with its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct FullAnswer {
    /// Who answered.
    pub author: AccountId,
    /// The block it came in.
    pub at: BlockNumber,
    /// The text, any bytes.
    #[serde(serialize_with = "as_text")]
    pub text: Vec<u8>,
}

impl FullAnswer {
    /// The text for people; bytes that are not UTF-8 are replaced.
    pub fn lossy(&self) -> String {
        String::from_utf8_lossy(&self.text).into_owned()
    }
}

/// A task, without its texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Task {
    /// Who asked, and pays.
    pub submitter: AccountId,
    /// What is at stake for answering and judging.
    pub bounty: u128,
    /// The block of the submission.
    pub submitted_at: BlockNumber,
    /// blake2-256 of the prompt.
    #[serde(serialize_with = "as_hex")]
    pub prompt: [u8; 32],
    /// The parameters the task began with, and ends with.
    pub parameters: Parameters,
    /// Where it is in its life.
    pub phase: Phase,
    /// The inference nodes that were drawn.
    pub responders: Vec<AccountId>,
    /// The answers that can be read, in the order in which they came or were revealed.
    pub answers: Vec<AnswerRecord>,
    /// Seats of the committee.
    pub seats: u32,
    /// Seats that committed.
    pub committed: u32,
    /// Seats that revealed scores.
    pub revealed: u32,
    /// Seats whose seal turned out not to open.
    pub unopenable: u32,
    /// The committed answers that are not revealed, in the order in which they came.
    pub sealed: Vec<SealedAnswer>,
}

impl Task {
    /// Whether answers are committed first: where there are several answer slots.
    pub fn is_sealed(&self) -> bool {
        self.responders.len() > 1
    }

    /// How many answer slots are taken.
    pub fn slots_taken(&self) -> usize {
        self.answers.len() + self.sealed.len()
    }

    /// Whether this account has answered, sealed or not.
    pub fn has_answer_of(&self, who: &AccountId) -> bool {
        self.answers.iter().any(|answer| &answer.author == who)
            || self.sealed.iter().any(|answer| &answer.author == who)
    }

    /// Whether this account has an answer to open.
    pub fn waits_for_key_of(&self, who: &AccountId) -> bool {
        self.sealed.iter().any(|answer| &answer.author == who && !answer.unopenable)
    }
}

/// One seat of a committee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Seat {
    /// Who judges.
    pub account: AccountId,
    /// The key that signs for the seat.
    #[serde(serialize_with = "as_hex")]
    pub key: [u8; 32],
    /// What the seat has done so far.
    pub state: SeatState,
}

/// What a seat has done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub enum SeatState {
    /// Nothing yet.
    Drawn,
    /// Published its sealed scores.
    Committed,
    /// Opened them.
    Revealed {
        /// One score for each answer.
        scores: Vec<Permill>,
    },
    /// Gave the right key to a seal that holds no scores.
    Unopenable,
}

/// A neglected duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub enum Offence {
    /// Never committed, or never answered.
    Absent,
    /// Committed and never revealed.
    Withheld,
    /// The seal holds neither scores nor an answer.
    Unopenable,
}

impl fmt::Display for Offence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent => "absent",
            Self::Withheld => "withheld",
            Self::Unopenable => "unopenable",
        })
    }
}

/// How one answer came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct AnswerOutcome {
    /// Who answered.
    pub author: AccountId,
    /// The committee's consensus; `None` if there was none.
    pub quality: Option<Permill>,
    /// How long it took, as a share of the answer window.
    pub delay: Permill,
    /// The share of its part of the bounty that it earned.
    pub share: Permill,
    /// What it was paid.
    pub paid: u128,
}

/// How one seat came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct SeatOutcome {
    /// Who judged.
    pub account: AccountId,
    /// The revealed scores, one for each answer; empty if it never revealed.
    pub scores: Vec<Permill>,
    /// How far its scores were from what the others said; `None` if there was nothing to compare.
    pub deviation: Option<Permill>,
    /// What its judging was worth beyond a guess, in millionths; `None` if that cannot be told.
    pub skill: Option<i64>,
    /// What it was paid.
    pub paid: u128,
    /// Its trust and dues from then on.
    pub reputation: Reputation,
    /// What it did wrong, if anything.
    pub offence: Option<Offence>,
    /// What it was slashed.
    pub slashed: u128,
}

/// What a committed answer that was not revealed cost its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct UnrevealedAnswer {
    /// Who answered.
    pub author: AccountId,
    /// `Withheld` if the key never came, `Unopenable` if the seal holds no answer.
    pub offence: Offence,
    /// What it was slashed.
    pub slashed: u128,
}

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Outcome {
    /// `None` if the task was settled, otherwise why it expired.
    pub expired: Option<Expiry>,
    /// One entry for each answer that was judged, in their order in the task.
    pub answers: Vec<AnswerOutcome>,
    /// One entry for each seat.
    pub seats: Vec<SeatOutcome>,
    /// What the user got back of the bounty.
    pub refunded: u128,
    /// One entry for each committed answer that was not revealed in time, and so not judged.
    pub unrevealed: Vec<UnrevealedAnswer>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_say_how_they_ended() {
        let expired = Phase::Expired { at: 7, reason: Expiry::NoAnswers };
        assert!(expired.has_ended());
        assert_eq!(expired.to_string(), "expired in block 7: nobody answered");
        assert!(!Phase::Drawing.has_ended());
    }
}
