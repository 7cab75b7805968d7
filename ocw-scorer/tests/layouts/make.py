"""Makes tiny models in the layouts that the usual exporters write, in the folders beside it.

From the project's root:

    python3.11 -m venv VENV && VENV/bin/pip install -r ocw-scorer/tests/layouts/requirements.txt
    VENV/bin/python ocw-scorer/tests/layouts/make.py [--out FOLDER] [--only NAME ...]

Random weights, so no folder judges anything; what matters is the form of the files. Every folder
holds `model.onnx`, the files that such a hub repository has beside it, and `logits.jsonl`: pairs
with what onnxruntime says of each, alone in its batch, tokenized by `tokenizer.json` without
truncation or padding and with special tokens in a text read as text (`encode_special_tokens`).
Weights (`model.safetensors`) are left out; `LAYOUTS` at the end says how each folder is made.

Versions: torch 2.9.1, transformers 4.57.6, optimum 2.1.0 with optimum-onnx 0.1.0, onnx 1.23.2,
onnxruntime 1.31.1, onnxscript 0.7.2, sentence-transformers 5.7.0, tokenizers 0.22.2, Python 3.11.
The exporters are the real ones: no graph is written by hand.

A second run gives the same bytes. How exact `logits.jsonl` is: fp32 to 1e-5. fp16: onnxruntime
computes in fp32 between roundings; a runtime that computes in fp16 throughout is up to 0.02 away. 8
bits: mostly to 1e-6, but where two runtimes round a value to different sides a pair differs by up
to 0.05; these were run on a CPU with AVX512-VNNI, without which onnxruntime's products of 8-bit
numbers can saturate on x86.
"""

import os

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import argparse
import json
import shutil
import string
import tempfile
import warnings
from collections import Counter
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import float16
from optimum.exporters.onnx import main_export
from optimum.onnxruntime import ORTQuantizer
from optimum.onnxruntime.configuration import AutoQuantizationConfig
from sentence_transformers import SentenceTransformer
from sentence_transformers import models as modules
from tokenizers import AddedToken, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers import models as algorithms
from transformers import (
    AutoModelForSequenceClassification,
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    BertTokenizerFast,
    RobertaConfig,
    RobertaForSequenceClassification,
    RobertaTokenizerFast,
)

from texts import CORPUS, PAIRS

DEFAULT_OUT = Path(__file__).resolve().parent

SEED = 20
VOCABULARY = 500
POSITIONS = 512
SIZES = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "vocab_size": VOCABULARY,
}
#: What sentence-transformers writes into config.json of a cross-encoder.
IDENTITY = {"activation_fn": "torch.nn.modules.linear.Identity", "version": "4.1.0.dev0"}
SIGMOID = {"activation_fn": "torch.nn.modules.activation.Sigmoid", "version": "4.1.0.dev0"}


# Tokenizers. The trainers of `tokenizers` break ties by chance, so the pieces are learnt here.


def merges(words, join):
    """Byte-pair merges of {word as a tuple of pieces: how often}: the commonest neighbours first,
    among equals the last in the alphabet.
    """
    while True:
        pairs = Counter()
        for word, often in words.items():
            for pair in pairwise(word):
                pairs[pair] += often
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        yield best
        merged = Counter()
        for word, often in words.items():
            pieces, rest = [], list(word)
            while rest:
                piece = rest.pop(0)
                if rest and (piece, rest[0]) == best:
                    piece = join(piece, rest.pop(0))
                pieces.append(piece)
            merged[tuple(pieces)] += often
        words = merged


