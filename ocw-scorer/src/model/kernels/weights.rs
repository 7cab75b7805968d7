//! A matrix of 8-bit weights, found again in the floats that a runtime made of them, and laid out
//! for products.

/// Columns that are computed at once: as many 32-bit sums as a vector holds.
pub const PANEL: usize = 16;
/// Weights of one column that one instruction takes.
pub const STEP: usize = 4;
/// The most rows for which no sum of a column can overflow: 65,536 · 255 · 127 < 2^31.
const MOST_ROWS: usize = 1 << 16;

/// A matrix `[rows, columns]` of 8-bit weights with one scale and one bias per column.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Rows as the caller counts them.
    pub rows: usize,
    /// Columns as the caller counts them.
    pub columns: usize,
    /// The weights: for each panel of columns, for each step of rows, each column's weights of the
    /// step. Filled up with zeros.
    pub packed: Vec<i8>,
    /// What a weight of a column is worth, filled up with zeros.
    pub scales: Vec<f32>,
    /// 128 times the sum of a column's weights: what the offset of the activations adds to a
    /// product. Filled up with zeros.
    pub offsets: Vec<i32>,
    /// What is added to a column, filled up with zeros.
    pub bias: Vec<f32>,
}

impl Weights {
    /// Rows, filled up to whole steps.
    pub fn depth(&self) -> usize {
        self.rows.next_multiple_of(STEP)
    }

    /// Finds the 8-bit weights that a float matrix (row by row) was made of: in each column whole
    /// multiples, from -127 to 127, of one number. `None` if it was not made so, if the bias is not
    /// finite, or is too deep.
    pub fn find(matrix: &[f32], rows: usize, columns: usize, bias: Option<&[f32]>) -> Option<Self> {
        let shapes_fit = rows > 0 && columns > 0 && rows <= MOST_ROWS && matrix.len() == rows.checked_mul(columns)?;
        let bias_fits = bias.is_none_or(|bias| bias.len() == columns && bias.iter().all(|value| value.is_finite()));
        if !shapes_fit || !bias_fits {
            return None;
        }
        let (depth, wide) = (rows.next_multiple_of(STEP), columns.next_multiple_of(PANEL));
        let mut found = Self {
            rows,
            columns,
            packed: vec![0; depth * wide],
            scales: vec![0.0; wide],
            offsets: vec![0; wide],
            bias: vec![0.0; wide],
        };
        found.bias[..columns].copy_from_slice(bias.unwrap_or(&vec![0.0; columns]));
        // Row by row, as the matrix lies in memory: it is larger than a processor's caches.
        for row in matrix.chunks_exact(columns) {
            found.scales.iter_mut().zip(row).for_each(|(most, value)| *most = most.max(value.abs()));
        }
        found.scales.iter_mut().for_each(|scale| *scale /= 127.0);
        for (row, values) in matrix.chunks_exact(columns).enumerate() {
            let step = row / STEP * PANEL * STEP + row % STEP;
            for (column, (value, scale)) in values.iter().zip(&found.scales).enumerate() {
                let weight = if *scale > 0.0 { (value / scale).round() } else { *value };
                // The product of a weight and its scale was rounded once, and the scale found here
                // is off by as much.
                let is_made_of_it = (weight * scale - value).abs() <= 4.0 * f32::EPSILON * value.abs();
                if !is_made_of_it || weight.abs() > 127.0 {
                    return None;
                }
                let weight = weight as i8;
                found.packed[column / PANEL * depth * PANEL + step + column % PANEL * STEP] = weight;
                found.offsets[column] += 128 * i32::from(weight);
            }
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_found_in_the_floats_made_of_them() {
        let scales = [0.0123_f32, 3.7e-4];
        let weights = [[127, -3], [-128 + 1, 127], [5, 0]];
        let matrix: Vec<f32> =
            weights.iter().flat_map(|row| [row[0] as f32 * scales[0], row[1] as f32 * scales[1]]).collect();
        let found = Weights::find(&matrix, 3, 2, Some(&[1.0, 2.0])).expect("made of 8-bit weights");
        assert_eq!(found.packed[..4], [127, -127, 5, 0]);
        assert_eq!(found.packed[4..8], [-3, 127, 0, 0]);
        assert_eq!(found.offsets[..2], [128 * 5, 128 * 124]);
        assert_eq!((found.packed.len(), found.bias[..3].to_vec()), (64, vec![1.0, 2.0, 0.0]));
    }

    #[test]
    fn are_not_found_in_other_floats() {
        assert_eq!(Weights::find(&[1.0, 0.3333], 2, 1, None), None);
        assert_eq!(Weights::find(&[f32::NAN, 1.0], 2, 1, None), None);
        assert_eq!(Weights::find(&[f32::INFINITY, 1.0], 2, 1, None), None);
        assert_eq!(Weights::find(&[1.0, 1.0], 2, 1, Some(&[f32::NAN])), None);
    }

    #[test]
    fn must_fit_their_shape() {
        assert_eq!(Weights::find(&[1.0; 5], 2, 3, None), None);
        assert_eq!(Weights::find(&[], 0, 0, None), None);
        assert_eq!(Weights::find(&[1.0; 6], 2, 3, Some(&[0.0])), None);
    }

    #[test]
    fn may_be_nothing_but_zeros() {
        let found = Weights::find(&[0.0; 8], 4, 2, None).expect("zeros are 8-bit weights");
        assert_eq!(found.scales, vec![0.0; 16]);
    }
}
