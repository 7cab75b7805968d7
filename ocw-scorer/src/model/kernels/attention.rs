//! Attention as one operator, in place of the five that exporters write.

use super::{
    attention_avx512::{self, Inputs},
    linear::has_no_diagonal,
};
use tract_onnx::tract_core::{
    internal::*,
    ops::{
        binary::{BinMiniOp, TypedBinOp},
        einsum::EinSum,
        math::{Add, Mul},
        nn::{Softmax, SoftmaxKind},
    },
};

/// `softmax(scale · q · kᵀ + bias) · v` of `q`, `k` and `v` `[length, heads, width]` and a bias
/// with a number for each key, or for each head, query and key (the distances of MPNet).
#[derive(Clone, Debug, PartialEq)]
struct Attention {
    /// Exact as a float's bits are.
    scale: u32,
}

impl Eq for Attention {}

impl Op for Attention {
    fn name(&self) -> StaticName {
        "Attention".into()
    }

    op_as_typed_op!();
}

impl EvalOp for Attention {
    op_out_of_plan!();

    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        let [q, k, v, bias] = inputs.as_slice() else { bail!("attention takes four inputs") };
        let shape: TVec<usize> = q.shape().into();
        let &[length, heads, width] = shape.as_slice() else { bail!("attention over {shape:?}") };
        ensure!(
            k.shape() == &*shape
                && v.shape() == &*shape
                && (bias.len() == length || bias.len() == heads * length * length),
            "attention over tensors that do not belong together"
        );
        let [q, k, v, bias] = [q, k, v, bias].map(|tensor| tensor.try_as_plain_ram());
        let (q, k, v, bias) = (q?, k?, v?, bias?);
        let found = attention_avx512::attention(&Inputs {
            q: q.as_slice()?,
            k: k.as_slice()?,
            v: v.as_slice()?,
            bias: bias.as_slice()?,
            length,
            scale: f32::from_bits(self.scale),
            heads,
            width,
        });
        Ok(tvec!(tract_ndarray::ArrayD::from_shape_vec(&*shape, found)?.into_tensor().into_tvalue()))
    }
}

impl TypedOp for Attention {
    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        Ok(tvec!(f32::fact(inputs[0].shape.clone())))
    }

    as_op!();
}

/// Puts attention in the place of its parts, where they are found around a softmax.
pub fn rule(
    _: &(),
    model: &TypedModel,
    node: &TypedNode,
    name: &str,
    op: &Softmax,
) -> TractResult<Option<TypedModelPatch>> {
    let Some(found) = Parts::read(model, node, op)? else { return Ok(None) };
    let mut patch = TypedModelPatch::default();
    let inputs = patch.taps(model, &[found.q, found.k, found.v, found.bias])?;
    let wire = patch.wire_node(format!("{name}.attention"), Attention { scale: found.scale.to_bits() }, &inputs)?;
    patch.shunt_outside(model, found.replaced.into(), wire[0])?;
    Ok(Some(patch))
}

struct Parts {
    q: OutletId,
    k: OutletId,
    v: OutletId,
    bias: OutletId,
    scale: f32,
    /// The last of the operators.
    replaced: usize,
}

