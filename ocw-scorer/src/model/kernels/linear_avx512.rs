//! Products of floats with 8-bit weights, by the instruction that multiplies bytes (AVX-512 VNNI).
//!
//! A row of activations becomes 24-bit whole numbers: `x = unit · (X − 2^23)`, with `X` cut into
//! three bytes. Each byte is multiplied with the weights and summed up exactly in 32 bits, so
//! nothing is lost but the rounding of the row to 24 bits: an error of at most
//! `max|x| · 2^-24 · Σ|w|`. Floats have 24 bits for each number, these for the largest of a row: a
//! number a thousand times smaller than it keeps 14. The rows of a network with layer norms lie
//! within that by far; parity with the reference is tested on the real model. Three byte products
//! take three quarters of the time of the float product at best, and a quarter of the memory.

// Unsafe code loads from and stores to slices whose bounds are checked just before, and calls
// functions whose instructions the processor was asked for.
#![allow(unsafe_code)]

use super::weights::{Weights, PANEL, STEP};
use std::{arch::x86_64::*, cell::RefCell};

/// Bytes that an activation is cut into.
const BYTES: usize = 3;
/// The largest 24-bit number of either sign.
const LARGEST: f32 = 8_388_607.0;
/// What makes it positive.
const OFFSET: i32 = 1 << 23;
/// Rows that are worked on together: their bytes stay in the second-level cache.
const BLOCK: usize = 128;
/// Rows and panels of one tile: 24 sums, as many as the registers hold beside what they are made
/// of.
const TILE_ROWS: usize = 4;
const TILE_PANELS: usize = 2;
/// Floats in a vector.
const LANES: usize = 16;

thread_local! {
    /// The bytes of a block of rows, kept from product to product.
    static ROWS: RefCell<Rows> = RefCell::default();
}

/// Whether this processor has the instructions.
pub fn is_available() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vnni")
}

/// `x · weights + bias` for rows of floats that lie one after the other. A row with a number that
/// is not finite gives NaN.
///
/// # Panics
/// Without the instructions ([`is_available`]), and if `x` is not made of whole rows.
pub fn product(x: &[f32], weights: &Weights) -> Vec<f32> {
    assert!(is_available(), "the caller asks first");
    assert_eq!(x.len() % weights.rows, 0, "rows are whole");
    let mut out = vec![0.0; x.len() / weights.rows * weights.columns];
    ROWS.with_borrow_mut(|rows| {
        for (x, out) in x.chunks(BLOCK * weights.rows).zip(out.chunks_mut(BLOCK * weights.columns)) {
            // SAFETY: the processor has the instructions, as asserted above.
            unsafe {
                rows.cut(x, weights.rows, weights.depth());
                block(rows, weights, out);
            }
        }
    });
    out
}

/// Activations as bytes.
#[derive(Default)]
struct Rows {
    /// For each row the first bytes of all its numbers, then the second, then the third; each
    /// filled up to whole steps.
    bytes: Vec<u8>,
    /// What one is worth, for each row.
    units: Vec<f32>,
}

impl Rows {
    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    fn cut(&mut self, x: &[f32], width: usize, depth: usize) {
        let count = x.len() / width;
        // What lies behind the end of a row meets weights of zero, so it may be anything.
        self.bytes.resize(count * BYTES * depth, 0);
        self.units.clear();
        for (row, planes) in x.chunks_exact(width).zip(self.bytes.chunks_exact_mut(BYTES * depth)) {
            self.units.push(cut_row(row, planes, depth));
        }
    }
}

/// The mask of the first `count` lanes, at most all.
fn first(count: usize) -> __mmask16 {
    if count >= LANES {
        !0
    } else {
        (1 << count) - 1
    }
}

