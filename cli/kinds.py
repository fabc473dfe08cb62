"""What a source holds: told by its name, or by its first bytes."""

import json
import re
from enum import StrEnum
from pathlib import Path

_MARKUP = re.compile(rb"<!doctype\s+html|<html|<head|<body|<article|<p[\s>]|<div", re.IGNORECASE)


class Kind(StrEnum):
    """What a source holds."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    NDJSON = "ndjson"
    WARC = "warc"


BY_SUFFIX = {
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".json": Kind.JSON,
    ".ndjson": Kind.NDJSON,
    ".jsonl": Kind.NDJSON,
    ".warc": Kind.WARC,
    ".arc": Kind.WARC,
    ".wet": Kind.WARC,
}


def kind_of_name(name: str) -> Kind | None:
    """What a file's name says that it holds.

    >>> kind_of_name("crawl.jsonl.gz")
    <Kind.NDJSON: 'ndjson'>
    """
    return BY_SUFFIX.get(Path(name.lower().removesuffix(".gz")).suffix)


def sniff(start: bytes) -> Kind:
    """What the first bytes look like."""
    head = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"WARC/"):
        return Kind.WARC
    if head[:1] == b"[":
        return Kind.JSON
    if head[:1] == b"{":
        first, _, rest = head.partition(b"\n")
        return Kind.NDJSON if rest.strip()[:1] == b"{" and _is_object(first) else Kind.JSON
    return Kind.HTML if _MARKUP.search(head) else Kind.TEXT


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
