//! # Proof of Quality
//!
//! Users pay for prompts, and inference nodes answer them. Evaluators score the answers off chain,
//! and this pallet pays for quality and for honest scores. No one runs the large model a second
//! time, and no participant has to trust another.
//!
//! `docs/glossary.md` in the repository explains each term.
//!
//! ## The life of a task
//!
//! ```text
//! Answering --> (RevealingAnswers) --> Drawing --> Committing --> Revealing --> Settled
//!     |                  |                |             |              |
//!     +------------------+----------------+-------------+--------------+-------> Expired
//! ```
//!
//! 1. [`Call::submit_task`] puts the bounty on hold and draws the inference nodes that are to
//!    answer.
//! 2. [`Call::submit_answer`]: each inference node answers once. In the second half of the window
//!    any active inference node may take a free answer slot. A task with several answer slots takes
//!    answers in two steps, so that none can be copied. [`Call::commit_answer`] publishes the
//!    sealed answer. [`Call::reveal_answer`] publishes its key, once all answers are sealed.
//! 3. One block after the answers closed, the pallet draws a committee of evaluators. The
//!    randomness of the draw could not be known earlier.
//! 4. [`Call::commit_scores`]: the off-chain worker of each seat has the answers judged and
//!    publishes the scores *sealed*.
//! 5. [`Call::reveal_scores`]: when all seats have committed, or the deadline is over, the seats
//!    publish their keys. The chain opens the seals itself.
//! 6. Settlement: the committee's scores for each answer become one consensus, its quality. Answers
//!    are paid by quality, and evaluators by what their scores were worth beyond a guess.
//!    Participants that withheld a key are slashed. The rest of the bounty goes back to the
//!    submitter.
//!
//! Each phase has a deadline in blocks. It closes early when it has all that it waits for, and
//! after a quorum only a short grace period remains. A task always ends, and each end has an event.
//!
//! ## Where the rules live
//!
//! The rules are pure functions in `poq-mechanism`. Here each concern has one module:
//!
//! - `tasks`: submitting, and the agenda of deadlines;
//! - `answers`: submitting, committing and revealing answers;
//! - `committee`: the draw;
//! - `judging`: committing and revealing scores;
//! - `scoring`: what scores were worth;
//! - `settlement`: consensus, payouts, slashes and the refund;
//! - `money`: holds and the ledger;
//! - `participants`: bonds, keys, rosters and offences;
//! - `reputation`: trust, dues and past qualities;
//! - `offchain`: the worker.
//!
//! ## Requirements on the runtime
//!
//! - `frame_system::AuthorizeCall` is part of the transaction extensions. The two calls for scores
//!   are feeless and carry their own authorization.
//! - The pallet of the randomness source comes before this one. So the draw at the end of a block
//!   reads the randomness of that very block.

#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs)]

extern crate alloc;

pub use keys::{EvaluatorId, EvaluatorSignature, KEY_TYPE};
pub use offchain::scorer::{HttpScorer, Scorer, ScorerFailure, SCORER_TOKEN_KEY, SCORER_URL_KEY};
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

mod answers;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod committee;
mod judging;
pub mod keys;
pub mod migrations;
#[cfg(test)]
mod mock;
mod money;
pub mod offchain;
mod participants;
mod reputation;
mod scoring;
mod settlement;
mod tasks;
#[cfg(test)]
mod tests;
mod try_state;
mod types;
pub mod weights;

/// The target of log lines for operators.
pub const LOG_TARGET: &str = "runtime::proof-of-quality";

#[frame_support::pallet]
pub mod pallet {
    use super::{Task, *};
    use alloc::vec::Vec;
    use frame_support::{
        pallet_prelude::*,
        traits::{
            fungible::{hold, Credit, Inspect},
            OnUnbalanced, Randomness,
        },
        weights::WeightMeter,
    };
    use frame_system::{offchain::CreateAuthorizedTransaction, pallet_prelude::*};
    use poq_mechanism::{rules::RuleError, seal::SealKey};

    /// The in-code storage version.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(2);

    /// The pallet of Proof of Quality.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What a runtime must provide.
    #[pallet::config]
    pub trait Config: CreateAuthorizedTransaction<Call<Self>> + frame_system::Config {
        /// The currency of bounties and bonds.
        type Currency: Inspect<Self::AccountId>
            + hold::Mutate<Self::AccountId, Reason = Self::RuntimeHoldReason>
            + hold::Balanced<Self::AccountId>;

        /// The runtime's hold reasons.
        type RuntimeHoldReason: From<HoldReason>;

        /// Where slashed bonds go: a treasury, or `()` to burn them.
        type OnSlash: OnUnbalanced<Credit<Self::AccountId, Self::Currency>>;

        /// The source of randomness for the draw of committees. The pallet reads it at the end of
        /// the block *after* the one that closed the answers. So a source that becomes known with
        /// each block (such as BABE's VRF) is unknown while answers can still change.
        ///
        /// `None` postpones the draw to the next block. A task for which the source never has a
        /// value expires in the end.
        type Randomness: Randomness<Option<Self::Hash>, BlockNumberFor<Self>>;

        /// How the off-chain worker reaches the scorer: [`HttpScorer`], unless a chain has another
        /// way.
        type Scorer: Scorer;

        /// The origin that may change the parameters.
        type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The parameters, until governance sets others.
        type DefaultParameters: Get<ParametersOf<Self>>;

        /// The maximum length of a prompt, in bytes.
        #[pallet::constant]
        type MaxPromptLen: Get<u32>;

        /// The maximum length of an answer, in bytes.
        #[pallet::constant]
        type MaxAnswerLen: Get<u32>;

        /// The maximum number of answers of a task.
        #[pallet::constant]
        type MaxResponders: Get<u32>;

        /// The maximum number of seats of a committee.
        #[pallet::constant]
        type MaxCommittee: Get<u32>;

        /// The maximum number of tasks in one commit or reveal transaction.
        #[pallet::constant]
        type MaxBatch: Get<u32>;

        /// The maximum number of committees drawn in one block. The others are drawn in the next
        /// block.
        #[pallet::constant]
        type MaxDraws: Get<u32>;

        /// The priority of commit and reveal transactions in the pool.
        #[pallet::constant]
        type JudgingPriority: Get<TransactionPriority>;

        /// The weights of the calls and of the hooks' steps.
        type WeightInfo: WeightInfo;
    }

