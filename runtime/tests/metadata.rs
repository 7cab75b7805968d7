//! The metadata is what wallets show: each thing of ours that a user can meet there is explained in it.

use codec::Decode;
use frame_metadata::{
    v16::{PalletMetadata, StorageEntryType},
    RuntimeMetadata, RuntimeMetadataPrefixed,
};
use poq_runtime::Runtime;
use scale_info::{form::PortableForm, Field, PortableRegistry, TypeDef, Variant};
use std::collections::BTreeSet;

/// Types are ours if their path starts with one of these.
const OURS: [&str; 2] = ["pallet_proof_of_quality", "poq_mechanism"];

fn metadata() -> (PalletMetadata<PortableForm>, PortableRegistry) {
    let opaque = Runtime::metadata_at_version(16).expect("the runtime has metadata of version 16");
    let bytes: &[u8] = &opaque;
    let RuntimeMetadata::V16(all) = RuntimeMetadataPrefixed::decode(&mut &bytes[..]).expect("it decodes").1 else {
        panic!("not version 16");
    };
    let pallet = all.pallets.into_iter().find(|pallet| pallet.name == "ProofOfQuality");
    (pallet.expect("the runtime has the pallet"), all.types)
}

/// A sentence, and not only a word.
fn explains(docs: &[String]) -> bool {
    docs.join(" ").split_whitespace().count() >= 2
}

fn variants(types: &PortableRegistry, id: u32) -> Vec<Variant<PortableForm>> {
    match &types.resolve(id).expect("the type is there").type_def {
        TypeDef::Variant(variants) => variants.variants.clone(),
        other => panic!("{other:?} is not an enum"),
    }
}

/// Collects what is not explained in a type and in all types that it holds.
fn look_at(types: &PortableRegistry, id: u32, seen: &mut BTreeSet<u32>, missing: &mut Vec<String>) {
    if !seen.insert(id) {
        return;
    }
    let found = types.resolve(id).expect("the type is there");
    let name = found.path.to_string();
    // The SDK's macro makes the types of keys, and documents none.
    let is_ours = found.path.segments.first().is_some_and(|first| OURS.contains(&first.as_str()))
        && !found.path.segments.iter().any(|segment| segment == "app");
    let mut fields = |holder: &str, fields: &[Field<PortableForm>]| {
        for field in fields {
            if let (true, Some(field_name)) = (is_ours && !explains(&field.docs), &field.name) {
                missing.push(format!("{holder}.{field_name}"));
            }
            look_at(types, field.ty.id, seen, missing);
        }
    };
    match &found.type_def {
        TypeDef::Composite(composite) => fields(&name, &composite.fields),
        TypeDef::Variant(all) => {
            for variant in &all.variants {
                fields(&format!("{name}::{}", variant.name), &variant.fields);
            }
            if is_ours {
                let silent = all.variants.iter().filter(|variant| !explains(&variant.docs));
                missing.extend(silent.map(|variant| format!("{name}::{}", variant.name)));
            }
        }
        TypeDef::Sequence(inner) => look_at(types, inner.type_param.id, seen, missing),
        TypeDef::Array(inner) => look_at(types, inner.type_param.id, seen, missing),
        TypeDef::Compact(inner) => look_at(types, inner.type_param.id, seen, missing),
        TypeDef::Tuple(inner) => inner.fields.iter().for_each(|field| look_at(types, field.id, seen, missing)),
        TypeDef::Primitive(_) | TypeDef::BitSequence(_) => (),
    }
    if is_ours && !explains(&found.docs) {
        missing.push(format!("the type {name}"));
    }
}

#[test]
fn every_call_and_argument_is_explained() {
    let (pallet, types) = metadata();
    let calls = variants(&types, pallet.calls.expect("the pallet has calls").ty.id);
    assert!(calls.len() >= 14, "only {} calls", calls.len());
    for call in calls {
        assert!(explains(&call.docs), "the call {}", call.name);
        let text = call.docs.join("\n");
        for argument in &call.fields {
            // Arguments have no documentation of their own in the metadata: the call's lists them.
            let name = argument.name.as_ref().expect("arguments have names");
            assert!(text.contains(&format!("- `{name}`:")), "the argument {name} of {}", call.name);
        }
    }
}

#[test]
fn every_event_and_field_is_explained() {
    let (pallet, types) = metadata();
    let events = variants(&types, pallet.event.expect("the pallet has events").ty.id);
    for event in events {
        assert!(explains(&event.docs), "the event {}", event.name);
        for field in &event.fields {
            assert!(!field.docs.is_empty(), "the field {:?} of {}", field.name, event.name);
        }
    }
}

#[test]
fn every_error_says_which_rule_was_broken() {
    let (pallet, types) = metadata();
    let errors = variants(&types, pallet.error.expect("the pallet has errors").ty.id);
    for error in errors {
        let sentence = error.docs.join(" ");
        assert!(sentence.split_whitespace().count() >= 4 && sentence.ends_with('.'), "{}: {sentence:?}", error.name);
    }
}

#[test]
fn every_storage_item_constant_and_view_function_is_explained() {
    let (pallet, _) = metadata();
    for item in pallet.storage.expect("the pallet has storage").entries {
        assert!(explains(&item.docs), "the storage item {}", item.name);
    }
    for constant in pallet.constants {
        assert!(explains(&constant.docs), "the constant {}", constant.name);
    }
    assert!(pallet.view_functions.len() >= 10);
    for function in pallet.view_functions {
        assert!(explains(&function.docs), "the view function {}", function.name);
    }
}

#[test]
fn every_type_that_a_user_meets_is_explained() {
    let (pallet, types) = metadata();
    let mut ids = vec![pallet.event.expect("events").ty.id];
    let calls = variants(&types, pallet.calls.expect("calls").ty.id);
    ids.extend(calls.iter().flat_map(|call| &call.fields).map(|argument| argument.ty.id));
    for item in pallet.storage.expect("storage").entries {
        match item.ty {
            StorageEntryType::Plain(value) => ids.push(value.id),
            StorageEntryType::Map { key, value, .. } => ids.extend([key.id, value.id]),
        }
    }
    for function in pallet.view_functions {
        ids.push(function.output.id);
        ids.extend(function.inputs.iter().map(|input| input.ty.id));
    }
    let (mut seen, mut missing) = (BTreeSet::new(), Vec::new());
    ids.into_iter().for_each(|id| look_at(&types, id, &mut seen, &mut missing));
    assert!(seen.len() > 60, "only {} types were looked at", seen.len());
    assert!(missing.is_empty(), "not explained in the metadata: {missing:#?}");
}
