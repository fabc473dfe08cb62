"""What the files of a shipped model are: a manifest for each profile, `recognizer.json` and `recognizer-fast.json`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError, model_validator

from schemas.base import Model
from tasks.entities.recognizer import RecognizerUnavailable


class Manifest(Model):
    """Names the files of a model, and says how they were made to be read."""

    name: str
    version: str
    languages: tuple[str, ...]
    labels: tuple[str, ...] = Field(description="BIO labels in the order of the graph's scores.")
    model: str = "model.onnx"
    tokenizer: str = "tokenizer.json"
    window_pieces: int = Field(ge=8, description="Word pieces read at once, without the two markers.")
    cls: int
    sep: int
    transitions: tuple[tuple[float, ...], ...] | None = Field(
        default=None, description="Learned scores of one label after another, [from][to], as of a CRF."
    )
    starts: tuple[float, ...] | None = Field(default=None, description="Learned scores of a label at the beginning.")
    ends: tuple[float, ...] | None = Field(default=None, description="Learned scores of a label at the end.")
    sha256: dict[str, str]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        size = len(self.labels)
        for row in (*(self.transitions or ()), self.starts, self.ends):
            if row is not None and len(row) != size:
                raise ValueError(f"learned scores of {len(row)} labels beside {size} labels")
        if self.transitions is not None and len(self.transitions) != size:
            raise ValueError(f"transitions from {len(self.transitions)} labels beside {size} labels")
        if {self.model, self.tokenizer} - self.sha256.keys():
            raise ValueError("a file without its sha256")
        return self


def read_manifest(folder: Path, profile: str | None = None) -> Manifest:
    """Read the manifest of a model folder, and check that the files are those that it names.

    Raises:
        RecognizerUnavailable: It cannot be read, or a file is missing or another one.
    """
    name = f"recognizer-{profile}.json" if profile else "recognizer.json"
    path = folder / name
    if profile and not path.exists():
        raise RecognizerUnavailable(
            f"there is no profile {profile!r} here ({name} is missing); set DATELINE_RECOGNIZER=onnx, or export the "
            "profile with make train-entities"
        )
    try:
        manifest = Manifest.model_validate(json.loads(path.read_bytes()))
    except (OSError, ValueError, ValidationError) as error:
        raise RecognizerUnavailable(advice(f"{name} is missing or damaged")) from error
    for file, digest in manifest.sha256.items():
        _check(folder / file, digest, name)
    return manifest


def _check(path: Path, digest: str, manifest: str) -> None:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RecognizerUnavailable(advice(f"{path.name} is missing")) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise RecognizerUnavailable(advice(f"{path.name} is not the file that {manifest} names"))


def advice(problem: str) -> str:
    """Add to a problem with the model's files what to do about it."""
    return f"{problem}; install Dateline again, or export the model with make train-entities"