def word_piece():
    """Lower-casing WordPiece as in BERT."""
    normalizer, splitter = (
        normalizers.BertNormalizer(lowercase=True),
        pre_tokenizers.BertPreTokenizer(),
    )
    words = Counter()
    for text in CORPUS:
        for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(text)):
            words[tuple([word[0]] + ["##" + letter for letter in word[1:]])] += 1

    def join(left, right):
        return left + right.removeprefix("##")

    letters = sorted(
        {piece for word in words for piece in word} | set(string.punctuation + string.digits)
    )
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    for pair in merges(words, join):
        if join(*pair) not in pieces:
            pieces.append(join(*pair))
        if len(pieces) == VOCABULARY:
            break

    vocabulary = {piece: i for i, piece in enumerate(pieces)}
    tokenizer = Tokenizer(
        algorithms.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100)
    )
    tokenizer.normalizer, tokenizer.pre_tokenizer, tokenizer.decoder = (
        normalizer,
        splitter,
        decoders.WordPiece(prefix="##"),
    )
    tokenizer.add_special_tokens(pieces[:5])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")],
    )
    return BertTokenizerFast(
        tokenizer_object=tokenizer, do_lower_case=True, model_max_length=POSITIONS
    )


def byte_level():
    """Byte-level BPE as in RoBERTa."""
    splitter = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words = Counter(tuple(word) for text in CORPUS for word, _ in splitter.pre_tokenize_str(text))
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    joins = list(islice(merges(words, str.__add__), VOCABULARY - 1 - len(pieces)))
    pieces += [left + right for left, right in joins] + ["<mask>"]
    assert len(set(pieces)) == len(pieces) == VOCABULARY
    tokenizer = Tokenizer(algorithms.BPE({piece: i for i, piece in enumerate(pieces)}, joins))
    tokenizer.pre_tokenizer, tokenizer.decoder = splitter, decoders.ByteLevel()
    tokenizer.add_special_tokens(pieces[:4])
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False)])
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False
    )
    return RobertaTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=POSITIONS,
        mask_token=AddedToken("<mask>", lstrip=True),
    )


# Networks.


def seeded(kind, config, seed=SEED):
    """A network whose weights are so far from zero that different texts give different outputs."""
    generator = torch.Generator().manual_seed(seed)
    network = kind(config)
    with torch.no_grad():
        for name, weight in sorted(network.named_parameters()):
            noise = torch.randn(weight.shape, generator=generator)
            if "LayerNorm.weight" in name:
                weight.copy_(1 + 0.1 * noise)
            elif name.endswith("bias"):
                weight.copy_(0.1 * noise)
            elif "embeddings" in name:
                weight.copy_(
                    {"word": 1.0, "posi": 0.3, "toke": 0.5}[name.split("embeddings.")[1][:4]]
                    * noise
                )
            elif name.startswith("classifier") and weight.shape[0] < 32:
                weight.copy_(0.5 * noise)
            else:
                weight.copy_(0.25 * noise)
    return network.eval()


def bert_config(labels=("LABEL_0",), **more):
    return BertConfig(
        **SIZES,
        max_position_embeddings=POSITIONS,
        pad_token_id=0,
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
        **more,
    )


def cross_encoder():
    """cross-encoder/ms-marco-MiniLM-L-6-v2: one label, no activation in the graph."""
    return seeded(
        BertForSequenceClassification, bert_config(sentence_transformers=IDENTITY)
    ), word_piece()


def nli():
    """cross-encoder/nli-*: three labels in the order of sentence-transformers."""
    labels = ("contradiction", "entailment", "neutral")
    return seeded(
        BertForSequenceClassification, bert_config(labels, sentence_transformers=IDENTITY), SEED + 1
    ), word_piece()


def roberta():
    """cross-encoder/stsb-roberta-base: one label, sigmoid outside, positions from 2 on."""
    config = RobertaConfig(
        **SIZES,
        max_position_embeddings=POSITIONS + 2,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
        id2label={0: "LABEL_0"},
        label2id={"LABEL_0": 0},
        sentence_transformers=SIGMOID,
    )
    return seeded(RobertaForSequenceClassification, config, SEED + 2), byte_level()


def bi_encoder():
    """sentence-transformers/all-MiniLM-L6-v2: token vectors; the caller takes mean and norm."""
    return seeded(BertModel, bert_config(), SEED + 3), word_piece()


