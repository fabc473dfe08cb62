"""The training loop: bounded steps, warm-up and linear decay, checkpoints that a later run resumes from."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from tasks.entities.encoding import Shape, Window
from training.entities._corpus import IGNORED, Example
from training.entities._network import Tagger

CLS, SEP, PAD = 101, 102, 0
_WARM_UP = 0.06
_WEIGHT_DECAY = 0.01
_CLIP = 1.0
_RECASED_SHARE = 0.12
_HEADLINE_SHARE = 0.04
_HEADLINE_WORDS = 0.8
_CHECKPOINT_EVERY = 200
_LOG_EVERY = 20


@dataclass(frozen=True)
class Plan:
    """How long and how fast to learn (rates as FACTS A.4)."""

    epochs: float = 5.0
    rate: float = 1.5e-4
    batch_pieces: int = 2_200
    seed: int = 20
    bf16: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded tensors of a few windows."""

    ids: Tensor
    shapes: Tensor
    mask: Tensor
    targets: Tensor


def fit(model: Tagger, examples: list[Example], plan: Plan, folder: Path) -> float:
    """Train `model` in place and return the CPU hours it took, those of earlier, resumed runs included."""
    folder.mkdir(parents=True, exist_ok=True)
    optimizer = torch.optim.AdamW(_groups(model), lr=plan.rate, fused=True)
    batches_per_epoch = len(_layout(examples, plan, np.random.default_rng(plan.seed)))
    total = math.ceil(plan.epochs * batches_per_epoch)
    step, spent = _resume(model, optimizer, folder)
    began, losses = time.process_time(), []
    for index, batch in enumerate(_stream(examples, plan, total)):
        if index < step:
            continue
        _set_rate(optimizer, plan.rate * _schedule(index, total))
        losses.append(_learn(model, optimizer, batch, plan))
        step = index + 1
        hours = spent + (time.process_time() - began) / 3600
        if step % _LOG_EVERY == 0 or step == total:
            _log(step=step, of=total, loss=round(float(np.mean(losses[-_LOG_EVERY:])), 4), cpu_hours=round(hours, 3))
        if step % _CHECKPOINT_EVERY == 0 or step == total:
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "plan": asdict(plan)}
            _checkpoint(folder, {**state, "step": step, "hours": hours})
    return spent + (time.process_time() - began) / 3600


def collate(examples: list[Example], shapes: Sequence[NDArray[np.int64]] | None = None) -> Batch:
    """Pad windows to one length, with the two markers around each."""
    longest = max(len(example.window.ids) for example in examples) + 2
    size = (len(examples), longest)
    ids, mask = np.full(size, PAD, dtype=np.int64), np.zeros(size, dtype=np.int64)
    kinds, targets = np.zeros(size, dtype=np.int64), np.full(size, IGNORED, dtype=np.int64)
    for row, example in enumerate(examples):
        stop = len(example.window.ids) + 1
        ids[row, 0], ids[row, 1:stop], ids[row, stop] = CLS, example.window.ids, SEP
        kinds[row, 1:stop] = example.window.shapes if shapes is None else shapes[row]
        targets[row, 1:stop] = example.targets
        mask[row, : stop + 1] = 1
    return Batch(*(torch.from_numpy(array) for array in (ids, kinds, mask, targets)))


def _groups(model: Tagger) -> list[dict[str, Any]]:
    plain = [p for name, p in model.named_parameters() if name.endswith("bias") or "norm" in name]
    decayed = [p for name, p in model.named_parameters() if not (name.endswith("bias") or "norm" in name)]
    return [{"params": decayed, "weight_decay": _WEIGHT_DECAY}, {"params": plain, "weight_decay": 0.0}]


def _stream(examples: list[Example], plan: Plan, total: int) -> Iterator[Batch]:
    """Yield `total` batches; each epoch has its own order, fixed by the seed."""
    made = epoch = 0
    while made < total:
        random = np.random.default_rng((plan.seed, epoch))
        for rows in _layout(examples, plan, random)[: total - made]:
            chosen = [examples[row] for row in rows]
            yield collate(chosen, [_recased(example.window, random) for example in chosen])
            made += 1
        epoch += 1


def _layout(examples: list[Example], plan: Plan, random: np.random.Generator) -> list[list[int]]:
    """Group windows of like length into batches of about `batch_pieces`, in random order."""
    lengths = np.array([len(example.window.ids) for example in examples])
    order = np.argsort(lengths + random.uniform(0, 20, len(lengths)))
    batches: list[list[int]] = [[]]
    for row in order.tolist():
        if batches[-1] and (len(batches[-1]) + 1) * (lengths[row] + 2) > plan.batch_pieces:
            batches.append([])
        batches[-1].append(row)
    random.shuffle(batches)
    return batches


def _recased(window: Window, random: np.random.Generator) -> NDArray[np.int64]:
    """Show one window in eight in lower case, in capitals or as a headline, by its shapes: the pieces are uncased."""
    shapes, drawn = window.shapes, random.random()
    if drawn >= _RECASED_SHARE:
        return shapes
    if drawn < _HEADLINE_SHARE:
        raised = np.repeat(random.random(len(window.words)) < _HEADLINE_WORDS, _word_sizes(window))
        return np.where(raised & (shapes == Shape.LOWER), Shape.TITLE, shapes)
    target = Shape.LOWER if drawn < (_RECASED_SHARE + _HEADLINE_SHARE) / 2 else Shape.CAPITALS
    cased = np.isin(shapes, (Shape.LOWER, Shape.TITLE, Shape.CAPITALS, Shape.INITIAL, Shape.MIXED))
    return np.where(cased, target, shapes)


def _word_sizes(window: Window) -> NDArray[np.int64]:
    return np.diff(window.words, append=len(window.ids))


def _learn(model: Tagger, optimizer: torch.optim.Optimizer, batch: Batch, plan: Plan) -> float:
    model.train()
    with torch.autocast("cpu", torch.bfloat16, enabled=plan.bf16):
        scores = model(batch.ids, batch.shapes, batch.mask)
    loss = functional.cross_entropy(scores.float().flatten(0, 1), batch.targets.flatten(), ignore_index=IGNORED)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), _CLIP)
    optimizer.step()
    optimizer.zero_grad()
    return float(loss.item())


def _schedule(step: int, total: int) -> float:
    """Linear warm-up over the first 6 % of steps, then linear decay to zero."""
    warm = max(1, round(total * _WARM_UP))
    return min((step + 1) / warm, (total - step) / max(1, total - warm))


def _set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate


def _checkpoint(folder: Path, state: dict[str, Any]) -> None:
    torch.save(state, folder / "checkpoint.tmp")
    (folder / "checkpoint.tmp").replace(folder / "checkpoint.pt")


def _resume(model: Tagger, optimizer: torch.optim.Optimizer, folder: Path) -> tuple[int, float]:
    path = folder / "checkpoint.pt"
    if not path.exists():
        return 0, 0.0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"]), float(state["hours"])


def _log(**values: object) -> None:
    print(json.dumps(values), flush=True)
