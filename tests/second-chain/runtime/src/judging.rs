//! All that judged tasks need of this chain: settings, randomness, the rules to start with, and how
//! a worker's call becomes a transaction.

use frame_support::{
    parameter_types,
    traits::{tokens::imbalance::ResolveTo, ConstU32, EitherOfDiverse, Get, Randomness},
    PalletId,
};
use frame_system::{
    offchain::{CreateAuthorizedTransaction, CreateTransaction, CreateTransactionBase},
    EnsureRoot,
};
use pallet_proof_of_quality::{ModelDigest, Parameters, ParametersOf, Rules};
use sp_core::H256 as Hash;
use sp_runtime::{generic::Era, traits::AccountIdConversion, transaction_validity::TransactionPriority, Permill};

use crate::{
    pallets::{CouncilInstance, MINUTES, UNIT},
    AccountId, Balances, BlockNumber, RandomnessCollectiveFlip, Runtime, RuntimeCall, RuntimeHoldReason, TxExtension,
    UncheckedExtrinsic,
};

parameter_types! {
    /// Where slashed bonds go. Nobody has its key; the council decides what becomes of it.
    pub SlashPot: AccountId = PalletId(*b"poq/slsh").into_account_truncating();
    /// Above every transaction that pays for its place: a late seal or key costs its evaluator a
    /// bond.
    pub const JudgingPriority: TransactionPriority = TransactionPriority::MAX / 2;
}

impl pallet_proof_of_quality::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type OnSlash = ResolveTo<SlashPot, Balances>;
    type Randomness = BlockHashes;
    #[cfg(not(test))]
    type Scorer = pallet_proof_of_quality::HttpScorer;
    #[cfg(test)]
    type Scorer = crate::behaviour::mock::TestScorer;
    type GovernanceOrigin = EitherOfDiverse<
        EnsureRoot<AccountId>,
        pallet_collective::EnsureProportionMoreThan<AccountId, CouncilInstance, 1, 2>,
    >;
    type DefaultParameters = DefaultParameters;
    type MaxPromptLen = ConstU32<{ 16 * 1024 }>;
    type MaxAnswerLen = ConstU32<{ 16 * 1024 }>;
    type MaxResponders = ConstU32<4>;
    type MaxCommittee = ConstU32<8>;
    type MaxBatch = ConstU32<8>;
    type MaxDraws = ConstU32<4>;
    type JudgingPriority = JudgingPriority;
    type WeightInfo = pallet_proof_of_quality::weights::BoundedWeight<Runtime>;
}

/// The randomness of an Aura chain: the hashes of its last 81 blocks.
///
/// The author of a block can try several and keep the one whose hash it likes. That is good enough
/// for a test, and where authors have nothing to win by a committee; where they judge and are paid
/// for it, use a VRF.
pub struct BlockHashes;

impl Randomness<Option<Hash>, BlockNumber> for BlockHashes {
    fn random(subject: &[u8]) -> (Option<Hash>, BlockNumber) {
        let (seed, known_since) = RandomnessCollectiveFlip::random(subject);
        // Before there is any hash, the source says zero; nobody shall be drawn by that.
        let known = !RandomnessCollectiveFlip::random_material().is_empty();
        (known.then_some(seed), known_since)
    }
}

/// The model that judges until governance names another: the digest of a model is the sha256 of its
/// manifest.
pub fn model_digest() -> ModelDigest {
    sp_crypto_hashing::sha2_256(include_bytes!("../../../../models/mpnet-judge/manifest.json"))
}

/// The rules of judging until governance sets others.
pub struct DefaultParameters;

impl Get<ParametersOf<Runtime>> for DefaultParameters {
    fn get() -> ParametersOf<Runtime> {
        Parameters {
            model: model_digest(),
            min_bounty: UNIT / 100,
            max_bounty: 10 * UNIT,
            evaluator_bond: 500 * UNIT,
            inference_bond: 10 * UNIT,
            committee_size: 3,
            min_committee: 1,
            quorum: Permill::from_percent(66),
            answer_window: MINUTES,
            commit_window: MINUTES,
            reveal_window: MINUTES,
            grace: 6,
            reveal_depth: 1,
            unbonding: 100,
            retention: 60 * MINUTES,
            rules: Rules::default(),
        }
    }
}

impl<LocalCall> CreateTransactionBase<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    type Extrinsic = UncheckedExtrinsic;
    type RuntimeCall = RuntimeCall;
}

impl<LocalCall> CreateTransaction<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    type Extension = TxExtension;

    fn create_transaction(call: RuntimeCall, extension: TxExtension) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_transaction(call, extension)
    }
}

impl<LocalCall> CreateAuthorizedTransaction<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    /// The whole tuple: without `AuthorizeCall` in it nothing would authorize the call.
    fn create_extension() -> TxExtension {
        (
            frame_system::AuthorizeCall::new(),
            frame_system::CheckNonZeroSender::new(),
            frame_system::CheckSpecVersion::new(),
            frame_system::CheckTxVersion::new(),
            frame_system::CheckGenesis::new(),
            // How long the transaction stays valid is for the call's own authorization to say.
            frame_system::CheckMortality::from(Era::Immortal),
            frame_system::CheckNonce::from(0),
            frame_system::CheckWeight::new(),
            pallet_transaction_payment::ChargeTransactionPayment::from(0),
            frame_system::WeightReclaim::new(),
        )
    }
}
