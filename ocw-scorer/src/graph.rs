//! From the bytes of `model.onnx` to a graph that tract reads: what exporters write, made plain.
//!
//! - Weights must lie in the file itself.
//! - They must be numbers.
//! - 16-bit floats become 32-bit ones: a CPU computes in those anyway, and so all machines compute alike.

use crate::LoadError;
use half::f16;
use tract_onnx::{
    pb::{
        attribute_proto::AttributeType, tensor_proto::DataType, type_proto::Value, GraphProto, ModelProto, TensorProto,
    },
    prelude::*,
};

const HALF: i32 = DataType::Float16 as i32;
const SINGLE: i32 = DataType::Float as i32;
/// `TensorProto.DataLocation.EXTERNAL`.
const EXTERNAL: i32 = 1;

/// Reads a graph.
pub fn read(onnx: &[u8]) -> Result<InferenceModel, LoadError> {
    let unusable = |error: TractError| LoadError::Model(format!("{error:#}"));
    // Exporters, and quantizers above all, annotate the graph with shapes of the run they saw; tract works them out by
    // itself. Read from memory, tract opens no other file that the graph might name.
    let onnx_framework = tract_onnx::onnx().with_ignore_value_info(true);
    let mut model: ModelProto = onnx_framework.proto_model_for_read(&mut &*onnx).map_err(unusable)?;
    if let Some(graph) = &mut model.graph {
        if let Some(tensor) = graph.initializer.iter().find(|tensor| tensor.data_location == Some(EXTERNAL)) {
            return Err(LoadError::Model(format!(
                "its weights, {:?} for one, lie in another file; export it in one file",
                tensor.name
            )));
        }
        widen(graph).map_err(LoadError::Model)?;
        check(graph).map_err(LoadError::Model)?;
    }
    onnx_framework.model_for_proto_model(&model).map_err(unusable)
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
