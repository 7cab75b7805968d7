//! The rules that governance may change.

use super::{as_hex, BlockNumber, Permill};
use serde::Serialize;
use std::fmt;
use subxt::ext::{scale_decode::DecodeAsType, scale_encode::EncodeAsType};

/// The rules that governance may change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Parameters {
    /// The model that judges: the sha256 of its `manifest.json`.
    #[serde(serialize_with = "as_hex")]
    pub model: [u8; 32],
    /// The smallest bounty of a task.
    pub min_bounty: u128,
    /// The largest bounty of a task.
    pub max_bounty: u128,
    /// The smallest bond of an evaluator.
    pub evaluator_bond: u128,
    /// The smallest bond of an inference node.
    pub inference_bond: u128,
    /// Seats of a committee, if that many evaluators are active.
    pub committee_size: u32,
    /// A task whose committee would have fewer seats than this is refunded.
    pub min_committee: u32,
    /// The share of the seats that must open their scores for an outcome to count.
    pub quorum: Permill,
    /// Blocks in which answers are taken.
    pub answer_window: BlockNumber,
    /// Blocks in which sealed scores are taken.
    pub commit_window: BlockNumber,
    /// Blocks in which the keys to sealed answers are taken, and later those to sealed scores.
    pub reveal_window: BlockNumber,
    /// Blocks that stragglers still have once a quorum is reached.
    pub grace: BlockNumber,
    /// Blocks from the end of a phase that takes seals to the earliest block in which an honest key
    /// may land.
    pub reveal_depth: BlockNumber,
    /// Blocks between leaving and taking the bond home.
    pub unbonding: BlockNumber,
    /// Blocks for which an ended task stays readable.
    pub retention: BlockNumber,
    /// How judging is weighed and what it pays, what answers pay, and what neglected duties cost.
    pub rules: Rules,
}

/// The rules of judging and paying; `mechanism/` explains each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Rules {
    /// How the committee's scores become one.
    pub aggregator: Aggregator,
    /// How trust moves.
    pub trust: TrustRules,
    /// How judging is measured and paid.
    pub skill: SkillRules,
    /// What neglected duties cost.
    pub offence: OffenceRules,
    /// What answers are paid for.
    pub answer: AnswerRules,
    /// The share of a bounty that goes to the seats.
    pub judging_share: Permill,
    /// How many recent outcomes a guess is measured against.
    pub past_qualities: u16,
    /// Number of an inference node's latest tasks whose evaluators are kept off its next committee,
    /// unless no one else is available.
    pub recent_pairings: u8,
}

/// How the committee's scores become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
#[allow(missing_docs)] // Their names are the rules'.
pub enum Aggregator {
    Mean,
    Median,
    Trimmed,
    Trusted,
}

impl fmt::Display for Aggregator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mean => "mean",
            Self::Median => "median",
            Self::Trimmed => "trimmed mean",
            Self::Trusted => "median by trust",
        })
    }
}

/// The formula that moves trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
#[allow(missing_docs)] // Their names are the rules'.
pub enum TrustUpdate {
    Published,
    Centred,
}

/// How far an evaluator is trusted, in millionths; 1,000,000 is neutral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Trust(pub u32);

impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", f64::from(self.0) / 1e6)
    }
}

/// How trust moves, and between which bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct TrustRules {
    /// The formula.
    pub update: TrustUpdate,
    /// The largest change by one task, as a share.
    pub rate: Permill,
    /// The share of the way back to neutral by one task.
    pub home: Permill,
    /// A deviation below this is as good as none.
    pub floor: Permill,
    /// The share that a seat that did not open costs.
    pub absence: Permill,
    /// The least trust.
    pub min: Trust,
    /// The most trust.
    pub max: Trust,
}

/// How judging is measured and paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct SkillRules {
    /// The spread below which outcomes count as all alike.
    pub min_spread: Permill,
    /// What is taken off every skill.
    pub margin: Permill,
    /// The most that one task can cost, in parts of a seat.
    pub limit: u8,
    /// What a new account must show before it is paid, in parts of a seat.
    pub probation: u8,
}

/// What neglected duties cost, in shares of the bond; each offence on record doubles the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct OffenceRules {
    /// Nothing was committed, or answered.
    pub absent: Permill,
    /// A seal was not opened.
    pub withheld: Permill,
    /// A seal holds neither scores nor an answer.
    pub unopenable: Permill,
    /// Number of duties done in a row after which one offence is forgotten.
    pub forgiven_after: u16,
    /// Number of offences on record at which a participant is chilled.
    pub chilled_at: u8,
}

/// What answers are paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct AnswerRules {
    /// What quality is worth, in hundredths.
    pub alpha: u8,
    /// What delay costs, in hundredths.
    pub beta: u8,
    /// The quality below which nothing is paid.
    pub floor: Permill,
}
