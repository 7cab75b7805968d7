//! The cross-encoder itself, run by tract: from the token ids of a pair to a logit.
//!
//! One plan serves every length: the length stays a symbol, and each pair is run at its own length, without padding.
//! Measured on the 6-layer model in this repository, such a plan is as fast as plans built for fixed lengths (41 against
//! 47 ms for 128 tokens, 212 against 223 ms for 512, CPU time on a busy machine), and a pair of 140 tokens does not pay
//! for a bucket of 256. The weights are in memory once, and 8-bit weights are turned into floats once, when loading.

use crate::{tokens::Pair, LoadError};
use anyhow::{bail, Context};
use std::sync::Arc;
use tract_onnx::prelude::*;

/// What the graph can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Input {
    Ids,
    Mask,
    Types,
}

/// A loaded graph.
pub struct Model {
    plan: Arc<TypedRunnableModel>,
    /// What to feed, in the graph's order.
    inputs: Vec<Input>,
}

impl Model {
    /// Reads `model.onnx`, for pairs of at most `max_length` tokens.
    pub fn parse(onnx: &[u8], max_length: usize) -> Result<Self, LoadError> {
        let unusable = |error: TractError| LoadError::Model(format!("{error:#}"));
        // Read from memory, tract opens no other file that the graph might name.
        let mut graph = tract_onnx::onnx().model_for_read(&mut &*onnx).map_err(unusable)?;
        let inputs = inputs(&graph)?;
        select_logits(&mut graph)?;
        let length = graph.symbols.sym("length");
        for index in 0..inputs.len() {
            let shape: [TDim; 2] = [1.into(), length.clone().into()];
            graph.set_input_fact(index, i64::fact(shape).into()).map_err(unusable)?;
        }
        let plan = graph.into_optimized().and_then(IntoRunnable::into_runnable).map_err(unusable)?;
        let model = Self { plan, inputs };
        // Real runs now, so that a graph which cannot judge is refused when it is loaded.
        for length in [8, max_length] {
            let types = (0..length).map(|at| i64::from(at >= length / 2)).collect();
            let probe = Pair { ids: vec![0; length], types };
            model.logit(&probe).with_context(|| format!("it fails on {length} tokens")).map_err(unusable)?;
        }
        Ok(model)
    }

    /// What the model says of a pair; any float, NaN included.
    pub fn logit(&self, pair: &Pair) -> TractResult<f32> {
        let outputs = self.plan.run(self.tensors(pair)?)?;
        let logits = outputs.first().context("no output")?.cast_to::<f32>()?.into_owned();
        match logits.try_as_plain_ram()?.as_slice::<f32>()? {
            [logit] => Ok(*logit),
            other => bail!("its output has {} numbers, that of a judge has one", other.len()),
        }
    }

    fn tensors(&self, pair: &Pair) -> TractResult<TVec<TValue>> {
        let length = pair.ids.len();
        let tensor = |values: &[i64]| Ok(Tensor::from_shape(&[1, length], values)?.into());
        self.inputs
            .iter()
            .map(|input| match input {
                Input::Ids => tensor(&pair.ids),
                Input::Mask => tensor(&vec![1; length]),
                Input::Types => tensor(&pair.types),
            })
            .collect()
    }
}

/// What the graph asks for, in its order.
fn inputs(graph: &InferenceModel) -> Result<Vec<Input>, LoadError> {
    let inputs = graph
        .input_outlets()
        .map_err(|error| LoadError::Model(format!("{error:#}")))?
        .iter()
        .map(|outlet| match graph.node(outlet.node).name.as_str() {
            "input_ids" => Ok(Input::Ids),
            "attention_mask" => Ok(Input::Mask),
            "token_type_ids" => Ok(Input::Types),
            other => Err(LoadError::Model(format!("its input {other:?} is unknown"))),
        })
        .collect::<Result<Vec<_>, _>>()?;
    if !inputs.contains(&Input::Ids) {
        return Err(LoadError::Model("it has no input \"input_ids\"".into()));
    }
    Ok(inputs)
}

/// Keeps the output `logits`, or the only one there is.
fn select_logits(graph: &mut InferenceModel) -> Result<(), LoadError> {
    let unusable = |error: TractError| LoadError::Model(format!("{error:#}"));
    let outputs = graph.output_outlets().map_err(unusable)?.to_vec();
    let logits = match outputs.as_slice() {
        [only] => *only,
        _ => *outputs
            .iter()
            .find(|outlet| graph.outlet_label(**outlet) == Some("logits"))
            .ok_or_else(|| LoadError::Model(format!("none of its {} outputs is called \"logits\"", outputs.len())))?,
    };
    graph.select_output_outlets(&[logits]).map_err(unusable)
}
