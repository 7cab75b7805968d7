//! What the pallet stores and shows: parameters, tasks, seats, participants and outcomes.

use crate::{keys::EvaluatorId, Config};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::marker::PhantomData;
use frame_support::{
    pallet_prelude::{Get, TypeInfo},
    traits::{fungible::Inspect, ConstU32},
    BoundedVec, CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound,
};
use frame_system::pallet_prelude::BlockNumberFor;
pub use poq_mechanism::{offence::Offence, rules::Rules, skill::PastQuality, trust::Trust};
use poq_mechanism::{
    payout::{split, Split},
    rules::{MAX_PAST_QUALITIES, MAX_RECENT_PAIRINGS},
    seal::{sealed_len, Seal, TAG_LEN},
    skill::{Dues, Skill},
};
pub use poq_wire::ModelDigest;
use scale_info::prelude::vec::Vec;
use serde::{Deserialize, Serialize};
use sp_runtime::{traits::AtLeast32BitUnsigned, Permill};

/// The number of a task. Tasks are numbered from 0, in the order of their submission.
pub type TaskId = u64;
/// The position of a seat in its committee, from 0.
pub type SeatIndex = u32;
/// An account of the runtime.
pub type AccountIdOf<T> = <T as frame_system::Config>::AccountId;
/// An amount of the chain's currency.
pub type BalanceOf<T> = <<T as Config>::Currency as Inspect<AccountIdOf<T>>>::Balance;
/// The parameters of this runtime.
pub type ParametersOf<T> = Parameters<BalanceOf<T>, BlockNumberFor<T>>;
/// A prompt of at most `MaxPromptLen` bytes.
pub type PromptOf<T> = BoundedVec<u8, <T as Config>::MaxPromptLen>;
/// An answer of at most `MaxAnswerLen` bytes.
pub type AnswerOf<T> = BoundedVec<u8, <T as Config>::MaxAnswerLen>;
/// One score for each answer of a task.
pub type ScoresOf<T> = BoundedVec<Permill, <T as Config>::MaxResponders>;
/// The sealed scores of one seat.
pub type SealOf<T> = Seal<BoundedVec<u8, MaxSealLen<T>>>;

/// A sealed answer, as its author commits it.
pub type AnswerSealOf<T> = Seal<BoundedVec<u8, MaxAnswerSealLen<T>>>;

/// The sealed scores that one transaction carries.
pub type CommitsOf<T> = BoundedVec<Commit<T>, <T as Config>::MaxBatch>;
/// The keys that one transaction carries.
pub type RevealsOf<T> = BoundedVec<Reveal, <T as Config>::MaxBatch>;

/// The past qualities, oldest first.
pub type PastQualities = BoundedVec<PastQuality, ConstU32<{ MAX_PAST_QUALITIES as u32 }>>;
/// The committees of an inference node's latest tasks, oldest first.
pub type RecentPairingsOf<T> =
    BoundedVec<BoundedVec<AccountIdOf<T>, <T as Config>::MaxCommittee>, ConstU32<{ MAX_RECENT_PAIRINGS as u32 }>>;

/// The maximum length of the ciphertext of sealed scores: scores for `MaxResponders` answers.
pub struct MaxSealLen<T>(PhantomData<T>);

impl<T: Config> Get<u32> for MaxSealLen<T> {
    fn get() -> u32 {
        sealed_len(T::MaxResponders::get() as usize) as u32
    }
}

/// The maximum length of the ciphertext of a sealed answer: an answer of `MaxAnswerLen` bytes.
pub struct MaxAnswerSealLen<T>(PhantomData<T>);

impl<T: Config> Get<u32> for MaxAnswerSealLen<T> {
    fn get() -> u32 {
        T::MaxAnswerLen::get().saturating_add(TAG_LEN as u32)
    }
}

