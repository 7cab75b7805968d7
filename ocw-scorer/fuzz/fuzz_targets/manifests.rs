//! Any bytes as `manifest.json`: refused with a sentence, or a rule whose scores are numbers from 0
//! to 1 that never fall as the logit rises.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ocw_scorer::{
    manifest::{Activation, Kind},
    Manifest,
};

fuzz_target!(|bytes: &[u8]| {
    match Manifest::parse(bytes) {
        Ok(manifest) => {
            assert!((8..=8192).contains(&manifest.max_length));
            assert!(manifest.files.keys().all(|name| !name.contains(['/', '\\']) && !name.starts_with('.')));
            if manifest.kind == Kind::BiEncoder {
                assert!(matches!(manifest.activation, Activation::Cosine | Activation::Identity));
            }
            let mut last = 0.0;
            for logit in [f32::NEG_INFINITY, -1e30, -5.0, -1.0, -0.2, 0.0, 0.3, 0.9, 1.0, 7.0, 1e30, f32::INFINITY] {
                let score = manifest.score(&[logit], 0);
                assert!(score.is_nan() || (0.0..=1.0).contains(&score), "{score} of {logit}");
                if !score.is_nan() {
                    assert!(score >= last, "{score} of {logit} is below {last}");
                    last = score;
                }
            }
        }
        Err(error) => assert!(error.to_string().contains("manifest.json")),
    }
});
