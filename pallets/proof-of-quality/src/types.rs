//! What the pallet stores and tells: parameters, tasks, seats, participants and outcomes.

use crate::{keys::EvaluatorId, Config};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::marker::PhantomData;
use frame_support::{
    pallet_prelude::{Get, TypeInfo},
    traits::{fungible::Inspect, ConstU32},
    BoundedVec, CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound,
};
use frame_system::pallet_prelude::BlockNumberFor;
pub use poq_mechanism::{offence::Offence, rules::Rules, skill::PastQuality, trust::Trust, wire::ModelDigest};
use poq_mechanism::{
    rules::{MAX_PAST_QUALITIES, MAX_RECENT_PAIRINGS},
    seal::{sealed_len, Seal, TAG_LEN},
    skill::{Dues, Skill},
};
use scale_info::prelude::vec::Vec;
use serde::{Deserialize, Serialize};
use sp_runtime::{traits::AtLeast32BitUnsigned, Permill};

/// Identifies a task: they are numbered from 0 in the order of submission.
pub type TaskId = u64;
/// A seat's position in its committee, from 0.
pub type SeatIndex = u32;
/// An account.
pub type AccountIdOf<T> = <T as frame_system::Config>::AccountId;
/// An amount of the chain's currency.
pub type BalanceOf<T> = <<T as Config>::Currency as Inspect<AccountIdOf<T>>>::Balance;
/// The parameters of this runtime.
pub type ParametersOf<T> = Parameters<BalanceOf<T>, BlockNumberFor<T>>;
/// A prompt, at most `MaxPromptLen` bytes.
pub type PromptOf<T> = BoundedVec<u8, <T as Config>::MaxPromptLen>;
/// An answer, at most `MaxAnswerLen` bytes.
pub type AnswerOf<T> = BoundedVec<u8, <T as Config>::MaxAnswerLen>;
/// One score for each answer of a task.
pub type ScoresOf<T> = BoundedVec<Permill, <T as Config>::MaxResponders>;
/// Sealed scores.
pub type SealOf<T> = Seal<BoundedVec<u8, MaxSealLen<T>>>;

/// A sealed answer.
pub type AnswerSealOf<T> = Seal<BoundedVec<u8, MaxAnswerSealLen<T>>>;

/// The sealed scores that one transaction carries.
pub type CommitsOf<T> = BoundedVec<Commit<T>, <T as Config>::MaxBatch>;
/// The keys that one transaction carries.
pub type RevealsOf<T> = BoundedVec<Reveal, <T as Config>::MaxBatch>;

/// The recent outcomes, oldest first.
pub type PastQualities = BoundedVec<PastQuality, ConstU32<{ MAX_PAST_QUALITIES as u32 }>>;
/// The committees of an inference node's last tasks, oldest first.
pub type RecentPairingsOf<T> =
    BoundedVec<BoundedVec<AccountIdOf<T>, <T as Config>::MaxCommittee>, ConstU32<{ MAX_RECENT_PAIRINGS as u32 }>>;

/// The longest ciphertext of a seal: scores for `MaxResponders` answers.
pub struct MaxSealLen<T>(PhantomData<T>);

impl<T: Config> Get<u32> for MaxSealLen<T> {
    fn get() -> u32 {
        sealed_len(T::MaxResponders::get() as usize) as u32
    }
}

/// The longest ciphertext of a sealed answer: one of `MaxAnswerLen` bytes.
pub struct MaxAnswerSealLen<T>(PhantomData<T>);

impl<T: Config> Get<u32> for MaxAnswerSealLen<T> {
    fn get() -> u32 {
        T::MaxAnswerLen::get().saturating_add(TAG_LEN as u32)
    }
}

