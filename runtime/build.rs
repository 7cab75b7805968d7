//! Builds the runtime a second time, to wasm, and embeds the blob (`WASM_BINARY`) in the native
//! library.

fn main() {
    #[cfg(feature = "std")]
    build_wasm();
}

#[cfg(feature = "std")]
fn build_wasm() {
    /// Where the wasm builder looks for the lock file, so that native and wasm use the same
    /// versions.
    const WORKSPACE_HINT: &str = "WASM_BUILD_WORKSPACE_HINT";

    // It searches upwards from the target folder, which need not be inside the workspace.
    if std::env::var_os(WORKSPACE_HINT).is_none() {
        // Read when this runs: a build script may have been compiled in another checkout.
        let package = std::env::var("CARGO_MANIFEST_DIR").expect("Cargo tells build scripts where their package is");
        std::env::set_var(WORKSPACE_HINT, format!("{package}/.."));
    }
    // The runtime includes it, and the wasm builder watches Rust sources only.
    println!("cargo:rerun-if-changed=model.json");
    substrate_wasm_builder::WasmBuilder::build_using_defaults();
}
