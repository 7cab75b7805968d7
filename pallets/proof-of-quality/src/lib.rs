//! # Proof of Quality
//!
//! Users pay for prompts, inference nodes answer them, validators judge the answers off chain, and
//! this pallet pays for quality and for honest judging. Nobody re-runs the big model; nobody needs
//! to trust anybody.
//!
//! `docs/glossary.md` in the repository explains each term.
//!
//! ## The life of a task
//!
//! ```text
//! Answering --> (Opening) --> Drawing --> Committing --> Revealing --> Settled
//!     |             |            |            |              |
//!     +-------------+------------+------------+--------------+-------> Expired
//! ```
//!
//! 1. [`Call::submit_task`] puts the bounty on hold and draws the inference nodes that are to
//!    answer.
//! 2. [`Call::submit_answer`]: each answers once. In the second half of the window any active node
//!    may fill a gap. With several places an answer takes two steps, so that nobody can copy it:
//!    [`Call::commit_answer`], and when all are sealed [`Call::reveal_answer`].
//! 3. One block after answers closed, a committee of evaluators is drawn from randomness that
//!    nobody could know before.
//! 4. [`Call::commit_scores`]: each seat's off-chain worker has the answers judged and publishes
//!    the scores *sealed*.
//! 5. [`Call::reveal_scores`]: when all are in (or the deadline is), the seats publish their keys;
//!    the chain opens the seals itself.
//! 6. Settlement: the consensus for each answer; answers are paid for it, judges for what their
//!    scores were worth beyond a guess, those who withheld are slashed, and the rest goes back to
//!    the user.
//!
//! Each phase has a deadline in blocks and closes early when it has all it waits for; after a
//! quorum only a short grace remains. A task always ends, and each end has an event.
//!
//! ## Where the rules live
//!
//! The rules are pure functions in `poq-mechanism`. Here each concern has one module: `tasks`
//! (submitting, the agenda of deadlines), `answers`, `committee` (the draw), `judging` (commit and
//! reveal), `scoring` (what scores were worth), `settlement`, `money` (holds and the ledger),
//! `participants` (bonds, keys, rosters, offences), `reputation` (trust, dues, recent outcomes) and
//! `offchain` (the worker).
//!
//! ## Requirements on the runtime
//!
//! - `frame_system::AuthorizeCall` is part of the transaction extensions: the two judging calls are
//!   feeless and carry their own authorization.
//! - The randomness source's pallet comes before this one, so that the draw at the end of a block
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

