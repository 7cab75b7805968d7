//! Matrix products with 8-bit weights, in place of the runtime's float products.
//!
//! The weights of a judge are 8-bit numbers with a scale for each column (`models/train/graph.py`).
//! The runtime turns them into floats when it loads them; this finds the bytes again and computes
//! with those: nearly as exact as floats, see `linear_avx512.rs` for the bound, in less time and
//! memory.

use super::{linear_avx512, weights::Weights};
use std::sync::Arc;
use tract_onnx::{
    prelude::*,
    tract_core::{
        internal::*,
        ops::{binary::TypedBinOp, einsum::EinSum, math::Add},
    },
};

/// `x · weights + bias` over the last axes of `x`, which become one.
#[derive(Clone, Debug, PartialEq)]
struct ByteProduct {
    weights: Arc<Weights>,
    /// How many of the last axes of `x` the weights' rows are.
    axes: usize,
}

// The weights and the bias are finite, or they would not have been found.
impl Eq for ByteProduct {}

impl Op for ByteProduct {
    fn name(&self) -> StaticName {
        "ByteProduct".into()
    }

    fn info(&self) -> TractResult<Vec<String>> {
        Ok(vec![format!("{} x {}", self.weights.rows, self.weights.columns)])
    }

    op_as_typed_op!();
}

impl EvalOp for ByteProduct {
    op_out_of_plan!();

    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let input = args_1!(inputs);
        let mut shape: TVec<usize> = input.shape().into();
        shape.truncate(shape.len() - self.axes);
        shape.push(self.weights.columns);
        let found = linear_avx512::product(input.try_as_plain_ram()?.as_slice::<f32>()?, &self.weights);
        Ok(tvec!(tract_ndarray::ArrayD::from_shape_vec(&*shape, found)?.into_tensor().into_tvalue()))
    }
}

impl TypedOp for ByteProduct {
    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        let mut shape = inputs[0].shape.to_tvec();
        shape.truncate(shape.len() - self.axes);
        shape.push(self.weights.columns.to_dim());
        Ok(tvec!(f32::fact(shape)))
    }

    as_op!();
}

/// Puts a byte product in the place of a float product, and of what is added to it, where that is
/// possible.
pub fn rule(
    _: &(),
    model: &TypedModel,
    node: &TypedNode,
    name: &str,
    op: &EinSum,
) -> TractResult<Option<TypedModelPatch>> {
    let Some(product) = Product::read(model, node, op)? else { return Ok(None) };
    let bias = added(model, node, product.columns)?;
    let Some(weights) =
        Weights::find(product.matrix()?, product.rows, product.columns, bias.as_ref().map(|(bias, _)| bias.as_slice()))
    else {
        return Ok(None);
    };
    let mut patch = TypedModelPatch::default();
    let x = patch.tap_model(model, node.inputs[0])?;
    let new = ByteProduct { weights: Arc::new(weights), axes: product.contracted };
    let mut wire = patch.wire_node(format!("{name}.bytes"), new, &[x])?;
    for (number, change) in product.changes.into_iter().enumerate() {
        wire = patch.wire_node(format!("{name}.bytes.{number}"), change, &wire)?;
    }
    let replaced = bias.map_or(node.id, |(_, node)| node);
    patch.shunt_outside(model, replaced.into(), wire[0])?;
    Ok(Some(patch))
}

/// A product of a tensor with a constant matrix.
struct Product {
    constant: Arc<Tensor>,
    rows: usize,
    columns: usize,
    /// How many of the tensor's last axes are summed over.
    contracted: usize,
    /// What is to be done to the axes of the result.
    changes: Vec<AxisOp>,
}

