"""One command from the corpora to the shipped recognizer: train, export, evaluate, model card.

    OMP_NUM_THREADS=1 python -m training.entities.train --run runs/entities

Each step can be run alone (`--steps export evaluate`). Training takes a fixed number of steps and resumes from the
run's last checkpoint; export takes that checkpoint.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from tasks.entities.encoding import TextEncoder
from training.entities._card import write_card
from training.entities._corpus import LABELS, Example, data_folder, examples, harmonise, read_documents, split
from training.entities._export import export, load_checkpoint
from training.entities._fit import Plan, fit
from training.entities._network import Tagger, pretrained_folder
from training.entities._newsroom import made_up
from training.entities._repair import repair
from training.entities.evaluation import evaluate_all, table

SHIPPED = Path("tasks/entities/data")
TRAINED_ON = ("perm_train", "gum_dev", "wnut17_dev")
"""Corpora whose licences allow it; each loses its share for development."""

MADE_UP = 700
"""Texts of the made-up newsroom: about 5 % of the word pieces."""

TRAINING_WINDOW = 180
"""Word pieces a window in training; a little more than in use, so that every position in use has been trained."""


@dataclass(frozen=True, slots=True)
class Job:
    """What the command line asked for."""

    run: Path
    shipped: Path
    plan: Plan
    limit: int | None


def training_examples(plan: Plan) -> list[Example]:
    """Read, harmonise and cut the training corpus, and add the made-up newsroom."""
    encoder = TextEncoder(Tokenizer.from_file(str(pretrained_folder() / "tokenizer.json")), TRAINING_WINDOW)
    corpora = [document for name in TRAINED_ON for document in read_documents(data_folder() / f"{name}.jsonl.gz")]
    documents = [repair(document) for document in split(harmonise(corpora))[0]]
    return list(examples(encoder, [*documents, *made_up(documents, MADE_UP, plan.seed)]))


def train(job: Job) -> None:
    """Train up to the plan's last step."""
    torch.manual_seed(job.plan.seed)
    torch.set_num_threads(1)
    model = Tagger(len(LABELS))
    model.load_pretrained(pretrained_folder())
    fit(model, training_examples(job.plan)[: job.limit], job.plan, job.run)


def export_checkpoint(job: Job) -> None:
    """Write the shipped files from the run's checkpoint."""
    model, _ = load_checkpoint(job.run / "checkpoint.pt")
    export(model, job.shipped)


def evaluate(job: Job) -> None:
    """Print the scores of the shipped files."""
    print(table(evaluate_all(f"onnx:{job.shipped}")))


def card(job: Job) -> None:
    """Evaluate the shipped files and write their model card."""
    _, facts = load_checkpoint(job.run / "checkpoint.pt")
    write_card(job.shipped, facts, evaluate_all(f"onnx:{job.shipped}"))


STEPS: dict[str, Callable[[Job], None]] = {
    "train": train,
    "export": export_checkpoint,
    "evaluate": evaluate,
    "card": card,
}
"""The steps in their order."""


def main() -> None:
    """Run the steps that were asked for, in their order."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, default=Path("runs/entities"), help="folder of checkpoints")
    parser.add_argument("--shipped", type=Path, default=SHIPPED, help="folder of the exported files")
    parser.add_argument("--epochs", type=float, default=Plan.epochs)
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--fp32", action="store_true", help="for processors without AMX, where bf16 is slower")
    parser.add_argument("--limit", type=int, help="windows to train on, for a trial run")
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS))
    given = parser.parse_args()
    plan = Plan(epochs=given.epochs, seed=given.seed, bf16=not given.fp32)
    job = Job(given.run, given.shipped, plan, given.limit)
    for name, step in STEPS.items():
        if name in given.steps:
            step(job)


if __name__ == "__main__":
    main()