/// Cuts one row into its planes; returns what one is worth, NaN if a number is not finite.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn cut_row(row: &[f32], planes: &mut [u8], depth: usize) -> f32 {
    assert!(planes.len() == BYTES * depth && row.len() <= depth);
    let load = |part: &[f32]| {
        // SAFETY: the mask leaves out what lies behind the end of `part`; masked lanes are not
        // read.
        unsafe { _mm512_maskz_loadu_ps(first(part.len()), part.as_ptr()) }
    };
    let mut most = _mm512_setzero_ps();
    let mut is_finite = true;
    let infinity = _mm512_set1_ps(f32::INFINITY);
    for part in row.chunks(LANES) {
        let size = _mm512_abs_ps(load(part));
        is_finite &= _mm512_cmp_ps_mask::<_CMP_LT_OQ>(size, infinity) == !0;
        most = _mm512_max_ps(most, size);
    }
    if !is_finite {
        return f32::NAN;
    }
    // Far below anything a network computes, and far above where a reciprocal overflows.
    let most = _mm512_reduce_max_ps(most).max(1e-30);
    let scale = _mm512_set1_ps(LARGEST / most);
    let (high, rest) = planes.split_at_mut(depth);
    let (middle, low) = rest.split_at_mut(depth);
    for (((part, high), middle), low) in
        row.chunks(LANES).zip(high.chunks_mut(LANES)).zip(middle.chunks_mut(LANES)).zip(low.chunks_mut(LANES))
    {
        let number = _mm512_cvtps_epi32(_mm512_mul_ps(load(part), scale));
        // Rounding the scale up may exceed the range by one.
        let number = _mm512_min_epi32(number, _mm512_set1_epi32(OFFSET - 1));
        let number = _mm512_add_epi32(_mm512_max_epi32(number, _mm512_set1_epi32(-OFFSET)), _mm512_set1_epi32(OFFSET));
        let mask = first(part.len());
        for (plane, byte) in
            [(high, _mm512_srli_epi32::<16>(number)), (middle, _mm512_srli_epi32::<8>(number)), (low, number)]
        {
            assert!(plane.len() >= part.len());
            // SAFETY: as many bytes are written as `part` has numbers, and the plane has as many,
            // as just asserted.
            unsafe { _mm512_mask_cvtepi32_storeu_epi8(plane.as_mut_ptr().cast(), mask, byte) };
        }
    }
    most / LARGEST
}

/// The products of a block of rows.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn block(rows: &Rows, weights: &Weights, out: &mut [f32]) {
    let (depth, panels) = (weights.depth(), weights.scales.len() / PANEL);
    let count = rows.units.len();
    for panel in (0..panels).step_by(TILE_PANELS) {
        let two = panel + TILE_PANELS <= panels;
        for row in (0..count).step_by(TILE_ROWS) {
            let place = Place { row, panel, depth };
            match (count - row, two) {
                (1, true) => tile::<1, 2>(rows, weights, out, place),
                (2, true) => tile::<2, 2>(rows, weights, out, place),
                (3, true) => tile::<3, 2>(rows, weights, out, place),
                (_, true) => tile::<4, 2>(rows, weights, out, place),
                (1, false) => tile::<1, 1>(rows, weights, out, place),
                (2, false) => tile::<2, 1>(rows, weights, out, place),
                (3, false) => tile::<3, 1>(rows, weights, out, place),
                (_, false) => tile::<4, 1>(rows, weights, out, place),
            }
        }
    }
}

/// Where a tile begins, and how many bytes each plane has.
#[derive(Clone, Copy)]
struct Place {
    row: usize,
    panel: usize,
    depth: usize,
}

