//! The genesis states that come with the runtime: `development` with one validator, `local_testnet`
//! with four. The validators are evaluators too. Inference nodes join by themselves.

#![deny(missing_docs)]

use alloc::{format, vec, vec::Vec};
use frame_support::{build_struct_json_patch, traits::Get};
use pallet_proof_of_quality::{EvaluatorId, PastQuality};
use serde_json::Value;
use sp_consensus_babe::{AllowedSlots, BabeEpochConfiguration};
use sp_core::{crypto::get_public_from_string_or_panic, sr25519};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::Permill;

use crate::{
    configs::SlashPot,
    constants::money::{EXISTENTIAL_DEPOSIT, UNIT},
    judging::DefaultParameters,
    AccountId, BabeConfig, Balance, BalancesConfig, ProofOfQualityConfig, RuntimeGenesisConfig, SessionConfig,
    SessionKeys, SudoConfig,
};

/// What the chain starts BABE with. A quarter of the slots have a primary author by VRF, and the
/// others a secondary one. It publishes a VRF output as well, so every block has fresh randomness
/// for the committee draw.
pub const BABE_GENESIS_EPOCH_CONFIG: BabeEpochConfiguration =
    BabeEpochConfiguration { c: (1, 4), allowed_slots: AllowedSlots::PrimaryAndSecondaryVRFSlots };

/// The balance of each development account at genesis.
const DEV_ENDOWMENT: Balance = 1_000_000 * UNIT;
/// The bond of each validator of the development chains as an evaluator.
const EVALUATOR_BOND: Balance = 1_000 * UNIT;
/// The number of accounts `//Inference1`, `//Inference2`, … that the development chains endow for
/// inference nodes.
const DEV_INFERENCE_NODES: u32 = 8;

/// A validator of a development chain. Its account and all its keys come from one seed.
struct Validator {
    account: AccountId,
    session_keys: SessionKeys,
    evaluator_key: EvaluatorId,
}

fn validator(sr25519: Sr25519Keyring, ed25519: Ed25519Keyring) -> Validator {
    Validator {
        account: sr25519.to_account_id(),
        session_keys: SessionKeys { babe: sr25519.public().into(), grandpa: ed25519.public().into() },
        evaluator_key: ed25519.public().into(),
    }
}

/// Every account that is expected on a development chain, and some for inference nodes.
fn dev_accounts() -> Vec<AccountId> {
    Sr25519Keyring::well_known()
        .map(Sr25519Keyring::to_account_id)
        .chain(
            (1..=DEV_INFERENCE_NODES)
                .map(|number| get_public_from_string_or_panic::<sr25519::Public>(&format!("Inference{number}")).into()),
        )
        .collect()
}

/// Past qualities as if every quality had come as often as any other, so that the first tasks are
/// paid for.
fn any_quality() -> Vec<PastQuality> {
    const SEEN: u32 = 32;
    let outcome = |number| PastQuality { quality: Permill::from_rational(number, SEEN - 1), weight: 1 };
    (0..SEEN).map(outcome).collect()
}

/// A development chain with these validators and Alice as sudo.
fn dev_genesis(validators: Vec<Validator>) -> Value {
    let endowed = dev_accounts().into_iter().map(|account| (account, DEV_ENDOWMENT));
    // The pot must exist before the first slash, which may be less than an account needs.
    let slash_pot = (SlashPot::get(), EXISTENTIAL_DEPOSIT);
    let session_keys = validators
        .iter()
        .map(|validator| (validator.account.clone(), validator.account.clone(), validator.session_keys.clone()));
    let evaluators =
        validators.iter().map(|validator| (validator.account.clone(), validator.evaluator_key.clone(), EVALUATOR_BOND));
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig { balances: endowed.chain([slash_pot]).collect::<Vec<_>>() },
        babe: BabeConfig { epoch_config: BABE_GENESIS_EPOCH_CONFIG },
        session: SessionConfig { keys: session_keys.collect::<Vec<_>>() },
        sudo: SudoConfig { key: Some(Sr25519Keyring::Alice.to_account_id()) },
        proof_of_quality: ProofOfQualityConfig {
            parameters: Some(DefaultParameters::get()),
            evaluators: evaluators.collect::<Vec<_>>(),
            past_qualities: any_quality(),
        },
    })
}

/// Alice makes all blocks alone.
fn development() -> Value {
    dev_genesis(vec![validator(Sr25519Keyring::Alice, Ed25519Keyring::Alice)])
}

/// Alice, Bob, Charlie and Dave: the smallest set that still finalizes with one of them down.
fn local_testnet() -> Value {
    dev_genesis(vec![
        validator(Sr25519Keyring::Alice, Ed25519Keyring::Alice),
        validator(Sr25519Keyring::Bob, Ed25519Keyring::Bob),
        validator(Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
        validator(Sr25519Keyring::Dave, Ed25519Keyring::Dave),
    ])
}

/// The JSON patch of the preset with this name.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
    let patch = match id.as_str() {
        DEV_RUNTIME_PRESET => development(),
        LOCAL_TESTNET_RUNTIME_PRESET => local_testnet(),
        _ => return None,
    };
    // A JSON value made of strings and numbers always has a text form.
    serde_json::to_vec(&patch).ok()
}

/// The names of all presets.
pub fn preset_names() -> Vec<PresetId> {
    vec![DEV_RUNTIME_PRESET.into(), LOCAL_TESTNET_RUNTIME_PRESET.into()]
}
