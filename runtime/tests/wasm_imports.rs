//! A stock node must be able to execute the runtime: every function that the wasm blob imports is a
//! standard one.

use sp_wasm_interface::HostFunctions;
use std::collections::BTreeSet;
use wasmparser::{Parser, Payload};

/// The names of the functions that the blob imports.
fn imports(wasm: &[u8]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ImportSection(section) = payload.expect("the blob is valid wasm") {
            for import in section {
                let import = import.expect("the import section is valid");
                // The linear memory is imported too.
                if let wasmparser::TypeRef::Func(_) = import.ty {
                    names.insert(import.name.to_owned());
                }
            }
        }
    }
    names
}

#[test]
fn the_runtime_imports_only_standard_host_functions() {
    let wasm = poq_runtime::WASM_BINARY_BLOATY.expect("the tests are built with the wasm blob");
    let standard: BTreeSet<String> =
        sp_io::SubstrateHostFunctions::host_functions().iter().map(|function| function.name().to_owned()).collect();

    let imports = imports(wasm);
    assert!(imports.contains("ext_storage_set_version_1"), "the blob imports the storage functions: {imports:?}");
    let unknown: Vec<_> = imports.difference(&standard).collect();
    assert!(unknown.is_empty(), "not standard: {unknown:?}");
}
