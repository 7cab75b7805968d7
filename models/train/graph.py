"""Writes the judge's network as an ONNX graph with 8-bit weights.

Matrices are stored as int8 with one scale per output channel and turned back to fp32 by Cast and Mul, which every
runtime folds when it loads the model: the disk holds a quarter, the arithmetic stays fp32. Rows of the word table
are turned back after the look-up instead, so that the table stays small in memory as well.
"""
import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

from .network import EPSILON, HEADS, HIDDEN, LAYERS
from .tokens import FIRST_WORD

OPSET = 17
POSITIONS = 512


def quantise(matrix, axis):
    """int8 values and fp32 scales, symmetric, one scale per slice along the other axis than `axis`."""
    scale = np.maximum(np.abs(matrix).max(axis=axis, keepdims=True), 1e-12) / 127.0
    return np.clip(np.round(matrix / scale), -127, 127).astype(np.int8), scale.astype(np.float32)


class Graph:
    def __init__(self, eight_bit):
        self.nodes, self.constants, self.eight_bit = [], [], eight_bit

    def op(self, kind, inputs, name, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def const(self, name, array):
        self.constants.append(numpy_helper.from_array(np.asarray(array, order="C"), name))
        return name

    def matrix(self, name, array):
        """A constant matrix, stored in 8 bits where that is asked for."""
        if not self.eight_bit:
            return self.const(name, array)
        values, scale = quantise(array, axis=0)
        as_float = self.op("Cast", [self.const(name + ".int8", values)], name + ".float", to=TensorProto.FLOAT)
        return self.op("Mul", [as_float, self.const(name + ".scale", scale)], name)

    def linear(self, p, source, x):
        product = self.op("MatMul", [x, self.matrix(source + ".weight", p[source + ".weight"])], source + ".product")
        return self.op("Add", [product, self.const(source + ".bias", p[source + ".bias"])], source + ".sum")

    def norm(self, p, source, x):
        gain, bias = self.const(source + ".gain", p[source + ".gain"]), self.const(source + ".bias", p[source + ".bias"])
        return self.op("LayerNormalization", [x, gain, bias], source + ".norm", axis=-1, epsilon=EPSILON)


def _embeddings(g, p):
    if g.eight_bit:
        values, scale = quantise(p["embeddings.word"], axis=1)
        rows = g.op("Gather", [g.const("embeddings.word.int8", values), "input_ids"], "word.rows", axis=0)
        scales = g.op("Gather", [g.const("embeddings.word.scale", scale), "input_ids"], "word.scales", axis=0)
        word = g.op("Mul", [g.op("Cast", [rows], "word.float", to=TensorProto.FLOAT), scales], "word")
    else:
        word = g.op("Gather", [g.const("embeddings.word", p["embeddings.word"]), "input_ids"], "word", axis=0)
    shape = g.op("Shape", ["input_ids"], "shape")
    length = g.op("Gather", [shape, g.const("second", np.array([1], np.int64))], "length", axis=0)
    places = g.op("Slice", [g.const("places", np.arange(POSITIONS, dtype=np.int64)[None]), g.const("from", np.array([0], np.int64)),
                            length, g.const("along", np.array([1], np.int64))], "position_ids")
    position = g.op("Gather", [g.matrix("embeddings.position", p["embeddings.position"]), places], "position", axis=0)
    kind = g.op("Gather", [g.const("embeddings.token_type", p["embeddings.token_type"]), "token_type_ids"], "kind", axis=0)
    total = g.op("Add", [g.op("Add", [word, kind], "word_and_kind"), position], "embedded")
    return g.norm(p, "embeddings.norm", total)


def _shared(g):
    """`network.shared` as a graph: [batch, sequence, 2]."""
    ids = "input_ids"
    special = g.op("Cast", [g.op("Less", [ids, g.const("first_word", np.array(FIRST_WORD, np.int64))], "special")], "special.float", to=TensorProto.FLOAT)
    told = g.op("Sub", ["one", special], "told")
    across = g.op("Add", [_outer(g, "answer_side", "prompt_side", "Mul", "asked"), _outer(g, "prompt_side", "answer_side", "Mul", "asking")], "across")
    # The token before, with its successor as one number: the pair is the same where both are.
    earlier = g.op("Slice", [ids, g.const("from.zero", np.array([0], np.int64)), g.const("to.last", np.array([-1], np.int64)), "along"], "earlier")
    before = g.op("Pad", [earlier, g.const("shift", np.array([0, 1, 0, 0], np.int64))], "before")
    pair = g.op("Add", [g.op("Mul", [before, g.const("many", np.array(1 << 20, np.int64))], "before.high"), ids], "pair_ids")
    marks = []
    for source, name in ((ids, "same"), (pair, "follows")):
        equal = g.op("Cast", [_outer(g, source, source, "Equal", name)], name + ".float", to=TensorProto.FLOAT)
        found = g.op("ReduceMax", [g.op("Mul", [equal, across], name + ".across")], name + ".found", axes=[2], keepdims=0)
        marks.append(g.op("Unsqueeze", [g.op("Mul", [found, told], name + ".told"), g.const(name + ".last", np.array([2], np.int64))], name + ".mark"))
    return g.op("Concat", marks, "shared", axis=2)


def _outer(g, a, b, kind, name):
    """`kind` between every place of `a` and every place of `b`: [batch, sequence, sequence]."""
    rows = g.op("Unsqueeze", [a, g.const(name + ".rows.axis", np.array([2], np.int64))], name + ".rows")
    columns = g.op("Unsqueeze", [b, g.const(name + ".columns.axis", np.array([1], np.int64))], name + ".columns")
    return g.op(kind, [rows, columns], name)


def _gelu(g, x, name):
    erf = g.op("Erf", [g.op("Mul", [x, "inv_sqrt2"], name + ".scaled")], name + ".erf")
    return g.op("Mul", [g.op("Mul", [x, g.op("Add", [erf, "one"], name + ".shifted")], name + ".double"), "half"], name)


def _layer(g, p, i, x, bias):
    at = f"layer.{i}."

    def heads(name, order):
        y = g.linear(p, at + "attention.self." + name, x)
        y = g.op("Reshape", [y, "split"], at + name + ".split")
        return g.op("Transpose", [y], at + name + ".heads", perm=order)

    query, value = heads("query", [0, 2, 1, 3]), heads("value", [0, 2, 1, 3])
    scores = g.op("MatMul", [query, heads("key", [0, 2, 3, 1])], at + "scores")
    scores = g.op("Add", [g.op("Mul", [scores, "inv_sqrt_head"], at + "scores.scaled"), bias], at + "scores.masked")
    mixed = g.op("MatMul", [g.op("Softmax", [scores], at + "attention", axis=-1), value], at + "mixed")
    mixed = g.op("Reshape", [g.op("Transpose", [mixed], at + "mixed.back", perm=[0, 2, 1, 3]), "join"], at + "mixed.joined")
    mixed = g.linear(p, at + "attention.output.dense", mixed)
    x = g.norm(p, at + "attention.output.LayerNorm", g.op("Add", [x, mixed], at + "attended"))
    inner = _gelu(g, g.linear(p, at + "intermediate.dense", x), at + "gelu")
    inner = g.linear(p, at + "output.dense", inner)
    return g.norm(p, at + "output.LayerNorm", g.op("Add", [x, inner], at + "fed"))


def _mean(g, x, weight, name):
    count = g.op("Max", [g.op("ReduceSum", [weight, "second"], name + ".count", keepdims=1), "tiny"], name + ".safe")
    share = g.op("Unsqueeze", [g.op("Div", [weight, count], name + ".share"), "second"], name + ".row")
    return g.op("Squeeze", [g.op("MatMul", [share, x], name + ".mean"), "second"], name)


def build(p, eight_bit=True):
    """The checked ONNX model of the weights `p`."""
    g = Graph(eight_bit)
    for name, value in {"one": 1.0, "half": 0.5, "inv_sqrt2": 0.5**0.5, "inv_sqrt_head": (HIDDEN // HEADS) ** -0.5,
                        "minus_much": -1e4, "tiny": 1e-6}.items():
        g.const(name, np.array(value, np.float32))
    g.const("split", np.array([0, 0, HEADS, HIDDEN // HEADS], np.int64))
    g.const("join", np.array([0, 0, HIDDEN], np.int64))

    x = _embeddings(g, p)
    mask = g.op("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
    absent = g.op("Mul", [g.op("Sub", ["one", mask], "absent"), "minus_much"], "absent.bias")
    bias = g.op("Unsqueeze", [absent, g.const("middle", np.array([1, 2], np.int64))], "attention.bias")
    answer_side = g.op("Mul", [mask, g.op("Cast", ["token_type_ids"], "types", to=TensorProto.FLOAT)], "answer_side")
    prompt_side = g.op("Sub", [mask, answer_side], "prompt_side")
    marks = g.op("MatMul", [_shared(g), g.const("marks", p["marks"])], "marked")
    for i in range(LAYERS):
        x = _layer(g, p, i, x, bias)
        if i == 0:
            x = g.op("Add", [x, marks], "layer.0.marked")

    prompt, answer = _mean(g, x, prompt_side, "prompt"), _mean(g, x, answer_side, "answer")
    first = g.op("Gather", [x, g.const("zero", np.array(0, np.int64))], "first", axis=1)
    distance = g.op("Abs", [g.op("Sub", [prompt, answer], "difference")], "distance")
    seen = g.op("Concat", [first, prompt, answer, g.op("Mul", [prompt, answer], "agreement"), distance], "seen", axis=1)
    hidden = g.op("Tanh", [g.linear(p, "head.dense", seen)], "head.hidden")
    g.op("Add", [g.op("MatMul", [hidden, g.const("head.out.weight", p["head.out.weight"])], "head.product"),
                 g.const("head.out.bias", p["head.out.bias"])], "logits")

    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "sequence"]) for n in ("input_ids", "attention_mask", "token_type_ids")]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 1])]
    model = helper.make_model(
        helper.make_graph(g.nodes, "minilm-l6-judge", inputs, outputs, g.constants),
        opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8, producer_name="proof-of-quality",
    )
    checker.check_model(model, full_check=True)
    return model
