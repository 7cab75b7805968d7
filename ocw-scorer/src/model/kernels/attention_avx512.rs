//! Attention over one text, head by head, with 16 floats at a time (AVX-512).
//!
//! `softmax(scale · q · kᵀ + bias) · v`. The weights of a few queries stay in the first-level cache
//! between the two products, where the runtime writes all of them to memory and packs them anew.

// Unsafe code loads from and stores to slices whose bounds are checked just before, and calls
// functions whose instructions the processor was asked for.
#![allow(unsafe_code)]

use std::{arch::x86_64::*, cell::RefCell};

/// Floats in a vector.
const LANES: usize = 16;
/// Queries that are worked on together.
const QUERIES: usize = 4;
/// Vectors of keys that are worked on together: 16 sums.
const KEYS: usize = 4;
/// The widest head, in vectors.
const WIDEST: usize = 4;

/// What attention works on: three tensors `[length, heads, width]`, one after the other row by row,
/// and a number for each key.
pub struct Inputs<'a> {
    /// The queries.
    pub q: &'a [f32],
    /// The keys.
    pub k: &'a [f32],
    /// The values.
    pub v: &'a [f32],
    /// What is added to the weights before the softmax: a number for each key, or
    /// `[heads, length, length]`.
    pub bias: &'a [f32],
    /// How many tokens there are.
    pub length: usize,
    /// What the products of queries and keys are multiplied with.
    pub scale: f32,
    /// The number of heads.
    pub heads: usize,
    /// The numbers of a head: 16, 32, 48 or 64.
    pub width: usize,
}