/// What governance sets. A task keeps the parameters under which it was submitted.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
)]
#[scale_info(capture_docs = "always")]
pub struct Parameters<Balance, BlockNumber> {
    /// The model that judges: the SHA-256 of its `manifest.json`.
    pub model: ModelDigest,
    /// The minimum bounty of a task.
    pub min_bounty: Balance,
    /// The maximum bounty of a task. What is at stake in a task must be less than what a withheld
    /// key costs.
    pub max_bounty: Balance,
    /// The minimum bond of an evaluator.
    pub evaluator_bond: Balance,
    /// The minimum bond of an inference node.
    pub inference_bond: Balance,
    /// The number of seats of a committee, if enough evaluators are active. At most `MaxCommittee`.
    pub committee_size: u32,
    /// The minimum number of seats of a committee. A task that cannot have them is refunded.
    pub min_committee: u32,
    /// The share of the seats that must reveal their scores for an outcome to count. The number of
    /// seats is rounded up.
    pub quorum: Permill,
    /// The number of blocks in which answers are taken.
    pub answer_window: BlockNumber,
    /// The number of blocks in which sealed scores are taken.
    pub commit_window: BlockNumber,
    /// The number of blocks in which the keys of sealed answers are taken, and later those of
    /// sealed scores.
    pub reveal_window: BlockNumber,
    /// The number of blocks that late seats still have after a quorum has committed, or has
    /// revealed.
    pub grace: BlockNumber,
    /// The number of blocks from the end of a phase that takes seals to the first block that takes
    /// their keys. At least 1. A larger depth is slower, but safer against reorganisations that
    /// reopen that phase.
    pub reveal_depth: BlockNumber,
    /// The number of blocks from leaving to the withdrawal of the bond.
    pub unbonding: BlockNumber,
    /// The number of blocks for which an ended task stays readable.
    pub retention: BlockNumber,
    /// How scores are weighed and paid, what answers pay, and what neglected duties cost.
    pub rules: Rules,
}

impl<Balance: AtLeast32BitUnsigned + Copy, BlockNumber> Parameters<Balance, BlockNumber> {
    /// The minimum bond of a role.
    pub fn min_bond(&self, role: Role) -> Balance {
        match role {
            Role::Evaluator => self.evaluator_bond,
            Role::Inference => self.inference_bond,
        }
    }

    /// The bond below which a participant is chilled: half of the minimum. So a small slash does
    /// not chill at once, and half of the bond still covers the risk.
    pub fn chill_below(&self, role: Role) -> Balance {
        self.min_bond(role) / 2u32.into()
    }
}

/// What a submitter chooses for a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct TaskOptions {
    /// The number of inference nodes that are to answer, from 1 to `MaxResponders`. If fewer are
    /// active, fewer answer.
    pub responders: u32,
    /// The model that must judge, or `None` to accept the model of the chain. The call fails if the
    /// chain judges by another model.
    pub model: Option<ModelDigest>,
}

/// The two roles that have a bond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub enum Role {
    /// Evaluators score answers.
    Evaluator,
    /// Inference nodes answer prompts.
    Inference,
}

/// Whether a participant can be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub enum Standing<BlockNumber> {
    /// The participant may be drawn.
    Active {
        /// Its roster index: its position among the active participants of its role.
        index: u32,
    },
    /// The participant is not drawn until it calls `activate`.
    Chilled,
    /// The participant is not drawn any more, and may withdraw its bond later.
    Leaving {
        /// The first block in which `withdraw_bond` works.
        until: BlockNumber,
    },
}

/// An account with a bond for a role.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct Participant<Balance, BlockNumber> {
    /// The amount on hold for this role.
    pub bond: Balance,
    /// Whether it is active, chilled or leaving.
    pub standing: Standing<BlockNumber>,
    /// The number of offences on its record. Each doubles what the next offence costs.
    pub record: u8,
    /// The number of duties done since the last offence. After `forgiven_after` of them one offence
    /// is forgotten.
    pub clean: u16,
}

/// The trust and the dues of an evaluator. The pallet keeps them as long as the bond.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[scale_info(capture_docs = "always")]
pub struct Reputation<Balance> {
    /// How far the evaluator is trusted.
    pub trust: Trust,
    /// What the evaluator must earn off before it is paid.
    pub dues: Dues<Balance>,
}