    /// Why this pallet holds funds.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The bounty of a task that has not ended.
        Bounty,
        /// The bond of an evaluator.
        EvaluatorBond,
        /// The bond of an inference node.
        InferenceBond,
    }

    /// The parameters in force for new tasks.
    #[pallet::storage]
    pub type CurrentParameters<T: Config> = StorageValue<_, ParametersOf<T>, ValueQuery, T::DefaultParameters>;

    /// The number of tasks that were ever submitted. It is also the id of the next task.
    #[pallet::storage]
    pub type TaskCount<T: Config> = StorageValue<_, TaskId, ValueQuery>;

    /// The tasks, from their submission until their retention ends.
    #[pallet::storage]
    pub type Tasks<T: Config> = StorageMap<_, Twox64Concat, TaskId, Task<T>>;

    /// The prompts of the tasks. They are stored apart, so that judging and settling never read
    /// long texts.
    #[pallet::storage]
    pub type Prompts<T: Config> = StorageMap<_, Twox64Concat, TaskId, PromptOf<T>>;

    /// The texts of the answers, by their position in the task.
    #[pallet::storage]
    pub type Answers<T: Config> = StorageDoubleMap<_, Twox64Concat, TaskId, Twox64Concat, u32, AnswerOf<T>>;

    /// The sealed answers, by their author. A seal that is never opened stays until the task is
    /// pruned.
    #[pallet::storage]
    pub type SealedAnswers<T: Config> =
        StorageDoubleMap<_, Twox64Concat, TaskId, Blake2_128Concat, T::AccountId, AnswerSealOf<T>>;

    /// The seats of each committee.
    #[pallet::storage]
    pub type Seats<T: Config> = StorageDoubleMap<_, Twox64Concat, TaskId, Twox64Concat, SeatIndex, Seat<T>>;

    /// For each evaluator key the seats that it has to serve. Off-chain workers look for their work
    /// here.
    #[pallet::storage]
    pub type OpenSeats<T: Config> = StorageDoubleMap<_, Blake2_128Concat, EvaluatorId, Twox64Concat, TaskId, SeatIndex>;

    /// For each account its duties in tasks that have not ended.
    #[pallet::storage]
    pub type Duties<T: Config> = StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, TaskId, Duty>;

    /// The outcomes of ended tasks, until the retention of each is over.
    #[pallet::storage]
    pub type Outcomes<T: Config> = StorageMap<_, Twox64Concat, TaskId, Outcome<T>>;

    /// For each block the tasks to look at when it starts, because of a deadline or the end of a
    /// retention.
    #[pallet::storage]
    pub type Agenda<T: Config> = StorageDoubleMap<_, Twox64Concat, BlockNumberFor<T>, Twox64Concat, TaskId, ()>;

    /// The first block whose agenda may not be done yet.
    #[pallet::storage]
    pub type AgendaCursor<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    /// The tasks whose committee is drawn at the end of this block. It is empty between blocks.
    #[pallet::storage]
    pub type DrawQueue<T: Config> = StorageValue<_, BoundedVec<TaskId, T::MaxDraws>, ValueQuery>;

    /// All accounts that have a bond, in each role.
    #[pallet::storage]
    pub type Participants<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        Role,
        Blake2_128Concat,
        T::AccountId,
        Participant<BalanceOf<T>, BlockNumberFor<T>>,
    >;

    /// The active participants of each role, by their roster index. The indices have no gaps, and
    /// draws draw from them.
    #[pallet::storage]
    pub type Roster<T: Config> = StorageDoubleMap<_, Twox64Concat, Role, Twox64Concat, u32, T::AccountId>;

    /// The number of active participants of each role.
    #[pallet::storage]
    pub type RosterSize<T: Config> = StorageMap<_, Twox64Concat, Role, u32, ValueQuery>;

    /// The key that signs for each evaluator.
    #[pallet::storage]
    pub type EvaluatorKeys<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, EvaluatorId>;

    /// The evaluator of each key. A key serves one evaluator only.
    #[pallet::storage]
    pub type KeyOwners<T: Config> = StorageMap<_, Blake2_128Concat, EvaluatorId, T::AccountId>;

    /// The trust and the dues of each evaluator.
    #[pallet::storage]
    pub type Reputations<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Reputation<BalanceOf<T>>>;

    /// The past qualities, oldest first. A guess is measured against them.
    #[pallet::storage]
    #[pallet::storage_prefix = "RecentOutcomes"]
    pub type RecentPastQualities<T: Config> = StorageValue<_, PastQualities, ValueQuery>;

    /// The recent pairings of each inference node: the committees of its latest tasks, oldest
    /// first.
    #[pallet::storage]
    #[pallet::storage_prefix = "LastJudges"]
    pub type RecentPairings<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, RecentPairingsOf<T>, ValueQuery>;

    /// The settled tasks that still wait for keys, each with the last block in which these are
    /// taken. A vote may close early, but the duty to give the key lasts until `reveal_window` is
    /// over.
    #[pallet::storage]
    pub type KeysDue<T: Config> = StorageMap<_, Twox64Concat, TaskId, BlockNumberFor<T>>;

    /// For each participant the block of the last offence on its record. An offence in a task that
    /// was submitted before that block belongs to the same outage.
    #[pallet::storage]
    pub type LastOffences<T: Config> =
        StorageDoubleMap<_, Twox64Concat, Role, Blake2_128Concat, T::AccountId, BlockNumberFor<T>>;

    /// The sums of all money that ever went through this pallet.
    #[pallet::storage]
    pub type CurrentLedger<T: Config> = StorageValue<_, Ledger, ValueQuery>;

    /// What happened in the pallet.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    #[allow(missing_docs)] // Fields whose name and event say all are bare.
    pub enum Event<T: Config> {
        /// A task was submitted, and its bounty was put on hold.
        TaskSubmitted {
            task: TaskId,
            /// The account that pays.
            submitter: T::AccountId,
            /// The amount on hold.
            bounty: BalanceOf<T>,
            /// The inference nodes that were drawn to answer.
            responders: Vec<T::AccountId>,
        },
        /// An inference node answered.
        AnswerSubmitted {
            task: TaskId,
            /// The position of the answer in the task.
            index: u32,
            author: T::AccountId,
        },
        /// An inference node committed a sealed answer. The text cannot be read yet.
        AnswerCommitted { task: TaskId, author: T::AccountId },
        /// All answer slots are taken, or the answer window is over. The authors of sealed answers
        /// reveal them now.
        AnswerRevealPhaseStarted {
            task: TaskId,
            /// The number of sealed answers.
            sealed: u32,
        },
        /// An inference node revealed its answer.
        AnswerRevealed {
            task: TaskId,
            /// The position of the answer in the task.
            index: u32,
            author: T::AccountId,
        },
        /// An inference node gave the right key, but its seal holds no answer.
        AnswerUnopenable { task: TaskId, author: T::AccountId },
        /// A committee was drawn. Its seats commit their scores now.
        CommitteeDrawn {
            task: TaskId,
            /// The seed of the draw. With it anyone can repeat the draw.
            seed: [u8; 32],
            /// The evaluators, in the order of their seats.
            committee: Vec<T::AccountId>,
        },
        /// An evaluator committed its sealed scores.
        ScoresCommitted { task: TaskId, evaluator: T::AccountId },
        /// The commit phase is over. The seats that committed reveal their scores now.
        ScoreRevealPhaseStarted {
            task: TaskId,
            /// The number of seats that committed.
            committed: u32,
        },
        /// An evaluator revealed its scores.
        ScoresRevealed {
            task: TaskId,
            evaluator: T::AccountId,
            /// One score for each answer, in the order of the answers.
            scores: Vec<sp_runtime::Permill>,
        },
        /// An evaluator gave the right key, but its seal holds no scores.
        ScoresUnopenable { task: TaskId, evaluator: T::AccountId },
        /// A participant was paid out of a bounty.
        Paid {
            task: TaskId,
            who: T::AccountId,
            /// `Inference` for an answer, `Evaluator` for scores. The outcome of the task shows how
            /// the amount follows from quality, skill, trust and dues.
            role: Role,
            amount: BalanceOf<T>,
        },
        /// A participant lost a part of its bond.
        Slashed {
            task: TaskId,
            who: T::AccountId,
            role: Role,
            /// The duty that was neglected.
            offence: Offence,
            amount: BalanceOf<T>,
        },
        /// The unspent rest of a bounty went back to the submitter.
        Refunded { task: TaskId, submitter: T::AccountId, amount: BalanceOf<T> },
        /// A task was judged and paid. The outcome explains each payout.
        TaskSettled {
            task: TaskId,
            /// The consensus, and what each participant earned or lost.
            outcome: Outcome<T>,
        },
        /// A task ended without a consensus. The outcome explains each payout.
        TaskExpired {
            task: TaskId,
            /// The reason, and what each participant earned or lost.
            outcome: Outcome<T>,
        },
        /// An ended task was removed from storage.
        TaskPruned { task: TaskId },
        /// An account put up a bond for a role. It may be drawn from now on.
        Joined { who: T::AccountId, role: Role, bond: BalanceOf<T> },
        /// A participant added to its bond.
        BondAdded {
            who: T::AccountId,
            role: Role,
            /// The amount that was added.
            amount: BalanceOf<T>,
        },
        /// A participant leaves its role. It is not drawn any more, and may withdraw the bond
        /// later.
        Leaving {
            who: T::AccountId,
            role: Role,
            /// The first block in which the bond can be withdrawn.
            until: BlockNumberFor<T>,
        },
        /// A bond went back to its owner, which has left the role.
        BondWithdrawn { who: T::AccountId, role: Role, amount: BalanceOf<T> },
        /// A participant has too many offences on its record, or its bond became too small. It is
        /// not drawn until it calls `activate`.
        Chilled { who: T::AccountId, role: Role },
        /// A chilled participant may be drawn again.
        Activated { who: T::AccountId, role: Role },
        /// An evaluator changed its key. Seats that were drawn before keep the old key.
        KeyChanged { who: T::AccountId, key: EvaluatorId },
        /// Governance set new parameters, for tasks submitted from now on.
        ParametersSet { parameters: ParametersOf<T> },
        /// An evaluator revealed its scores after the task was settled, but in time. The scores did
        /// not count, and nothing is slashed.
        KeyGivenLate { task: TaskId, evaluator: T::AccountId },
    }

    /// The rule that a call broke. If the pool refuses a commit or a reveal, the custom validity
    /// code is the index of one of these errors.
    #[pallet::error]
    pub enum Error<T> {
        /// The task does not exist, or it was pruned after its retention. Check its number.
        UnknownTask,
        /// The prompt is empty: it needs at least one byte.
        EmptyPrompt,
        /// The answer is empty: it needs at least one byte.
        EmptyAnswer,
        /// The bounty is below `min_bounty` in the parameters.
        BountyTooSmall,
        /// The bounty is above `max_bounty` in the parameters, so the bonds of evaluators could not
        /// secure the judging. Split the work into several tasks.
        BountyTooLarge,
        /// `responders` must be from 1 to `MaxResponders`.
        BadResponderCount,
        /// The chain judges by another model than `options.model`. Read the model from the
        /// parameters.
        UnknownModel,
        /// No inference node is active. Try again later.
        NoInferenceNodes,
        /// The task does not take answers any more.
        AnswersClosed,
        /// This account was not drawn for the task. Any active inference node may take a free
        /// answer slot in the second half of the answer window.
        NotDrawn,
        /// This account has already answered the task.
        AlreadyAnswered,
        /// The task has several answer slots. Use `commit_answer`, so that your answer cannot be
        /// copied.
        MustCommitAnswer,
        /// The task has one answer slot. Use `submit_answer`.
        MustSubmitAnswer,
        /// The task still takes sealed answers. Reveal yours when its phase is `RevealingAnswers`.
        AnswerRevealTooEarly,
        /// The reveal phase of the answers is over: the task does not take their keys any more.
        AnswerRevealTooLate,
        /// This account has no sealed answer in this task, or has already revealed it.
        NoCommittedAnswer,
        /// All answer slots of the task are taken.
        AnswersFull,
        /// The submitter of a task cannot answer it. Use another account.
        OwnTask,
        /// The batch is empty: it needs at least one task.
        EmptyBatch,
        /// The tasks of a batch must be in ascending order, each once.
        BatchNotAscending,
        /// This key has no seat in the committee of the task.
        NoSeat,
        /// The task does not take sealed scores yet: its committee is not drawn.
        CommitTooEarly,
        /// The commit phase is over: the task does not take sealed scores any more.
        CommitTooLate,
        /// This seat has already committed its scores.
        AlreadyCommitted,
        /// The length of the seal does not fit the number of answers.
        WrongSealLength,
        /// The signature is not by the evaluator key over this batch on this chain.
        BadSignature,
        /// The task does not take the keys of scores yet: the commit phase is not over.
        RevealTooEarly,
        /// The reveal phase of the scores is over: the task does not take their keys any more.
        RevealTooLate,
        /// This seat has not committed, so it has nothing to reveal.
        NotCommitted,
        /// The key of this seal was already given.
        AlreadyRevealed,
        /// The key is not the one that the seal commits to.
        WrongKey,
        /// This account already has a bond for this role. Use `add_bond` to increase it.
        AlreadyJoined,
        /// This account has no bond for this role.
        NotJoined,
        /// The bond is below the minimum in the parameters: `evaluator_bond` or `inference_bond`.
        BondTooSmall,
        /// An evaluator already uses this key: another one, or the caller. Make a new key.
        KeyTaken,
        /// The proof is not the signature by the key over the registration message for this account
        /// on this chain.
        BadKeyProof,
        /// This account is already leaving the role.
        AlreadyLeaving,
        /// This account is not leaving the role. Call `leave` first.
        NotLeaving,
        /// The unbonding delay is not over. The event `Leaving` names the first block that is late
        /// enough.
        StillUnbonding,
        /// This account has duties in tasks that have not ended. Wait for the end of these tasks.
        DutiesOpen,
        /// This participant is not chilled. Only a chilled participant can be activated.
        NotChilled,
        /// `committee_size` must be from 1 to `MaxCommittee`, and `min_committee` from 1 to
        /// `committee_size`.
        BadCommitteeSize,
        /// `quorum` is too low. It must be above one half, so that the quorum is a majority of the
        /// seats.
        BadQuorum,
        /// All windows, `grace`, `reveal_depth` and `retention` must be at least 1. `reveal_depth`
        /// must not be above `reveal_window`.
        BadWindow,
        /// `min_bounty` must be above 0, and not above `max_bounty`.
        BadBounties,
        /// `rules.trust.min` must be from 1 to 1,000,000, and `rules.trust.max` at least 1,000,000.
        /// Between them lies 1,000,000, the neutral trust.
        BadTrustBounds,
        /// `rules.trust.rate` and `rules.trust.home` must be at most one half. Otherwise trust
        /// forgets too fast.
        BadTrustRate,
        /// `rules.skill.min_spread` must be at least 1 %. Otherwise the noise of the judge would
        /// pass for skill.
        BadMinSpread,
        /// `rules.skill.limit` is 0. Set it to at least 1, so that one task can cost an evaluator
        /// as much as it can earn.
        BadSkillLimit,
        /// `rules.skill.probation` is 0. Set it to at least 1, so that a new evaluator must prove
        /// skill before it is paid.
        BadProbation,
        /// `rules.skill.margin` must be at most one half, so that an honest evaluator earns
        /// something.
        BadMargin,
        /// `rules.offence.absent` must be above 0, and not above `withheld` or `unopenable`.
        /// Otherwise an absence is free, or costs more than a worse offence.
        BadOffences,
        /// `rules.offence.chilled_at` and `rules.offence.forgiven_after` must be at least 1. With 0
        /// an evaluator is always chilled, or an offence is forgotten at once.
        BadChilling,
        /// `rules.answer.alpha` must be above 0, and `rules.answer.floor` below 100 %. Otherwise
        /// even a perfect answer earns nothing.
        BadAnswerPay,
        /// `rules.judging_share` must be above 0 % and below 100 %, so that both roles are paid.
        BadJudgingShare,
        /// `rules.past_qualities` must be from 8 to 256.
        BadPastQualities,
        /// `rules.recent_pairings` must be at most 4.
        BadRecentPairings,
        /// With these parameters an evaluator can gain by withholding a key. Raise `evaluator_bond`
        /// or the rates of offences, or lower `max_bounty`.
        WithholdingPays,
        /// `sent_after` is too far ahead of this chain: the node of the sender follows another
        /// chain.
        SentTooFarAhead,
        /// The seal was made for another prompt, other answers, another seat or another account, as
        /// on another fork. Make a new seal.
        WrongContext,
        /// `rules.trust.update` is `Published`, and under it every trust climbs to the maximum. Set
        /// it to `Centred`.
        BadTrustUpdate,
    }

    impl<T> From<RuleError> for Error<T> {
        fn from(error: RuleError) -> Self {
            match error {
                RuleError::TrustBounds => Self::BadTrustBounds,
                RuleError::TrustRate => Self::BadTrustRate,
                RuleError::MinSpread => Self::BadMinSpread,
                RuleError::SkillLimit => Self::BadSkillLimit,
                RuleError::Probation => Self::BadProbation,
                RuleError::Margin => Self::BadMargin,
                RuleError::Offences => Self::BadOffences,
                RuleError::Chilling => Self::BadChilling,
                RuleError::Alpha => Self::BadAnswerPay,
                RuleError::JudgingShare => Self::BadJudgingShare,
                RuleError::PastQualities => Self::BadPastQualities,
                RuleError::RecentPairings => Self::BadRecentPairings,
                RuleError::PublishedUpdate => Self::BadTrustUpdate,
                RuleError::WithholdingPays => Self::WithholdingPays,
            }
        }
    }

    /// The state of the pallet in the first block.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The parameters, if they differ from the defaults.
        pub parameters: Option<ParametersOf<T>>,
        /// The evaluators: account, key and bond of each.
        pub evaluators: Vec<(T::AccountId, EvaluatorId, BalanceOf<T>)>,
        /// The inference nodes: account and bond of each.
        pub inference_nodes: Vec<(T::AccountId, BalanceOf<T>)>,
        /// The past qualities, oldest first, that a guess is measured against until tasks add their
        /// own. Without them scores are not paid until half of `rules.past_qualities` are known.
        pub past_qualities: Vec<PastQuality>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            if let Some(parameters) = &self.parameters {
                Pallet::<T>::check_parameters(parameters).expect("the genesis parameters must be valid");
                CurrentParameters::<T>::put(parameters);
            }
            for (who, key, bond) in &self.evaluators {
                Pallet::<T>::join(who, Role::Evaluator, *bond).expect("a genesis evaluator must have its bond");
                Pallet::<T>::assign_key(who, key).expect("genesis evaluator keys must be distinct");
                // The founders are not on probation: others need someone to be compared with.
                Reputations::<T>::insert(who, Reputation::default());
            }
            for (who, bond) in &self.inference_nodes {
                Pallet::<T>::join(who, Role::Inference, *bond).expect("a genesis inference node must have its bond");
            }
            let max = usize::from(CurrentParameters::<T>::get().rules.past_qualities);
            assert!(self.past_qualities.len() <= max, "genesis has more past qualities than the rules remember");
            RecentPastQualities::<T>::put(BoundedVec::truncate_from(self.past_qualities.clone()));
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_poll(now: BlockNumberFor<T>, meter: &mut WeightMeter) {
            Self::work_off_agenda(now, meter);
        }

        fn on_initialize(_now: BlockNumberFor<T>) -> Weight {
            // The weight of each draw is counted when it is queued. This is for reading the queue.
            T::DbWeight::get().reads_writes(1, 1)
        }

        fn on_finalize(_now: BlockNumberFor<T>) {
            Self::draw_committees();
        }

        fn offchain_worker(now: BlockNumberFor<T>) {
            Self::run_worker(now);
        }

        fn integrity_test() {
            assert!(T::MaxResponders::get() > 0, "a task needs an answer: MaxResponders must not be 0");
            assert!(T::MaxBatch::get() > 0, "an evaluator must be able to send a commitment: MaxBatch must not be 0");
            assert!(T::MaxDraws::get() > 0, "committees must be drawn: MaxDraws must not be 0");
            let limits = T::BlockWeights::get();
            let normal = limits.get(frame_support::dispatch::DispatchClass::Normal);
            let batch = T::MaxBatch::get();
            let commit = T::WeightInfo::commit_scores(batch) + T::WeightInfo::authorize_commit_scores(batch);
            let reveal = T::WeightInfo::worst_reveal(batch) + T::WeightInfo::authorize_reveal_scores(batch);
            if let Some(limit) = normal.max_extrinsic {
                assert!(commit.all_lte(limit) && reveal.all_lte(limit), "a full batch must fit: make MaxBatch smaller");
            }
            let advance = T::WeightInfo::look_at_agenda() * 2 + T::WeightInfo::agenda_step();
            assert!((advance * 2).all_lte(limits.max_block), "a task must be able to end: make MaxCommittee smaller");
            Self::check_parameters(&T::DefaultParameters::get()).expect("DefaultParameters must be valid");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Ask for answers to a prompt, and put a bounty on hold that pays for answers and scores.
        /// Answers are paid by quality and speed, evaluators by skill. What is not earned comes
        /// back when the task ends.
        ///
        /// ## Origin
        ///
        /// Signed by the account that pays: the submitter of the task.
        ///
        /// ## Parameters
        ///
        /// - `prompt`: the text, at most `MaxPromptLen` bytes.
        /// - `bounty`: an amount from `min_bounty` to `max_bounty`. It stays on the submitter's
        ///   account, on hold, until the task ends.
        /// - `options`: how many inference nodes are to answer, and the model that must judge.
        ///
        /// ## Errors
        ///
        /// - [`Error::EmptyPrompt`]: `prompt` is empty.
        /// - [`Error::BountyTooSmall`]: `bounty` is below `min_bounty`.
        /// - [`Error::BountyTooLarge`]: `bounty` is above `max_bounty`.
        /// - [`Error::UnknownModel`]: `options.model` is not the model that the chain judges by.
        /// - [`Error::BadResponderCount`]: `options.responders` is 0, or above `MaxResponders`.
        /// - [`Error::NoInferenceNodes`]: no inference node but the submitter is active.
        /// - `TokenError::FundsUnavailable`, or another error of the currency: the submitter cannot
        ///   put `bounty` on hold.
        ///
        /// ## Events
        ///
        /// - [`Event::TaskSubmitted`]: the bounty is on hold. The inference nodes that are to
        ///   answer are drawn at once.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::submit_task(prompt.len() as u32, options.responders.min(T::MaxResponders::get())))]
        pub fn submit_task(
            origin: OriginFor<T>,
            prompt: PromptOf<T>,
            #[pallet::compact] bounty: BalanceOf<T>,
            options: TaskOptions,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_submit_task(who, prompt, bounty, options)
        }

        /// Answer a task that has one answer slot. For a task with several answer slots use
        /// `commit_answer`.
        ///
        /// ## Origin
        ///
        /// Signed by an inference node that was drawn for the task. In the second half of the
        /// answer window any active inference node may take a free answer slot.
        ///
        /// ## Parameters
        ///
        /// - `task`: the number of the task.
        /// - `answer`: the text, at most `MaxAnswerLen` bytes.
        ///
        /// ## Errors
        ///
        /// - [`Error::UnknownTask`]: no task has this number, or the task was pruned.
        /// - [`Error::AnswersClosed`]: the task does not take answers any more.
        /// - [`Error::OwnTask`]: the caller submitted the task.
        /// - [`Error::AlreadyAnswered`]: the caller has already answered the task.
        /// - [`Error::AnswersFull`]: all answer slots are taken.
        /// - [`Error::NotDrawn`]: the caller was not drawn. Either the second half of the answer
        ///   window has not begun, or the caller is not an active inference node.
        /// - [`Error::MustCommitAnswer`]: the task has several answer slots.
        /// - [`Error::EmptyAnswer`]: `answer` is empty.
        ///
        /// ## Events
        ///
        /// - [`Event::AnswerSubmitted`]: the answer can be read from now on.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::submit_answer(answer.len() as u32))]
        pub fn submit_answer(
            origin: OriginFor<T>,
            #[pallet::compact] task: TaskId,
            answer: AnswerOf<T>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_submit_answer(who, task, answer)
        }

        /// Commit a sealed answer to a task that has several answer slots. The seal keeps the
        /// answer from being copied. Reveal it with `reveal_answer`, once the task is in the phase
        /// `RevealingAnswers`. An author that does not is slashed.
        ///
        /// ## Origin
        ///
        /// Signed by an inference node that was drawn for the task. In the second half of the
        /// answer window any active inference node may take a free answer slot.
        ///
        /// ## Parameters
        ///
        /// - `task`: the number of the task.
        /// - `context`: the hash of what the seal is made for: chain, task, account and prompt.
        /// - `seal`: the text under ChaCha20-Poly1305, with a commitment to the key. The ciphertext
        ///   has at most 16 bytes more than `MaxAnswerLen`. docs/protocol.md describes every byte.
        ///
        /// ## Errors
        ///
        /// - [`Error::UnknownTask`]: no task has this number, or the task was pruned.
        /// - [`Error::AnswersClosed`]: the task does not take answers any more.
        /// - [`Error::OwnTask`]: the caller submitted the task.
        /// - [`Error::AlreadyAnswered`]: the caller has already answered the task.
        /// - [`Error::AnswersFull`]: all answer slots are taken.
        /// - [`Error::NotDrawn`]: the caller was not drawn. Either the second half of the answer
        ///   window has not begun, or the caller is not an active inference node.
        /// - [`Error::MustSubmitAnswer`]: the task has one answer slot.
        /// - [`Error::WrongContext`]: `context` is that of another chain, task, account or prompt,
        ///   as on another fork.
        /// - [`Error::EmptyAnswer`]: the ciphertext of `seal` has no room for a text.
        ///
        /// ## Events
        ///
        /// - [`Event::AnswerCommitted`]: the sealed answer has its answer slot.
        /// - [`Event::AnswerRevealPhaseStarted`]: this answer took the last answer slot, so the
        ///   task is in the phase `RevealingAnswers`.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::commit_answer(seal.ciphertext.len() as u32))]
        pub fn commit_answer(
            origin: OriginFor<T>,
            #[pallet::compact] task: TaskId,
            context: [u8; 32],
            seal: AnswerSealOf<T>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_commit_answer(who, task, context, seal)
        }

        /// Reveal a sealed answer by publishing its key, once the task is in the phase
        /// `RevealingAnswers`. The text can be read from then on.
        ///
        /// ## Origin
        ///
        /// Signed by the author of the sealed answer. The call goes before other transactions,
        /// because a missing key is slashed. It is free unless it fails.
        ///
        /// ## Parameters
        ///
        /// - `task`: the number of the task.
        /// - `key`: the 32 bytes that open the seal.
        ///
        /// ## Errors
        ///
        /// - [`Error::UnknownTask`]: no task has this number, or the task was pruned.
        /// - [`Error::AnswerRevealTooEarly`]: the task still takes answers.
        /// - [`Error::AnswerRevealTooLate`]: the task does not take the keys of answers any more.
        /// - [`Error::NoCommittedAnswer`]: the caller has no sealed answer in this task, or has
        ///   already revealed it.
        /// - [`Error::AlreadyRevealed`]: the caller has already given the right key, and the seal
        ///   holds no answer.
        /// - [`Error::WrongKey`]: `key` is not the one that the seal commits to.
        ///
        /// ## Events
        ///
        /// - [`Event::AnswerRevealed`]: the seal holds an answer.
        /// - [`Event::AnswerUnopenable`]: `key` is the right one, but the seal holds no answer.
        #[pallet::call_index(13)]
        #[pallet::weight((T::WeightInfo::reveal_answer(), DispatchClass::Operational))]
        pub fn reveal_answer(
            origin: OriginFor<T>,
            #[pallet::compact] task: TaskId,
            key: SealKey,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            Self::do_reveal_answer(who, task, key)?;
            Ok(Pays::No.into())
        }

        /// Commit sealed scores for tasks in which `key` has a seat. Off-chain workers send this
        /// call, and it costs no fee.
        ///
        /// ## Origin
        ///
        /// Authorized by `signature`. The transaction is a general one: no account signs it or pays
        /// for it.
        ///
        /// ## Parameters
        ///
        /// - `key`: the evaluator key that the seats belong to.
        /// - `sent_after`: the sender's best block. With another `sent_after` a repeated
        ///   transaction is a different one, which replaces the first in every pool.
        /// - `commits`: the sealed scores, in ascending order of tasks.
        /// - `signature`: the signature by `key` over [`keys::commit_message`].
        ///
        /// ## Errors
        ///
        /// Pools and blocks refuse a transaction that breaks one of these rules. The refusal
        /// carries the index of the error as its custom validity code.
        ///
        /// - [`Error::SentTooFarAhead`]: `sent_after` is more than 16 blocks ahead of this chain.
        /// - [`Error::EmptyBatch`]: `commits` is empty.
        /// - [`Error::BatchNotAscending`]: the tasks in `commits` are not in ascending order, each
        ///   once.
        /// - [`Error::UnknownTask`]: a task does not exist, or was pruned.
        /// - [`Error::CommitTooEarly`]: the committee of a task is not drawn yet.
        /// - [`Error::CommitTooLate`]: the commit phase of a task is over.
        /// - [`Error::NoSeat`]: `key` has no seat in the committee of a task.
        /// - [`Error::AlreadyCommitted`]: the seat has already committed.
        /// - [`Error::WrongContext`]: a seal was made for another chain, task, seat, account or
        ///   model, or for other answers.
        /// - [`Error::WrongSealLength`]: the length of a seal does not fit the number of answers.
        /// - [`Error::BadSignature`]: `signature` is not by `key` over this batch on this chain.
        ///
        /// ## Events
        ///
        /// - [`Event::ScoresCommitted`]: once for each task in `commits`.
        /// - [`Event::ScoreRevealPhaseStarted`]: once for each task whose last seat has now
        ///   committed.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::commit_scores(commits.len() as u32))]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_commit_scores(commits.len() as u32))]
        #[pallet::authorize(Self::authorize_commits)]
        pub fn commit_scores(
            origin: OriginFor<T>,
            key: EvaluatorId,
            #[pallet::compact] sent_after: BlockNumberFor<T>,
            commits: CommitsOf<T>,
            signature: EvaluatorSignature,
        ) -> DispatchResult {
            ensure_authorized(origin)?;
            // `authorize` has verified the signature, which covers all the rest, in this very
            // block.
            let _ = (sent_after, signature);
            Self::do_commit(&key, commits)
        }

        /// Reveal sealed scores by publishing their keys. Off-chain workers send this call, and it
        /// costs no fee.
        ///
        /// ## Origin
        ///
        /// Authorized by `signature`. The transaction is a general one: no account signs it or pays
        /// for it.
        ///
        /// ## Parameters
        ///
        /// - `key`: the evaluator key that the seats belong to.
        /// - `sent_after`: the sender's best block, as in `commit_scores`.
        /// - `reveals`: the keys that open the seals, in ascending order of tasks. An entry that is
        ///   late or already revealed is skipped while another one of the batch counts.
        /// - `signature`: the signature by `key` over [`keys::reveal_message`]. So a third party
        ///   cannot cut a batch that it has seen into parts.
        ///
        /// ## Errors
        ///
        /// Pools and blocks refuse a transaction that breaks one of these rules. The refusal
        /// carries the index of the error as its custom validity code.
        ///
        /// - [`Error::SentTooFarAhead`]: `sent_after` is more than 16 blocks ahead of this chain.
        /// - [`Error::EmptyBatch`]: `reveals` is empty.
        /// - [`Error::BatchNotAscending`]: the tasks in `reveals` are not in ascending order, each
        ///   once.
        /// - [`Error::UnknownTask`]: a task does not exist, or was pruned.
        /// - [`Error::RevealTooEarly`]: the commit phase of a task is not over.
        /// - [`Error::RevealTooLate`]: the reveal phase of a task is over.
        /// - [`Error::NoSeat`]: `key` has no seat in the committee of a task.
        /// - [`Error::NotCommitted`]: the seat has not committed.
        /// - [`Error::AlreadyRevealed`]: the seat has already revealed.
        /// - [`Error::WrongKey`]: a key is not the one that its seal commits to.
        /// - [`Error::BadSignature`]: `signature` is not by `key` over this batch on this chain.
        ///
        /// ## Events
        ///
        /// - [`Event::ScoresRevealed`]: once for each seal that holds scores.
        /// - [`Event::ScoresUnopenable`]: once for each seal that holds none, although the key is
        ///   right.
        ///
        /// The last key that a task waits for ends the task. These events follow:
        ///
        /// - [`Event::Paid`]: once for each answer and each seat that earned something.
        /// - [`Event::Slashed`]: once for each participant that lost a part of its bond.
        /// - [`Event::Chilled`]: once for each participant that is not drawn any more.
        /// - [`Event::Refunded`]: the rest of the bounty went back, if there was one.
        /// - [`Event::TaskSettled`]: a quorum of seats has revealed scores.
        /// - [`Event::TaskExpired`]: too few seats have revealed scores.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::worst_reveal(reveals.len() as u32))]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_reveal_scores(reveals.len() as u32))]
        #[pallet::authorize(Self::authorize_reveals)]
        pub fn reveal_scores(
            origin: OriginFor<T>,
            key: EvaluatorId,
            #[pallet::compact] sent_after: BlockNumberFor<T>,
            reveals: RevealsOf<T>,
            signature: EvaluatorSignature,
        ) -> DispatchResultWithPostInfo {
            ensure_authorized(origin)?;
            // As in `commit_scores`, the signature was verified in this very block.
            let _ = (sent_after, signature);
            Self::do_reveal(&key, &reveals)
        }

        /// Become an evaluator: put up a bond, and register the key of the node's off-chain worker.
        /// A new evaluator first proves its skill without pay, by as much as
        /// `rules.skill.probation` seats can earn.
        ///
        /// ## Origin
        ///
        /// Signed by the account that puts up the bond.
        ///
        /// ## Parameters
        ///
        /// - `key`: an ed25519 key of type `poqe` in the keystore of the evaluator's node.
        /// - `proof`: the signature by `key` over [`keys::registration_message`].
        /// - `bond`: at least `evaluator_bond`. An evaluator is slashed for an absence, for a
        ///   withheld key and for an unopenable seal.
        ///
        /// ## Errors
        ///
        /// - [`Error::BadKeyProof`]: `proof` is not the signature by `key` for this account on this
        ///   chain.
        /// - [`Error::AlreadyJoined`]: the caller already has a bond as an evaluator.
        /// - [`Error::BondTooSmall`]: `bond` is below `evaluator_bond`.
        /// - [`Error::KeyTaken`]: another evaluator uses `key`.
        /// - `TokenError::FundsUnavailable`, or another error of the currency: the caller cannot
        ///   put `bond` on hold.
        ///
        /// ## Events
        ///
        /// - [`Event::Joined`]: the evaluator may be drawn from now on.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::join_evaluators())]
        pub fn join_evaluators(
            origin: OriginFor<T>,
            key: EvaluatorId,
            proof: EvaluatorSignature,
            #[pallet::compact] bond: BalanceOf<T>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::check_key_proof(&who, &key, &proof)?;
            Self::join(&who, Role::Evaluator, bond)?;
            Self::assign_key(&who, &key)
        }

        /// Become an inference node: put up a bond, and be drawn to answer from now on.
        ///
        /// ## Origin
        ///
        /// Signed by the account that puts up the bond.
        ///
        /// ## Parameters
        ///
        /// - `bond`: at least `inference_bond`. An inference node is slashed for sealed answers
        ///   that it does not reveal.
        ///
        /// ## Errors
        ///
        /// - [`Error::AlreadyJoined`]: the caller already has a bond as an inference node.
        /// - [`Error::BondTooSmall`]: `bond` is below `inference_bond`.
        /// - `TokenError::FundsUnavailable`, or another error of the currency: the caller cannot
        ///   put `bond` on hold.
        ///
        /// ## Events
        ///
        /// - [`Event::Joined`]: the inference node may be drawn from now on.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::join_inference())]
        pub fn join_inference(origin: OriginFor<T>, #[pallet::compact] bond: BalanceOf<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::join(&who, Role::Inference, bond)
        }

        /// Increase the caller's bond.
        ///
        /// ## Origin
        ///
        /// Signed by the account that put up the bond.
        ///
        /// ## Parameters
        ///
        /// - `role`: the role that the bond is for.
        /// - `amount`: how much to add to the bond.
        ///
        /// ## Errors
        ///
        /// - [`Error::NotJoined`]: the caller has no bond for `role`.
        /// - `TokenError::FundsUnavailable`, or another error of the currency: the caller cannot
        ///   put `amount` on hold.
        ///
        /// ## Events
        ///
        /// - [`Event::BondAdded`]: `amount` is on hold as well.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::add_bond())]
        pub fn add_bond(origin: OriginFor<T>, role: Role, #[pallet::compact] amount: BalanceOf<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_add_bond(&who, role, amount)
        }

        /// Stop being drawn for new tasks. The duties that the caller already has remain.
        ///
        /// ## Origin
        ///
        /// Signed by the account that put up the bond.
        ///
        /// ## Parameters
        ///
        /// - `role`: the role to leave.
        ///
        /// ## Errors
        ///
        /// - [`Error::NotJoined`]: the caller has no bond for `role`.
        /// - [`Error::AlreadyLeaving`]: the caller is already leaving.
        ///
        /// ## Events
        ///
        /// - [`Event::Leaving`]: it names the first block in which the bond can be withdrawn.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::leave())]
        pub fn leave(origin: OriginFor<T>, role: Role) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_leave(&who, role)
        }

        /// Get the bond back, once the unbonding delay is over and the caller's last task has
        /// ended.
        ///
        /// ## Origin
        ///
        /// Signed by the account that put up the bond.
        ///
        /// ## Parameters
        ///
        /// - `role`: the role that the caller has left.
        ///
        /// ## Errors
        ///
        /// - [`Error::NotJoined`]: the caller has no bond for `role`.
        /// - [`Error::NotLeaving`]: the caller has not called `leave` for `role`.
        /// - [`Error::StillUnbonding`]: the unbonding delay is not over.
        /// - [`Error::DutiesOpen`]: the caller has duties, in either role, in tasks that have not
        ///   ended.
        ///
        /// ## Events
        ///
        /// - [`Event::BondWithdrawn`]: the bond is free.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::withdraw_bond())]
        pub fn withdraw_bond(origin: OriginFor<T>, role: Role) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_withdraw_bond(&who, role)
        }

        /// Be drawn again after having been chilled. Remove the cause first: repair the node, or
        /// add to a bond that became too small.
        ///
        /// ## Origin
        ///
        /// Signed by the account that put up the bond.
        ///
        /// ## Parameters
        ///
        /// - `role`: the role to take up again.
        ///
        /// ## Errors
        ///
        /// - [`Error::NotJoined`]: the caller has no bond for `role`.
        /// - [`Error::NotChilled`]: the caller is active, or leaving.
        /// - [`Error::BondTooSmall`]: the bond is below `evaluator_bond` or `inference_bond`.
        ///
        /// ## Events
        ///
        /// - [`Event::Activated`]: the caller may be drawn from now on.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::activate())]
        pub fn activate(origin: OriginFor<T>, role: Role) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_activate(&who, role)
        }

        /// Change the key that signs for an evaluator. Seats that were drawn before keep the old
        /// key, so it must stay in the keystore until their tasks have ended.
        ///
        /// ## Origin
        ///
        /// Signed by the account of the evaluator.
        ///
        /// ## Parameters
        ///
        /// - `key`: the new key, an ed25519 key of type `poqe`.
        /// - `proof`: the signature by `key` over [`keys::registration_message`].
        ///
        /// ## Errors
        ///
        /// - [`Error::BadKeyProof`]: `proof` is not the signature by `key` for this account on this
        ///   chain.
        /// - [`Error::NotJoined`]: the caller has no bond as an evaluator.
        /// - [`Error::KeyTaken`]: an evaluator already uses `key`: another one, or the caller.
        ///
        /// ## Events
        ///
        /// - [`Event::KeyChanged`]: seats drawn from now on have the new key.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::change_key())]
        pub fn change_key(origin: OriginFor<T>, key: EvaluatorId, proof: EvaluatorSignature) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::check_key_proof(&who, &key, &proof)?;
            ensure!(Participants::<T>::contains_key(Role::Evaluator, &who), Error::<T>::NotJoined);
            Self::assign_key(&who, &key)?;
            Self::deposit_event(Event::KeyChanged { who, key });
            Ok(())
        }

        /// Set the parameters for tasks submitted from now on. Running tasks keep the parameters
        /// that they have.
        ///
        /// ## Origin
        ///
        /// Governance: [`Config::GovernanceOrigin`].
        ///
        /// ## Parameters
        ///
        /// - `parameters`: all of them; they are checked as a whole. Joining, activating, leaving
        ///   and the memory of past qualities follow them at once.
        ///
        /// ## Errors
        ///
        /// - [`Error::BadCommitteeSize`]: `committee_size` is 0 or above `MaxCommittee`, or
        ///   `min_committee` is 0 or above `committee_size`.
        /// - [`Error::BadQuorum`]: `quorum` is not above one half.
        /// - [`Error::BadWindow`]: a window, `grace`, `reveal_depth` or `retention` is 0, or
        ///   `reveal_depth` is above `reveal_window`.
        /// - [`Error::BadBounties`]: `min_bounty` is 0, or above `max_bounty`.
        /// - [`Error::BadTrustBounds`]: `rules.trust.min` is 0 or above 1,000,000, or
        ///   `rules.trust.max` is below 1,000,000.
        /// - [`Error::BadTrustRate`]: `rules.trust.rate` or `rules.trust.home` is above one half.
        /// - [`Error::BadTrustUpdate`]: `rules.trust.update` is `Published`.
        /// - [`Error::BadMinSpread`]: `rules.skill.min_spread` is below 1 %.
        /// - [`Error::BadSkillLimit`]: `rules.skill.limit` is 0.
        /// - [`Error::BadProbation`]: `rules.skill.probation` is 0.
        /// - [`Error::BadMargin`]: `rules.skill.margin` is above one half.
        /// - [`Error::BadOffences`]: `rules.offence.absent` is 0, or above `withheld` or
        ///   `unopenable`.
        /// - [`Error::BadChilling`]: `rules.offence.chilled_at` or `rules.offence.forgiven_after`
        ///   is 0.
        /// - [`Error::BadAnswerPay`]: `rules.answer.alpha` is 0, or `rules.answer.floor` is 100 %.
        /// - [`Error::BadJudgingShare`]: `rules.judging_share` is 0 % or 100 %.
        /// - [`Error::BadPastQualities`]: `rules.past_qualities` is below 8 or above 256.
        /// - [`Error::BadRecentPairings`]: `rules.recent_pairings` is above 4.
        /// - [`Error::WithholdingPays`]: withholding a key can pay, with `max_bounty`, half of
        ///   `evaluator_bond` and these rates.
        ///
        /// ## Events
        ///
        /// - [`Event::ParametersSet`]: the parameters are in force.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::set_parameters())]
        pub fn set_parameters(origin: OriginFor<T>, parameters: ParametersOf<T>) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::check_parameters(&parameters)?;
            CurrentParameters::<T>::put(&parameters);
            Self::deposit_event(Event::ParametersSet { parameters });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// A task, without its texts.
        pub fn task(task: TaskId) -> Option<Task<T>> {
            Tasks::<T>::get(task)
        }

        /// The prompt of a task.
        pub fn prompt(task: TaskId) -> Option<Vec<u8>> {
            Prompts::<T>::get(task).map(Into::into)
        }

        /// The answers of a task with their texts, in the order in which they came or were
        /// revealed.
        pub fn answers(task: TaskId) -> Vec<FullAnswer<T::AccountId, BlockNumberFor<T>>> {
            Self::full_answers(task)
        }

        /// The outcome of a task, from its end until its retention is over.
        pub fn outcome(task: TaskId) -> Option<Outcome<T>> {
            Outcomes::<T>::get(task)
        }

        /// The open duties of an account, in either role.
        pub fn open_work(who: T::AccountId) -> Vec<OpenWork<BlockNumberFor<T>>> {
            Self::work_of(&who)
        }

        /// The bond and standing of an account in a role.
        pub fn participant(role: Role, who: T::AccountId) -> Option<Participant<BalanceOf<T>, BlockNumberFor<T>>> {
            Participants::<T>::get(role, who)
        }

        /// The trust of an evaluator, and the dues that it must earn off before it is paid.
        pub fn reputation(who: T::AccountId) -> Option<Reputation<BalanceOf<T>>> {
            Reputations::<T>::get(who)
        }

        /// What a guess is measured against now, or `None` as long as too few past qualities are
        /// known.
        pub fn baseline() -> Option<Baseline> {
            Self::current_baseline()
        }

        /// What an evaluator would earn with a seat of a task with this bounty, if it agrees with
        /// the others.
        pub fn seat_quote(who: T::AccountId, bounty: BalanceOf<T>) -> Option<SeatQuote<BalanceOf<T>>> {
            Self::quote(&who, bounty)
        }

        /// The parameters for new tasks.
        pub fn parameters() -> ParametersOf<T> {
            CurrentParameters::<T>::get()
        }
    }
}
