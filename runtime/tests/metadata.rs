//! The metadata is what wallets show: each thing of ours that a user can meet there is explained in
//! it.

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

/// What each call's documentation has after its summary, in this order.
const HEADINGS: [&str; 4] = ["## Origin", "## Parameters", "## Errors", "## Events"];

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

/// A field whose name says all is bare. Documentation that is there says more than "The task.".
fn says_nothing(field: &Field<PortableForm>) -> bool {
    !field.docs.is_empty() && field.docs.join(" ").split_whitespace().count() < 3
}

/// The summary of a call, and what stands under each of [`HEADINGS`], line by line.
fn sections(call: &Variant<PortableForm>) -> Vec<Vec<String>> {
    let mut headings = Vec::new();
    let mut sections = vec![Vec::new()];
    for line in call.docs.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
        if line.starts_with('#') {
            headings.push(line.to_string());
            sections.push(Vec::new());
        } else if let Some(section) = sections.last_mut() {
            section.push(line.to_string());
        }
    }
    assert_eq!(headings, HEADINGS, "the headings of {}", call.name);
    sections
}

/// The entries of a list, each in one line, and without the text around the list.
fn entries(section: &[String]) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in section {
        if let Some(entry) = line.strip_prefix("- ") {
            entries.push(entry.to_string());
        } else if let Some(entry) = entries.last_mut() {
            entry.push(' ');
            entry.push_str(line);
        }
    }
    entries
}

/// The names of the errors or events that a text links to.
fn links(text: &str, kind: &str) -> Vec<String> {
    let start = format!("[`{kind}::");
    let name = |rest: &str| rest.split_once("`]").expect("a link has an end").0.to_string();
    text.split(start.as_str()).skip(1).map(name).collect()
}

/// Checks a call's list of errors or events against those that there are. Returns those that it
/// names.
fn check_list(call: &str, section: &[String], kind: &str, known: &BTreeSet<String>) -> Vec<String> {
    if section.join(" ") == "None." {
        return Vec::new();
    }
    let mut named = Vec::new();
    for entry in entries(section) {
        let (subject, reason) = entry.split_once(": ").unwrap_or((entry.as_str(), ""));
        assert!(reason.split_whitespace().count() >= 2, "{kind} of {call} without a reason: {entry}");
        let links = links(subject, kind);
        // The errors of other pallets have no link.
        let is_foreign = kind == "Error" && subject.starts_with('`');
        assert!(links.len() == 1 || is_foreign, "{kind} of {call} that is no link: {entry}");
        named.extend(links);
    }
    assert!(!named.is_empty(), "{call} has no {kind}: say \"None.\"");
    let distinct: BTreeSet<&String> = named.iter().collect();
    assert_eq!(distinct.len(), named.len(), "{call} names an {kind} twice");
    for name in &named {
        assert!(known.contains(name), "{call} names the {kind} {name}, which does not exist");
    }
    named
}

fn names(variants: Vec<Variant<PortableForm>>) -> BTreeSet<String> {
    variants.into_iter().map(|variant| variant.name).collect()
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
            if let (true, Some(field_name)) = (is_ours && says_nothing(field), &field.name) {
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
fn every_call_says_who_calls_it_with_what_and_what_comes_of_it() {
    let (pallet, types) = metadata();
    let calls = variants(&types, pallet.calls.expect("the pallet has calls").ty.id);
    let errors = names(variants(&types, pallet.error.expect("the pallet has errors").ty.id));
    let events = names(variants(&types, pallet.event.expect("the pallet has events").ty.id));
    assert!(calls.len() >= 14, "only {} calls", calls.len());
    let mut returned = BTreeSet::new();
    for call in calls {
        let sections = sections(&call);
        let [summary, origin, parameters, call_errors, call_events] = &sections[..] else {
            panic!("the headings of {}", call.name);
        };
        assert!(explains(summary), "the summary of {}", call.name);
        assert!(explains(origin), "the origin of {}", call.name);
        // Parameters have no documentation of their own in the metadata: the call's lists them.
        let listed = entries(parameters);
        assert_eq!(listed.len(), call.fields.len(), "the parameters of {}", call.name);
        for (parameter, entry) in call.fields.iter().zip(&listed) {
            let name = parameter.name.as_ref().expect("parameters have names");
            let meaning = entry.strip_prefix(&format!("`{name}`: "));
            let is_explained = meaning.is_some_and(|meaning| meaning.split_whitespace().count() >= 2);
            assert!(is_explained, "the parameter {name} of {}", call.name);
        }
        returned.extend(check_list(&call.name, call_errors, "Error", &errors));
        check_list(&call.name, call_events, "Event", &events);
    }
    let never: Vec<&String> = errors.difference(&returned).collect();
    assert!(never.is_empty(), "no call names these errors: {never:#?}");
}

#[test]
fn every_event_is_explained() {
    let (pallet, types) = metadata();
    let events = variants(&types, pallet.event.expect("the pallet has events").ty.id);
    for event in events {
        assert!(explains(&event.docs), "the event {}", event.name);
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
