//! The time of one run of the model, on request: each line on standard input is a number of tokens,
//! each line on standard output the nanoseconds of one run. So that `models/bench/speed.py` can
//! take turns with another runtime, on one core and in one session; a time measured alone says
//! little on a machine that has other things to do.
//!
//! Usage: model MODEL_ONNX < lengths

use ocw_scorer::internal::{Model, Output, Pair};
use std::{
    io::{BufRead, Write},
    time::Instant,
};

/// The file that holds a part of a large model's weights.
const WEIGHTS: &str = "model.onnx_data";
/// The longest pair that is timed, in tokens.
const LONGEST: usize = 512;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The flags that `cargo bench` adds mean nothing here; without a model there is nothing to
    // time.
    let Some(path) = std::env::args().skip(1).find(|argument| !argument.starts_with('-')) else { return Ok(()) };
    let weights = std::fs::read(std::path::Path::new(&path).with_file_name(WEIGHTS)).unwrap_or_default();
    let file = |name: &str| (name == WEIGHTS).then_some(weights.as_slice());
    let model = Model::parse(&std::fs::read(path)?, file, Output::Logits, LONGEST)?;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let length: usize = line?.trim().parse()?;
        // Any ids do: what a run costs does not depend on them.
        let ids = (0..length as i64).map(|index| 1_000 + index * 37 % 20_000).collect();
        let types = (0..length).map(|index| i64::from(index >= length / 2)).collect();
        let pair = Pair { ids, types };
        let start = Instant::now();
        model.logits(&pair)?;
        writeln!(out, "{}", start.elapsed().as_nanos())?;
        out.flush()?;
    }
    Ok(())
}