/// The rules that governance may change. A task keeps those it was submitted under.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
)]
#[scale_info(capture_docs = "always")]
pub struct Parameters<Balance, BlockNumber> {
    /// The model that judges: the sha256 of its `manifest.json`.
    pub model: ModelDigest,
    /// The smallest bounty of a task.
    pub min_bounty: Balance,
    /// The largest bounty of a task: what is at stake must be less than what a withheld seal costs.
    pub max_bounty: Balance,
    /// The smallest bond of an evaluator.
    pub evaluator_bond: Balance,
    /// The smallest bond of an inference node.
    pub inference_bond: Balance,
    /// Seats of a committee, if that many evaluators are active; at most `MaxCommittee`.
    pub committee_size: u32,
    /// A task whose committee would have fewer seats than this is refunded.
    pub min_committee: u32,
    /// The share of the seats that must open their scores for an outcome to count, rounded up.
    pub quorum: Permill,
    /// Blocks in which answers are taken.
    pub answer_window: BlockNumber,
    /// Blocks in which sealed scores are taken.
    pub commit_window: BlockNumber,
    /// Blocks in which the keys to sealed answers are taken, and later those to sealed scores.
    pub reveal_window: BlockNumber,
    /// Blocks that stragglers still have once a quorum has committed, or has opened.
    pub grace: BlockNumber,
    /// Blocks from the end of a phase that takes seals to the earliest block in which an honest key
    /// may land. At least one; more is safer against reorganisations that reopen that phase, and
    /// slower.
    pub reveal_depth: BlockNumber,
    /// Blocks between leaving and taking the bond home.
    pub unbonding: BlockNumber,
    /// Blocks for which an ended task stays readable.
    pub retention: BlockNumber,
    /// How judging is weighed and what it pays, what answers pay, and what neglected duties cost.
    pub rules: Rules,
}

impl<Balance: AtLeast32BitUnsigned + Copy, BlockNumber> Parameters<Balance, BlockNumber> {
    /// The smallest bond to join a role with.
    pub fn min_bond(&self, role: Role) -> Balance {
        match role {
            Role::Evaluator => self.evaluator_bond,
            Role::Inference => self.inference_bond,
        }
    }

    /// The bond below which nobody is drawn: half of the smallest one. A slash of a small part must
    /// not chill at once; half still carries the risk.
    pub fn chill_below(&self, role: Role) -> Balance {
        self.min_bond(role) / 2u32.into()
    }
}

/// What a user may choose for a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct TaskOptions {
    /// How many inference nodes are to answer, from 1 to `MaxResponders`; fewer if fewer are
    /// active.
    pub responders: u32,
    /// Insist on being judged by this model: the call fails if the chain has moved on to another.
    pub model: Option<ModelDigest>,
}

/// The two roles that a bond is put up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub enum Role {
    /// Judges answers.
    Evaluator,
    /// Answers prompts.
    Inference,
}

/// Where a participant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub enum Standing<BlockNumber> {
    /// May be drawn; holds this slot of its role's roster.
    Active {
        /// Its position in the roster.
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

/// One account in one role.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct Participant<Balance, BlockNumber> {
    /// What is on hold for this role.
    pub bond: Balance,
    /// Whether it is active, chilled or leaving.
    pub standing: Standing<BlockNumber>,
    /// Offences on record: each doubles what the next one costs.
    pub record: u8,
    /// Duties done since the last offence; enough of them make one forgotten.
    pub clean: u16,
}

/// What an evaluator has earned so far beyond money. Kept as long as its bond.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[scale_info(capture_docs = "always")]
pub struct Reputation<Balance> {
    /// How far it is trusted.
    pub trust: Trust,
    /// What it must earn before it is paid.
    pub dues: Dues<Balance>,
}

/// What an account has to do for a task that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub enum Duty {
    /// Answer the prompt, or wait for the payment of an answer.
    Answer,
    /// Judge the answers from this seat.
    Judge {
        /// The position of the seat in the task's committee.
        seat: SeatIndex,
    },
}

