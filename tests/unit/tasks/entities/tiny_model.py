"""A recognizer's files made on the spot: a graph that labels each word by its case shape, a tokenizer, a manifest.

The graph is one `Gather`, written in the wire format of protocol buffers (onnx.proto3 gives the fields' numbers): no
test needs the package `onnx`.
"""

import hashlib
import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import BertPreTokenizer

from tasks.entities.encoding import Shape

LABELS = ("O", "B-PERSON", "I-PERSON", "B-ORG", "I-ORG")
INT64, FLOAT = 7, 1


def write(folder: Path, profile: str | None = None, inputs: Sequence[str] = ("ids", "shapes"), **manifest: Any) -> Path:
    """Write the files of a profile; what `manifest` gives stands in the manifest instead."""
    suffix = f"-{profile}" if profile else ""
    (folder / f"model{suffix}.onnx").write_bytes(graph(inputs, manifest.pop("answers", len(LABELS))))
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "[CLS]": 1, "[SEP]": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.save(str(folder / f"tokenizer{suffix}.json"))
    files = {"model": f"model{suffix}.onnx", "tokenizer": f"tokenizer{suffix}.json"}
    digests = {name: digest(folder / name) for name in files.values()}
    whole = {
        "name": f"tiny{suffix}", "version": "1", "languages": ["en"], "labels": LABELS, "window_pieces": 20,
        "cls": 1, "sep": 2, "sha256": digests, **files, **manifest,
    }  # fmt: skip
    (folder / f"recognizer{suffix}.json").write_text(json.dumps(whole))
    return folder


def graph(inputs: Sequence[str], answers: int = len(LABELS)) -> bytes:
    """Words in TITLE case begin a person, those in CAPITALS an organisation, MIXED ones go on with a person."""
    marked = {Shape.TITLE: "B-PERSON", Shape.MIXED: "I-PERSON", Shape.CAPITALS: "B-ORG"}
    labels = [marked.get(shape, "O") for shape in Shape]
    table = [[2.0 if LABELS[column] == label else 0.0 for column in range(answers)] for label in labels]
    values = [value for row in table for value in row]
    weights = field(1, len(table)) + field(1, answers) + field(2, FLOAT) + field(8, "table")
    weights += field(9, struct.pack(f"<{len(values)}f", *values))
    node = field(1, "table") + field(1, "shapes") + field(2, "scores") + field(4, "Gather")
    body = field(1, node) + field(2, "tiny") + field(5, weights)
    body += b"".join(field(11, _tensor(name, INT64, (1, "length"))) for name in inputs)
    body += field(12, _tensor("scores", FLOAT, (1, "length", answers)))
    return field(1, 8) + field(8, field(2, 17)) + field(7, body)


def _tensor(name: str, kind: int, sizes: Sequence[int | str]) -> bytes:
    shape = b"".join(field(1, field(1 if isinstance(size, int) else 2, size)) for size in sizes)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, shape)))


def field(number: int, value: int | str | bytes) -> bytes:
    """One field: a number as varint, anything else with its length in front."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


def digest(path: Path) -> str:
    """The sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digests_in(manifest: str) -> list[str]:
    """The digests that a manifest names, the graph's first."""
    return list(json.loads(manifest)["sha256"].values())
