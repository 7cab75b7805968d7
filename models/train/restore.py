"""The network of a model folder, to train it further where its checkpoint is gone: 8-bit weights as
floats.
"""

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper

from . import network


def judge(folder: Path, name: str) -> network.Judge:
    """A `network.Judge` with the weights of `folder`; what the graph does not keep (distances,
    unused positions) is the backbone's.
    """
    model = onnx.load(str(Path(folder) / "model.onnx"))
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    restored = network.Judge.pretrained(name)

    def matrix(key):
        if key in stored:
            return stored[key]
        return stored[key + ".int8"] * stored[key + ".scale"] if key + ".int8" in stored else None

    state = restored.state_dict()
    for key in state:
        owner, _, kind = key.rpartition(".")
        if key == "word.weight":
            found = stored["word.int8"] * stored["word.scale"]
        elif key in ("distance.weight", "position.weight"):
            continue
        elif f"{owner}.gain" in stored:
            found = stored[f"{owner}.gain" if kind == "weight" else f"{owner}.shift"]
        else:
            found = matrix(key)
            if kind == "weight" and key != "side.weight":
                found = found.T
        tensor = torch.tensor(found).reshape(state[key].shape)
        state[key] = tensor.float()
    restored.load_state_dict(state)
    return restored