def save(parts, folder):
    network, tokenizer = parts
    network.config.architectures = [type(network).__name__]
    network.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


# Exporters. Each fills `folder` from the checkpoint in `source`.


def copy_texts(source, folder):
    for path in source.rglob("*"):
        if path.is_file() and path.suffix in (".json", ".txt"):
            (folder / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / path.relative_to(source))


def example(tokenizer):
    """In the order of the network's own arguments: the tracer names its inputs in that order,
    whatever the order of the dictionary.
    """
    encoded = tokenizer(["How deep is it?"] * 2, ["Nine metres."] * 2, return_tensors="pt")
    return {name: encoded[name] for name in ("input_ids", "attention_mask", "token_type_ids")}


def torchscript(parts, source, folder):
    """torch.onnx.export as most recipes call it, with the tracer (dynamo=False); attention and
    opset of the files of 2020 to 2023.
    """
    copy_texts(source, folder)
    _, tokenizer = parts
    eager = AutoModelForSequenceClassification.from_pretrained(
        source, attn_implementation="eager"
    ).eval()
    inputs = example(tokenizer)
    both = {0: "batch_size", 1: "sequence_length"}
    torch.onnx.export(
        eager,
        (inputs,),
        str(folder / "model.onnx"),
        input_names=list(inputs),
        output_names=["logits"],
        dynamic_axes={**{name: both for name in inputs}, "logits": {0: "batch_size"}},
        opset_version=11,
        do_constant_folding=True,
        dynamo=False,
    )


def dynamo(external):
    """torch.onnx.export by torch.export and onnxscript (dynamo=True), its default opset. By default
    it writes the weights beside the graph.
    """

    def export(parts, source, folder):
        copy_texts(source, folder)
        network, tokenizer = parts
        inputs = example(tokenizer)
        both = {0: "batch_size", 1: "sequence_length"}
        torch.onnx.export(
            network,
            kwargs=inputs,
            f=str(folder / "model.onnx"),
            input_names=list(inputs),
            output_names=["logits"],
            dynamic_shapes={name: both for name in inputs},
            dynamo=True,
            external_data=external,
            verbose=False,
        )
        # Most of such a tiny file would be notes at every node, with paths of the machine it was
        # made on.
        graph = onnx.load(str(folder / "model.onnx"), load_external_data=False)
        for node in graph.graph.node:
            kept = [
                item for item in node.metadata_props if not item.key.startswith("pkg.torch.onnx.")
            ]
            del node.metadata_props[:]
            node.metadata_props.extend(kept)
        onnx.save(graph, str(folder / "model.onnx"))

    return export


def optimum(task="text-classification", **options):
    """What `optimum-cli export onnx --model SOURCE FOLDER` calls."""

    def export(_, source, folder):
        main_export(str(source), folder, task=task, **options)

    return export


def half_converted(parts, source, folder):
    """optimum's fp32 graph, then onnxruntime's converter: weights in fp16, inputs and outputs as
    they were.

    onnxconverter-common 1.16.0, from which it descends, makes graphs of BERT that do not load: it
    leaves `Cast` to fp32 as it is.
    """
    optimum()(parts, source, folder)
    model = onnx.load(str(folder / "model.onnx"))
    onnx.save(
        float16.convert_float_to_float16(model, keep_io_types=True), str(folder / "model.onnx")
    )


def quantized(parts, source, folder):
    """optimum's fp32 graph, then onnxruntime's quantize_dynamic as it stands: 8-bit signed weights,
    one scale per tensor.
    """
    optimum()(parts, source, folder)
    with tempfile.TemporaryDirectory() as place:
        full = shutil.move(folder / "model.onnx", place)
        quantize_dynamic(str(full), str(folder / "model.onnx"), weight_type=QuantType.QInt8)


