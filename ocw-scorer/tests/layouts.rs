//! Models as other people export them: every layout in `layouts/` loads unchanged and says what
//! ONNX Runtime says.
//!
//! The folders hold tiny networks of random weights, in exactly the form that the exporters write;
//! `layouts/make.py` made them, and `logits.jsonl` in each is what ONNX Runtime put out.

mod common;

use ocw_scorer::{LoadError, Manifest, Scorer};
use serde::Deserialize;
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

const LAYOUTS: &str = "tests/layouts";
/// How far from ONNX Runtime's a model's own output may be.
#[derive(Clone, Copy)]
enum Within {
    /// All of them, for graphs of 32-bit floats.
    Exactly,
    /// For 16-bit floats: ONNX Runtime and the standard's own evaluator differ by 0.012 on these
    /// graphs.
    Halves,
    /// For 8-bit integers: 9 of 10 exactly, the others by what rounding ties move: 0.025 between
    /// two ways of ONNX Runtime itself.
    Ties,
}

impl Within {
    /// (agreement wanted of the share, the share, agreement wanted of all)
    fn limits(self) -> (f32, f64, f32) {
        match self {
            Self::Exactly => (1e-4, 1.0, 1e-4),
            Self::Halves => (2e-2, 1.0, 2e-2),
            Self::Ties => (1e-4, 0.9, 1e-1),
        }
    }
}

#[derive(Deserialize)]
struct Line {
    prompt: String,
    answer: String,
    output: Vec<f32>,
}

/// A copy of a layout with a manifest, which is all that it lacks.
fn folder(layout: &str, change: impl FnOnce(&mut Value)) -> tempfile::TempDir {
    let (from, to) = (Path::new(LAYOUTS).join(layout), tempfile::tempdir().unwrap());
    let graph = [from.join("onnx/model.onnx"), from.join("model.onnx")].into_iter().find(|path| path.exists()).unwrap();
    let weights = graph.with_extension("onnx.data");
    let files: [(&str, PathBuf); 4] = [
        ("model.onnx", graph),
        ("model.onnx.data", weights),
        ("tokenizer.json", from.join("tokenizer.json")),
        ("config.json", from.join("config.json")),
    ];
    let mut manifest = json!({
        "format": ocw_scorer::manifest::FORMAT, "name": layout, "max_length": 256, "activation": "sigmoid",
        "calibration": [[0.0, 0.0], [1.0, 1.0]], "files": {}, "licence": "Apache-2.0", "origin": "ocw-scorer/tests/layouts/make.py"
    });
    for (name, path) in files.into_iter().filter(|(name, path)| *name != "model.onnx.data" || path.exists()) {
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        manifest["files"][name] = json!(hex::encode(Sha256::digest(&bytes)));
        fs::write(to.path().join(name), bytes).unwrap();
    }
    change(&mut manifest);
    Manifest::parse(manifest.to_string().as_bytes()).unwrap();
    fs::write(to.path().join("manifest.json"), manifest.to_string()).unwrap();
    to
}

/// Loads a layout and compares the output at `index` with ONNX Runtime's.
fn agrees(layout: &str, within: Within, index: usize, change: impl FnOnce(&mut Value)) {
    let judge = Scorer::load(folder(layout, change).path()).unwrap_or_else(|error| panic!("{layout}: {error}"));
    let lines = fs::read_to_string(Path::new(LAYOUTS).join(layout).join("logits.jsonl")).unwrap();
    let mut differences = Vec::new();
    for line in lines.lines() {
        let Line { prompt, answer, output } = serde_json::from_str(line).unwrap();
        let judgement = judge.judge(prompt.as_bytes(), answer.as_bytes()).unwrap();
        // What a guard settles and what needs several windows is not the model's alone.
        if let Some(found) = judgement.logit.filter(|_| judgement.windows == 1 && !judgement.truncated) {
            differences.push((found - output[index]).abs());
        }
    }
    let (close, share, all) = within.limits();
    let worst = differences.iter().copied().fold(0f32, f32::max);
    let agreeing = differences.iter().filter(|difference| **difference <= close).count();
    println!("{layout}: {agreeing} of {} pairs within {close}, largest difference {worst:.2e}", differences.len());
    assert!(differences.len() >= 50, "{layout}: only {} pairs", differences.len());
    assert!(agreeing as f64 >= share * differences.len() as f64 && worst <= all, "{layout}: {agreeing}, {worst}");
}