#[derive(Default)]
struct Scratch {
    /// The keys of a head, the other way round: `[width, length]`, filled up to whole tiles.
    keys: Vec<f32>,
    /// The values of a head `[length, width]`.
    values: Vec<f32>,
    /// The bias of a head, one row for all queries or one for each, filled up with what leaves no
    /// weight.
    bias: Vec<f32>,
    /// The weights of a few queries.
    weights: Vec<f32>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Whether heads of this width can be computed.
pub fn takes(width: usize) -> bool {
    width.is_multiple_of(LANES) && (1..=WIDEST).contains(&(width / LANES))
}

/// The result `[length, heads, width]`.
///
/// # Panics
/// Without AVX-512, for a width that is not [taken](takes), and if the slices do not belong
/// together.
pub fn attention(inputs: &Inputs<'_>) -> Vec<f32> {
    let &Inputs { q, k, v, bias, length, heads, width, .. } = inputs;
    assert!(is_x86_feature_detected!("avx512f"), "the caller asks first");
    assert!(takes(width) && heads > 0 && q.len() == length * heads * width && k.len() == q.len() && v.len() == q.len());
    assert!(bias.len() == length || bias.len() == heads * length * length);
    let mut out = vec![0.0; q.len()];
    SCRATCH.with_borrow_mut(|scratch| {
        for head in 0..heads {
            // SAFETY: the processor has the instructions, as asserted above.
            unsafe {
                scratch.fill(inputs, head);
                match width / LANES {
                    1 => of_head::<1>(scratch, inputs, head, &mut out),
                    2 => of_head::<2>(scratch, inputs, head, &mut out),
                    3 => of_head::<3>(scratch, inputs, head, &mut out),
                    _ => of_head::<4>(scratch, inputs, head, &mut out),
                }
            }
        }
    });
    out
}

impl Scratch {
    #[target_feature(enable = "avx512f")]
    fn fill(&mut self, inputs: &Inputs<'_>, head: usize) {
        let (length, width) = (inputs.length, inputs.width);
        let wide = length.next_multiple_of(LANES * KEYS);
        self.keys.clear();
        self.keys.resize(width * wide, 0.0);
        self.values.clear();
        self.weights.resize(QUERIES * wide, 0.0);
        self.bias.clear();
        let bias = if inputs.bias.len() == length {
            inputs.bias
        } else {
            &inputs.bias[head * length * length..(head + 1) * length * length]
        };
        for row in bias.chunks_exact(length) {
            self.bias.extend_from_slice(row);
            self.bias.resize(self.bias.len() + wide - length, f32::NEG_INFINITY);
        }
        let row = inputs.heads * width;
        let of_head = head * width..(head + 1) * width;
        for (at, (key, value)) in inputs.k.chunks_exact(row).zip(inputs.v.chunks_exact(row)).enumerate() {
            for (place, number) in key[of_head.clone()].iter().enumerate() {
                self.keys[place * wide + at] = *number;
            }
            self.values.extend_from_slice(&value[of_head.clone()]);
        }
    }
}

/// One head whose width is `W` vectors.
#[target_feature(enable = "avx512f")]
fn of_head<const W: usize>(scratch: &mut Scratch, inputs: &Inputs<'_>, head: usize, out: &mut [f32]) {
    let length = inputs.length;
    for from in (0..length).step_by(QUERIES) {
        match length - from {
            1 => of_queries::<W, 1>(scratch, inputs, head, from, out),
            2 => of_queries::<W, 2>(scratch, inputs, head, from, out),
            3 => of_queries::<W, 3>(scratch, inputs, head, from, out),
            _ => of_queries::<W, QUERIES>(scratch, inputs, head, from, out),
        }
    }
}

/// `Q` queries of one head.
#[target_feature(enable = "avx512f")]
#[inline]
fn of_queries<const W: usize, const Q: usize>(
    scratch: &mut Scratch,
    inputs: &Inputs<'_>,
    head: usize,
    from: usize,
    out: &mut [f32],
) {
    let (width, row) = (W * LANES, inputs.heads * W * LANES);
    let length = inputs.length;
    let wide = length.next_multiple_of(LANES * KEYS);
    let bias_rows = scratch.bias.len() / wide;
    let place = |query: usize| (from + query) * row + head * width;
    let queries: [&[f32]; Q] = std::array::from_fn(|query| &inputs.q[place(query)..place(query) + width]);
    assert!(
        scratch.keys.len() == width * wide
            && scratch.weights.len() >= Q * wide
            && scratch.values.len() == length * width
    );
    assert!(scratch.bias.len() == bias_rows * wide && (bias_rows == 1 || bias_rows == length) && from + Q <= length);
    let scale = _mm512_set1_ps(inputs.scale);
    let mut most = [_mm512_set1_ps(f32::NEG_INFINITY); Q];
    for tile in (0..wide).step_by(LANES * KEYS) {
        let mut sums = [[_mm512_setzero_ps(); KEYS]; Q];
        for at in 0..width {
            // SAFETY: `keys` has `width` rows of `wide` numbers, and KEYS · 16 of them are read at
            // `tile`, which is a whole tile below `wide`.
            let keys: [__m512; KEYS] = unsafe { load(scratch.keys.as_ptr().add(at * wide + tile)) };
            for (sums, query) in sums.iter_mut().zip(&queries) {
                let number = _mm512_set1_ps(query[at]);
                for (sum, key) in sums.iter_mut().zip(&keys) {
                    *sum = _mm512_fmadd_ps(number, *key, *sum);
                }
            }
        }
        for (query, sums) in sums.iter().enumerate() {
            let row = if bias_rows == 1 { 0 } else { from + query };
            // SAFETY: `bias` has `bias_rows` rows of `wide` numbers, row < bias_rows, and KEYS · 16
            // are read at `tile` of it.
            let bias: [__m512; KEYS] = unsafe { load(scratch.bias.as_ptr().add(row * wide + tile)) };
            for (key, sum) in sums.iter().enumerate() {
                let weight = _mm512_fmadd_ps(*sum, scale, bias[key]);
                most[query] = _mm512_max_ps(most[query], weight);
                // SAFETY: `weights` has at least Q · wide numbers, and 16 are written at a place of
                // row `query` < Q below `wide`.
                unsafe {
                    _mm512_storeu_ps(scratch.weights.as_mut_ptr().add(query * wide + tile + key * LANES), weight)
                };
            }
        }
    }
    let mut shares = [0.0; Q];
    for (query, share) in shares.iter_mut().enumerate() {
        let most = _mm512_set1_ps(_mm512_reduce_max_ps(most[query]));
        let mut sum = _mm512_setzero_ps();
        for weights in scratch.weights[query * wide..(query + 1) * wide].chunks_exact_mut(LANES) {
            // SAFETY: the chunk has 16 numbers.
            let weight = exp(_mm512_sub_ps(unsafe { _mm512_loadu_ps(weights.as_ptr()) }, most));
            sum = _mm512_add_ps(sum, weight);
            // SAFETY: as above.
            unsafe { _mm512_storeu_ps(weights.as_mut_ptr(), weight) };
        }
        *share = 1.0 / _mm512_reduce_add_ps(sum);
    }
    let mut sums = [[_mm512_setzero_ps(); W]; Q];
    for key in 0..length {
        // SAFETY: `values` has `length` rows of W · 16 numbers, and key < length.
        let value: [__m512; W] = unsafe { load(scratch.values.as_ptr().add(key * width)) };
        for (query, sums) in sums.iter_mut().enumerate() {
            // SAFETY: `weights` has at least Q · wide numbers, query < Q and key < length <= wide.
            let weight = _mm512_set1_ps(unsafe { *scratch.weights.as_ptr().add(query * wide + key) });
            for (sum, value) in sums.iter_mut().zip(&value) {
                *sum = _mm512_fmadd_ps(weight, *value, *sum);
            }
        }
    }
    for (query, sums) in sums.iter().enumerate() {
        let out = &mut out[place(query)..place(query) + width];
        for (part, sum) in out.chunks_exact_mut(LANES).zip(sums) {
            // SAFETY: the chunk has 16 numbers.
            unsafe { _mm512_storeu_ps(part.as_mut_ptr(), _mm512_mul_ps(*sum, _mm512_set1_ps(shares[query]))) };
        }
    }
}

/// `N` vectors that lie one after the other.
///
/// # Safety
/// N · 16 numbers can be read at `from`.
#[target_feature(enable = "avx512f")]
unsafe fn load<const N: usize>(from: *const f32) -> [__m512; N] {
    let mut loaded = [_mm512_setzero_ps(); N];
    for (at, vector) in loaded.iter_mut().enumerate() {
        // SAFETY: as the caller promises.
        *vector = unsafe { _mm512_loadu_ps(from.add(at * LANES)) };
    }
    loaded
}

/// e^x for x <= 0 (or NaN), within two units of the last place: e^x = 2^n · e^r with |r| <= ln 2 /
/// 2, and e^r by its series.
#[target_feature(enable = "avx512f")]
fn exp(x: __m512) -> __m512 {
    let n = _mm512_roundscale_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(_mm512_mul_ps(
        x,
        _mm512_set1_ps(std::f32::consts::LOG2_E),
    ));
    // ln 2 in two parts, the first of few digits, so that n times it is exact.
    let r = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693_359_4), x);
    let r = _mm512_fnmadd_ps(n, _mm512_set1_ps(-2.121_944_4e-4), r);
    let mut sum = _mm512_set1_ps(1.0 / 5040.0);
    for term in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = _mm512_fmadd_ps(sum, r, _mm512_set1_ps(term));
    }
    // For minus infinity `r` is not a number; the weight is zero.
    let weight = _mm512_scalef_ps(sum, n);
    _mm512_mask_mov_ps(weight, _mm512_cmp_ps_mask::<_CMP_LT_OQ>(x, _mm512_set1_ps(-103.0)), _mm512_setzero_ps())
}

