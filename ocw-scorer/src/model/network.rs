//! The network itself, run by tract: from token ids to its numbers.
//!
//! One plan serves every length: the length stays a symbol, and each pair is run at its own length,
//! without padding. Measured on the 6-layer model in this repository, such a plan is as fast as
//! plans built for fixed lengths (41 against 47 ms for 128 tokens, 212 against 223 ms for 512, CPU
//! time on a busy machine), and a pair of 140 tokens does not pay for a bucket of 256. The weights
//! are in memory once, and 8-bit weights are turned into floats once, when loading.

use super::{graph, kernels};
use crate::{text::tokenizer::Pair, LoadError};
use anyhow::{ensure, Context};
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};
use tract_onnx::{prelude::*, tract_core::plan::eval};

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

/// What the numbers of a graph's output are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// One for each label: the output called `logits`.
    Logits,
    /// A vector for the text, or one for each of its tokens: the first output that is called as
    /// exporters call it.
    Embedding,
}

impl Output {
    /// The names under which exporters give it, most wanted first.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Logits => &["logits"],
            Self::Embedding => &["sentence_embedding", "last_hidden_state", "token_embeddings"],
        }
    }
}

impl Model {
    /// Reads `model.onnx`, for inputs of at most `max_length` tokens. `file` gives the bytes of a
    /// file that holds weights of the graph, by the name that the graph has for it.
    pub fn parse<'a>(
        onnx: &[u8],
        file: impl Fn(&str) -> Option<&'a [u8]>,
        output: Output,
        max_length: usize,
    ) -> Result<Self, LoadError> {
        let unusable = |error: TractError| LoadError::Model(error.into());
        let mut graph = graph::read(onnx, file)?;
        let inputs = inputs(&graph)?;
        select(&mut graph, output)?;
        let length = graph.symbols.sym("length");
        for index in 0..inputs.len() {
            let shape: [TDim; 2] = [1.into(), length.clone().into()];
            graph.set_input_fact(index, i64::fact(shape).into()).map_err(unusable)?;
        }
        let plan = plan(graph).map_err(unusable)?;
        let model = Self { plan, inputs };
        // Real runs now, so that a graph which cannot judge is refused when it is loaded.
        for length in [8, max_length] {
            let types = (0..length).map(|at| i64::from(at >= length / 2)).collect();
            let probe = Pair { ids: vec![0; length], types };
            let run = model.run(&probe).with_context(|| format!("it fails on {length} tokens"));
            run.and_then(|tensor| numbers(&tensor)).map_err(unusable)?;
        }
        Ok(model)
    }

    /// The logits of a pair, one for each label; any floats, NaN included.
    pub fn logits(&self, pair: &Pair) -> TractResult<Vec<f32>> {
        numbers(&self.run(pair)?)
    }

    /// The vector of a text, of length 1: the graph's own, or the mean of its tokens'.
    pub fn embedding(&self, text: &Pair) -> TractResult<Vec<f32>> {
        let tensor = self.run(text)?;
        let width = *tensor.shape().last().context("its output has no axes")?;
        let numbers = numbers(&tensor)?;
        ensure!(width > 0 && numbers.len() >= width, "its output is empty");
        let mut sum = vec![0f64; width];
        for token in numbers.chunks_exact(width) {
            sum.iter_mut().zip(token).for_each(|(sum, number)| *sum += f64::from(*number));
        }
        let norm = sum.iter().map(|number| number * number).sum::<f64>().sqrt();
        Ok(sum.into_iter().map(|number| (number / norm) as f32).collect())
    }

    /// The time that each kind of operator takes in one run.
    pub fn profile(&self, pair: &Pair) -> TractResult<BTreeMap<String, Duration>> {
        let mut times = BTreeMap::<String, Duration>::new();
        let mut state = self.plan.spawn()?;
        state.run_plan_with_eval(self.tensors(pair)?, |context, state, node, input| {
            let start = Instant::now();
            let output = eval(context, state, node, input)?;
            *times.entry(node.op.name().into_owned()).or_default() += start.elapsed();
            TractResult::Ok(output)
        })?;
        Ok(times)
    }

    fn run(&self, pair: &Pair) -> TractResult<Tensor> {
        let outputs = self.plan.run(self.tensors(pair)?)?;
        Ok(outputs.first().context("no output")?.cast_to::<f32>()?.into_owned())
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

/// The graph as it will be run.
fn plan(graph: InferenceModel) -> TractResult<Arc<TypedRunnableModel>> {
    let mut typed = graph.into_typed()?.into_decluttered()?;
    kernels::replace(&mut typed)?;
    typed.into_optimized()?.into_runnable()
}

/// What the graph asks for, in its order.
fn inputs(graph: &InferenceModel) -> Result<Vec<Input>, LoadError> {
    let inputs = graph
        .input_outlets()
        .map_err(|error| LoadError::Model(error.into()))?
        .iter()
        .map(|outlet| match graph.node(outlet.node).name.as_str() {
            "input_ids" => Ok(Input::Ids),
            "attention_mask" => Ok(Input::Mask),
            "token_type_ids" => Ok(Input::Types),
            other => Err(LoadError::Model(format!("its input {other:?} is unknown").into())),
        })
        .collect::<Result<Vec<_>, _>>()?;
    if !inputs.contains(&Input::Ids) {
        return Err(LoadError::Model("it has no input \"input_ids\"".into()));
    }
    Ok(inputs)
}

/// Keeps the output that is wanted, or the only one there is.
fn select(graph: &mut InferenceModel, output: Output) -> Result<(), LoadError> {
    let unusable = |error: TractError| LoadError::Model(error.into());
    let outlets = graph.output_outlets().map_err(unusable)?.to_vec();
    let called = |name: &str| outlets.iter().find(|outlet| graph.outlet_label(**outlet) == Some(name)).copied();
    let chosen = match outlets.as_slice() {
        [only] => *only,
        _ => output.names().iter().find_map(|name| called(name)).ok_or_else(|| {
            LoadError::Model(
                format!("none of its {} outputs is called {}", outlets.len(), output.names().join(" or ")).into(),
            )
        })?,
    };
    graph.select_output_outlets(&[chosen]).map_err(unusable)
}

fn numbers(tensor: &Tensor) -> TractResult<Vec<f32>> {
    Ok(tensor.try_as_plain_ram()?.as_slice::<f32>()?.to_vec())
}