/// A task's life. It closes each phase as soon as it has all it waits for, and never stays in one
/// forever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub enum Phase<BlockNumber> {
    /// Inference nodes answer; where there are several places, sealed.
    #[codec(index = 0)]
    Answering {
        /// The last block in which an answer is taken.
        until: BlockNumber,
    },
    /// Inference nodes open their sealed answers. A task with one place has no such phase.
    #[codec(index = 6)]
    RevealingAnswers {
        /// The block in which the last seal came in, or the window was over.
        since: BlockNumber,
        /// The last block in which a key is taken.
        until: BlockNumber,
    },
    /// Answers are closed; the committee is drawn at the end of the block.
    #[codec(index = 1)]
    Drawing,
    /// The committee publishes sealed scores.
    #[codec(index = 2)]
    Committing {
        /// The last block in which a seal is taken.
        until: BlockNumber,
    },
    /// The committee opens its seals.
    #[codec(index = 3)]
    Revealing {
        /// The block in which the commit phase ended.
        since: BlockNumber,
        /// The last block in which a key is taken.
        until: BlockNumber,
    },
    /// Judged and paid.
    #[codec(index = 4)]
    Settled {
        /// The block of the settlement.
        at: BlockNumber,
    },
    /// Ended without a consensus.
    #[codec(index = 5)]
    Expired {
        /// The block in which it ended.
        at: BlockNumber,
        /// Why there is no consensus.
        reason: Expiry,
    },
}

impl<BlockNumber> Phase<BlockNumber> {
    /// Whether the task has ended.
    pub fn has_ended(&self) -> bool {
        matches!(self, Self::Settled { .. } | Self::Expired { .. })
    }
}

/// Why a task ended without a consensus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub enum Expiry {
    /// Nobody answered, or nobody opened its answer.
    NoAnswers,
    /// Too few evaluators were active to form a committee, or the chain had no randomness to draw
    /// one.
    NoCommittee,
    /// Too few seats committed or opened scores.
    NoQuorum,
}

/// One answer, without its text.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct AnswerRecord<AccountId, BlockNumber> {
    /// The inference node that answered.
    pub author: AccountId,
    /// blake2-256 of the text.
    pub hash: [u8; 32],
    /// The block it came in, if need be sealed.
    pub at: BlockNumber,
}

/// An answer that nobody can read yet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct SealedAnswer<AccountId, BlockNumber> {
    /// The inference node that answered.
    pub author: AccountId,
    /// The block the seal came in.
    pub at: BlockNumber,
    /// Whether its author has given the right key and the seal holds no answer all the same.
    pub unopenable: bool,
}

/// A task, without its texts.
#[derive(
    CloneNoBound,
    DebugNoBound,
    PartialEqNoBound,
    EqNoBound,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
#[scale_info(skip_type_params(T), capture_docs = "always")]
pub struct Task<T: Config> {
    /// The account that asked, and pays.
    pub submitter: AccountIdOf<T>,
    /// What is at stake for answering and judging.
    pub bounty: BalanceOf<T>,
    /// The block of the submission.
    pub submitted_at: BlockNumberFor<T>,
    /// blake2-256 of the prompt.
    pub prompt: [u8; 32],
    /// The parameters the task began with, and ends with.
    pub parameters: ParametersOf<T>,
    /// Where it is in its life.
    pub phase: Phase<BlockNumberFor<T>>,
    /// The inference nodes that were drawn.
    pub responders: BoundedVec<AccountIdOf<T>, T::MaxResponders>,
    /// The answers that can be read, in the order in which they came or were opened.
    pub answers: BoundedVec<AnswerRecord<AccountIdOf<T>, BlockNumberFor<T>>, T::MaxResponders>,
    /// The number of seats of the committee.
    pub seats: u32,
    /// The number of seats that committed.
    pub committed: u32,
    /// The number of seats whose seal opened to scores.
    pub revealed: u32,
    /// The number of seats whose seal turned out to hold no scores.
    pub unopenable: u32,
    /// The answers whose seal has not been opened, in the order they came.
    pub sealed: BoundedVec<SealedAnswer<AccountIdOf<T>, BlockNumberFor<T>>, T::MaxResponders>,
}

impl<T: Config> Task<T> {
    /// Whether answers are sealed first: where there are several places, so that nobody can copy
    /// another's answer.
    pub fn is_sealed(&self) -> bool {
        self.responders.len() > 1
    }

    /// How many places for answers are taken.
    pub fn slots_taken(&self) -> usize {
        self.answers.len().saturating_add(self.sealed.len())
    }