/// The products of some rows with some panels.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
#[inline]
fn tile<const R: usize, const P: usize>(rows: &Rows, weights: &Weights, out: &mut [f32], at: Place) {
    let Place { row, panel, depth } = at;
    let panel_size = depth * PANEL;
    let bytes = &rows.bytes[row * BYTES * depth..(row + R) * BYTES * depth];
    let packed = &weights.packed[panel * panel_size..(panel + P) * panel_size];
    let mut sums = [[[_mm512_setzero_si512(); P]; BYTES]; R];
    for step in 0..depth / STEP {
        let mut columns = [_mm512_setzero_si512(); P];
        for (p, column) in columns.iter_mut().enumerate() {
            // SAFETY: `packed` has P panels of depth · 16 bytes, step < depth / 4, and 64 bytes are
            // read at 64 · step of panel p < P.
            *column = unsafe { _mm512_loadu_si512(packed.as_ptr().add(p * panel_size + step * PANEL * STEP).cast()) };
        }
        // Loops whose lengths are constants: unrolled, so that the sums stay in registers.
        // Flattened into one they are not, and take twice as long.
        for (r, sums) in sums.iter_mut().enumerate() {
            for (b, sums) in sums.iter_mut().enumerate() {
                let plane = r * BYTES + b;
                // SAFETY: `bytes` has R · 3 planes of `depth` bytes, and 4 bytes are read at 4 ·
                // step < depth of one of them.
                let four = unsafe { bytes.as_ptr().add(plane * depth + step * STEP).cast::<i32>().read_unaligned() };
                let four = _mm512_set1_epi32(four);
                for (sum, column) in sums.iter_mut().zip(&columns) {
                    *sum = _mm512_dpbusd_epi32(*sum, four, *column);
                }
            }
        }
    }
    let byte = _mm512_set1_ps(256.0);
    for p in 0..P {
        let from = (panel + p) * PANEL;
        let lanes = from..from + PANEL;
        let (offsets, scales, bias) =
            (&weights.offsets[lanes.clone()], &weights.scales[lanes.clone()], &weights.bias[lanes]);
        // SAFETY: each of the three slices has 16 numbers of 4 bytes.
        let (offset, scale, bias) = unsafe {
            (
                _mm512_loadu_si512(offsets.as_ptr().cast()),
                _mm512_loadu_ps(scales.as_ptr()),
                _mm512_loadu_ps(bias.as_ptr()),
            )
        };
        for (r, sums) in sums.iter().enumerate() {
            let [high, middle, low] = sums.map(|sums| sums[p]);
            let high = _mm512_cvtepi32_ps(_mm512_sub_epi32(high, offset));
            let upper = _mm512_add_ps(_mm512_mul_ps(high, byte), _mm512_cvtepi32_ps(middle));
            let whole = _mm512_add_ps(_mm512_mul_ps(upper, byte), _mm512_cvtepi32_ps(low));
            // One after the other: the product of the two could leave the range of floats where the
            // value does not.
            let unit = _mm512_set1_ps(rows.units[row + r]);
            let value = _mm512_add_ps(_mm512_mul_ps(_mm512_mul_ps(whole, scale), unit), bias);
            let line = &mut out[(row + r) * weights.columns..(row + r + 1) * weights.columns];
            let line = &mut line[from..weights.columns.min(from + PANEL)];
            // SAFETY: the mask leaves out what lies behind the end of `line`; masked lanes are not
            // written.
            unsafe { _mm512_mask_storeu_ps(line.as_mut_ptr(), first(line.len()), value) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::numbers, *};

    fn weights(rows: usize, columns: usize, bias: &[f32]) -> (Vec<f32>, Weights) {
        let mut matrix: Vec<f32> = numbers(rows * columns, 5).iter().map(|x| (x * 127.0).round() * 0.003).collect();
        // Every column has its largest weight.
        matrix[..columns].fill(127.0 * 0.003);
        let found = Weights::find(&matrix, rows, columns, Some(bias)).expect("8-bit weights");
        (matrix, found)
    }

    #[test]
    fn agree_with_exact_ones() {
        if !is_available() {
            return;
        }
        for (count, rows, columns) in [(1, 4, 16), (5, 384, 384), (131, 37, 50), (3, 1536, 17), (8, 1, 1)] {
            let bias = numbers(columns, 3);
            let (matrix, weights) = weights(rows, columns, &bias);
            let x = numbers(count * rows, 7);
            let found = product(&x, &weights);
            for r in 0..count {
                for c in 0..columns {
                    let terms = (0..rows).map(|k| f64::from(x[r * rows + k]) * f64::from(matrix[k * columns + c]));
                    let (exact, size) =
                        terms.fold((f64::from(bias[c]), 0.0), |(sum, size), t| (sum + t, size + t.abs()));
                    let error = (f64::from(found[r * columns + c]) - exact).abs();
                    assert!(
                        error <= 4e-7 * (size + 1.0),
                        "{count}x{rows}x{columns} at {r},{c}: off by {error:e} of {size}"
                    );
                }
            }
        }
    }

    #[test]
    fn keep_to_their_bound_beside_a_number_that_is_far_larger() {
        if !is_available() {
            return;
        }
        let (matrix, weights) = weights(384, 16, &[0.0; 16]);
        for large in [30.0, 1e3, 1e6] {
            let mut x = numbers(384, 9);
            x[17] = large;
            for (c, found) in product(&x, &weights).into_iter().enumerate() {
                let weight = |k: usize| f64::from(matrix[k * 16 + c]);
                let exact: f64 = (0..384).map(|k| f64::from(x[k]) * weight(k)).sum();
                let size: f64 = (0..384).map(|k| weight(k).abs()).sum();
                // Half a unit for each number, and the rounding of the result itself.
                let bound = f64::from(large) * size / f64::from(1 << 24) + exact.abs() * 3e-7;
                assert!((f64::from(found) - exact).abs() <= bound, "{large}: {found} for {exact}");
            }
        }
    }

    #[test]
    fn of_numbers_that_are_not_finite_are_none() {
        if !is_available() {
            return;
        }
        let (_, weights) = weights(8, 4, &[0.0; 4]);
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut x = vec![1.0; 24];
            x[11] = bad;
            let found = product(&x, &weights);
            assert!(found[4..8].iter().all(|value| value.is_nan()));
            assert!(found[..4].iter().chain(&found[8..]).all(|value| value.is_finite()));
        }
    }

    #[test]
    fn of_zeros_are_the_bias() {
        if !is_available() {
            return;
        }
        let (_, weights) = weights(8, 2, &[3.0, -4.0]);
        assert_eq!(product(&[0.0; 8], &weights), [3.0, -4.0]);
    }

    #[test]
    fn hold_at_the_ends_of_the_range() {
        if !is_available() {
            return;
        }
        let weights = Weights::find(&vec![127.0; 1 << 16], 1 << 16, 1, None).expect("8-bit weights");
        for value in [1.0_f32, -1.0, f32::MAX / 1e12] {
            let found = f64::from(product(&vec![value; 1 << 16], &weights)[0]);
            let exact = 127.0 * 65_536.0 * f64::from(value);
            assert!((found / exact - 1.0).abs() < 1e-6, "{found} for {exact}");
        }
    }
}
