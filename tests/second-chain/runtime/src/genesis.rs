//! The first state of the development chain: one validator, who is the council and one of three
//! evaluators.

use alloc::{vec, vec::Vec};
use frame_support::build_struct_json_patch;
use pallet_proof_of_quality::{EvaluatorId, PastQuality};
use serde_json::Value;
use sp_core::{crypto::get_public_from_string_or_panic, ed25519, hex2array, sr25519, H160};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET};
use sp_runtime::Permill;

use crate::{
    pallets::UNIT, AccountId, AuraConfig, Balance, BalancesConfig, CouncilConfig, ProofOfQualityConfig,
    RuntimeGenesisConfig,
};

/// What each development account holds.
const ENDOWMENT: Balance = 10_000 * UNIT;
/// What each evaluator puts up.
const BOND: Balance = 1_000 * UNIT;
/// The accounts that people expect on a development chain with Ethereum addresses.
pub const ACCOUNTS: [AccountId; 6] = [
    // Alith, Baltathar and Charleth judge from the first block on; the first of them is the
    // council.
    H160(hex2array!("f24ff3a9cf04c71dbc94d0b566f7a27b94566cac")),
    H160(hex2array!("3cd0a705a2dc65e5b1e1205896baa2be8a07c6e0")),
    H160(hex2array!("798d4ba9baf0064ec19eb4f0a1a45785ae9d6dfc")),
    // Dorothy, Ethan and Faith have no role.
    H160(hex2array!("773539d4ac0e786233d90a233654ccee26a613d9")),
    H160(hex2array!("ff64d3f6efe2317ee2807d223a0bdc4c0c49dfdb")),
    H160(hex2array!("c0f0f4ab324c46e55d02d0033343b4be8a55532d")),
];
/// The seeds of the evaluators' keys.
const EVALUATORS: [&str; 3] = ["Alice", "Bob", "Charlie"];

fn evaluator_key(name: &str) -> EvaluatorId {
    get_public_from_string_or_panic::<ed25519::Public>(name).into()
}

fn development() -> Value {
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig { balances: ACCOUNTS.map(|account| (account, ENDOWMENT)).to_vec() },
        aura: AuraConfig { authorities: vec![get_public_from_string_or_panic::<sr25519::Public>("Alice").into()] },
        council: CouncilConfig { members: vec![ACCOUNTS[0]] },
        proof_of_quality: ProofOfQualityConfig {
            parameters: None,
            evaluators: ACCOUNTS
                .into_iter()
                .zip(EVALUATORS)
                .map(|(who, seed)| (who, evaluator_key(seed), BOND))
                .collect::<Vec<_>>(),
            inference_nodes: vec![],
            // As if every quality had been seen as often as any other, so that the first tasks are
            // paid for.
            past_qualities: (0..32)
                .map(|step| PastQuality { quality: Permill::from_rational(step, 31u32), weight: 1 })
                .collect::<Vec<_>>(),
        },
    })
}

/// The preset of this name.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
    // A JSON value made of strings and numbers always has a text form.
    serde_json::to_vec(&development()).ok().filter(|_| id.as_str() == DEV_RUNTIME_PRESET)
}

/// The names of the presets.
pub fn preset_names() -> Vec<PresetId> {
    vec![PresetId::from(DEV_RUNTIME_PRESET)]
}
