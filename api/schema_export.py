"""Writes what consumers need to ``docs/results``: ``python -m api.schema_export [FOLDER]``.

The JSON Schemas, and the AsyncAPI document.
"""

import json
import sys
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from api import asyncapi
from schemas import BatchReceipt, CloudEvent, FeedEntry, PipelineStatus, Problem, Receipt, Result, Status, Submission

FOLDER = Path("docs/results")
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_READ: dict[str, type[BaseModel]] = {
    "result": Result,
    "status": Status,
    "feed-entry": FeedEntry,
    "event": CloudEvent,
    "problem": Problem,
    "receipt": Receipt,
    "batch-receipt": BatchReceipt,
    "pipeline": PipelineStatus,
}


def _schema(name: str, model: type[BaseModel], mode: Literal["validation", "serialization"]) -> dict[str, Any]:
    head = {"$schema": _DRAFT, "$id": f"urn:dateline:schema:{name}"}
    return head | model.model_json_schema(mode=mode)


def documents() -> dict[str, str]:
    """File name to content."""
    schemas = {name: _schema(name, model, "serialization") for name, model in _READ.items()}
    schemas["submission"] = _schema("submission", Submission, "validation")
    files = {f"{name}.schema.json": schema for name, schema in sorted(schemas.items())}
    files["asyncapi.json"] = asyncapi.document()
    return {name: json.dumps(content, indent=2, ensure_ascii=False) + "\n" for name, content in files.items()}


def main(folder: Path = FOLDER) -> int:
    """Write all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in documents().items():
        (folder / name).write_text(content, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
