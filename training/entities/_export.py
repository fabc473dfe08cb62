"""From a checkpoint to the files that ship: int8 ONNX graph, tokenizer, manifest."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from tasks.entities.encoding import WINDOW_PIECES
from training.entities._corpus import LABELS
from training.entities._fit import CLS, SEP
from training.entities._network import POSITIONS, Tagger, pretrained_folder

NAME = "dateline-minilm-news"
VERSION = "1"


def load_checkpoint(path: Path) -> tuple[Tagger, dict[str, Any]]:
    """Return the model of a checkpoint, ready for inference, and the run's facts."""
    state = torch.load(path, weights_only=True)
    model = Tagger(len(LABELS))
    model.load_state_dict(state.pop("model"))
    state.pop("optimizer", None)
    return model.eval(), state


def export(model: Tagger, folder: Path) -> None:
    """Write `model.onnx`, `tokenizer.json` and `recognizer.json` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "float32.onnx"
        _write_graph(model, full)
        quantize_dynamic(
            full,
            folder / "model.onnx",
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gather"],
        )
    _strip_traces(folder / "model.onnx")
    tokenizer = Tokenizer.from_file(str(pretrained_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    _write_manifest(folder)


def _write_graph(model: Tagger, path: Path) -> None:
    # Two tensors, not one twice: torch.export would take equal inputs for one input.
    example = (torch.ones((1, 20), dtype=torch.long), torch.ones((1, 20), dtype=torch.long))
    axes = {1: torch.export.Dim("length", min=3, max=POSITIONS)}
    program = torch.onnx.export(
        model,
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


def _strip_traces(path: Path) -> None:
    """Take out what the exporter notes about this machine: stack traces with file names, beside every node."""
    model = onnx.load(path)
    graph = model.graph
    noted = (*graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer)
    for item in (model, graph, *noted):
        del item.metadata_props[:]
        item.doc_string = ""
    onnx.save(model, path)


def _write_manifest(folder: Path) -> None:
    files = ("model.onnx", "tokenizer.json")
    manifest = {
        "name": NAME,
        "version": VERSION,
        "languages": ["en"],
        "labels": list(LABELS),
        "window_pieces": WINDOW_PIECES,
        "cls": CLS,
        "sep": SEP,
        "sha256": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files},
    }
    (folder / "recognizer.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
