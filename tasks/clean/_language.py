"""Language identification with py3langid, on the title and the first characters of the text."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from types import SimpleNamespace
from typing import BinaryIO

from py3langid import modelio
from py3langid.langid import MODEL_FILE, LanguageIdentifier

_CHARS = 500
"""Title and 500 characters: 0.4 ms, English right on 100 % of the development pages (measurements A10)."""
_FIRST_CHARS = 200
_AT_ONCE = 0.95
"""Where the first 200 characters say it as surely as this, the rest is not asked: the same language as from all 500 on
each of 840 development texts, and 98 % of them are this sure. It was a third of the time of a text."""
_MIN_LETTERS = 20
"""Shorter texts are mostly names and numbers; the model always answers, but not with reason."""
_NO_LANGUAGE = "zxx"
_CODE_LENGTH = 2
"""The model also knows varieties that ISO 639-1 has no code for (Cantonese, Pidgin, Egyptian Arabic); the best-ranked
language that has one stands for them."""
SURE = 0.9
"""Share of the probability above which a contradiction to the submitted language is worth a warning."""

_RELATIVES = (frozenset({"bs", "hr", "sr"}), frozenset({"id", "ms"}))
"""Languages that a few lines hardly tell apart."""

MODEL = f"py3langid {version('py3langid')}"


@cache
def _identifier() -> LanguageIdentifier:
    """Load the model once a process, on first use: 78 MB that only workers need, and only after the fork."""
    with _unpacking_in_memory():
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@contextmanager
def _unpacking_in_memory() -> Iterator[None]:
    """Let py3langid unpack its model in memory that is given back at once.

    By itself it writes 65 MB into a file in /tmp, in every process: where /tmp is full, no article would get through.
    """
    theirs = modelio.tempfile
    modelio.tempfile = SimpleNamespace(TemporaryFile=_memory_file)
    try:
        yield
    finally:
        modelio.tempfile = theirs


def _memory_file(**_: object) -> BinaryIO:
    return os.fdopen(os.memfd_create("language-model"), "w+b")


def among_relatives(found: str | None, declared: str | None) -> str | None:
    """The language that a page declares, where it is a near relative of the one that its text seems to be in.

    >>> among_relatives("bs", "sr"), among_relatives("en", "sr")
    ('sr', 'en')
    """
    return declared if any(found in group and declared in group for group in _RELATIVES) else found


def load() -> None:
    """Load the model now: a child that is forked next has less CPU time than loading takes."""
    _identifier()


def identify(title: str | None, text: str) -> tuple[str | None, float]:
    """Tell the ISO 639-1 code of the language and how sure that is; ``None`` when there is too little text."""
    for chars in (_FIRST_CHARS, _CHARS):
        code, confidence = _classified(f"{title or ''} {text[:chars]}".strip())
        if confidence >= _AT_ONCE or len(text) <= chars:
            break
    return code, confidence


def _classified(sample: str) -> tuple[str | None, float]:
    if sum(map(str.isalpha, sample)) < _MIN_LETTERS:
        return None, 0.0
    code, confidence = _identifier().classify(sample)
    if code == _NO_LANGUAGE:
        return None, 0.0
    if len(code) != _CODE_LENGTH:
        code, confidence = next(one for one in _identifier().rank(sample) if len(one[0]) == _CODE_LENGTH)
    return str(code), float(confidence)