/// What an account has to do for a task that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub enum Duty {
    /// To answer the prompt, or to wait for the payment of an answer.
    Answer,
    /// To score the answers from this seat.
    Judge {
        /// The position of the seat in the task's committee.
        seat: SeatIndex,
    },
}

/// The phase of a task. A phase ends as soon as it has all that it waits for, and at its deadline
/// at the latest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub enum Phase<BlockNumber> {
    /// Inference nodes answer. With several answer slots they commit sealed answers.
    #[codec(index = 0)]
    Answering {
        /// The last block in which an answer is taken.
        until: BlockNumber,
    },
    /// Inference nodes reveal their sealed answers. A task with one answer slot has no such phase.
    #[codec(index = 6)]
    RevealingAnswers {
        /// The block in which the last seal came in, or in which the answer window ended.
        since: BlockNumber,
        /// The last block in which a key is taken.
        until: BlockNumber,
    },
    /// The answers are closed. The committee is drawn at the end of the block.
    #[codec(index = 1)]
    Drawing,
    /// The committee commits sealed scores.
    #[codec(index = 2)]
    Committing {
        /// The last block in which a seal is taken.
        until: BlockNumber,
    },
    /// The committee reveals its scores.
    #[codec(index = 3)]
    Revealing {
        /// The block in which the commit phase ended.
        since: BlockNumber,
        /// The last block in which a key is taken.
        until: BlockNumber,
    },
    /// The answers were judged and paid.
    #[codec(index = 4)]
    Settled {
        /// The block of the settlement.
        at: BlockNumber,
    },
    /// The task ended without a consensus.
    #[codec(index = 5)]
    Expired {
        /// The block in which the task ended.
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
    /// No answer came in, or none was revealed.
    NoAnswers,
    /// Too few evaluators were active to form a committee, or the chain had no randomness to draw
    /// one.
    NoCommittee,
    /// Too few seats committed or revealed scores.
    NoQuorum,
}

/// One answer, without its text.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct AnswerRecord<AccountId, BlockNumber> {
    /// The inference node that wrote the answer.
    pub author: AccountId,
    /// The blake2-256 hash of the text.
    pub hash: [u8; 32],
    /// The block in which the answer came in. For a sealed answer it is the block of the commit.
    pub at: BlockNumber,
}

/// An answer whose text cannot be read yet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct SealedAnswer<AccountId, BlockNumber> {
    /// The inference node that wrote the answer.
    pub author: AccountId,
    /// The block in which the seal came in.
    pub at: BlockNumber,
    /// Whether the author gave the right key but the seal holds no answer.
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
    /// The account that submitted the task, and pays for it.
    pub submitter: AccountIdOf<T>,
    /// The amount at stake for answers and scores.
    pub bounty: BalanceOf<T>,
    /// The block in which the task was submitted.
    pub submitted_at: BlockNumberFor<T>,
    /// The blake2-256 hash of the prompt.
    pub prompt: [u8; 32],
    /// The parameters of the task, from its submission to its end.
    pub parameters: ParametersOf<T>,
    /// The phase of the task, with its deadline.
    pub phase: Phase<BlockNumberFor<T>>,
    /// The inference nodes that were drawn to answer.
    pub responders: BoundedVec<AccountIdOf<T>, T::MaxResponders>,
    /// The answers that can be read, in the order in which they came or were revealed.
    pub answers: BoundedVec<AnswerRecord<AccountIdOf<T>, BlockNumberFor<T>>, T::MaxResponders>,
    /// The number of seats of the committee.
    pub seats: u32,
    /// The number of seats that committed.
    pub committed: u32,
    /// The number of seats that revealed scores.
    pub revealed: u32,
    /// The number of seats whose seal holds no scores, although the key is right.
    pub unopenable: u32,
    /// The sealed answers that were not revealed, in the order in which they came.
    pub sealed: BoundedVec<SealedAnswer<AccountIdOf<T>, BlockNumberFor<T>>, T::MaxResponders>,
}

impl<T: Config> Task<T> {
    /// Whether answers are sealed first. They are where the task has several answer slots, so that
    /// no answer can be copied.
    pub fn is_sealed(&self) -> bool {
        self.responders.len() > 1
    }

