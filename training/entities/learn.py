"""From labelled windows to trained taggers; needs nothing of Dateline but this folder, so that it runs on any GPU.

    python -m training.entities.learn --run runs/entities

1. *Teach*: three large encoders, each on two thirds of the documents, tell what they think of the third they have not
   seen, and of a third of the texts without labels where there are any. What they say is less noisy than the labels,
   which come from five hands (cross-fitting; M. Wang et al., CrossWeigh, 2019).
2. *Learn*: the small encoders learn from the labels and from what they were told (G. Hinton et al., Distilling the
   Knowledge in a Neural Network, 2015), from many editions of the texts; with `--guided` also from how the first
   teacher sees each word piece.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.entities._fit import Course, Guide, Plan, fit, probabilities
from training.entities._network import MPNET, Tagger
from training.entities._pretrained import large_encoder, small_encoder
from training.entities._shelf import Rows, Shelf
from training.entities._windows import FOLDS, LABELS, PARTS, UNSEEN, Windows

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


@dataclass(frozen=True, slots=True)
class Way:
    """Where and how to run: the folder, whether steps are recorded, and after how many seconds a model is to end."""

    run: Path
    recorded: bool = True
    seconds: float | None = None


def device() -> torch.device:
    """Return where to learn: a GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def teach(way: Way, fold: int) -> None:
    """Train one large encoder and write it, and what it says of windows that it has not seen, beside the windows."""
    windows = Windows.load(way.run / "windows.npz")
    shelf = Shelf(windows, device())
    plan = replace(TEACHER, seed=TEACHER.seed + fold)
    torch.manual_seed(plan.seed)
    model = large_encoder(len(LABELS)).to(shelf.device)
    seen = (windows.folds != fold) & (windows.folds != UNSEEN)
    fit(model, Course(shelf, plan), _epochs(windows, seen, TEACHER_EPOCHS), recorded=way.recorded, seconds=way.seconds)
    torch.save({name: value.half().cpu() for name, value in model.state_dict().items()}, way.run / f"teacher-{fold}.pt")
    said = torch.zeros((len(windows.ids), len(LABELS)), dtype=torch.float16, device=shelf.device)
    asked = _asked(windows, fold)
    probabilities(model, shelf, np.flatnonzero(asked), said)
    torch.save(said[_pieces(windows, asked).to(shelf.device)].cpu(), way.run / f"hints-{fold}.pt")


def learn(way: Way, profile: Profile) -> None:
    """Train one small encoder and write it to `<profile>.pt`, with the facts of its run beside it."""
    windows = Windows.load(way.run / "windows.npz")
    shelf = Shelf(windows, device())
    torch.manual_seed(profile.plan.seed)
    model = small_encoder(len(LABELS), profile.layers).to(shelf.device)
    course = Course(shelf, profile.plan, _hints(way.run, windows, shelf.device), _guide(way.run, model, profile.plan))
    epochs = _epochs(windows, np.ones(len(windows), dtype=np.bool_), profile.epochs)
    began = time.monotonic()
    steps = fit(model, course, epochs, recorded=way.recorded, seconds=way.seconds)
    torch.save({name: value.cpu() for name, value in model.state_dict().items()}, way.run / f"{profile.name}.pt")
    spent = {"steps": steps, "seconds": round(time.monotonic() - began), "device": str(shelf.device)}
    facts = {**asdict(profile), **spent, "windows": len(windows)}
    (way.run / f"{profile.name}.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def _hints(run: Path, windows: Windows, where: torch.device) -> Tensor:
    """Return what the teachers said; each window was put to one of them."""
    hints = torch.zeros((len(windows.ids), len(LABELS)), dtype=torch.float16, device=where)
    for fold in range(FOLDS):
        said: Tensor = torch.load(run / f"hints-{fold}.pt", weights_only=True)
        hints[_pieces(windows, _asked(windows, fold)).to(where)] = said.to(where)
    return hints


def _asked(windows: Windows, fold: int) -> NDArray[np.bool_]:
    """Return which windows are put to the teacher that has not seen this fold."""
    unlabelled = (windows.folds == UNSEEN) & (windows.editions % FOLDS == fold)
    chosen: NDArray[np.bool_] = (windows.folds == fold) | unlabelled
    return chosen


def _guide(run: Path, model: Tagger, plan: Plan) -> Guide | None:
    if not plan.guided:
        return None
    teacher = Tagger(len(LABELS), MPNET)
    teacher.load_state_dict(torch.load(run / "teacher-0.pt", weights_only=True))
    where = model.head.weight.device
    guide: Guide = Guide(teacher.to(where), model.sizes.width).to(where)
    return guide


def _pieces(windows: Windows, chosen: NDArray[np.bool_]) -> Tensor:
    return torch.from_numpy(np.repeat(chosen, windows.lengths))


def _epochs(windows: Windows, chosen: NDArray[np.bool_], count: int) -> list[Rows]:
    """Return the windows of each epoch: an edition and a part of what has no labels, over and over."""
    editions = int(windows.editions[windows.folds != UNSEEN].max()) + 1
    every = np.where(windows.folds == UNSEEN, PARTS, editions)
    return [np.flatnonzero(chosen & (windows.editions == epoch % every)) for epoch in range(count)]


def main() -> None:
    """Teach and learn what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, default=Path("runs/entities"), help="folder with windows.npz")
    names = (*(f"teacher-{fold}" for fold in range(FOLDS)), *(profile.name for profile in PROFILES))
    parser.add_argument("--only", choices=names, help="several can run side by side on one GPU")
    parser.add_argument("--seconds", type=float, help="end each model's training after this time")
    parser.add_argument("--guided", type=float, default=0.0, help="weight of coming near to a teacher's last states")
    parser.add_argument("--step-by-step", action="store_true", help="do not record steps as CUDA graphs")
    given = parser.parse_args()
    way = Way(given.run, not given.step_by_step, given.seconds)
    for fold in range(FOLDS):
        if given.only in {None, f"teacher-{fold}"}:
            teach(way, fold)
    for profile in PROFILES:
        if given.only in {None, profile.name}:
            learn(way, replace(profile, plan=replace(profile.plan, guided=given.guided)))


if __name__ == "__main__":
    main()
