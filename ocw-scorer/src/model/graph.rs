//! From the bytes of `model.onnx` to a graph that tract reads: what exporters write, made plain.
//!
//! - Weights may lie in files of their own, if the manifest pins those as well.
//! - They must be numbers.
//! - 8-bit weights that `Cast` and `Mul` turn into floats become floats here: the runtime does so
//!   only for small ones.
//! - 16-bit floats become 32-bit ones: a CPU computes in those anyway, and so all machines compute
//!   alike.

use crate::LoadError;
use half::f16;
use std::collections::{HashMap, HashSet};
use tract_onnx::{
    pb::{
        attribute_proto::AttributeType, tensor_proto::DataType, type_proto::Value, GraphProto, ModelProto, NodeProto,
        TensorProto,
    },
    prelude::*,
};

const HALF: i32 = DataType::Float16 as i32;
const SINGLE: i32 = DataType::Float as i32;
const BYTE: i32 = DataType::Int8 as i32;
/// `TensorProto.DataLocation.EXTERNAL`.
const EXTERNAL: i32 = 1;

/// Reads a graph. `file` gives the bytes of another file of the model, by the name that the graph
/// has for it.
pub fn read<'a>(onnx: &[u8], file: impl Fn(&str) -> Option<&'a [u8]>) -> Result<InferenceModel, LoadError> {
    let unusable = |error: TractError| LoadError::Model(error.into());
    // Exporters, and quantizers above all, annotate the graph with shapes of the run they saw;
    // tract works them out by itself. Read from memory, tract opens no other file that the graph
    // might name.
    let onnx_framework = tract_onnx::onnx().with_ignore_value_info(true);
    let mut model: ModelProto = onnx_framework.proto_model_for_read(&mut &*onnx).map_err(unusable)?;
    if let Some(graph) = &mut model.graph {
        graph
            .initializer
            .iter_mut()
            .try_for_each(|tensor| bring(tensor, &file))
            .map_err(|why| LoadError::Model(why.into()))?;
        widen(graph).map_err(|why| LoadError::Model(why.into()))?;
        fold(graph);
        check(graph).map_err(|why| LoadError::Model(why.into()))?;
    }
    onnx_framework.model_for_proto_model(&model).map_err(unusable)
}

/// Brings a tensor's numbers from the file in which they lie.
fn bring<'a>(tensor: &mut TensorProto, file: &impl Fn(&str) -> Option<&'a [u8]>) -> Result<(), String> {
    if tensor.data_location != Some(EXTERNAL) {
        return Ok(());
    }
    let entries = std::mem::take(&mut tensor.external_data);
    let entry = |key: &str| entries.iter().find(|entry| entry.key == key).map(|entry| entry.value.as_str());
    let number = |key: &str| entry(key).map(str::parse::<usize>).transpose();
    let name = entry("location").unwrap_or_default();
    let Some(bytes) = file(name) else {
        return Err(format!(
            "its weights, {:?} for one, lie in the file {name:?}; put it into the folder and its sha256 into manifest.json, or \
             export the model in one file",
            tensor.name
        ));
    };
    let (Ok(offset), Ok(length)) = (number("offset"), number("length")) else {
        return Err(format!("the place of {:?} in {name:?} is no number; export the model again", tensor.name));
    };
    let from = offset.unwrap_or(0);
    let range = from..length.map_or(bytes.len(), |length| from.saturating_add(length));
    let Some(data) = bytes.get(range) else {
        return Err(format!("{name:?} is too short for {:?}; it may be another model's, or cut off", tensor.name));
    };
    tensor.raw_data = data.to_vec();
    tensor.data_location = None;
    Ok(())
}

/// Turns all 16-bit floats of a graph into 32-bit ones.
fn widen(graph: &mut GraphProto) -> Result<(), String> {
    graph.initializer.iter_mut().try_for_each(widen_tensor)?;
    for info in graph.input.iter_mut().chain(&mut graph.output) {
        if let Some(Value::TensorType(tensor)) = info.r#type.as_mut().and_then(|kind| kind.value.as_mut()) {
            if tensor.elem_type == HALF {
                tensor.elem_type = SINGLE;
            }
        }
    }
    for node in &mut graph.node {
        let is_cast = node.op_type == "Cast";
        for attribute in &mut node.attribute {
            attribute.t.as_mut().map_or(Ok(()), widen_tensor)?;
            attribute.g.as_mut().map_or(Ok(()), widen)?;
            if is_cast
                && attribute.name == "to"
                && attribute.r#type == AttributeType::Int as i32
                && attribute.i == i64::from(HALF)
            {
                attribute.i = i64::from(SINGLE);
            }
        }
    }
    Ok(())
}

