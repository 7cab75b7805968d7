//! Each genesis preset, built by the wasm blob itself, is a chain that can start.

use frame_support::traits::{fungible::Inspect, PalletInfoAccess};
use pallet_proof_of_quality::{CurrentParameters, EvaluatorKeys, Participants, Role};
use poq_runtime::{
    constants::money::{EXISTENTIAL_DEPOSIT, UNIT},
    genesis_presets, AccountId, Babe, Balances, Grandpa, ProofOfQuality, Runtime, Session,
};
use sc_chain_spec::GenesisConfigBuilderRuntimeCaller;
use sp_consensus_babe::AllowedSlots;
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::Sr25519Keyring;
use sp_runtime::BuildStorage;

/// The genesis state of a preset.
fn genesis(preset: &str) -> sp_io::TestExternalities {
    let wasm = poq_runtime::WASM_BINARY.expect("the tests are built with the wasm blob");
    GenesisConfigBuilderRuntimeCaller::<()>::new(wasm)
        .get_storage_for_named_preset(Some(&preset.to_owned()))
        .expect("the preset builds")
        .into()
}

fn assert_validators(expected: &[Sr25519Keyring]) {
    let accounts: Vec<AccountId> = expected.iter().map(|validator| validator.to_account_id()).collect();
    assert_eq!(Session::validators(), accounts);
    let block_keys: Vec<_> = Babe::authorities().into_iter().map(|(key, _)| key).collect();
    let expected_keys: Vec<sp_consensus_babe::AuthorityId> =
        expected.iter().map(|validator| validator.public().into()).collect();
    assert_eq!(block_keys, expected_keys);
    assert_eq!(Grandpa::grandpa_authorities().len(), expected.len());
    for validator in expected {
        let account = validator.to_account_id();
        let evaluator = Participants::<Runtime>::get(Role::Evaluator, &account).expect("each validator judges");
        assert_eq!(evaluator.bond, 1_000 * UNIT);
        assert!(EvaluatorKeys::<Runtime>::contains_key(&account));
    }
}

#[test]
fn development_has_alice_as_only_validator() {
    genesis(DEV_RUNTIME_PRESET).execute_with(|| assert_validators(&[Sr25519Keyring::Alice]));
}

#[test]
fn local_testnet_has_four_validators() {
    use Sr25519Keyring::{Alice, Bob, Charlie, Dave};
    genesis(LOCAL_TESTNET_RUNTIME_PRESET).execute_with(|| assert_validators(&[Alice, Bob, Charlie, Dave]));
}

#[test]
fn every_preset_endows_the_accounts_people_expect() {
    for preset in genesis_presets::preset_names() {
        genesis(&preset).execute_with(|| {
            for account in Sr25519Keyring::well_known() {
                let total = Balances::total_balance(&account.to_account_id());
                assert_eq!(total, 1_000_000 * UNIT, "{account} in {preset}");
            }
            for number in 1..=8 {
                let inference = sp_core::crypto::get_public_from_string_or_panic::<sp_core::sr25519::Public>(&format!(
                    "Inference{number}"
                ));
                assert!(Balances::free_balance(AccountId::from(inference)) > EXISTENTIAL_DEPOSIT);
            }
            assert_eq!(pallet_sudo::Key::<Runtime>::get(), Some(Sr25519Keyring::Alice.to_account_id()));
        });
    }
}

#[test]
fn every_slot_has_a_vrf_author() {
    for preset in genesis_presets::preset_names() {
        genesis(&preset).execute_with(|| {
            let config = Babe::epoch_config().expect("BABE has a configuration at genesis");
            assert_eq!(config.allowed_slots, AllowedSlots::PrimaryAndSecondaryVRFSlots);
        });
    }
}

#[test]
fn answers_are_judged_by_the_model_of_this_repository() {
    let manifest = include_bytes!("../../models/mpnet-judge/manifest.json");
    for preset in genesis_presets::preset_names() {
        genesis(&preset).execute_with(|| {
            assert_eq!(CurrentParameters::<Runtime>::get().model, sp_crypto_hashing::sha2_256(manifest));
        });
    }
}

#[test]
fn fails_on_an_unknown_preset() {
    assert_eq!(genesis_presets::get_preset(&"mainnet".into()), None);
}

#[test]
fn fees_recover_from_their_minimum() {
    use frame_support::traits::Get;
    use pallet_transaction_payment::{Multiplier, MultiplierUpdate};
    use sp_runtime::traits::Convert;

    type Update = <poq_runtime::Runtime as pallet_transaction_payment::Config>::FeeMultiplierUpdate;
    let storage = poq_runtime::RuntimeGenesisConfig::default().build_storage().expect("the default state builds");
    sp_io::TestExternalities::from(storage).execute_with(|| {
        let weights = <<poq_runtime::Runtime as frame_system::Config>::BlockWeights as Get<
            frame_system::limits::BlockWeights,
        >>::get();
        poq_runtime::System::set_block_consumed_resources(weights.max_block, 0);
        let minimum: Multiplier = Update::min();
        assert!(Update::convert(minimum) > minimum, "full blocks raise the lowest fee");
    });
}

#[test]
fn committees_are_drawn_from_this_blocks_randomness() {
    assert!(Babe::index() < ProofOfQuality::index(), "Babe publishes its VRF output before the draw reads it");
}
