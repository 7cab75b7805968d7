"""A check of the whole chain without public data: python -m models.train.smoke

A few steps of training on the project's own groups must lower their loss, and the graphs written
from the result must say what the network says.
"""

import tempfile
from pathlib import Path

import numpy as np
import torch

from . import backbone, export, graph, mix, network, reference, train

BACKBONE = "minilm"


def main():
    values, scale = graph.quantise(np.array([[1.0, -2.0], [0.5, 4.0]], np.float32), axis=0)
    assert np.allclose(values * scale, [[1.0, -2.0], [0.5, 4.0]], atol=0.02)

    torch.manual_seed(1)
    tokenizer = backbone.tokenizer(BACKBONE)
    groups = mix.Mix(None).chunk(1, 12, tokenizer, longest=96)
    batches = train.batches(groups, 1, 2048)
    assert all(batch["ids"].numel() <= 2048 for batch in batches)
    judge = network.Judge.pretrained(BACKBONE)
    for name, parameter in judge.named_parameters():
        parameter.requires_grad = not judge.is_frozen(name)
    optimizer = torch.optim.AdamW([p for p in judge.parameters() if p.requires_grad], lr=5e-4)
    losses = []
    for _ in range(4):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = sum(train.losses(judge, batches[0]))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    assert losses[-1] < losses[0], losses

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "judge"
        folder.mkdir()
        for name, data in graph.split(graph.build(judge, "smoke"), largest=1_000_000).items():
            (folder / name).write_bytes(data)
        tokenizer.no_truncation()
        tokenizer.save(str(folder / "tokenizer.json"))
        export.write_manifest(folder, export.UNCALIBRATED, "smoke", "models/train/smoke.py")
        full = Path(place) / "full.onnx"
        full.write_bytes(graph.build(judge, "smoke", eight_bit=False).SerializeToString())
        exact, eight = export.parity(judge.eval(), folder, full)
        assert exact < 1e-3 and eight < 0.5, (exact, eight)
        alone, together = (reference.Judge(folder).logits(export.PAIRS, batch=b) for b in (1, 5))
        assert np.abs(alone - together).max() < 1e-3, "padding must not matter"
    print(
        f"loss {losses[0]:.3f} -> {losses[-1]:.3f}; graph against network: fp32 {exact:.6f}, "
        f"8-bit {eight:.4f}"
    )


if __name__ == "__main__":
    main()