def quantized_for(target):
    """optimum's fp32 graph, then its quantizer, as `model_qint8_*.onnx` on the hub: one scale per
    output channel. Adds ort_config.json.
    """

    def export(parts, source, folder):
        optimum()(parts, source, folder)
        quantizer = ORTQuantizer.from_pretrained(folder)
        quantizer.quantize(getattr(AutoQuantizationConfig, target)(is_static=False), folder)
        (folder / "model_quantized.onnx").replace(folder / "model.onnx")

    return export


def sentence_transformers_files(folder):
    """As on the hub, where the tokenizer pads every text to 128 tokens and cuts it there, unless
    told otherwise.
    """
    write_json(
        folder / "modules.json",
        [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {
                "idx": 1,
                "name": "1",
                "path": "1_Pooling",
                "type": "sentence_transformers.models.Pooling",
            },
            {
                "idx": 2,
                "name": "2",
                "path": "2_Normalize",
                "type": "sentence_transformers.models.Normalize",
            },
        ],
    )
    write_json(
        folder / "1_Pooling" / "config.json",
        {
            "word_embedding_dimension": SIZES["hidden_size"],
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
    )
    write_json(
        folder / "sentence_bert_config.json", {"max_seq_length": POSITIONS, "do_lower_case": False}
    )
    write_json(
        folder / "config_sentence_transformers.json",
        {
            "__version__": {
                "sentence_transformers": "2.0.0",
                "transformers": "4.6.1",
                "pytorch": "1.8.1",
            },
        },
    )
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(128)
    tokenizer.enable_padding(length=128)
    tokenizer.save(str(folder / "tokenizer.json"))


def sentence_vectors(parts, source, folder):
    """The graph twice, in onnx/ and at the root: input texts apart, output last_hidden_state."""
    optimum("feature-extraction", library_name="transformers")(parts, source, folder)
    sentence_transformers_files(folder)
    (folder / "onnx").mkdir()
    shutil.copy(folder / "model.onnx", folder / "onnx" / "model.onnx")


def pooled_vectors(parts, source, folder):
    """What optimum-cli makes of a sentence-transformers repository, with mean and norm inside."""
    whole = folder.parent / "whole"
    word = modules.Transformer(str(source), max_seq_length=POSITIONS)
    pooling = modules.Pooling(SIZES["hidden_size"], pooling_mode="mean")
    SentenceTransformer(modules=[word, pooling, modules.Normalize()], device="cpu").save(str(whole))
    main_export(str(whole), folder, task="feature-extraction", library_name="sentence_transformers")
    sentence_transformers_files(folder)


# What onnxruntime says.


class Reader:
    def __init__(self, folder):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.names = [i.name for i in self.session.get_inputs()]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.tokenizer.encode_special_tokens = True
        self.longest = 0

    def run(self, *texts):
        encoded = self.tokenizer.encode(*texts)
        self.longest = max(self.longest, len(encoded.ids))
        if len(encoded.ids) > POSITIONS:
            raise ValueError(f"{len(encoded.ids)} tokens: {texts}")
        columns = {
            "input_ids": encoded.ids,
            "attention_mask": encoded.attention_mask,
            "token_type_ids": encoded.type_ids,
        }
        return self.feed({name: np.array([columns[name]], np.int64) for name in self.names})

    def feed(self, inputs):
        return dict(
            zip((o.name for o in self.session.get_outputs()), self.session.run(None, inputs))
        )

    def logits(self, prompt, answer):
        return self.run(prompt, answer)["logits"][0]

    def vector(self, text):
        outputs = self.run(text)
        vector = outputs.get("sentence_embedding", outputs.get("last_hidden_state"))[0].astype(
            np.float64
        )
        vector = vector if vector.ndim == 1 else vector.mean(axis=0)
        return vector / np.linalg.norm(vector)

    def cosine(self, prompt, answer):
        return [np.float32(self.vector(prompt) @ self.vector(answer))]


class Original(Reader):
    """The same, said by the network itself."""

    def __init__(self, folder, network):
        super().__init__(folder)
        self.network = network

    def feed(self, inputs):
        with torch.no_grad():
            return {
                name: value.numpy()
                for name, value in self.network(
                    **{k: torch.tensor(v) for k, v in inputs.items()}
                ).items()
            }


def write_logits(folder, read, network):
    reader, original = Reader(folder), Original(folder, network)
    rows, apart = [], 0.0
    for prompt, answer in PAIRS:
        output = [float(str(np.float32(x))) for x in read(reader, prompt, answer)]
        rows.append({"prompt": prompt, "answer": answer, "output": output})
        apart = max(apart, np.abs(np.array(output) - read(original, prompt, answer)).max())
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "logits.jsonl").write_text(text, encoding="utf-8")
    first = [row["output"][0] for row in rows]
    return (
        f"{len(rows)} pairs, up to {reader.longest} tokens, {min(first):.3f} to {max(first):.3f}, "
        f"at most {apart:.2g} from the network"
    )


