"""One command from the corpora to the shipped recognizer: prepare, teach and learn, export, evaluate, model card.

    OMP_NUM_THREADS=1 python -m training.entities.train --run runs/entities

Each step can be run alone (`--steps export card`). The second one takes minutes on a GPU and most of a day on one core;
it needs only the file that the first one writes, so it can run elsewhere: see `training.entities.learn`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from tasks.entities._onnx import OnnxRecognizer
from training.entities._card import write_card
from training.entities._export import Files, export
from training.entities._network import MINILM, Tagger
from training.entities._preparation import Recipe, prepare
from training.entities._pretrained import tokenizer_file
from training.entities._windows import FOLDS, LABELS
from training.entities.evaluation import evaluate_all, table
from training.entities.learn import PROFILES, Profile, Way, learn, teach

SHIPPED = Path("tasks/entities/data")


@dataclass(frozen=True, slots=True)
class Job:
    """What the command line asked for."""

    run: Path
    shipped: Path
    recipe: Recipe
    profiles: tuple[Profile, ...]


def write_windows(job: Job) -> None:
    """Read, harmonise, tell again and cut the training corpus, all editions of it."""
    prepare(tokenizer_file(), job.recipe).save(job.run / "windows.npz")


def train(job: Job) -> None:
    """Train the teachers, then what ships."""
    torch.set_num_threads(1)
    way = Way(job.run)
    for fold in range(FOLDS):
        teach(way, fold)
    for profile in job.profiles:
        learn(way, profile)


def export_all(job: Job) -> None:
    """Write the shipped files from the trained taggers."""
    for profile in job.profiles:
        model = Tagger(len(LABELS), replace(MINILM, layers=len(profile.layers), coarse=True))
        model.load_state_dict(torch.load(job.run / f"{profile.name}.pt", weights_only=True))
        export(model, job.shipped, Files(profile.name))


def evaluate(job: Job) -> None:
    """Print the scores of the shipped files."""
    for profile in job.profiles:
        print(f"{profile.name}\n{table(evaluate_all(_recognizer(job, profile)))}")


def card(job: Job) -> None:
    """Evaluate the shipped files and write their model card."""
    scores = {profile.name: evaluate_all(_recognizer(job, profile)) for profile in job.profiles}
    write_card(job.shipped, job.run, scores)


def _recognizer(job: Job, profile: Profile) -> OnnxRecognizer:
    return OnnxRecognizer.load(job.shipped, None if profile.name == "accurate" else profile.name)


STEPS: dict[str, Callable[[Job], None]] = {
    "prepare": write_windows,
    "train": train,
    "export": export_all,
    "evaluate": evaluate,
    "card": card,
}
"""The steps in their order."""


def main() -> None:
    """Run the steps that were asked for, in their order."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, default=Path("runs/entities"), help="folder of what is learned")
    parser.add_argument("--shipped", type=Path, default=SHIPPED, help="folder of the exported files")
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    parser.add_argument("--editions", type=int, default=Recipe().editions, help="tellings of the corpora")
    parser.add_argument("--unlabelled", type=int, default=0, help="how often to tell the texts without labels")
    parser.add_argument("--epochs", type=int, help="fewer, for a trial run")
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS))
    given = parser.parse_args()
    given.run.mkdir(parents=True, exist_ok=True)
    profiles = tuple(replace(profile, epochs=given.epochs or profile.epochs) for profile in PROFILES)
    recipe = Recipe(editions=given.editions, unlabelled=given.unlabelled, seed=given.seed)
    job = Job(given.run, given.shipped, recipe, profiles)
    for name, step in STEPS.items():
        if name in given.steps:
            step(job)


if __name__ == "__main__":
    main()
