"""A check of the whole chain without the collection: python -m models.train.smoke

Three steps of training on the project's own pairs must lower their loss, and the graphs
written from the result must say what the network says.
"""
import tempfile
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax

from . import corpus, export, graph, network, own_text, reference, tokens, train


def main():
    assert corpus.sentences("Dr. A. Smith came. He left! Why?") == ["Dr. A. Smith came.", "He left!", "Why?"]
    values, scale = graph.quantise(np.array([[1.0, -2.0], [0.5, 4.0]], np.float32), axis=0)
    assert np.allclose(values * scale, [[1.0, -2.0], [0.5, 4.0]], atol=0.02)

    tokenizer = tokens.judge_tokenizer()
    pairs = [(q, a) for q, a, _ in own_text.OPEN_PAIRS[:20]] + [(q, q) for q, _, _ in own_text.OPEN_PAIRS[:20]]
    encoded = tokens.encode_pairs(tokenizer, pairs, 64)
    # A fitting answer and the echoed question make a group.
    batch = train.pack(64, [(ids, types, 0.97 if i < 20 else 0.02, i % 20) for i, (ids, types) in enumerate(encoded)])
    p = {k: jnp.asarray(v) for k, v in {**network.backbone_parameters(), **network.new_head(1)}.items()}
    frozen = {k: v for k, v in p.items() if not train.is_trained(k, 5)}
    trained = {k: v for k, v in p.items() if k not in frozen}
    optimizer = optax.adamw(5e-4)
    state = optimizer.init(trained)
    step = jax.jit(jax.value_and_grad(train.loss_of))
    losses = []
    for _ in range(4):
        loss, gradient = step(trained, frozen, *batch)
        losses.append(float(loss))
        change, state = optimizer.update(gradient, state, trained)
        trained = optax.apply_updates(trained, change)
    assert losses[-1] < losses[0], losses

    p = {k: np.asarray(v) for k, v in {**frozen, **trained}.items()}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "model.onnx").write_bytes(graph.build(p).SerializeToString())
        (folder / "config.json").write_text("{}")
        tokenizer.no_truncation()
        tokenizer.save(str(folder / "tokenizer.json"))
        export.write_manifest(folder, export.UNCALIBRATED)
        full, eight = export.parity(p, folder, graph.build(p, eight_bit=False).SerializeToString(), pairs[:6])
        assert full < 1e-3 and eight < 0.3, (full, eight)
        alone, together = (reference.Judge(folder).logits(pairs[:6], batch=b) for b in (1, 6))
        assert np.abs(alone - together).max() < 1e-3, "padding must not matter"
    print(f"loss {losses[0]:.3f} -> {losses[-1]:.3f}; graph against network: fp32 {full:.6f}, 8-bit {eight:.4f}")


if __name__ == "__main__":
    main()
