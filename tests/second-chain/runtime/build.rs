//! Builds the runtime a second time, to wasm.

fn main() {
    #[cfg(feature = "std")]
    {
        /// Where the wasm builder looks for the lock file: the target folder need not be inside the
        /// workspace.
        const WORKSPACE_HINT: &str = "WASM_BUILD_WORKSPACE_HINT";
        if std::env::var_os(WORKSPACE_HINT).is_none() {
            let package =
                std::env::var("CARGO_MANIFEST_DIR").expect("Cargo tells build scripts where their package is");
            std::env::set_var(WORKSPACE_HINT, format!("{package}/../../.."));
        }
        println!("cargo:rerun-if-changed=../../../models/mpnet-judge/manifest.json");
        substrate_wasm_builder::WasmBuilder::build_using_defaults();
    }
}
