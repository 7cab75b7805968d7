"""Writes a judge's network as an ONNX graph with 8-bit weights.

Matrices are stored as int8 with one scale per output channel and turned back to fp32 by Cast and
Mul, which every runtime folds when it loads the model: the disk holds a quarter, the arithmetic
stays fp32. Rows of the word table are turned back after the look-up instead, so that the table
stays small in memory as well.
"""

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, checker, helper, numpy_helper
from onnx.external_data_helper import set_external_data

from . import backbone, network

OPSET = 17
POSITIONS = 512
#: The file beside the graph that holds the word table of a large model: no file of a repository is
#: above 95 MB.
WEIGHTS = "model.onnx_data"


def quantise(matrix: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """int8 values and fp32 scales of a matrix [rows, columns], symmetric. There is one scale for
    each slice along the axis that is not `axis`.
    """
    scale = np.maximum(np.abs(matrix).max(axis=axis, keepdims=True), 1e-12) / 127.0
    return np.clip(np.round(matrix / scale), -127, 127).astype(np.int8), scale.astype(np.float32)


class Graph:
    """The nodes and constants so far."""

    def __init__(self, judge: network.Judge, eight_bit: bool) -> None:
        self.p = {
            name: tensor.detach().float().numpy() for name, tensor in judge.state_dict().items()
        }
        self.sizes, self.eight_bit = judge.sizes, eight_bit
        self.nodes, self.constants = [], []

    def op(self, kind: str, inputs: list[str], name: str, **attributes: Any) -> str:
        """Adds a node with one output; returns the output's name."""
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def const(self, name: str, array: np.ndarray) -> str:
        """Adds a constant; returns its name."""
        self.constants.append(numpy_helper.from_array(np.asarray(array, order="C"), name))
        return name

    def axis(self, number: int) -> str:
        """An axis as a constant, made once."""
        name = f"axis.{number}"
        if all(known.name != name for known in self.constants):
            self.const(name, np.array([number], np.int64))
        return name

    def matrix(self, name: str, array: np.ndarray) -> str:
        """A constant matrix [in, out], stored in 8 bits where that is asked for."""
        if not self.eight_bit:
            return self.const(name, array)
        values, scale = quantise(array, axis=0)
        as_float = self.op(
            "Cast", [self.const(name + ".int8", values)], name + ".float", to=TensorProto.FLOAT
        )
        return self.op("Mul", [as_float, self.const(name + ".scale", scale)], name)

    def linear(self, source: str, x: str) -> str:
        """A linear layer of the network applied to `x` [..., in]; the name of [..., out]."""
        product = self.op(
            "MatMul",
            [x, self.matrix(source + ".weight", self.p[source + ".weight"].T)],
            source + ".product",
        )
        return self.op(
            "Add",
            [product, self.const(source + ".bias", self.p[source + ".bias"])],
            source + ".sum",
        )

    def norm(self, source: str, x: str) -> str:
        """A layer norm of the network applied to the last axis of `x`; the shape stays."""
        gain, bias = (
            self.const(source + ".gain", self.p[source + ".weight"]),
            self.const(source + ".shift", self.p[source + ".bias"]),
        )
        return self.op(
            "LayerNormalization",
            [x, gain, bias],
            source + ".norm",
            axis=-1,
            epsilon=self.sizes.epsilon,
        )


def _embeddings(g):
    if g.eight_bit:
        values, scale = quantise(g.p["word.weight"], axis=1)
        rows = g.op("Gather", [g.const("word.int8", values), "input_ids"], "word.rows", axis=0)
        scales = g.op("Gather", [g.const("word.scale", scale), "input_ids"], "word.scales", axis=0)
        word = g.op(
            "Mul", [g.op("Cast", [rows], "word.float", to=TensorProto.FLOAT), scales], "word"
        )
    else:
        word = g.op(
            "Gather", [g.const("word.weight", g.p["word.weight"]), "input_ids"], "word", axis=0
        )
    shape = g.op("Shape", ["input_ids"], "shape")
    length = g.op("Gather", [shape, g.axis(1)], "length", axis=0)
    places = g.op(
        "Slice",
        [
            g.const("places", np.arange(POSITIONS, dtype=np.int64)[None]),
            g.const("from", np.array([0], np.int64)),
            length,
            g.axis(1),
        ],
        "position_ids",
    )
    first = g.sizes.first_position
    table = g.p["position.weight"][first : first + POSITIONS]
    position = g.op("Gather", [g.matrix("position.weight", table), places], "position", axis=0)
    if g.sizes.has_types:
        side = g.op(
            "Gather", [g.const("side.weight", g.p["side.weight"]), "token_type_ids"], "side", axis=0
        )
        word = g.op("Add", [word, side], "word_and_side")
    return g.norm("embedded", g.op("Add", [word, position], "embedded.sum"))


def _attention_bias(g, absent):
    """What is added to attention: [1, 1, 1, length], with distances [1, heads, length, length]."""
    bias = g.op("Unsqueeze", [absent, g.const("middle", np.array([1, 2], np.int64))], "absent.row")
    if not g.sizes.has_distances:
        return bias
    buckets = backbone.distance_buckets(POSITIONS).numpy()
    # Heads first: a transposition behind the look-up would be moved through the whole of attention
    # by runtimes that move such things.
    table = g.const("distance.table", g.p["distance.weight"][buckets].T)
    place = g.op("Squeeze", ["position_ids", g.axis(0)], "place")
    to, of = (
        g.op("Unsqueeze", [place, g.axis(0)], "place.key"),
        g.op("Unsqueeze", [place, g.axis(1)], "place.query"),
    )
    apart = g.op(
        "Add",
        [
            g.op("Sub", [to, of], "apart"),
            g.const("apart.middle", np.array(POSITIONS - 1, np.int64)),
        ],
        "apart.row",
    )
    distance = g.op("Gather", [table, apart], "distance.heads", axis=1)
    return g.op(
        "Add", [g.op("Unsqueeze", [distance, g.axis(0)], "distance"), bias], "attention.bias"
    )


def _outer(g, a, b, kind, name):
    """`kind` between every place of `a` and every place of `b`: [batch, sequence, sequence]."""
    return g.op(
        kind,
        [
            g.op("Unsqueeze", [a, g.axis(2)], name + ".rows"),
            g.op("Unsqueeze", [b, g.axis(1)], name + ".columns"),
        ],
        name,
    )


def _marks(g):
    """`Judge.shared` and the answer's side as a graph: [batch, sequence, 3]."""
    ids = "input_ids"
    first = g.const("first_word", np.array(g.sizes.first_word, np.int64))
    special = g.op(
        "Cast", [g.op("Less", [ids, first], "special")], "special.float", to=TensorProto.FLOAT
    )
    text = g.op("Sub", ["one", special], "is_text")
    across = g.op(
        "Add",
        [
            _outer(g, "answer_side", "prompt_side", "Mul", "asked"),
            _outer(g, "prompt_side", "answer_side", "Mul", "asking"),
        ],
        "across",
    )
    # The token before and this one as one number: the pair is the same where both are.
    earlier = g.op(
        "Slice",
        [
            ids,
            g.const("from.zero", np.array([0], np.int64)),
            g.const("to.last", np.array([-1], np.int64)),
            g.axis(1),
        ],
        "earlier",
    )
    before = g.op("Pad", [earlier, g.const("shift", np.array([0, 1, 0, 0], np.int64))], "before")
    pair = g.op(
        "Add",
        [g.op("Mul", [before, g.const("many", np.array(1 << 20, np.int64))], "before.high"), ids],
        "pair_ids",
    )
    marks = []
    for source, name in ((ids, "same"), (pair, "follows")):
        equal = g.op(
            "Cast",
            [_outer(g, source, source, "Equal", name)],
            name + ".float",
            to=TensorProto.FLOAT,
        )
        found = g.op(
            "ReduceMax",
            [g.op("Mul", [equal, across], name + ".across")],
            name + ".found",
            axes=[2],
            keepdims=0,
        )
        marks.append(
            g.op(
                "Unsqueeze", [g.op("Mul", [found, text], name + ".text"), g.axis(2)], name + ".mark"
            )
        )
    marks.append(g.op("Unsqueeze", ["answer_side", g.axis(2)], "answer.mark"))
    return g.op(
        "MatMul",
        [g.op("Concat", marks, "shared", axis=2), g.const("marks", g.p["marks"])],
        "marked",
    )


def _gelu(g, x, name):
    erf = g.op("Erf", [g.op("Mul", [x, "inv_sqrt2"], name + ".scaled")], name + ".erf")
    return g.op(
        "Mul",
        [g.op("Mul", [x, g.op("Add", [erf, "one"], name + ".shifted")], name + ".double"), "half"],
        name,
    )


def _layer(g, i, x, bias):
    at = f"layers.{i}."

    def heads(name, order):
        y = g.op("Reshape", [g.linear(at + name, x), "split"], at + name + ".split")
        return g.op("Transpose", [y], at + name + ".heads", perm=order)

    query, value = heads("query", [0, 2, 1, 3]), heads("value", [0, 2, 1, 3])
    scores = g.op("MatMul", [query, heads("key", [0, 2, 3, 1])], at + "scores")
    scores = g.op(
        "Add",
        [g.op("Mul", [scores, "inv_sqrt_head"], at + "scores.scaled"), bias],
        at + "scores.masked",
    )
    mixed = g.op(
        "MatMul", [g.op("Softmax", [scores], at + "attention", axis=-1), value], at + "mixed.heads"
    )
    mixed = g.op(
        "Reshape",
        [g.op("Transpose", [mixed], at + "mixed.back", perm=[0, 2, 1, 3]), "join"],
        at + "mixed.joined",
    )
    x = g.norm(at + "mixed_norm", g.op("Add", [x, g.linear(at + "mixed", mixed)], at + "attended"))
    inner = _gelu(g, g.linear(at + "inner", x), at + "gelu")
    return g.norm(at + "outer_norm", g.op("Add", [x, g.linear(at + "outer", inner)], at + "fed"))


def _share(g, side, name):
    """The weight of each token in the mean over one side: [batch, 1, sequence]."""
    count = g.op(
        "Max",
        [g.op("ReduceSum", [side, g.axis(1)], name + ".count", keepdims=1), "one"],
        name + ".safe",
    )
    return g.op(
        "Unsqueeze", [g.op("Div", [side, count], name + ".share"), g.axis(1)], name + ".row"
    )


def _mean(g, share, x, name):
    return g.op("Squeeze", [g.op("MatMul", [share, x], name + ".mean"), g.axis(1)], name)


def _head(g, x):
    of_prompt, of_answer = _share(g, "prompt_side", "prompt"), _share(g, "answer_side", "answer")
    prompt, answer = (
        _mean(g, of_prompt, x, "prompt.mean.row"),
        _mean(g, of_answer, x, "answer.mean.row"),
    )
    first = g.op("Gather", [x, g.const("zero", np.array(0, np.int64))], "first", axis=1)
    distance = g.op("Abs", [g.op("Sub", [prompt, answer], "difference")], "distance.means")
    column = g.op("Unsqueeze", ["answer_side", g.axis(2)], "answer.column")
    strength = g.op(
        "Mul", [g.op("Sigmoid", [g.linear("fault", x)], "fault.sigmoid"), column], "strength"
    )
    largest = g.op("ReduceMax", [strength], "strength.largest", axes=[1], keepdims=0)
    outside = g.op(
        "Mul",
        [g.op("Sub", ["one", column], "outside"), g.const("two", np.array(2.0, np.float32))],
        "outside.twice",
    )
    peaks = g.op(
        "Sub", [g.op("Tanh", [g.linear("peaks", x)], "peaks.tanh"), outside], "peaks.inside"
    )
    peaks = g.op("ReduceMax", [peaks], "peaks.largest", axes=[1], keepdims=0)
    seen = [
        first,
        prompt,
        answer,
        g.op("Mul", [prompt, answer], "agreement"),
        distance,
        peaks,
        largest,
        _mean(g, of_answer, strength, "strength.mean.row"),
    ]
    hidden = g.op("Tanh", [g.linear("seen", g.op("Concat", seen, "seen.all", axis=1))], "hidden")
    product = g.op("MatMul", [hidden, g.const("out.weight", g.p["out.weight"].T)], "out.product")
    g.op("Add", [product, g.const("out.bias", g.p["out.bias"])], "logits")


def build(judge: network.Judge, name: str, eight_bit: bool = True) -> onnx.ModelProto:
    """The checked ONNX model of a `network.Judge`."""
    g = Graph(judge, eight_bit)
    width = g.sizes.hidden // g.sizes.heads
    for constant, value in {
        "one": 1.0,
        "half": 0.5,
        "inv_sqrt2": 0.5**0.5,
        "inv_sqrt_head": width**-0.5,
        "minus_much": -1e4,
    }.items():
        g.const(constant, np.array(value, np.float32))
    g.const("split", np.array([0, 0, g.sizes.heads, width], np.int64))
    g.const("join", np.array([0, 0, g.sizes.hidden], np.int64))

    x = _embeddings(g)
    mask = g.op("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
    absent = g.op("Mul", [g.op("Sub", ["one", mask], "absent"), "minus_much"], "absent.much")
    bias = _attention_bias(g, absent)
    answer_side = g.op(
        "Mul",
        [mask, g.op("Cast", ["token_type_ids"], "types", to=TensorProto.FLOAT)],
        "answer_side",
    )
    g.op("Sub", [mask, answer_side], "prompt_side")
    marks = _marks(g)
    for i in range(g.sizes.layers):
        x = _layer(g, i, x, bias)
        if i == g.sizes.marked_after:
            x = g.op("Add", [x, marks], "layers.marked")
    _head(g, x)

    inputs = [
        helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "sequence"])
        for n in ("input_ids", "attention_mask", "token_type_ids")
    ]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 1])]
    model = helper.make_model(
        helper.make_graph(g.nodes, name, inputs, outputs, g.constants),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=8,
        producer_name="proof-of-quality",
    )
    checker.check_model(model, full_check=True)
    return model


def split(model: onnx.ModelProto, largest: int = 80_000_000) -> dict[str, bytes]:
    """{file name: bytes} of a model: one file, or the word table in a file of its own where the
    whole would be larger than `largest`.
    """
    whole = model.SerializeToString()
    if len(whole) <= largest:
        return {"model.onnx": whole}
    table = next(tensor for tensor in model.graph.initializer if tensor.name == "word.int8")
    data = bytes(table.raw_data)
    set_external_data(table, WEIGHTS, offset=0, length=len(data))
    table.ClearField("raw_data")
    return {"model.onnx": model.SerializeToString(), WEIGHTS: data}
