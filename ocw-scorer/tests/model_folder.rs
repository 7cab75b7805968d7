//! What a model folder must be, and what the loader says of one that is not.

mod common;

use common::{copy_with, judge, model_folder};
use ocw_scorer::{manifest::FORMAT, LoadError, Scorer};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{fs, path::Path};

fn refused(folder: &Path) -> LoadError {
    match Scorer::load(folder) {
        Ok(_) => panic!("the folder was loaded"),
        Err(error) => error,
    }
}

/// Replaces a file and its hash in the manifest.
fn copy_with_file(name: &str, bytes: &[u8]) -> tempfile::TempDir {
    let folder = copy_with(|manifest| manifest["files"][name] = json!(hex::encode(Sha256::digest(bytes))));
    fs::write(folder.path().join(name), bytes).unwrap();
    folder
}

mod load {
    use super::*;

    #[test]
    fn names_the_model_by_the_hash_of_its_manifest() {
        let manifest = fs::read(model_folder().join("manifest.json")).unwrap();
        assert_eq!(judge().digest(), <[u8; 32]>::from(Sha256::digest(manifest)));
    }

    #[test]
    fn takes_the_same_folder_anywhere() {
        let folder = copy_with(|_| ());
        assert!(Scorer::load(folder.path()).is_ok());
    }

    #[test]
    fn refuses_a_missing_folder() {
        let error = refused(Path::new("no-such-folder"));
        assert!(matches!(error, LoadError::Read { .. }));
        assert!(error.to_string().contains("point --model at a folder"), "{error}");
    }

    #[test]
    fn refuses_a_missing_file() {
        let folder = copy_with(|_| ());
        fs::remove_file(folder.path().join("tokenizer.json")).unwrap();
        assert!(matches!(refused(folder.path()), LoadError::Read { path, .. } if path.ends_with("tokenizer.json")));
    }

    #[cfg(unix)]
    #[test]
    fn refuses_what_is_no_file_instead_of_waiting_for_it() {
        let folder = copy_with(|_| ());
        let path = folder.path().join("config.json");
        fs::remove_file(&path).unwrap();
        // Reading this one never ends.
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        let error = refused(folder.path());
        assert!(error.to_string().contains("config.json: it is no regular file"), "{error}");
    }

    #[test]
    fn refuses_a_file_that_was_changed() {
        let folder = copy_with(|_| ());
        fs::write(folder.path().join("config.json"), "{}").unwrap();
        let error = refused(folder.path());
        assert!(matches!(&error, LoadError::Hash { file, .. } if file == "config.json"));
        assert!(error.to_string().contains("copy the folder again"), "{error}");
    }

    #[test]
    fn refuses_a_manifest_that_does_not_pin_the_graph() {
        let folder = copy_with(|manifest| drop(manifest["files"].as_object_mut().unwrap().remove("model.onnx")));
        assert!(matches!(refused(folder.path()), LoadError::NotListed("model.onnx")));
    }

    #[test]
    fn refuses_a_format_from_the_future() {
        let folder = copy_with(|manifest| manifest["format"] = json!(FORMAT + 1));
        assert!(matches!(refused(folder.path()), LoadError::Format { found, known: FORMAT } if found == FORMAT + 1));
    }

    #[test]
    fn refuses_a_limit_beyond_what_the_model_was_built_for() {
        let folder = copy_with(|manifest| manifest["max_length"] = json!(4096));
        assert!(matches!(refused(folder.path()), LoadError::Config(why) if why.to_string().contains("4096")));
    }

    #[test]
    fn refuses_files_that_are_not_what_they_are_called() {
        let rubbish = b"\x08\x96\x01 this is neither a graph nor JSON \xff\xff";
        assert!(matches!(refused(copy_with_file("model.onnx", rubbish).path()), LoadError::Model(_)));
        assert!(matches!(refused(copy_with_file("model.onnx", b"").path()), LoadError::Model(_)));
        assert!(matches!(refused(copy_with_file("tokenizer.json", rubbish).path()), LoadError::Tokenizer(_)));
        assert!(matches!(refused(copy_with_file("config.json", rubbish).path()), LoadError::Config(_)));
    }

    #[test]
    fn refuses_a_graph_cut_short() {
        let graph = fs::read(model_folder().join("model.onnx")).unwrap();
        for length in [graph.len() / 2, graph.len() - 1] {
            let folder = copy_with_file("model.onnx", &graph[..length]);
            assert!(matches!(refused(folder.path()), LoadError::Model(_)), "{length}");
        }
    }

    #[test]
    fn refuses_weights_that_are_not_numbers() {
        let mut graph = fs::read(model_folder().join("model.onnx")).unwrap();
        let name = b"seen.bias";
        // A constant's name comes before its numbers, with a tag and their length in between.
        let at = (0..graph.len() - name.len()).rfind(|at| graph[*at..].starts_with(name)).unwrap();
        graph[at + name.len() + 10..][..16].fill(0xff);
        let error = refused(copy_with_file("model.onnx", &graph).path());
        assert!(matches!(&error, LoadError::Model(why) if why.to_string().contains("NaN")), "{error}");
    }

    #[test]
    fn refuses_the_tokenizer_of_another_vocabulary() {
        let mut tokenizer: serde_json::Value =
            serde_json::from_slice(&fs::read(model_folder().join("tokenizer.json")).unwrap()).unwrap();
        tokenizer["model"]["vocab"]["anotherlanguagesword"] = json!(119_546);
        let error = refused(copy_with_file("tokenizer.json", tokenizer.to_string().as_bytes()).path());
        let LoadError::Tokenizer(why) = &error else { panic!("{error}") };
        let why = why.to_string();
        assert!(why.contains("119546") && why.contains("another model's"), "{error}");
    }

    #[test]
    fn refuses_a_tokenizer_that_takes_marks_of_the_frame_out_of_a_text() {
        let mut tokenizer: serde_json::Value =
            serde_json::from_slice(&fs::read(model_folder().join("tokenizer.json")).unwrap()).unwrap();
        // Words are what stands between spaces, so "[SEP]" is one, and the vocabulary has it.
        tokenizer["pre_tokenizer"] = json!({ "type": "WhitespaceSplit" });
        tokenizer["normalizer"] = json!(null);
        let error = refused(copy_with_file("tokenizer.json", tokenizer.to_string().as_bytes()).path());
        let LoadError::Tokenizer(why) = &error else { panic!("{error}") };
        assert!(why.to_string().contains("could forge"), "{error}");
    }

    #[test]
    fn refuses_it_even_if_the_configuration_says_nothing() {
        let mut tokenizer: serde_json::Value =
            serde_json::from_slice(&fs::read(model_folder().join("tokenizer.json")).unwrap()).unwrap();
        tokenizer["model"]["vocab"]["anotherlanguagesword"] = json!(119_546);
        let folder = copy_with(|manifest| {
            manifest["files"]["tokenizer.json"] = json!(hex::encode(Sha256::digest(tokenizer.to_string())));
            manifest["files"]["config.json"] = json!(hex::encode(Sha256::digest("{}")));
        });
        fs::write(folder.path().join("tokenizer.json"), tokenizer.to_string()).unwrap();
        fs::write(folder.path().join("config.json"), "{}").unwrap();
        assert!(matches!(refused(folder.path()), LoadError::Tokenizer(_)));
    }
}
