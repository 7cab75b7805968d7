//! Who takes part: roles, bonds, standing, trust and open duties.

use super::{BlockNumber, Phase, TaskId, Trust};
use serde::Serialize;
use std::fmt;
use subxt::ext::{scale_decode::DecodeAsType, scale_encode::EncodeAsType};

/// The two roles that a bond is put up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub enum Role {
    /// Judges answers.
    Evaluator,
    /// Answers prompts.
    Inference,
}

impl Role {
    /// The role's name in this program's command line.
    pub fn command(self) -> &'static str {
        match self {
            Self::Evaluator => "evaluator",
            Self::Inference => "inference",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Evaluator => "evaluator",
            Self::Inference => "inference node",
        })
    }
}

/// Where a participant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub enum Standing {
    /// May be drawn.
    Active {
        /// Its roster index.
        index: u32,
    },
    /// Not drawn until it calls `activate`.
    Chilled,
    /// Not drawn; may take its bond home from this block on.
    Leaving {
        /// The first block in which `withdraw_bond` works.
        until: BlockNumber,
    },
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Active { .. } => f.write_str("active"),
            Self::Chilled => f.write_str("chilled: not drawn until activated"),
            Self::Leaving { until } => write!(f, "leaving: the bond is free from block {until}"),
        }
    }
}

/// One account in one role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Participant {
    /// What is on hold for this role.
    pub bond: u128,
    /// Where it stands.
    pub standing: Standing,
    /// Offences on record.
    pub record: u8,
    /// Duties done since the last offence.
    pub clean: u16,
}

/// What an account has to do for a task that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub enum Duty {
    /// Answer the prompt, or wait for the payment of an answer.
    Answer,
    /// Judge the answers from this seat.
    Judge {
        /// The seat.
        seat: u32,
    },
}

/// One open duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct OpenWork {
    /// The task.
    pub task: TaskId,
    /// The duty.
    pub duty: Duty,
    /// Where the task is in its life.
    pub phase: Phase,
}

/// What an evaluator must earn before it is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Dues {
    /// Skill to be shown without pay, in millionths of a seat's part.
    pub probation: u32,
    /// An amount to be earned back.
    pub debt: u128,
}

/// What an evaluator is trusted with and still owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Reputation {
    /// How far it is trusted.
    pub trust: Trust,
    /// What it must earn before it is paid.
    pub dues: Dues,
}
