//! What the chain stores and tells, as this client reads it.
//!
//! The types mirror those of `pallet-proof-of-quality`. They are decoded by field name with the metadata that the node
//! sends, so a chain may add fields, and a runtime with other block number or balance widths still fits.

use serde::Serialize;
use std::fmt;
use subxt::{
    ext::{scale_decode::DecodeAsType, scale_encode::EncodeAsType},
    utils::AccountId32,
};

/// The pallet's name in the runtime.
pub const PALLET: &str = "ProofOfQuality";

/// An account; displayed and parsed as an SS58 address.
pub type AccountId = AccountId32;
/// Identifies a task.
pub type TaskId = u64;
/// A number of blocks, or a block's height.
pub type BlockNumber = u32;

/// A share in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Permill(pub u32);

impl Permill {
    /// The share between 0 and 1.
    pub fn fraction(self) -> f64 {
        f64::from(self.0) / 1_000_000.0
    }
}

impl fmt::Display for Permill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4}", self.fraction())
    }
}

impl Serialize for Permill {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.fraction())
    }
}

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
    /// Blocks from the end of a phase that takes seals to the earliest block in which an honest key may land.
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
    pub outcomes: u16,
    /// Who judged one of the last so many tasks of an inference node judges it again only if there is nobody else.
    pub meetings: u8,
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
    pub least: Trust,
    /// The most trust.
    pub most: Trust,
}

/// How judging is measured and paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct SkillRules {
    /// The spread below which outcomes count as all alike.
    pub least_spread: Permill,
    /// What is taken off every skill.
    pub margin: Permill,
    /// The most that one task can cost, in parts of a seat.
    pub limit: u8,
    /// What a new account must show before it is paid, in parts of a seat.
    pub entry: u8,
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
    /// After so many duties done in a row one offence is forgotten.
    pub forgiven_after: u16,
    /// With so many offences on record a participant is chilled.
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

/// What a user may choose for a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct TaskOptions {
    /// How many inference nodes shall answer.
    pub responders: u32,
    /// Insist on being judged by this model.
    pub model: Option<[u8; 32]>,
}

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
        /// Position in the roster.
        slot: u32,
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

/// Where a task is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub enum Phase {
    /// Inference nodes answer; where there are several places, sealed.
    Answering {
        /// The last block in which an answer is taken.
        until: BlockNumber,
    },
    /// Inference nodes open their sealed answers.
    Opening {
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
            Self::Opening { .. } => "opening",
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
            Self::Opening { until, .. } => write!(f, "opening answers until block {until}"),
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
    /// Nobody answered, or nobody opened its answer.
    NoAnswers,
    /// Too few evaluators were active to form a committee.
    NoCommittee,
    /// Too few seats committed or opened scores.
    NoQuorum,
}

impl fmt::Display for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAnswers => "nobody answered",
            Self::NoCommittee => "too few evaluators were active to form a committee",
            Self::NoQuorum => "too few evaluators committed or opened their scores",
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
    pub terms: Parameters,
    /// Where it is in its life.
    pub phase: Phase,
    /// The inference nodes that were drawn.
    pub responders: Vec<AccountId>,
    /// The answers that can be read, in the order in which they came or were opened.
    pub answers: Vec<AnswerRecord>,
    /// Seats of the committee.
    pub seats: u32,
    /// Seats that committed.
    pub committed: u32,
    /// Seats that opened to scores.
    pub opened: u32,
    /// Seats whose seal turned out not to open.
    pub unopenable: u32,
    /// The answers whose seal has not been opened, in the order they came.
    pub sealed: Vec<SealedAnswer>,
}

impl Task {
    /// Whether answers are sealed first: where there are several places.
    pub fn is_sealed(&self) -> bool {
        self.responders.len() > 1
    }

    /// How many places for answers are taken.
    pub fn places_taken(&self) -> usize {
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
    Opened {
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
    /// Sealed and never opened.
    Withheld,
    /// Opened to something that is neither scores nor an answer.
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
    /// The opened scores, one for each answer; empty if it never opened.
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

/// What a sealed answer that was not opened cost its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct UnopenedAnswer {
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
    /// One entry for each sealed answer that was not opened in time, and so not judged.
    pub unopened: Vec<UnopenedAnswer>,
}

/// All money that ever went through the pallet's holds: `funded == held + paid + refunded + slashed`.
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
    AnswerSealed { task: TaskId, author: AccountId },
    /// Sealed answers are opened now.
    AnswersOpening { task: TaskId, sealed: u32 },
    /// An inference node opened its answer.
    AnswerOpened { task: TaskId, index: u32, author: AccountId },
    /// The seal of an answer holds none.
    AnswerUnopenable { task: TaskId, author: AccountId },
    /// A committee was drawn; its seats commit now.
    CommitteeDrawn { task: TaskId, committee: Vec<AccountId> },
    /// An evaluator published its sealed scores.
    ScoresCommitted { task: TaskId, evaluator: AccountId },
    /// The commit phase is over; seats that committed open now.
    RevealsOpened { task: TaskId, committed: u32 },
    /// An evaluator opened its scores.
    ScoresRevealed { task: TaskId, evaluator: AccountId, scores: Vec<Permill> },
    /// An evaluator's seal does not hold scores.
    SealUnopenable { task: TaskId, evaluator: AccountId },
    /// Somebody was paid out of a bounty.
    Paid { task: TaskId, who: AccountId, role: Role, merit: Permill, amount: u128 },
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
}

impl Event {
    /// The task that the event is about, if it is about one.
    pub fn task(&self) -> Option<TaskId> {
        match self {
            Self::TaskSubmitted { task, .. }
            | Self::AnswerSubmitted { task, .. }
            | Self::AnswerSealed { task, .. }
            | Self::AnswersOpening { task, .. }
            | Self::AnswerOpened { task, .. }
            | Self::AnswerUnopenable { task, .. }
            | Self::CommitteeDrawn { task, .. }
            | Self::ScoresCommitted { task, .. }
            | Self::RevealsOpened { task, .. }
            | Self::ScoresRevealed { task, .. }
            | Self::SealUnopenable { task, .. }
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

fn as_hex<S: serde::Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format!("0x{}", hex::encode(bytes)))
}

fn as_text<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&String::from_utf8_lossy(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ledger_tells_what_is_held() {
        assert_eq!(Ledger { funded: 10, paid: 4, refunded: 3, slashed: 1 }.held(), 2);
    }

    #[test]
    fn shares_are_shown_as_fractions() {
        assert_eq!(Permill(925_000).to_string(), "0.9250");
        assert_eq!(serde_json::to_string(&Permill(500_000)).unwrap(), "0.5");
    }

    #[test]
    fn phases_say_how_they_ended() {
        let expired = Phase::Expired { at: 7, reason: Expiry::NoAnswers };
        assert!(expired.has_ended());
        assert_eq!(expired.to_string(), "expired in block 7: nobody answered");
        assert!(!Phase::Drawing.has_ended());
    }
}