mod cross_encoder {
    use super::*;

    #[test]
    fn as_torch_exports_it() {
        agrees("bert-torchscript", Within::Exactly, 0, |_| ());
    }

    #[test]
    fn as_torch_exports_it_the_newer_way() {
        agrees("bert-dynamo", Within::Exactly, 0, |_| ());
    }

    #[test]
    fn as_optimum_exports_it() {
        agrees("bert-optimum", Within::Exactly, 0, |_| ());
    }

    #[test]
    fn in_halves_as_optimum_makes_them() {
        agrees("bert-fp16-optimum", Within::Halves, 0, |_| ());
    }

    #[test]
    fn in_halves_with_whole_inputs_and_outputs() {
        agrees("bert-fp16-converted", Within::Halves, 0, |_| ());
    }

    #[test]
    fn in_8_bits_as_onnx_runtime_makes_them() {
        agrees("bert-int8", Within::Ties, 0, |_| ());
    }

    #[test]
    fn in_8_bits_as_optimum_makes_them_for_vnni() {
        agrees("bert-int8-vnni", Within::Ties, 0, |_| ());
    }

    #[test]
    fn in_8_bits_as_optimum_makes_them_for_avx2() {
        agrees("bert-int8-avx2", Within::Ties, 0, |_| ());
    }

    #[test]
    fn with_byte_pairs_and_without_token_types() {
        agrees("roberta", Within::Exactly, 0, |_| ());
    }

    #[test]
    fn with_its_weights_in_another_file() {
        agrees("bert-dynamo-external", Within::Exactly, 0, |_| ());
    }

    #[test]
    fn whose_other_file_the_manifest_does_not_pin_is_refused_with_the_way_out() {
        let folder = folder("bert-dynamo-external", |manifest| {
            manifest["files"].as_object_mut().unwrap().remove("model.onnx.data");
        });
        let Err(LoadError::Model(why)) = Scorer::load(folder.path()) else { panic!("it was loaded") };
        assert!(["model.onnx.data", "in one file"].iter().all(|part| why.to_string().contains(part)), "{why}");
    }

    #[test]
    fn whose_other_file_is_cut_off_is_refused() {
        let cut = folder("bert-dynamo-external", |_| ());
        let path = cut.path().join("model.onnx.data");
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        let mut manifest: Value = serde_json::from_slice(&fs::read(cut.path().join("manifest.json")).unwrap()).unwrap();
        manifest["files"]["model.onnx.data"] = json!(hex::encode(Sha256::digest(&bytes[..bytes.len() / 2])));
        fs::write(cut.path().join("manifest.json"), manifest.to_string()).unwrap();
        let Err(LoadError::Model(why)) = Scorer::load(cut.path()) else { panic!("it was loaded") };
        assert!(why.to_string().contains("too short"), "{why}");
    }
}

mod labels {
    use super::*;

    #[test]
    fn the_manifest_chooses_the_one_that_judges() {
        for (index, label) in ["contradiction", "entailment", "neutral"].into_iter().enumerate() {
            agrees("bert-nli", Within::Exactly, index, |manifest| {
                (manifest["label"], manifest["activation"]) = (json!(label), json!("softmax"));
            });
        }
    }

    #[test]
    fn without_a_choice_it_is_refused_with_their_names() {
        let Err(error) = Scorer::load(folder("bert-nli", |_| ()).path()) else { panic!("it was loaded") };
        assert!(matches!(error, LoadError::Label(_)));
        assert!(error.to_string().contains("contradiction, entailment, neutral"), "{error}");
    }

    #[test]
    fn one_that_the_model_lacks_is_refused() {
        for layout in ["bert-nli", "bert-optimum"] {
            let folder = folder(layout, |manifest| manifest["label"] = json!("approval"));
            assert!(matches!(Scorer::load(folder.path()), Err(LoadError::Label(_))), "{layout}");
        }
    }
}

mod bi_encoder {
    use super::*;

    fn cosine(manifest: &mut Value) {
        (manifest["kind"], manifest["activation"]) = (json!("bi-encoder"), json!("cosine"));
    }

    #[test]
    fn with_a_vector_for_each_token() {
        agrees("bi-encoder", Within::Exactly, 0, cosine);
    }

    #[test]
    fn with_a_vector_for_the_text() {
        agrees("bi-encoder-pooled", Within::Exactly, 0, cosine);
    }
}
