//! Which chains the node knows by name: `dev` and `local`, from the presets inside the runtime, and
//! files.

use poq_runtime::constants::{money, SS58_PREFIX};
use sc_service::{ChainType, GenericChainSpec, Properties};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};

/// A chain specification without extensions of its own.
pub type ChainSpec = GenericChainSpec;

/// The specification that `--chain` means by `id`: a name or the path of a JSON file.
pub fn load(id: &str) -> Result<ChainSpec, String> {
    match id {
        "dev" => preset("Proof of Quality Development", "poq_dev", ChainType::Development, DEV_RUNTIME_PRESET),
        "" | "local" => {
            preset("Proof of Quality Local Testnet", "poq_local", ChainType::Local, LOCAL_TESTNET_RUNTIME_PRESET)
        }
        path => ChainSpec::from_json_file(path.into())
            .map_err(|error| format!("`{path}` is neither `dev` nor `local` nor a chain specification file: {error}")),
    }
}

/// A chain that starts from a genesis preset of the runtime.
fn preset(name: &str, id: &str, chain_type: ChainType, preset: &str) -> Result<ChainSpec, String> {
    let code = poq_runtime::WASM_BINARY
        .ok_or("this binary was built with SKIP_WASM_BUILD, without a runtime: only chain specification files work")?;
    Ok(ChainSpec::builder(code, None)
        .with_name(name)
        .with_id(id)
        .with_protocol_id("poq")
        .with_chain_type(chain_type)
        .with_genesis_config_preset_name(preset)
        .with_properties(properties())
        .build())
}

/// What wallets need to know to show amounts and addresses.
fn properties() -> Properties {
    let mut properties = Properties::new();
    properties.insert("tokenSymbol".into(), money::SYMBOL.into());
    properties.insert("tokenDecimals".into(), money::DECIMALS.into());
    properties.insert("ss58Format".into(), SS58_PREFIX.into());
    properties
}
