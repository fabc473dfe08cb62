"""A spaCy CNN trained on the same texts as the shipped model, to compare speed and quality on any machine.

    make train-spacy
    .venv-spacy/bin/python -m benchmarks.quality_entities spacy:runs/entities-spacy
    .venv-spacy/bin/python -m benchmarks.bench_entities spacy:runs/entities-spacy

It reads the same corpora, harmonised alike, and keeps the weights that score best on the same development split. The
network is spaCy's default for CPUs: hashed embeddings of norm, prefix, suffix and shape, four convolutions of width 96,
and a transition-based tagger (spaCy's `HashEmbedCNN` and `TransitionBasedParser`). Nothing of it ships.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.training import Example
from spacy.util import filter_spans, fix_random_seed, minibatch

from benchmarks.evaluation import data_folder
from training.entities._corpus import Document, harmonise, read_documents, split

CORPUS = "perm_train.jsonl.gz"
_LONGEST = 1_500
"""Characters of one training example: documents are cut at line and sentence ends."""


@dataclass(frozen=True, slots=True)
class Course:
    """How long to train: spaCy's quickstart stops after 1,600 steps without gain, which is what takes the time."""

    steps: int = 6_000
    words: int = 1_200
    every: int = 400
    dropout: float = 0.1
    seed: int = 7


def main() -> None:
    """Train, and write the pipeline of the best step."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("runs/entities-spacy"))
    parser.add_argument("--steps", type=int, default=Course().steps)
    parser.add_argument("--every", type=int, default=Course().every)
    arguments = parser.parse_args()
    course = Course(steps=arguments.steps, every=arguments.every)
    training, development = split(harmonise(read_documents(data_folder("entities") / CORPUS)))
    train(training, development, course, arguments.out)


def train(training: Sequence[Document], development: Sequence[Document], course: Course, out: Path) -> float:
    """Train for at most `course.steps` batches; returns the best F1 on the development texts, in per cent."""
    fix_random_seed(course.seed)
    pipeline = spacy.blank("en")
    pipeline.add_pipe("ner")
    examples = [example for document in training for example in _examples(pipeline, document)]
    held_out = [example for document in development for example in _examples(pipeline, document)]
    optimizer = pipeline.initialize(lambda: examples)
    out.parent.mkdir(parents=True, exist_ok=True)
    best, began = 0.0, time.process_time()
    for step, batch in enumerate(_batches(examples, course), start=1):
        pipeline.update(batch, sgd=optimizer, drop=course.dropout)
        if step % course.every == 0:
            with pipeline.use_params(optimizer.averages):
                score = 100 * (pipeline.evaluate(held_out)["ents_f"] or 0.0)
                print(f"step {step}  development F1 {score:.1f}  {time.process_time() - began:.0f} CPU s", flush=True)
                if score > best:
                    best = score
                    pipeline.meta["name"] = "dateline_cnn"
                    pipeline.to_disk(out)
    return best


def _batches(examples: Sequence[Example], course: Course) -> Iterator[list[Example]]:
    source = random.Random(course.seed)  # noqa: S311 - repeatable, not secret
    steps = 0
    while True:
        shuffled = source.sample(examples, len(examples))
        sizes = iter(lambda: max(1, course.words // 25), None)
        for batch in minibatch(shuffled, size=sizes):
            yield batch
            steps += 1
            if steps >= course.steps:
                return


def _examples(pipeline: Language, document: Document) -> Iterator[Example]:
    """Cut a document, and mark in each piece the spans that lie in it and on its tokens."""
    for start, end in _pieces(document.text):
        doc = pipeline.make_doc(document.text[start:end])
        inside = [span for span in document.spans if start <= span[0] and span[1] <= end]
        found = (doc.char_span(s - start, e - start, label, alignment_mode="expand") for s, e, label in inside)
        reference = doc.copy()
        reference.ents = filter_spans([span for span in found if span is not None])
        if len(doc):
            yield Example(doc, reference)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        limit = min(len(text), start + _LONGEST)
        cut = max(text.rfind(mark, start, limit) for mark in ("\n", ". ")) if limit < len(text) else limit
        end = limit if cut <= start else min(len(text), cut + 1)
        yield start, end
        start = end


if __name__ == "__main__":
    main()