impl Product {
    /// Reads the node as such a product, if it is one: `x[.., k..] · w[k.., n] -> [.., n]`, up to
    /// axes of length 1.
    fn read(model: &TypedModel, node: &TypedNode, op: &EinSum) -> TractResult<Option<Self>> {
        let &[x, w] = node.inputs.as_slice() else { return Ok(None) };
        let (x, w) = (model.outlet_fact(x)?, model.outlet_fact(w)?);
        let Some(constant) = w.konst.as_ref().filter(|_| {
            op.q_params.is_none()
                && [op.operating_dt, x.datum_type, w.datum_type].iter().all(|kind| *kind == f32::datum_type())
                && w.is_plain()
                && has_no_diagonal(op)
        }) else {
            return Ok(None);
        };
        let axes = |io: InOut| op.axes.axes(io).map(|axis| axis.repr).collect::<Vec<_>>();
        let (x_axes, w_axes, out_axes) = (axes(InOut::In(0)), axes(InOut::In(1)), axes(InOut::Out(0)));
        let length = |axis: &char| {
            x_axes
                .iter()
                .position(|a| a == axis)
                .map_or(w.shape.iter().zip(&w_axes).find(|(_, a)| *a == axis).map(|(dim, _)| dim.clone()), |at| {
                    Some(x.shape[at].clone())
                })
        };
        let is_one = |axis: &char| length(axis).is_none_or(|dim| dim.is_one());
        // The last axes of `x` are summed over, in the order of the weights' first ones.
        let contracted =
            x_axes.iter().rev().take_while(|axis| w_axes.contains(axis) && !out_axes.contains(axis)).count();
        let kept = &x_axes[..x_axes.len() - contracted];
        let inner: Vec<_> = w_axes.iter().filter(|axis| x_axes.contains(axis)).copied().collect();
        let outer: Vec<_> = w_axes.iter().filter(|axis| !x_axes.contains(axis)).copied().collect();
        let mut depths = x.shape[kept.len()..].iter().zip(constant.shape());
        let fits = contracted > 0
            // An axis of length 1 would have to be spread over the weights' rows.
            && depths.all(|(dim, rows)| *dim == rows.to_dim())
            && inner == x_axes[kept.len()..]
            && w_axes.len() == inner.len() + 1
            && w_axes[..inner.len()] == inner
            && out_axes.last() == outer.last()
            && kept.iter().all(|axis| out_axes.contains(axis) || is_one(axis))
            && out_axes[..out_axes.len() - 1].iter().all(|axis| kept.contains(axis) || is_one(axis))
            // What is kept is kept in its order.
            && kept.iter().filter(|axis| out_axes.contains(axis)).eq(out_axes.iter().filter(|axis| kept.contains(axis)));
        if !fits {
            return Ok(None);
        }
        let columns = constant.shape().last().copied().unwrap_or_default();
        let rows = constant.shape()[..inner.len()].iter().product();
        let mut changes = Vec::new();
        for (at, _) in kept.iter().enumerate().rev().filter(|(_, axis)| !out_axes.contains(axis)) {
            changes.push(AxisOp::Rm(at));
        }
        for (at, _) in out_axes[..out_axes.len() - 1].iter().enumerate().filter(|(_, axis)| !kept.contains(axis)) {
            changes.push(AxisOp::Add(at));
        }
        Ok(Some(Self { constant: constant.clone(), rows, columns, contracted, changes }))
    }

    /// The matrix, row by row.
    fn matrix(&self) -> TractResult<&[f32]> {
        self.constant.try_as_plain_ram()?.as_slice::<f32>()
    }
}

/// Whether no axis stands twice in one tensor.
pub fn has_no_diagonal(op: &EinSum) -> bool {
    op.axes.iter_all_axes().all(|axis| axis.inputs.iter().chain(&axis.outputs).all(|places| places.len() <= 1))
}

/// What the only successor of a node adds to each column, and that successor.
fn added(model: &TypedModel, node: &TypedNode, columns: usize) -> TractResult<Option<(Vec<f32>, usize)>> {
    let Some(next) = model.single_succ(node.id)? else { return Ok(None) };
    if !next.op_as::<TypedBinOp>().is_some_and(|op| op.0.is::<Add>()) {
        return Ok(None);
    }
    let Some(other) = next.inputs.iter().find(|input| input.node != node.id) else { return Ok(None) };
    let Some(constant) = &model.outlet_fact(*other)?.konst else { return Ok(None) };
    let is_a_row = constant.datum_type() == f32::datum_type()
        && constant.shape().last() == Some(&columns)
        && constant.len() == columns;
    // An addition that widens the result is not one to its columns alone.
    if !is_a_row || next.outputs[0].fact.shape != node.outputs[0].fact.shape {
        return Ok(None);
    }
    Ok(Some((constant.try_as_plain_ram()?.as_slice::<f32>()?.to_vec(), next.id)))
}