#[cfg(test)]
mod tests {
    use super::{super::numbers, *};

    fn exact(inputs: &Inputs<'_>) -> Vec<f64> {
        let &Inputs { q, k, v, bias, length, scale, heads, width } = inputs;
        let at = |tensor: &[f32], row: usize, head: usize, place: usize| {
            f64::from(tensor[(row * heads + head) * width + place])
        };
        let mut out = Vec::new();
        for query in 0..length {
            for head in 0..heads {
                let weight = |key: usize| {
                    let product: f64 =
                        (0..width).map(|place| at(q, query, head, place) * at(k, key, head, place)).sum();
                    let row = if bias.len() == length { 0 } else { head * length + query };
                    (product * f64::from(scale) + f64::from(bias[row * length + key])).exp()
                };
                let weights: Vec<f64> = (0..length).map(weight).collect();
                let total: f64 = weights.iter().sum();
                out.extend((0..width).map(|place| {
                    weights
                        .iter()
                        .enumerate()
                        .map(|(key, weight)| weight / total * at(v, key, head, place))
                        .sum::<f64>()
                }));
            }
        }
        out
    }

    #[test]
    fn agrees_with_the_formula() {
        if !is_x86_feature_detected!("avx512f") {
            return;
        }
        for (length, heads, width) in [(1, 1, 16), (2, 3, 32), (63, 2, 48), (131, 1, 64), (64, 12, 32)] {
            let wide = |count, seed| numbers(count, seed).into_iter().map(|x| 2.0 * x).collect::<Vec<_>>();
            let [q, k, v] = [1, 2, 3].map(|seed| wide(length * heads * width, seed));
            for rows in [1, heads * length] {
                let mut bias = wide(rows * length, 4);
                for row in bias.chunks_exact_mut(length) {
                    row[length / 2] = -1e4;
                    row[0] = 0.0;
                }
                let inputs = Inputs { q: &q, k: &k, v: &v, bias: &bias, length, scale: 0.3, heads, width };
                for (found, exact) in attention(&inputs).iter().zip(exact(&inputs)) {
                    assert!((f64::from(*found) - exact).abs() < 5e-6, "{length}x{heads}x{width}: {found} for {exact}");
                }
            }
        }
    }

    #[test]
    fn passes_on_what_is_not_a_number() {
        if !is_x86_feature_detected!("avx512f") {
            return;
        }
        let (mut q, k) = (vec![1.0; 3 * 16], vec![1.0; 3 * 16]);
        q[20] = f32::NAN;
        let inputs = Inputs { q: &q, k: &k, v: &k, bias: &[0.0; 3], length: 3, scale: 1.0, heads: 1, width: 16 };
        let found = attention(&inputs);
        assert!(found[16..32].iter().all(|x| x.is_nan()), "{found:?}");
    }

    #[test]
    fn exponentials_are_exact_to_the_last_places() {
        if !is_x86_feature_detected!("avx512f") {
            return;
        }
        for step in 0..8000_i16 {
            let x = -f32::from(step) / 100.0;
            // SAFETY: the processor has the instructions.
            let found = f64::from(unsafe { _mm512_cvtss_f32(exp(_mm512_set1_ps(x))) });
            assert!((found / f64::from(x).exp() - 1.0).abs() < 3e-7, "{x}");
        }
    }
}