/// Puts floats in the place of `Mul(Cast(bytes), scales)` where both are constants that nothing
/// else uses, and the scales are one number or one for each column.
fn fold(graph: &mut GraphProto) {
    let mut uses = HashMap::<String, usize>::new();
    let outputs = graph.output.iter().map(|output| &output.name);
    for name in graph.node.iter().flat_map(|node| &node.input).chain(outputs) {
        *uses.entry(name.clone()).or_default() += 1;
    }
    let is_used_once = |name: &str| uses.get(name) == Some(&1);
    let constants: HashMap<&str, &TensorProto> =
        graph.initializer.iter().map(|tensor| (tensor.name.as_str(), tensor)).collect();
    let casts: HashMap<&str, &NodeProto> = graph
        .node
        .iter()
        .filter(|node| node.op_type == "Cast" && node.input.len() == 1 && node.output.len() == 1)
        .filter(|node| node.attribute.iter().any(|a| a.name == "to" && a.i == i64::from(SINGLE)))
        .map(|node| (node.output[0].as_str(), node))
        .collect();
    let mut folded = Vec::new();
    for node in graph.node.iter().filter(|node| node.op_type == "Mul" && node.output.len() == 1) {
        let [a, b] = node.input.as_slice() else { continue };
        let found = [(a, b), (b, a)].into_iter().find_map(|(cast, scales)| {
            let cast = casts.get(cast.as_str()).filter(|_| is_used_once(cast))?;
            let bytes = constants.get(cast.input[0].as_str()).filter(|tensor| is_used_once(&tensor.name))?;
            let floats = floats(bytes, constants.get(scales.as_str()).filter(|tensor| is_used_once(&tensor.name))?)?;
            Some((floats, [cast.output[0].clone(), node.output[0].clone()], [bytes.name.clone(), scales.clone()]))
        });
        folded.extend(found.map(|(mut floats, nodes, tensors)| {
            floats.name = nodes[1].clone();
            (floats, nodes, tensors)
        }));
    }
    let gone: HashSet<&String> = folded.iter().flat_map(|(_, nodes, _)| nodes).collect();
    graph.node.retain(|node| !node.output.first().is_some_and(|output| gone.contains(output)));
    let gone: HashSet<&String> = folded.iter().flat_map(|(_, _, tensors)| tensors).collect();
    graph.initializer.retain(|tensor| !gone.contains(&tensor.name));
    graph.initializer.extend(folded.into_iter().map(|(floats, ..)| floats));
}

/// Bytes times the scales of their columns; `None` where they do not belong together.
fn floats(bytes: &TensorProto, scales: &TensorProto) -> Option<TensorProto> {
    let columns = usize::try_from(*bytes.dims.last()?).ok().filter(|columns| *columns > 0)?;
    let count = bytes.dims.iter().try_fold(1usize, |all, dim| all.checked_mul(usize::try_from(*dim).ok()?))?;
    let is_row = scales.dims.iter().rev().skip(1).all(|dim| *dim == 1) && scales.dims.len() <= bytes.dims.len();
    let numbers: Vec<f32> =
        scales.raw_data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    let fits = numbers.len() == columns || numbers.len() == 1;
    if bytes.data_type != BYTE || scales.data_type != SINGLE || bytes.raw_data.len() != count || !is_row || !fits {
        return None;
    }
    let scale = |place: usize| numbers[if numbers.len() == 1 { 0 } else { place % columns }];
    let values = bytes.raw_data.iter().enumerate().map(|(place, byte)| f32::from(*byte as i8) * scale(place));
    Some(TensorProto {
        dims: bytes.dims.clone(),
        data_type: SINGLE,
        raw_data: values.flat_map(f32::to_le_bytes).collect(),
        ..TensorProto::default()
    })
}

/// Refuses weights that are not numbers. Infinities may stand in masks.
fn check(graph: &GraphProto) -> Result<(), String> {
    for tensor in graph.initializer.iter().filter(|tensor| tensor.data_type == SINGLE) {
        let raw =
            tensor.raw_data.chunks_exact(4).map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
        if let Some(place) = raw.chain(tensor.float_data.iter().copied()).position(f32::is_nan) {
            return Err(format!("its weights {:?} hold NaN at place {place}; export it again", tensor.name));
        }
    }
    Ok(())
}

fn widen_tensor(tensor: &mut TensorProto) -> Result<(), String> {
    if tensor.data_type != HALF {
        return Ok(());
    }
    tensor.data_type = SINGLE;
    // Bits of halves are in 16-bit words, either packed or one in each 32-bit number.
    if !tensor.raw_data.len().is_multiple_of(2) {
        return Err(format!("the tensor {:?} has half a number at its end", tensor.name));
    }
    let words = tensor.raw_data.chunks_exact(2).map(|word| u16::from_le_bytes([word[0], word[1]]));
    let numbers =
        words.chain(tensor.int32_data.drain(..).map(|word| word as u16)).map(|bits| f16::from_bits(bits).to_f32());
    tensor.raw_data = numbers.flat_map(f32::to_le_bytes).collect();
    Ok(())
}