impl Parts {
    /// `q[m,b,k] · k[n,b,k] -> [a,b,m,n]`, times a constant, plus a bias, softmax over keys,
    /// `· v[n,b,d] -> [m,b,d]`.
    fn read(model: &TypedModel, node: &TypedNode, softmax: &Softmax) -> TractResult<Option<Self>> {
        let shape = &node.outputs[0].fact.shape;
        if shape.rank() != 4
            || !shape[0].is_one()
            || softmax.axes.as_slice() != [3]
            || softmax.quant_output_dt.is_some()
            || softmax.kind != SoftmaxKind::default()
        {
            return Ok(None);
        }
        // Of two of the whole shape, the one that is a product is what the other is added to.
        let mut found = None;
        for (scaled, bias) in summands(model, node.inputs[0])? {
            if let Some((product, scale)) = binary::<Mul>(model, scaled)? {
                found = Some((scaled, bias, product, scale));
                break;
            }
        }
        let Some((scaled, bias, product, scale)) = found else { return Ok(None) };
        let bias_fact = model.outlet_fact(bias)?;
        let is_row = bias_fact.shape.rank() == 4
            && bias_fact.shape[..3].iter().all(|dim| dim.is_one())
            && bias_fact.shape[3] == shape[3];
        if bias_fact.datum_type != f32::datum_type() || !(is_row || bias_fact.shape == *shape) {
            return Ok(None);
        }
        let Some(scale) = model
            .outlet_fact(scale)?
            .konst
            .as_ref()
            .filter(|scale| scale.len() == 1 && scale.datum_type() == f32::datum_type())
        else {
            return Ok(None);
        };
        let scale = scale.try_as_plain_ram()?.as_slice::<f32>()?[0];
        let product = model.node(product.node);
        let Some(([q, k, out], [q_outlet, k_outlet])) = einsum(product) else { return Ok(None) };
        let scores_fit = matches!((q.as_slice(), k.as_slice(), out.as_slice()), ([m, b, w], [n, b2, w2], [a, b3, m2, n2])
            if (b, w) == (b2, w2) && (b, m, n) == (b3, m2, n2) && ![m, b, w, n].contains(&a));
        let Some(next) = model.single_succ(node.id)? else { return Ok(None) };
        let Some(([p, v, out], [p_outlet, v_outlet])) = einsum(next) else { return Ok(None) };
        let values_fit = matches!((p.as_slice(), v.as_slice(), out.as_slice()), ([a, b, m, n], [n2, b2, d], [m2, b3, d2])
            if n == n2 && b == b2 && (m, b, d) == (m2, b3, d2) && ![b, m, n, d].contains(&a));
        let facts = [q_outlet, k_outlet, v_outlet].map(|outlet| model.outlet_fact(outlet));
        let [q_fact, k_fact, v_fact] = facts;
        let (q_fact, k_fact, v_fact) = (q_fact?, k_fact?, v_fact?);
        let alike = q_fact.shape == k_fact.shape
            && q_fact.shape == v_fact.shape
            && [q_fact, k_fact, v_fact].iter().all(|fact| fact.datum_type == f32::datum_type());
        let has_heads = q_fact.shape.get(1).is_some_and(|heads| heads.to_usize().is_ok_and(|heads| heads > 0));
        let width = q_fact.shape.last().and_then(|width| width.to_usize().ok());
        let only_used_here = [product.id, scaled.node, node.inputs[0].node]
            .iter()
            .all(|id| matches!(model.single_succ(*id), Ok(Some(_))));
        if !scores_fit
            || !values_fit
            || p_outlet.node != node.id
            || !alike
            || !only_used_here
            || !has_heads
            || !width.is_some_and(attention_avx512::takes)
        {
            return Ok(None);
        }
        Ok(Some(Self { q: q_outlet, k: k_outlet, v: v_outlet, bias, scale, replaced: next.id }))
    }
}

/// The two inputs of a sum of four axes, if it made the outlet, either way round: one of the whole
/// shape first.
fn summands(model: &TypedModel, outlet: OutletId) -> TractResult<Vec<(OutletId, OutletId)>> {
    let node = model.node(outlet.node);
    let &[a, b] = node.inputs.as_slice() else { return Ok(Vec::new()) };
    if !node.op_as::<TypedBinOp>().is_some_and(|op| op.0.is::<Add>()) {
        return Ok(Vec::new());
    }
    let whole = &node.outputs[0].fact.shape;
    let mut found = Vec::new();
    for (first, second) in [(a, b), (b, a)] {
        if model.outlet_fact(first)?.shape == *whole {
            found.push((first, second));
        }
    }
    Ok(found)
}

/// The two inputs of an operator of this kind, if it made the outlet: what it works on, and the one
/// that is added or multiplied, which is a constant or has fewer elements.
fn binary<O: BinMiniOp>(model: &TypedModel, outlet: OutletId) -> TractResult<Option<(OutletId, OutletId)>> {
    let node = model.node(outlet.node);
    if !node.op_as::<TypedBinOp>().is_some_and(|op| op.0.is::<O>()) {
        return Ok(None);
    }
    let &[a, b] = node.inputs.as_slice() else { return Ok(None) };
    let whole = &node.outputs[0].fact.shape;
    Ok(if model.outlet_fact(a)?.shape == *whole && model.outlet_fact(b)?.shape != *whole {
        Some((a, b))
    } else if model.outlet_fact(b)?.shape == *whole && model.outlet_fact(a)?.shape != *whole {
        Some((b, a))
    } else {
        None
    })
}

/// The axes of a product of two tensors: of both, and of the result.
fn einsum(node: &TypedNode) -> Option<([Vec<char>; 3], [OutletId; 2])> {
    let is_plain =
        |op: &&EinSum| op.q_params.is_none() && op.operating_dt == f32::datum_type() && op.axes.input_count() == 2;
    let op = node.op_as::<EinSum>().filter(is_plain).filter(|op| has_no_diagonal(op))?;
    let &[a, b] = node.inputs.as_slice() else { return None };
    let axes = |io: InOut| op.axes.axes(io).map(|axis| axis.repr).collect();
    Some(([axes(InOut::In(0)), axes(InOut::In(1)), axes(InOut::Out(0))], [a, b]))
}
