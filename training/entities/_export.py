"""From a trained tagger to the files that ship: a small ONNX graph, the tokenizer and a manifest.

Layers are 8-bit, per channel; word pieces 4-bit, as they were learned. Pieces that English text does not hold (other
scripts, unused places of the vocabulary) are left out.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from tasks.entities.encoding import WINDOW_PIECES
from training.entities._network import COARSE_BLOCK, Tagger, coarse_scale
from training.entities._pretrained import tokenizer_file
from training.entities._windows import LABELS

VERSION = "2"

_POSITIONS = WINDOW_PIECES + 2
_LATIN_END = 0x250
_SIGNS = range(0x2000, 0x2C00)
"""Punctuation, currency, arrows and other signs of news text, from General Punctuation on."""


@dataclass(frozen=True, slots=True)
class Files:
    """What one profile's files are called."""

    profile: str

    @property
    def _suffix(self) -> str:
        return "" if self.profile == "accurate" else f"-{self.profile}"

    @property
    def name(self) -> str:
        """The model's name in results."""
        return f"dateline-minilm-news{self._suffix}"

    @property
    def model(self) -> str:
        """The graph."""
        return f"model{self._suffix}.onnx"

    @property
    def manifest(self) -> str:
        """What says how the graph is to be read."""
        return f"recognizer{self._suffix}.json"


def export(model: Tagger, folder: Path, files: Files) -> None:
    """Write graph, tokenizer and manifest into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = _kept_pieces(_vocabulary())
    with tempfile.TemporaryDirectory() as scratch:
        full, layers = Path(scratch) / "full.onnx", Path(scratch) / "layers.onnx"
        _write_graph(model, full)
        quantize_dynamic(full, layers, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"])
        graph = onnx.load(layers)
    _store_pieces(graph, model.pieces.weight.detach()[kept])
    _strip_traces(graph)
    onnx.save(graph, folder / files.model)
    numbers = _write_tokenizer(folder / "tokenizer.json", kept)
    _write_manifest(folder, files, numbers)


def _vocabulary() -> dict[str, int]:
    vocabulary: dict[str, int] = json.loads(tokenizer_file().read_text(encoding="utf-8"))["model"]["vocab"]
    return vocabulary


def _kept_pieces(vocabulary: dict[str, int]) -> list[int]:
    """Return the numbers of the pieces that English text may hold, in order."""
    return sorted(number for piece, number in vocabulary.items() if _is_latin(piece.removeprefix("##")))


def _is_latin(piece: str) -> bool:
    if piece.startswith("[unused"):
        return False
    return all(ord(character) < _LATIN_END or ord(character) in _SIGNS for character in piece)


def _write_graph(model: Tagger, path: Path) -> None:
    # Rounding is in the stored pieces; the graph must not round again. Positions past a window are never read.
    plain = Tagger(len(LABELS), replace(model.sizes, coarse=False))
    plain.load_state_dict(model.state_dict())
    plain.positions = torch.nn.Embedding.from_pretrained(model.positions.weight.detach()[:_POSITIONS])
    # Two tensors, not one twice: torch.export would take equal inputs for one input.
    example = (torch.ones((1, 20), dtype=torch.long), torch.ones((1, 20), dtype=torch.long))
    axes = {1: torch.export.Dim("length", min=3, max=_POSITIONS)}
    program = torch.onnx.export(
        plain.eval(),
        example,
        dynamo=True,
        input_names=["ids", "shapes"],
        output_names=["scores"],
        dynamic_shapes={"ids": axes, "shapes": axes},
        verbose=False,
    )
    if program is None:
        raise RuntimeError("torch returned no ONNX program")
    program.save(str(path))


def _store_pieces(model: onnx.ModelProto, pieces: torch.Tensor) -> None:
    """Put the pieces into the graph in 4 bits, in place of its table of 32."""
    graph = model.graph
    blocks = pieces.unflatten(-1, (-1, COARSE_BLOCK))
    scales = coarse_scale(blocks)
    values = (blocks / scales).round().to(torch.int8).flatten(-2).numpy()
    (lookup,) = (node for node in graph.node if node.op_type == "Gather" and "ids" in node.input)
    table = lookup.input[0]
    kept = [item for item in graph.initializer if item.name != table]
    del graph.initializer[:]
    graph.initializer.extend([*kept, _four_bits(values), numpy_helper.from_array(scales[..., 0].numpy(), "scales")])
    lookup.op_type, lookup.domain = "GatherBlockQuantized", "com.microsoft"
    lookup.input[:] = ["pieces", "ids", "scales"]
    del lookup.attribute[:]
    for name, value in {"gather_axis": 0, "quantize_axis": 1, "block_size": COARSE_BLOCK, "bits": 4}.items():
        lookup.attribute.append(helper.make_attribute(name, value))
    if all(entry.domain != "com.microsoft" for entry in model.opset_import):
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))


def _four_bits(values: NDArray[np.int8]) -> TensorProto:
    nibbles = (values & 15).astype(np.uint8)
    packed = nibbles[:, 0::2] | (nibbles[:, 1::2] << 4)
    return TensorProto(
        name="pieces", data_type=TensorProto.INT4, dims=values.shape, raw_data=packed.astype(np.uint8).tobytes()
    )


def _strip_traces(model: onnx.ModelProto) -> None:
    """Take out what the exporter notes about this machine: stack traces with file names, beside every node."""
    graph = model.graph
    noted = (*graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer)
    for item in (model, graph, *noted):
        del item.metadata_props[:]
        item.doc_string = ""
    del graph.value_info[:]


def _write_tokenizer(path: Path, kept: list[int]) -> dict[str, int]:
    """Write the tokenizer with the kept pieces only; return the new number of each."""
    content: dict[str, Any] = json.loads(tokenizer_file().read_text(encoding="utf-8"))
    by_number = {number: piece for piece, number in content["model"]["vocab"].items()}
    numbers = {by_number[number]: place for place, number in enumerate(kept)}
    content["model"]["vocab"] = numbers
    content["added_tokens"] = [token | {"id": numbers[token["content"]]} for token in content["added_tokens"]]
    content["post_processor"] = content["truncation"] = content["padding"] = None
    tokenizer = Tokenizer.from_str(json.dumps(content))
    tokenizer.save(str(path), pretty=False)
    return numbers


def _write_manifest(folder: Path, files: Files, numbers: dict[str, int]) -> None:
    named = (files.model, "tokenizer.json")
    manifest = {
        "name": files.name,
        "version": VERSION,
        "languages": ["en"],
        "labels": list(LABELS),
        "model": files.model,
        "window_pieces": WINDOW_PIECES,
        "cls": numbers["[CLS]"],
        "sep": numbers["[SEP]"],
        "sha256": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in named},
    }
    (folder / files.manifest).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
