"""From labelled windows to trained taggers; needs nothing of Dateline but this folder, so that it runs on any GPU.

    python -m training.entities.learn --run runs/entities

1. *Teach*: three large encoders, each on two thirds of the documents, tell what they think of the third they have not
   seen. What they say is less noisy than the labels, which come from five hands (cross-fitting; M. Wang et al.,
   CrossWeigh, 2019).
2. *Learn*: the small encoders learn from the labels and from what they were told (G. Hinton et al., Distilling the
   Knowledge in a Neural Network, 2015), from many editions of the texts.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.entities._fit import Plan, Rows, Shelf, fit, probabilities
from training.entities._pretrained import large_encoder, small_encoder
from training.entities._windows import FOLDS, LABELS, Windows

TEACHER = Plan(rate=5e-5, batch_pieces=4_400, seed=20)
TEACHER_EPOCHS = 5


@dataclass(frozen=True, slots=True)
class Profile:
    """A tagger that ships: MiniLM's layers that it keeps, and how it learns."""

    name: str
    layers: tuple[int, ...]
    epochs: int
    plan: Plan


PROFILES = (
    Profile("accurate", (0, 1, 2, 3, 4, 5), 27, Plan(rate=2.5e-4, batch_pieces=4_400, seed=20, gold=0.5)),
    Profile("fast", (0, 2, 5), 39, Plan(rate=4e-4, batch_pieces=4_400, seed=20, gold=0.4)),
)


def device() -> torch.device:
    """Return where to learn: a GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def teach(run: Path) -> None:
    """Train the large encoders of all folds and write what each says of its own fold to `hints-<fold>.pt`."""
    windows = Windows.load(run / "windows.npz")
    shelf = Shelf(windows, device())
    for fold in range(FOLDS):
        torch.manual_seed(TEACHER.seed + fold)
        model = large_encoder(len(LABELS)).to(shelf.device)
        fit(model, shelf, _epochs(windows, windows.folds != fold, TEACHER_EPOCHS), TEACHER, None)
        said = torch.zeros((len(windows.ids), len(LABELS)), dtype=torch.float16, device=shelf.device)
        probabilities(model, shelf, np.flatnonzero(windows.folds == fold), said)
        torch.save(said.cpu(), run / f"hints-{fold}.pt")


def learn(run: Path, profile: Profile) -> None:
    """Train one small encoder and write it to `<profile>.pt`, with the facts of its run beside it."""
    windows = Windows.load(run / "windows.npz")
    shelf = Shelf(windows, device())
    torch.manual_seed(profile.plan.seed)
    model = small_encoder(len(LABELS), profile.layers).to(shelf.device)
    everything = np.ones(len(windows), dtype=np.bool_)
    epochs = _epochs(windows, everything, profile.epochs)
    seconds = fit(model, shelf, epochs, profile.plan, _hints(run, shelf.device))
    torch.save({name: value.cpu() for name, value in model.state_dict().items()}, run / f"{profile.name}.pt")
    facts = {**asdict(profile), "seconds": round(seconds), "device": str(shelf.device), "windows": len(windows)}
    (run / f"{profile.name}.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def _hints(run: Path, where: torch.device) -> Tensor:
    """Return what the teachers said; each window is in one fold, so their answers add up to all."""
    hints: Tensor = torch.load(run / "hints-0.pt", weights_only=True)
    for fold in range(1, FOLDS):
        hints += torch.load(run / f"hints-{fold}.pt", weights_only=True)
    return hints.to(where)


def _epochs(windows: Windows, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]], count: int) -> list[Rows]:
    """Return the windows of each epoch: one edition after the other, from the first again when all were read."""
    editions = int(windows.editions.max()) + 1
    return [np.flatnonzero(chosen & (windows.editions == epoch % editions)) for epoch in range(count)]


def main() -> None:
    """Teach and learn what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, default=Path("runs/entities"), help="folder with windows.npz")
    parser.add_argument("--only", choices=("teach", *(profile.name for profile in PROFILES)))
    given = parser.parse_args()
    if given.only in {None, "teach"}:
        teach(given.run)
    for profile in PROFILES:
        if given.only in {None, profile.name}:
            learn(given.run, profile)


if __name__ == "__main__":
    main()