    /// The number of answer slots that are taken.
    pub fn slots_taken(&self) -> usize {
        self.answers.len().saturating_add(self.sealed.len())
    }

    /// Whether this account has answered, with a seal or without.
    pub fn has_answer_of(&self, who: &AccountIdOf<T>) -> bool {
        self.answers.iter().any(|answer| &answer.author == who)
            || self.sealed.iter().any(|answer| &answer.author == who)
    }

    /// The number of seats that must reveal for the outcome to count: the share `quorum` of the
    /// seats, rounded up, at least 1.
    pub fn quorum(&self) -> u32 {
        self.parameters.quorum.mul_ceil(self.seats).max(1)
    }

    /// Whether every seat that committed has given its key.
    pub fn has_all_keys(&self) -> bool {
        self.revealed.saturating_add(self.unopenable) == self.committed
    }

    /// The maximum amounts that one answer and one seat can earn.
    pub fn caps(&self) -> Split<BalanceOf<T>> {
        split(self.bounty, self.parameters.rules.judging_share, self.responders.len() as u32, self.seats)
    }

    /// The hash over the prompt and all answers, in order. The seals of scores are made for it.
    pub fn answers_hash(&self) -> [u8; 32] {
        let answers: Vec<[u8; 32]> = self.answers.iter().map(|answer| answer.hash).collect();
        sp_io::hashing::blake2_256(&(self.prompt, answers).encode())
    }

    /// The maximum number of parties of the task: the submitter, the responders and the authors
    /// that were not drawn.
    pub fn max_parties(&self) -> usize {
        self.responders.len().saturating_add(self.slots_taken()).saturating_add(1)
    }

    /// Whether this account is the submitter, a responder or an author. Such an account gets no
    /// seat.
    pub fn is_party(&self, who: &AccountIdOf<T>) -> bool {
        &self.submitter == who || self.responders.contains(who) || self.has_answer_of(who)
    }
}

/// One seat of a committee. The draw fixes account and key, so a later change of the key has no
/// effect on the seat.
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
    /// The seat has not committed.
    Drawn,
    /// The seat has committed sealed scores.
    Committed {
        /// The sealed scores, with the commitment to their key.
        seal: SealOf<T>,
    },
    /// The seat has revealed its scores.
    Revealed {
        /// One score for each answer, in the order of the answers.
        scores: ScoresOf<T>,
    },
    /// The seat gave the right key, but its seal holds no scores.
    Unopenable,
}

impl<T: Config> SeatState<T> {
    /// The duty that the seat neglected, if its task takes nothing more from it.
    pub fn offence(&self) -> Option<Offence> {
        match self {
            Self::Drawn => Some(Offence::Absent),
            Self::Committed { .. } => Some(Offence::Withheld),
            Self::Revealed { .. } => None,
            Self::Unopenable => Some(Offence::Unopenable),
        }
    }
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
    /// The task whose answers were scored.
    pub task: TaskId,
    /// The hash of what the seal is made for: chain, task, seat, account, model and answers. On a
    /// fork with other answers or another committee the hash differs. There the chain refuses the
    /// commit, and the seal does not become unopenable later.
    pub context: [u8; 32],
    /// The sealed scores.
    pub seal: SealOf<T>,
}

/// The key of the seal of one task.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct Reveal {
    /// The task whose scores are revealed.
    pub task: TaskId,
    /// The 32 bytes with which the chain opens the seal.
    pub key: [u8; 32],
}

/// What one answer earned, and why.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct AnswerOutcome<AccountId, Balance> {
    /// The inference node that wrote the answer.
    pub author: AccountId,
    /// The committee's consensus for the answer, or `None` without a consensus.
    pub quality: Option<Permill>,
    /// The time until the answer came, as a share of the answer window.
    pub delay: Permill,
    /// The share of its cap that the answer earned: `alpha * quality - beta * delay`. Below the
    /// floor of quality the share is 0.
    pub share: Permill,
    /// The amount that the author was paid out of the bounty.
    pub paid: Balance,
}

