"""The judge's network in JAX: the MiniLM encoder and a head that compares the prompt's half with the answer's half.

The head sees [CLS], the mean over the prompt's tokens, the mean over the answer's tokens (both after six layers of
attention across the pair), their product and their distance. The last two let it start from the backbone's own
sense of similarity instead of learning it anew.
"""
import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load_file

from . import tokens
from .tokens import backbone_folder

LAYERS, HIDDEN, HEADS = 6, 384, 12
EPSILON = 1e-12

_LINEAR = ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
           "intermediate.dense", "output.dense"]
_NORM = ["attention.output.LayerNorm", "output.LayerNorm"]


def backbone_parameters():
    """The pre-trained weights under short names. Matrices are transposed to [in, out]."""
    raw = {k.removeprefix("bert."): v.astype(np.float32) for k, v in load_file(str(backbone_folder() / "model.safetensors")).items()}
    p = {f"embeddings.{n}": raw[f"embeddings.{n}_embeddings.weight"] for n in ("word", "position", "token_type")}
    p["embeddings.norm.gain"], p["embeddings.norm.bias"] = raw["embeddings.LayerNorm.weight"], raw["embeddings.LayerNorm.bias"]
    for i in range(LAYERS):
        for name in _LINEAR:
            source = f"encoder.layer.{i}.{name}"
            p[f"layer.{i}.{name}.weight"], p[f"layer.{i}.{name}.bias"] = raw[source + ".weight"].T.copy(), raw[source + ".bias"]
        for name in _NORM:
            source = f"encoder.layer.{i}.{name}"
            p[f"layer.{i}.{name}.gain"], p[f"layer.{i}.{name}.bias"] = raw[source + ".weight"], raw[source + ".bias"]
    return p


def new_head(seed):
    """The parts that the backbone does not have: the head, which starts from chance, and the marks, which start from nothing."""
    rng = np.random.default_rng(seed)
    wide = 5 * HIDDEN
    return {
        "head.dense.weight": (rng.standard_normal((wide, HIDDEN)) * 0.02).astype(np.float32),
        "head.dense.bias": np.zeros(HIDDEN, np.float32),
        "head.out.weight": (rng.standard_normal((HIDDEN, 1)) * 0.02).astype(np.float32),
        "head.out.bias": np.zeros(1, np.float32),
        "marks": np.zeros((2, HIDDEN), np.float32),
    }


def _norm(x, gain, bias):
    mean = x.mean(-1, keepdims=True)
    centred = x - mean
    return centred * jax.lax.rsqrt((centred * centred).mean(-1, keepdims=True) + EPSILON) * gain + bias


def shared(ids, mask, types):
    """Which tokens occur on the other side of the pair as well [batch, sequence, 2]: alone, and with the token before them.

    A number or name that an answer does not share with the passage is then marked where it stands; six layers of
    attention find it out themselves only with far more training.
    """
    answer = mask * types.astype(jnp.float32)
    prompt = mask - answer
    across = answer[:, :, None] * prompt[:, None, :] + prompt[:, :, None] * answer[:, None, :]
    told = (ids >= tokens.FIRST_WORD).astype(jnp.float32)
    before = jnp.pad(ids[:, :-1], ((0, 0), (1, 0)))
    same = (ids[:, :, None] == ids[:, None, :]).astype(jnp.float32) * across
    follows = same * (before[:, :, None] == before[:, None, :]).astype(jnp.float32)
    return jnp.stack([same.max(2), follows.max(2)], axis=-1) * told[..., None]


def encode(p, ids, mask, types):
    """Hidden states [batch, sequence, hidden]. With `marks` among the parameters, what both sides share is marked after the first layer."""
    x = p["embeddings.word"][ids] + p["embeddings.position"][: ids.shape[1]] + p["embeddings.token_type"][types]
    x = _norm(x, p["embeddings.norm.gain"], p["embeddings.norm.bias"])
    batch, length, _ = x.shape
    bias = (1.0 - mask)[:, None, None, :] * -1e4

    def linear(name, y):
        return y @ p[name + ".weight"] + p[name + ".bias"]

    for i in range(LAYERS):
        at = f"layer.{i}."

        def heads(name):
            return linear(at + "attention.self." + name, x).reshape(batch, length, HEADS, -1).transpose(0, 2, 1, 3)

        scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.sqrt(HIDDEN // HEADS).astype(np.float32)
        mixed = jax.nn.softmax(scores + bias, axis=-1) @ heads("value")
        mixed = linear(at + "attention.output.dense", mixed.transpose(0, 2, 1, 3).reshape(batch, length, HIDDEN))
        x = _norm(x + mixed, p[at + "attention.output.LayerNorm.gain"], p[at + "attention.output.LayerNorm.bias"])
        inner = jax.nn.gelu(linear(at + "intermediate.dense", x), approximate=False)
        x = _norm(x + linear(at + "output.dense", inner), p[at + "output.LayerNorm.gain"], p[at + "output.LayerNorm.bias"])
        if i == 0 and "marks" in p:
            x = x + shared(ids, mask, types) @ p["marks"]
    return x


def _mean(x, weight):
    return (x * weight[..., None]).sum(1) / jnp.maximum(weight.sum(1, keepdims=True), 1e-6)


def judge(p, ids, mask, types):
    """Logits [batch]."""
    mask = mask.astype(jnp.float32)
    x = encode(p, ids, mask, types)
    answer_side = mask * types.astype(jnp.float32)
    prompt, answer = _mean(x, mask - answer_side), _mean(x, answer_side)
    seen = jnp.concatenate([x[:, 0], prompt, answer, prompt * answer, jnp.abs(prompt - answer)], axis=-1)
    hidden = jnp.tanh(seen @ p["head.dense.weight"] + p["head.dense.bias"])
    return (hidden @ p["head.out.weight"] + p["head.out.bias"])[:, 0]


def embed(p, ids, mask):
    """The backbone's own sentence embedding (mean pooled, unit length): the baseline the judge is measured against."""
    mask = mask.astype(jnp.float32)
    pooled = _mean(encode(p, ids, mask, jnp.zeros_like(ids)), mask)
    return pooled / jnp.linalg.norm(pooled, axis=-1, keepdims=True)