    /// Whether this account answered, sealed or not.
    pub fn has_answer_of(&self, who: &AccountIdOf<T>) -> bool {
        self.answers.iter().any(|answer| &answer.author == who)
            || self.sealed.iter().any(|answer| &answer.author == who)
    }

    /// Seats that must open for the outcome to count: the terms' share of the seats, rounded up, at
    /// least 1.
    pub fn quorum(&self) -> u32 {
        self.parameters.quorum.mul_ceil(self.seats).max(1)
    }

    /// The hash over the prompt and all answers, in order: what seals speak of.
    pub fn answers_hash(&self) -> [u8; 32] {
        let answers: Vec<[u8; 32]> = self.answers.iter().map(|answer| answer.hash).collect();
        sp_io::hashing::blake2_256(&(self.prompt, answers).encode())
    }

    /// How many parties a task can have at most: who asked, who was drawn and who answered instead.
    pub fn max_parties(&self) -> usize {
        self.responders.len().saturating_add(self.slots_taken()).saturating_add(1)
    }

    /// Whether this account asked, was drawn to answer, or answered: such an account gets no seat.
    pub fn is_party(&self, who: &AccountIdOf<T>) -> bool {
        &self.submitter == who || self.responders.contains(who) || self.has_answer_of(who)
    }
}

/// One seat of a committee. Account and key are frozen at the draw, so later key changes break
/// nothing.
#[derive(
    CloneNoBound,
    DebugNoBound,
    PartialEqNoBound,
    EqNoBound,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
#[scale_info(skip_type_params(T), capture_docs = "always")]
pub struct Seat<T: Config> {
    /// The evaluator that holds the seat.
    pub account: AccountIdOf<T>,
    /// The key that signs for the seat.
    pub key: EvaluatorId,
    /// What the seat has done so far.
    pub state: SeatState<T>,
}

/// What a seat has done.
#[derive(
    CloneNoBound,
    DebugNoBound,
    PartialEqNoBound,
    EqNoBound,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
#[scale_info(skip_type_params(T), capture_docs = "always")]
pub enum SeatState<T: Config> {
    /// Nothing yet.
    Drawn,
    /// Published its sealed scores.
    Committed {
        /// The sealed scores, and the commitment to their key.
        seal: SealOf<T>,
    },
    /// Opened them.
    Revealed {
        /// One score for each answer.
        scores: ScoresOf<T>,
    },
    /// Gave the right key to a seal that holds no scores.
    Unopenable,
}

/// Sealed scores for one task, as an evaluator sends them.
#[derive(
    CloneNoBound,
    DebugNoBound,
    PartialEqNoBound,
    EqNoBound,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
#[scale_info(skip_type_params(T), capture_docs = "always")]
pub struct Commit<T: Config> {
    /// The task that is judged.
    pub task: TaskId,
    /// Hash of all that the seal speaks of: chain, task, seat, account, model and answers. On a
    /// fork with other answers or another committee it differs, and the commitment is refused there
    /// instead of being unopenable later.
    pub context: [u8; 32],
    /// The sealed scores.
    pub seal: SealOf<T>,
}

/// The key to the seal of one task.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct Reveal {
    /// The task that was judged.
    pub task: TaskId,
    /// The 32 bytes that open the seal.
    pub key: [u8; 32],
}

/// How one answer came out.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct AnswerOutcome<AccountId, Balance> {
    /// The inference node that answered.
    pub author: AccountId,
    /// The committee's consensus; `None` if there was none.
    pub quality: Option<Permill>,
    /// How long it took, as a share of the answer window.
    pub delay: Permill,
    /// The share of its part of the bounty that it earned: `alpha * quality - beta * delay`, and
    /// nothing below the floor.
    pub share: Permill,
    /// What its author was paid out of the bounty.
    pub paid: Balance,
}

/// What a sealed answer that was not opened cost its author.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct UnrevealedAnswer<AccountId, Balance> {
    /// The inference node that answered.
    pub author: AccountId,
    /// `Withheld` if the key never came, `Unopenable` if the seal holds no answer.
    pub offence: Offence,
    /// What its author lost of its bond.
    pub slashed: Balance,
}

