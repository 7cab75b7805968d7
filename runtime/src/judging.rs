//! The parameters that the chain starts with. Governance can change them without a runtime upgrade.

#![deny(missing_docs)]

use frame_support::traits::Get;
use pallet_proof_of_quality::{ModelDigest, Parameters, ParametersOf, Rules};
use sp_runtime::Permill;

use crate::{
    constants::{
        money::UNIT,
        time::{HOURS, MINUTES},
    },
    Runtime,
};

/// The manifest of the model that comes with this repository. It is a link, so that it is in the
/// package of this crate too.
const MODEL_MANIFEST: &[u8] = include_bytes!("../model.json");

/// The model that judges until governance names another. The digest of a model is the SHA-256 of
/// its manifest.
pub fn model_digest() -> ModelDigest {
    sp_crypto_hashing::sha2_256(MODEL_MANIFEST)
}

/// The parameters, until governance sets others.
pub struct DefaultParameters;

impl Get<ParametersOf<Runtime>> for DefaultParameters {
    fn get() -> ParametersOf<Runtime> {
        Parameters {
            model: model_digest(),
            min_bounty: UNIT / 100,
            // The cost of a withheld key bounds what may be at stake: a tenth of half a bond
            // against 1.8 bounties.
            max_bounty: 10 * UNIT,
            evaluator_bond: 500 * UNIT,
            inference_bond: 10 * UNIT,
            committee_size: 4,
            // One is enough, so that a development chain with a single validator can judge.
            min_committee: 1,
            quorum: Permill::from_percent(66),
            // A large model needs time to answer, but judging is quick.
            answer_window: MINUTES,
            commit_window: MINUTES / 2,
            // A node that was restarted must still be able to reveal what it committed.
            reveal_window: MINUTES,
            grace: 6,
            reveal_depth: 1,
            unbonding: 100,
            retention: 8 * HOURS,
            rules: Rules::default(),
        }
    }
}
