"""From the corpora to labelled windows: harmonise, repair, tell again, recase, cut."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from benchmarks.evaluation import data_folder
from tasks.entities.encoding import Shape, TextEncoder, Window
from training.entities._corpus import Document, harmonise, read_documents, split, targets
from training.entities._names import NameBook
from training.entities._newsroom import Newsroom
from training.entities._repair import repair
from training.entities._swapping import swap
from training.entities._unlabelled import unlabelled_texts
from training.entities._windows import FOLDS, IGNORED, PARTS, UNSEEN, UNTOLD, LabelledWindow, Windows, joined

TRAINED_ON = ("perm_train", "gum_dev", "wnut17_dev")
"""Corpora whose licences allow it; each loses its share for development."""

WINDOW = 180
"""Word pieces a window in training; a little more than in use, so that every position in use has been trained."""

_SWAPPED_SHARE = 0.5
_RECASED_SHARE = 0.12
_HEADLINE_SHARE = 0.04
_HEADLINE_WORDS = 0.8


@dataclass(frozen=True, slots=True)
class Recipe:
    """How many editions there are, how much of each is told with other names, and how often each made-up passage."""

    editions: int = 24
    swapped: float = _SWAPPED_SHARE
    tellings: int = 3
    unlabelled: int = 0
    """How often texts without labels are told, in all; what ships was made without them."""
    seed: int = 20


def corpora() -> tuple[list[Document], list[Document]]:
    """Read what may be trained on, harmonised: training and development documents."""
    read = [
        document for name in TRAINED_ON for document in read_documents(data_folder("entities") / f"{name}.jsonl.gz")
    ]
    training, development = split(harmonise(read))
    return [repair(document) for document in training], development


def prepare(tokenizer: Path, recipe: Recipe) -> Windows:
    """Make all editions of the training windows."""
    encoder = TextEncoder(Tokenizer.from_file(str(tokenizer)), WINDOW)
    training, _ = corpora()
    book = NameBook(training)
    newsroom = Newsroom(book)
    labelled = (
        window
        for edition in range(recipe.editions)
        for window in _told(encoder, _edition(training, book, newsroom, recipe, edition), recipe, edition)
    )
    return joined(itertools.chain(labelled, _unlabelled(encoder, recipe)))


def _unlabelled(encoder: TextEncoder, recipe: Recipe) -> Iterator[LabelledWindow]:
    """Cut the texts without labels; every telling deals them to the parts anew."""
    texts = unlabelled_texts() if recipe.unlabelled else []
    for telling in range(recipe.unlabelled):
        chance = np.random.default_rng((recipe.seed, UNSEEN, telling))
        for text in texts:
            for window in encoder.windows(text):
                yield LabelledWindow(
                    ids=window.ids,
                    shapes=_recased(window, chance) if telling else window.shapes,
                    targets=_untold(window),
                    fold=UNSEEN,
                    edition=int(chance.integers(PARTS)),
                )


def _untold(window: Window) -> NDArray[np.int64]:
    targets = np.full(len(window.ids), IGNORED, dtype=np.int64)
    targets[window.words] = UNTOLD
    return targets


def _told(
    encoder: TextEncoder, documents: Iterator[Document], recipe: Recipe, edition: int
) -> Iterator[LabelledWindow]:
    chance = np.random.default_rng((recipe.seed, edition))
    for document in documents:
        yield from _windows(encoder, document, edition, chance)


def _edition(
    training: list[Document], book: NameBook, newsroom: Newsroom, recipe: Recipe, edition: int
) -> Iterator[Document]:
    """Yield the documents of one edition; the first tells them as they are."""
    choice = random.Random(f"{recipe.seed}/{edition}")  # noqa: S311 - reproducible, not secret
    for document in training:
        yield swap(document, book, choice) if edition and choice.random() < recipe.swapped else document
    for _ in range(recipe.tellings):
        yield from newsroom.tell(choice)


def _windows(
    encoder: TextEncoder, document: Document, edition: int, chance: np.random.Generator
) -> Iterator[LabelledWindow]:
    for window in encoder.windows(document.text):
        yield LabelledWindow(
            ids=window.ids,
            shapes=_recased(window, chance) if edition else window.shapes,
            targets=targets(window, document.spans),
            fold=_fold(document),
            edition=edition,
        )


def _fold(document: Document) -> int:
    """Return the document's fold, the same in every edition."""
    return int(hashlib.sha256(document.name.encode()).hexdigest()[:8], 16) % FOLDS


def plain(documents: list[Document], tokenizer: Path, pieces: int) -> Windows:
    """Cut documents into windows as they are: for scores."""
    encoder = TextEncoder(Tokenizer.from_file(str(tokenizer)), pieces)
    return joined(
        LabelledWindow(window.ids, window.shapes, targets(window, document.spans), 0, 0)
        for document in documents
        for window in encoder.windows(document.text)
    )


def _recased(window: Window, chance: np.random.Generator) -> NDArray[np.int64]:
    """Show one window in eight in lower case, in capitals or as a headline, by its shapes: the pieces are uncased."""
    shapes, drawn = window.shapes, chance.random()
    if drawn >= _RECASED_SHARE:
        return shapes
    if drawn < _HEADLINE_SHARE:
        raised = np.repeat(chance.random(len(window.words)) < _HEADLINE_WORDS, _word_sizes(window))
        return np.where(raised & (shapes == Shape.LOWER), Shape.TITLE, shapes)
    target = Shape.LOWER if drawn < (_RECASED_SHARE + _HEADLINE_SHARE) / 2 else Shape.CAPITALS
    cased = np.isin(shapes, (Shape.LOWER, Shape.TITLE, Shape.CAPITALS, Shape.INITIAL, Shape.MIXED))
    return np.where(cased, target, shapes)


def _word_sizes(window: Window) -> NDArray[np.int64]:
    return np.diff(window.words, append=len(window.ids))