/// How one seat came out.
#[derive(
    CloneNoBound,
    DebugNoBound,
    PartialEqNoBound,
    EqNoBound,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
#[scale_info(skip_type_params(T), capture_docs = "always")]
pub struct SeatOutcome<T: Config> {
    /// The evaluator that holds the seat.
    pub account: AccountIdOf<T>,
    /// The opened scores, one for each answer; empty if it never opened.
    pub scores: ScoresOf<T>,
    /// How far its scores were from what the others said, on average; `None` if there was nothing
    /// to compare.
    pub deviation: Option<Permill>,
    /// What its judging was worth beyond a guess, in millionths; `None` if that cannot be told:
    /// without a consensus, alone in its committee, or as long as too few outcomes are known.
    pub skill: Option<Skill>,
    /// What its evaluator was paid out of the bounty.
    pub paid: BalanceOf<T>,
    /// The trust and dues of its evaluator from now on.
    pub reputation: Reputation<BalanceOf<T>>,
    /// The duty that its evaluator neglected, if any.
    pub offence: Option<Offence>,
    /// What its evaluator lost of its bond.
    pub slashed: BalanceOf<T>,
}

/// How a task ended: everything a wallet needs to explain every payout.
#[derive(
    CloneNoBound,
    DebugNoBound,
    PartialEqNoBound,
    EqNoBound,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
#[scale_info(skip_type_params(T), capture_docs = "always")]
pub struct Outcome<T: Config> {
    /// `None` if the task was settled, otherwise why it expired.
    pub expired: Option<Expiry>,
    /// One entry for each answer that was judged, in their order in the task.
    pub answers: BoundedVec<AnswerOutcome<AccountIdOf<T>, BalanceOf<T>>, T::MaxResponders>,
    /// One entry for each seat, in the order of the seats.
    pub seats: BoundedVec<SeatOutcome<T>, T::MaxCommittee>,
    /// What the user got back of the bounty.
    pub refunded: BalanceOf<T>,
    /// One entry for each sealed answer that was not opened in time, and so not judged.
    pub unrevealed: BoundedVec<UnrevealedAnswer<AccountIdOf<T>, BalanceOf<T>>, T::MaxResponders>,
}

/// All money that ever went through this pallet's holds, bonds included.
///
/// At any time `funded == held + paid + refunded + slashed`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[scale_info(capture_docs = "always")]
pub struct Ledger {
    /// All that was put on hold: bounties and bonds.
    pub funded: u128,
    /// All that was paid out of bounties.
    pub paid: u128,
    /// All that was given back: unspent bounties and withdrawn bonds.
    pub refunded: u128,
    /// All that was slashed from bonds.
    pub slashed: u128,
}

/// What an evaluator would earn with a seat, as the view function tells it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct SeatQuote<Balance> {
    /// The most that a seat of the task can earn.
    pub cap: Balance,
    /// What a judge that agrees with the others earns now, after what it must earn first.
    pub pay: Balance,
    /// The evaluator's trust and dues.
    pub reputation: Reputation<Balance>,
    /// What a guess is measured against; `None` as long as too few outcomes are known, when judging
    /// is not paid.
    pub baseline: Option<Baseline>,
}

/// What the recent outcomes look like to somebody who only guesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct Baseline {
    /// The best guess: the weighted median of the outcomes.
    pub guess: Permill,
    /// How far it is off on average: a judge that is off by as much earns nothing.
    pub spread: Permill,
    /// How many outcomes are known.
    pub past_qualities: u32,
}

/// One open duty, as the view function tells it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct OpenWork<BlockNumber> {
    /// The task that the duty is for.
    pub task: TaskId,
    /// What the account has to do.
    pub duty: Duty,
    /// Where the task stands, with its deadline.
    pub phase: Phase<BlockNumber>,
}

/// An answer with its text, as the view function tells it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct FullAnswer<AccountId, BlockNumber> {
    /// The inference node that answered.
    pub author: AccountId,
    /// The block it came in.
    pub at: BlockNumber,
    /// The text, any bytes.
    pub text: Vec<u8>,
}