/// Logs for operators go to this target.
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

    /// The pallet.
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

        /// Draws committees. Read at the end of the block *after* the one that closed the answers,
        /// so a source that becomes known with each block (such as BABE's VRF) is known to nobody
        /// while answers can still change. `None` postpones the draw to the next block; a task that
        /// never gets one expires in the end.
        type Randomness: Randomness<Option<Self::Hash>, BlockNumberFor<Self>>;

        /// How the off-chain worker reaches the judge: [`HttpScorer`] unless a chain has another
        /// way.
        type Scorer: Scorer;

        /// Who may change the parameters.
        type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The parameters until governance sets others.
        type DefaultParameters: Get<ParametersOf<Self>>;

        /// The longest prompt, in bytes.
        #[pallet::constant]
        type MaxPromptLen: Get<u32>;

        /// The longest answer, in bytes.
        #[pallet::constant]
        type MaxAnswerLen: Get<u32>;

        /// The most answers a task can have.
        #[pallet::constant]
        type MaxResponders: Get<u32>;

        /// The most seats a committee can have.
        #[pallet::constant]
        type MaxCommittee: Get<u32>;

        /// The most tasks that one commit or reveal transaction can carry.
        #[pallet::constant]
        type MaxBatch: Get<u32>;

        /// The most committees drawn in one block; the others are drawn in the next.
        #[pallet::constant]
        type MaxDraws: Get<u32>;

        /// Priority of commit and reveal transactions in the pool.
        #[pallet::constant]
        type JudgingPriority: Get<TransactionPriority>;

        /// Weights of the calls and of the hooks' steps.
        type WeightInfo: WeightInfo;
    }

    /// Why this pallet holds funds.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The bounty of a task that has not ended.
        Bounty,
        /// An evaluator's bond.
        EvaluatorBond,
        /// An inference node's bond.
        InferenceBond,
    }

    /// The parameters in force for new tasks.
    #[pallet::storage]
    pub type CurrentParameters<T: Config> = StorageValue<_, ParametersOf<T>, ValueQuery, T::DefaultParameters>;

    /// The number of tasks ever submitted: the next task's id.
    #[pallet::storage]
    pub type TaskCount<T: Config> = StorageValue<_, TaskId, ValueQuery>;

    /// Tasks, from submission until their retention ends.
    #[pallet::storage]
    pub type Tasks<T: Config> = StorageMap<_, Twox64Concat, TaskId, Task<T>>;

    /// The prompts, apart from the tasks so that judging and settling never touch long texts.
    #[pallet::storage]
    pub type Prompts<T: Config> = StorageMap<_, Twox64Concat, TaskId, PromptOf<T>>;

    /// The answers' texts, by their position in the task.
    #[pallet::storage]
    pub type Answers<T: Config> = StorageDoubleMap<_, Twox64Concat, TaskId, Twox64Concat, u32, AnswerOf<T>>;

    /// The answers that nobody can read yet, by their author. Those never opened stay until the
    /// task is pruned.
    #[pallet::storage]
    pub type SealedAnswers<T: Config> =
        StorageDoubleMap<_, Twox64Concat, TaskId, Blake2_128Concat, T::AccountId, AnswerSealOf<T>>;

    /// The seats of each committee.
    #[pallet::storage]
    pub type Seats<T: Config> = StorageDoubleMap<_, Twox64Concat, TaskId, Twox64Concat, SeatIndex, Seat<T>>;

    /// For each evaluator key the seats it has to serve: what an off-chain worker looks for.
    #[pallet::storage]
    pub type OpenSeats<T: Config> = StorageDoubleMap<_, Blake2_128Concat, EvaluatorId, Twox64Concat, TaskId, SeatIndex>;

    /// For each account its duties in tasks that have not ended.
    #[pallet::storage]
    pub type Duties<T: Config> = StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, TaskId, Duty>;

    /// How ended tasks came out, until their retention ends.
    #[pallet::storage]
    pub type Outcomes<T: Config> = StorageMap<_, Twox64Concat, TaskId, Outcome<T>>;

    /// For each block the tasks to look at when it starts: deadlines and ends of retention.
    #[pallet::storage]
    pub type Agenda<T: Config> = StorageDoubleMap<_, Twox64Concat, BlockNumberFor<T>, Twox64Concat, TaskId, ()>;

    /// The first block whose agenda may not be done yet.
    #[pallet::storage]
    pub type AgendaCursor<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    /// Tasks whose committee is drawn at the end of this block. Empty between blocks.
    #[pallet::storage]
    pub type DrawQueue<T: Config> = StorageValue<_, BoundedVec<TaskId, T::MaxDraws>, ValueQuery>;

    /// Everybody who has a bond, in each role.
    #[pallet::storage]
    pub type Participants<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        Role,
        Blake2_128Concat,
        T::AccountId,
        Participant<BalanceOf<T>, BlockNumberFor<T>>,
    >;

    /// The active participants of each role, in slots without gaps: what draws draw from.
    #[pallet::storage]
    pub type Roster<T: Config> = StorageDoubleMap<_, Twox64Concat, Role, Twox64Concat, u32, T::AccountId>;

    /// The number of active participants of each role.
    #[pallet::storage]
    pub type RosterSize<T: Config> = StorageMap<_, Twox64Concat, Role, u32, ValueQuery>;

    /// The key that signs for each evaluator.
    #[pallet::storage]
    pub type EvaluatorKeys<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, EvaluatorId>;

    /// Whose key is whose: a key serves one evaluator only.
    #[pallet::storage]
    pub type KeyOwners<T: Config> = StorageMap<_, Blake2_128Concat, EvaluatorId, T::AccountId>;

    /// What each evaluator is trusted with and still owes.
    #[pallet::storage]
    pub type Reputations<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Reputation<BalanceOf<T>>>;

    /// How recent answers came out, oldest first: what a guess would have been measured by.
    #[pallet::storage]
    #[pallet::storage_prefix = "RecentOutcomes"]
    pub type RecentPastQualities<T: Config> = StorageValue<_, PastQualities, ValueQuery>;

    /// Who judged the last tasks of each inference node, oldest first.
    #[pallet::storage]
    #[pallet::storage_prefix = "LastJudges"]
    pub type RecentPairings<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, RecentPairingsOf<T>, ValueQuery>;

    /// Settled tasks that still wait for keys, with the last block in which these are taken. A vote
    /// may close early, but the duty to give the key lasts until `reveal_window` is over.
    #[pallet::storage]
    pub type KeysDue<T: Config> = StorageMap<_, Twox64Concat, TaskId, BlockNumberFor<T>>;

    /// For each participant the block of the last offence on its record. Offences in tasks that
    /// were submitted before belong to the same outage.
    #[pallet::storage]
    pub type LastOffences<T: Config> =
        StorageDoubleMap<_, Twox64Concat, Role, Blake2_128Concat, T::AccountId, BlockNumberFor<T>>;

    /// All money that ever went through this pallet.
    #[pallet::storage]
    pub type CurrentLedger<T: Config> = StorageValue<_, Ledger, ValueQuery>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    #[allow(missing_docs)] // Fields whose name and event say all are bare.
    pub enum Event<T: Config> {
        /// A task was submitted and its bounty put on hold.
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
        /// An inference node answered; nobody can read it yet.
        AnswerCommitted { task: TaskId, author: T::AccountId },
        /// All places are taken, or the window is over: sealed answers are opened now.
        AnswerRevealPhaseStarted {
            task: TaskId,
            /// The number of answers that are sealed.
            sealed: u32,
        },
        /// An inference node opened its answer.
        AnswerRevealed {
            task: TaskId,
            /// The position of the answer in the task.
            index: u32,
            author: T::AccountId,
        },
        /// An inference node gave the right key, but its seal holds no answer.
        AnswerUnopenable { task: TaskId, author: T::AccountId },
        /// A committee was drawn; its seats commit now.
        CommitteeDrawn {
            task: TaskId,
            /// The seed of the draw, with which anybody can repeat it.
            seed: [u8; 32],
            /// The evaluators, in the order of their seats.
            committee: Vec<T::AccountId>,
        },
        /// An evaluator published its sealed scores.
        ScoresCommitted { task: TaskId, evaluator: T::AccountId },
        /// The commit phase is over; seats that committed open now.
        ScoreRevealPhaseStarted {
            task: TaskId,
            /// The number of seats that committed.
            committed: u32,
        },
        /// An evaluator opened its scores.
        ScoresRevealed {
            task: TaskId,
            evaluator: T::AccountId,
            /// One score for each answer, in the order of the answers.
            scores: Vec<sp_runtime::Permill>,
        },
        /// An evaluator gave the right key, but its seal holds no scores.
        ScoresUnopenable { task: TaskId, evaluator: T::AccountId },
        /// Somebody was paid out of a bounty.
        Paid {
            task: TaskId,
            who: T::AccountId,
            /// `Inference` for answering, `Evaluator` for judging. The task's outcome shows how
            /// the amount follows from quality, skill, trust and dues.
            role: Role,
            amount: BalanceOf<T>,
        },
        /// Somebody lost part of its bond.
        Slashed {
            task: TaskId,
            who: T::AccountId,
            role: Role,
            /// The duty that was neglected.
            offence: Offence,
            amount: BalanceOf<T>,
        },
        /// The unspent part of a bounty went back to the user.
        Refunded { task: TaskId, submitter: T::AccountId, amount: BalanceOf<T> },
        /// A task was judged and paid. The whole outcome, to explain every payout.
        TaskSettled {
            task: TaskId,
            /// The consensus, and what each participant earned or lost.
            outcome: Outcome<T>,
        },
        /// A task ended without a consensus. The whole outcome.
        TaskExpired {
            task: TaskId,
            /// The reason, and what each participant earned or lost.
            outcome: Outcome<T>,
        },
        /// An ended task was removed from storage.
        TaskPruned { task: TaskId },
        /// Somebody put up a bond and may be drawn from now on.
        Joined { who: T::AccountId, role: Role, bond: BalanceOf<T> },
        /// A bond was increased.
        BondAdded {
            who: T::AccountId,
            role: Role,
            /// The amount that was added.
            amount: BalanceOf<T>,
        },
        /// Somebody is not drawn any more and may withdraw the bond later.
        Leaving {
            who: T::AccountId,
            role: Role,
            /// The first block in which the bond can be withdrawn.
            until: BlockNumberFor<T>,
        },
        /// A bond went back to its owner, who has left.
        BondWithdrawn { who: T::AccountId, role: Role, amount: BalanceOf<T> },
        /// Somebody has too many offences on record, or has too small a bond left, and is not drawn
        /// until it calls `activate`.
        Chilled { who: T::AccountId, role: Role },
        /// A chilled participant may be drawn again.
        Activated { who: T::AccountId, role: Role },
        /// An evaluator changed its key. Seats drawn before keep the old one.
        KeyChanged { who: T::AccountId, key: EvaluatorId },
        /// Governance changed the parameters for tasks submitted from now on.
        ParametersSet { parameters: ParametersOf<T> },
        /// An evaluator gave its key after the task was settled, and in time: its scores did not
        /// count, and nothing is slashed.
        KeyGivenLate { task: TaskId, evaluator: T::AccountId },
    }

    /// Which rule a call broke. A commit or reveal that the pool refuses carries the index of one
    /// of these as its custom validity code.
    #[pallet::error]
    pub enum Error<T> {
        /// No such task, or it was pruned after its retention.
        UnknownTask,
        /// The prompt is empty.
        EmptyPrompt,
        /// The answer is empty.
        EmptyAnswer,
        /// The bounty is below the minimum in the parameters.
        BountyTooSmall,
        /// The bounty is above the maximum in the parameters: judging could not be secured with
        /// evaluators' bonds. Split the work.
        BountyTooLarge,
        /// `responders` must be from 1 to `MaxResponders`.
        BadResponderCount,
        /// The chain judges by another model than the one insisted on; read the parameters.
        UnknownModel,
        /// No inference node is active; try again later.
        NoInferenceNodes,
        /// The task does not take answers any more.
        AnswersClosed,
        /// This account was not drawn for the task; any active inference node may answer in the
        /// second half of the window.
        NotDrawn,
        /// This account has answered the task already.
        AlreadyAnswered,
        /// The task has several places for answers: use `commit_answer`, so that nobody can copy
        /// yours.
        MustCommitAnswer,
        /// The task has one place for an answer: use `submit_answer`.
        MustSubmitAnswer,
        /// The task does not take the keys of answers yet: others can still seal theirs.
        AnswerRevealTooEarly,
        /// The task does not take the keys of answers any more.
        AnswerRevealTooLate,
        /// This account has no sealed answer in this task, or has opened it.
        NoCommittedAnswer,
        /// All places for answers are taken.
        AnswersFull,
        /// The submitter of a task cannot answer it.
        OwnTask,
        /// The batch is empty.
        EmptyBatch,
        /// The tasks of a batch must be in ascending order, each once.
        BatchNotAscending,
        /// This key has no seat in the task's committee.
        NoSeat,
        /// The task does not take commitments yet: its committee is not drawn.
        CommitTooEarly,
        /// The task does not take commitments any more.
        CommitTooLate,
        /// This seat has committed already.
        AlreadyCommitted,
        /// The seal's length does not fit the number of answers.
        WrongSealLength,
        /// The signature is not by the evaluator key over this batch on this chain.
        BadSignature,
        /// The task does not take keys yet: the commit phase is not over.
        RevealTooEarly,
        /// The task does not take keys any more.
        RevealTooLate,
        /// This seat has not committed.
        NotCommitted,
        /// This seal was opened already.
        AlreadyRevealed,
        /// The key is not the one that the seal committed to.
        WrongKey,
        /// This account has joined in this role already.
        AlreadyJoined,
        /// This account has not joined in this role.
        NotJoined,
        /// The bond is below the minimum in the parameters.
        BondTooSmall,
        /// An evaluator uses this key already: another one, or the caller.
        KeyTaken,
        /// The proof is not the key's signature over the registration message for this account on
        /// this chain.
        BadKeyProof,
        /// This account is leaving already.
        AlreadyLeaving,
        /// This account is not leaving: call `leave` first.
        NotLeaving,
        /// The unbonding delay is not over yet.
        StillUnbonding,
        /// The account has duties in tasks that have not ended.
        DutiesOpen,
        /// Only a chilled participant can be activated.
        NotChilled,
        /// The committee must have at least one seat and at most `MaxCommittee`, and no fewer than
        /// `min_committee`.
        BadCommitteeSize,
        /// The quorum must be more than half of the seats.
        BadQuorum,
        /// Every window and the reveal depth must be at least 1, and the depth must fit into the
        /// reveal window.
        BadWindow,
        /// The smallest bounty must be above 0 and not above the largest.
        BadBounties,
        /// Trust must be able to be neutral: the least above 0 and at most 1,000,000, the most at
        /// least that.
        BadTrustBounds,
        /// One task may move trust by half at most.
        BadTrustRate,
        /// The least spread must be at least 1 %, or a judge's own noise would pass for skill.
        BadMinSpread,
        /// One task must be able to cost as much as it earns: the limit must be at least 1.
        BadSkillLimit,
        /// A new evaluator must prove skill before it is paid: `rules.skill.probation` must be
        /// at least 1.
        BadProbation,
        /// The margin must leave an honest judge something: at most a half.
        BadMargin,
        /// An absence must cost something, and no more than withholding and unopenable seals.
        BadOffences,
        /// An evaluator must be chilled at some number of offences, and offences must not be
        /// forgotten at once.
        BadChilling,
        /// A perfect answer must be paid something: alpha must be above 0, and the floor below 1.
        BadAnswerPay,
        /// Both roles must be paid: the judging share must be above 0 and below 1.
        BadJudgingShare,
        /// From 8 to 256 past qualities can be remembered.
        BadPastQualities,
        /// At most 4 committees of an inference node can be remembered.
        BadRecentPairings,
        /// With these rates, the largest bounty and half of the smallest evaluator bond,
        /// withholding a seal can pay: raise the bond or the rates, or lower the largest bounty.
        WithholdingPays,
        /// `sent_after` is far ahead of this chain: the sender's node follows another one.
        SentTooFarAhead,
        /// The seal was made for another prompt, other answers, another seat or another account, as
        /// on another fork: seal again.
        WrongContext,
        /// `rules.trust.update` is `Published`, under which every trust climbs to the maximum. Set
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
        /// The parameters, if other than the defaults.
        pub parameters: Option<ParametersOf<T>>,
        /// Evaluators: account, key and bond.
        pub evaluators: Vec<(T::AccountId, EvaluatorId, BalanceOf<T>)>,
        /// Inference nodes: account and bond.
        pub inference_nodes: Vec<(T::AccountId, BalanceOf<T>)>,
        /// What guesses are measured against until the chain has outcomes of its own, oldest first.
        /// Without any, judging is not paid until half of the outcomes to be remembered are known.
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
                // The founders need not show anything first: somebody must be the one to compare
                // others with.
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
            // Each draw is paid for when it is queued; this is for looking at the queue.
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
        /// Ask for answers to a prompt, and put a bounty on hold that pays for answering and
        /// judging. Answers are paid by quality and speed, evaluators by skill; what nobody earns
        /// comes back when the task ends.
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
        /// - `options`: how many inference nodes are to answer, and the model to insist on.
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

        /// Answer a task that has one place for an answer. A task with several places takes sealed
        /// answers: use `commit_answer` there.
        ///
        /// ## Origin
        ///
        /// Signed by an inference node that was drawn for the task. In the second half of the
        /// answer window any active inference node may take a place that is left.
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
        /// - [`Error::AlreadyAnswered`]: the caller has answered the task already.
        /// - [`Error::AnswersFull`]: all places for answers are taken.
        /// - [`Error::NotDrawn`]: the caller was not drawn. Either the second half of the answer
        ///   window has not begun, or the caller is not an active inference node.
        /// - [`Error::MustCommitAnswer`]: the task has several places for answers.
        /// - [`Error::EmptyAnswer`]: `answer` is empty.
        ///
        /// ## Events
        ///
        /// - [`Event::AnswerSubmitted`]: everybody can read the answer.
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

        /// Answer a task that has several places, under a seal, so that nobody can copy the answer.
        /// An author that does not open the seal with `reveal_answer`, once the task is
        /// `RevealingAnswers`, is slashed.
        ///
        /// ## Origin
        ///
        /// Signed by an inference node that was drawn for the task. In the second half of the
        /// answer window any active inference node may take a place that is left.
        ///
        /// ## Parameters
        ///
        /// - `task`: the number of the task.
        /// - `context`: the hash of what the seal is made for: chain, task, account and prompt.
        /// - `seal`: the text under ChaCha20-Poly1305, with a commitment to the key. The ciphertext
        ///   has at most `MaxAnswerLen` bytes and 16 more. docs/protocol.md gives every byte.
        ///
        /// ## Errors
        ///
        /// - [`Error::UnknownTask`]: no task has this number, or the task was pruned.
        /// - [`Error::AnswersClosed`]: the task does not take answers any more.
        /// - [`Error::OwnTask`]: the caller submitted the task.
        /// - [`Error::AlreadyAnswered`]: the caller has answered the task already.
        /// - [`Error::AnswersFull`]: all places for answers are taken.
        /// - [`Error::NotDrawn`]: the caller was not drawn. Either the second half of the answer
        ///   window has not begun, or the caller is not an active inference node.
        /// - [`Error::MustSubmitAnswer`]: the task has one place for an answer.
        /// - [`Error::WrongContext`]: `context` is that of another chain, task, account or prompt,
        ///   as on another fork.
        /// - [`Error::EmptyAnswer`]: the ciphertext of `seal` has no room for a text.
        ///
        /// ## Events
        ///
        /// - [`Event::AnswerCommitted`]: the sealed answer has its place.
        /// - [`Event::AnswerRevealPhaseStarted`]: this answer took the last place, so the task is
        ///   `RevealingAnswers`.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::commit_answer(seal.ciphertext.len() as u32))]
        pub fn commit_answer(
            origin: OriginFor<T>,
            #[pallet::compact] task: TaskId,
            context: [u8; 32],
            seal: AnswerSealOf<T>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_seal_answer(who, task, context, seal)
        }

        /// Open a sealed answer by publishing its key, once the task is `RevealingAnswers`.
        /// Everybody can read the text from then on.
        ///
        /// ## Origin
        ///
        /// Signed by the author of the sealed answer. The call goes before other transactions,
        /// because a late key is slashed. It is free unless it fails.
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
        ///   opened it.
        /// - [`Error::AlreadyRevealed`]: the caller gave the right key before, and the seal holds
        ///   no answer.
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
            Self::do_open_answer(who, task, key)?;
            Ok(Pays::No.into())
        }

        /// Publish sealed scores for tasks in which the key `evaluator` has a seat. Off-chain
        /// workers send this call; it costs no fee.
        ///
        /// ## Origin
        ///
        /// Authorized by `signature`. The transaction is a general one, which no account signs or
        /// pays for.
        ///
        /// ## Parameters
        ///
        /// - `key`: the evaluator key that the seats belong to.
        /// - `sent_after`: the sender's best block. It makes a repeated transaction a different
        ///   one, which replaces the first in every pool.
        /// - `commits`: the sealed scores, in ascending order of tasks.
        /// - `signature`: the signature by `evaluator` over [`keys::commit_message`].
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
        /// - [`Error::AlreadyCommitted`]: the seat has committed already.
        /// - [`Error::WrongContext`]: a seal was made for another chain, task, seat, account or
        ///   model, or for other answers.
        /// - [`Error::WrongSealLength`]: the length of a seal does not fit the number of answers.
        /// - [`Error::BadSignature`]: `signature` is not by `key` over this batch on this
        ///   chain.
        ///
        /// ## Events
        ///
        /// - [`Event::ScoresCommitted`]: once for each task in `commits`.
        /// - [`Event::ScoreRevealPhaseStarted`]: once for each task whose last seat has committed
        ///   now.
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
            // The signature, which covers all the rest, was verified by `authorize` in this very
            // block.
            let _ = (sent_after, signature);
            Self::do_commit(&key, commits)
        }

        /// Open sealed scores by publishing their keys. Off-chain workers send this call; it costs
        /// no fee.
        ///
        /// ## Origin
        ///
        /// Authorized by `signature`. The transaction is a general one, without an account.
        ///
        /// ## Parameters
        ///
        /// - `key`: the evaluator key that the seats belong to.
        /// - `sent_after`: the sender's best block, as in `commit_scores`.
        /// - `reveals`: the keys that open the seals, in ascending order of tasks. An entry that is
        ///   late or revealed already is skipped while another one of the batch counts.
        /// - `signature`: the signature by `key` over [`keys::reveal_message`]. So a batch that
        ///   others have seen cannot be cut into parts.
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
        /// - [`Error::AlreadyRevealed`]: the seat has opened its seal already.
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
        /// - [`Event::TaskSettled`]: a quorum of seats has opened scores.
        /// - [`Event::TaskExpired`]: too few seats have opened scores.
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
            // As in `commit_scores`: verified in this very block.
            let _ = (sent_after, signature);
            Self::do_reveal(&key, &reveals)
        }

        /// Become an evaluator: put up a bond, and register the key of the node's off-chain worker.
        /// A new evaluator first shows skill without pay, as much as `rules.skill.probation` seats
        /// can earn.
        ///
        /// ## Origin
        ///
        /// Signed by the account that puts up the bond.
        ///
        /// ## Parameters
        ///
        /// - `key`: an ed25519 key of type `poqe` in the keystore of the evaluator's node.
        /// - `proof`: the signature by `key` over [`keys::registration_message`].
        /// - `bond`: at least `evaluator_bond`. An evaluator is slashed for being absent, for
        ///   withholding a key and for seals that do not open.
        ///
        /// ## Errors
        ///
        /// - [`Error::BadKeyProof`]: `proof` is not the signature by `key` for this account on this
        ///   chain.
        /// - [`Error::AlreadyJoined`]: the caller has a bond as an evaluator already.
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
        ///   that it does not open.
        ///
        /// ## Errors
        ///
        /// - [`Error::AlreadyJoined`]: the caller has a bond as an inference node already.
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
        /// - [`Event::BondAdded`]: `amount` is on hold too.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::add_bond())]
        pub fn add_bond(origin: OriginFor<T>, role: Role, #[pallet::compact] amount: BalanceOf<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_add_bond(&who, role, amount)
        }

        /// Stop being drawn for new tasks. The duties that the caller has already remain.
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
        /// - [`Error::AlreadyLeaving`]: the caller is leaving already.
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

        /// Change the key that signs for an evaluator. Seats drawn before keep the old key: it must
        /// stay in the keystore until their tasks have ended.
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
        /// - [`Error::KeyTaken`]: an evaluator uses `key` already, another one or the caller.
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

        /// Set the parameters for tasks submitted from now on. Running tasks keep theirs.
        ///
        /// ## Origin
        ///
        /// Governance: [`Config::GovernanceOrigin`].
        ///
        /// ## Parameters
        ///
        /// - `parameters`: all of them; they are checked as a whole. Joining, activating, leaving
        ///   and the memory of outcomes follow them at once.
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

        /// A task's prompt.
        pub fn prompt(task: TaskId) -> Option<Vec<u8>> {
            Prompts::<T>::get(task).map(Into::into)
        }

        /// A task's answers with their texts, in the order they came.
        pub fn answers(task: TaskId) -> Vec<FullAnswer<T::AccountId, BlockNumberFor<T>>> {
            Self::full_answers(task)
        }

        /// How a task came out, from its end until its retention is over.
        pub fn outcome(task: TaskId) -> Option<Outcome<T>> {
            Outcomes::<T>::get(task)
        }

        /// What an account has to do, in either role.
        pub fn open_work(who: T::AccountId) -> Vec<OpenWork<BlockNumberFor<T>>> {
            Self::work_of(&who)
        }

        /// An account's bond and standing in a role.
        pub fn participant(role: Role, who: T::AccountId) -> Option<Participant<BalanceOf<T>, BlockNumberFor<T>>> {
            Participants::<T>::get(role, who)
        }

        /// How far an evaluator is trusted, and what it must earn before it is paid.
        pub fn reputation(who: T::AccountId) -> Option<Reputation<BalanceOf<T>>> {
            Reputations::<T>::get(who)
        }

        /// What a guess is measured against now; `None` as long as too few outcomes are known.
        pub fn baseline() -> Option<Baseline> {
            Self::current_baseline()
        }

        /// What an evaluator would earn with a seat of a task with this bounty if it agrees with
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