/// What an author lost for a sealed answer that was not revealed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct UnrevealedAnswer<AccountId, Balance> {
    /// The inference node that committed the answer.
    pub author: AccountId,
    /// `Withheld` if the key never came, `Unopenable` if the seal holds no answer.
    pub offence: Offence,
    /// The amount that the author lost of its bond.
    pub slashed: Balance,
}

/// What one seat earned or lost, and why.
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
    /// The revealed scores, one for each answer. Empty if the seat never revealed.
    pub scores: ScoresOf<T>,
    /// The mean distance of the scores from what the others said. `None` if there was nothing to
    /// compare.
    pub deviation: Option<Permill>,
    /// What the scores were worth beyond a guess, in millionths. `None` without a consensus, for
    /// the only seat with scores, or as long as too few past qualities are known.
    pub skill: Option<Skill>,
    /// The amount that the evaluator was paid out of the bounty.
    pub paid: BalanceOf<T>,
    /// The trust and dues of the evaluator after the task.
    pub reputation: Reputation<BalanceOf<T>>,
    /// The duty that the evaluator neglected, if any.
    pub offence: Option<Offence>,
    /// The amount that the evaluator lost of its bond.
    pub slashed: BalanceOf<T>,
}

/// How a task ended. It holds all that a wallet needs to explain each payout.
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
    /// `None` if the task was settled. Otherwise the reason why it expired.
    pub expired: Option<Expiry>,
    /// One entry for each answer that was judged, in the order of the answers.
    pub answers: BoundedVec<AnswerOutcome<AccountIdOf<T>, BalanceOf<T>>, T::MaxResponders>,
    /// One entry for each seat, in the order of the seats.
    pub seats: BoundedVec<SeatOutcome<T>, T::MaxCommittee>,
    /// The amount of the bounty that went back to the submitter.
    pub refunded: BalanceOf<T>,
    /// One entry for each sealed answer that was not revealed in time, and so not judged.
    pub unrevealed: BoundedVec<UnrevealedAnswer<AccountIdOf<T>, BalanceOf<T>>, T::MaxResponders>,
}

/// The sums of all money that ever went through this pallet's holds, bonds included.
///
/// At any time `funded == held + paid + refunded + slashed`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
#[scale_info(capture_docs = "always")]
pub struct Ledger {
    /// The sum of all that was put on hold: bounties and bonds.
    pub funded: u128,
    /// The sum of all that was paid out of bounties.
    pub paid: u128,
    /// The sum of all that was given back: unspent bounties and withdrawn bonds.
    pub refunded: u128,
    /// The sum of all that was slashed from bonds.
    pub slashed: u128,
}

/// What an evaluator would earn with a seat, as the view function returns it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct SeatQuote<Balance> {
    /// The cap of the seat: the highest amount that it can earn.
    pub cap: Balance,
    /// The amount that an evaluator in agreement with the others would be paid now, after its dues.
    pub pay: Balance,
    /// The trust and dues of the evaluator.
    pub reputation: Reputation<Balance>,
    /// What a guess is measured against. `None` as long as too few past qualities are known; scores
    /// are not paid until then.
    pub baseline: Option<Baseline>,
}

/// The past qualities, as an evaluator that only guesses sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct Baseline {
    /// The best guess: the weighted median of the past qualities.
    pub guess: Permill,
    /// The mean distance of the past qualities from that guess. An evaluator with this deviation
    /// earns nothing.
    pub spread: Permill,
    /// The number of past qualities that are known.
    pub past_qualities: u32,
}

/// One open duty, as the view function returns it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct OpenWork<BlockNumber> {
    /// The task that the duty belongs to.
    pub task: TaskId,
    /// What the account has to do.
    pub duty: Duty,
    /// The phase of the task, with its deadline.
    pub phase: Phase<BlockNumber>,
}

/// An answer with its text, as the view function returns it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
#[scale_info(capture_docs = "always")]
pub struct FullAnswer<AccountId, BlockNumber> {
    /// The inference node that wrote the answer.
    pub author: AccountId,
    /// The block in which the answer came in.
    pub at: BlockNumber,
    /// The text of the answer; it may be any bytes.
    pub text: Vec<u8>,
}