#: name: (network and tokenizer, exporter, what logits.jsonl holds). From bert-torchscript to
#: bert-int8-avx2 all have the same weights.
LAYOUTS = {
    # torch's tracer, opset 11.
    "bert-torchscript": (cross_encoder, torchscript, Reader.logits),
    # torch.export, onnxscript; everything in one file.
    "bert-dynamo": (cross_encoder, dynamo(external=False), Reader.logits),
    # The same with the default of torch 2.9: weights in model.onnx.data.
    "bert-dynamo-external": (cross_encoder, dynamo(external=True), Reader.logits),
    # optimum, its default opset.
    "bert-optimum": (cross_encoder, optimum(), Reader.logits),
    # optimum-cli --dtype fp16: traced in fp16, logits in fp16.
    "bert-fp16-optimum": (cross_encoder, optimum(dtype="fp16"), Reader.logits),
    # onnxruntime.transformers.float16 on bert-optimum: Casts at both ends.
    "bert-fp16-converted": (cross_encoder, half_converted, Reader.logits),
    # quantize_dynamic on bert-optimum.
    "bert-int8": (cross_encoder, quantized, Reader.logits),
    # model_qint8_avx512_vnni.onnx; optimum makes the same bytes for arm64 and avx512.
    "bert-int8-vnni": (cross_encoder, quantized_for("avx512_vnni"), Reader.logits),
    # model_quint8_avx2.onnx: unsigned weights.
    "bert-int8-avx2": (cross_encoder, quantized_for("avx2"), Reader.logits),
    # optimum, opset 14 as older versions had by default.
    "bert-nli": (nli, optimum(opset=14), Reader.logits),
    # optimum: no token types, positions counted in the graph.
    "roberta": (roberta, optimum(), Reader.logits),
    # Token vectors.
    "bi-encoder": (bi_encoder, sentence_vectors, Reader.cosine),
    # Sentence vectors.
    "bi-encoder-pooled": (bi_encoder, pooled_vectors, Reader.cosine),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT)
    parser.add_argument("--only", nargs="+", choices=LAYOUTS, default=list(LAYOUTS))
    args = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    args.out.mkdir(parents=True, exist_ok=True)
    for name in args.only:
        make, export, read = LAYOUTS[name]
        torch.manual_seed(SEED)
        with tempfile.TemporaryDirectory() as place:
            source, folder = Path(place) / "source", Path(place) / name
            folder.mkdir()
            parts = make()
            save(parts, source)
            export(parts, source, folder)
            said = write_logits(folder, read, parts[0])
            shutil.rmtree(args.out / name, ignore_errors=True)
            shutil.move(folder, args.out / name)
        size = sum(path.stat().st_size for path in (args.out / name).rglob("*") if path.is_file())
        print(f"{name}: {size / 1000:.0f} kB; {said}", flush=True)


if __name__ == "__main__":
    main()
