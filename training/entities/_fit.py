"""The training loop, on a GPU where there is one: AdamW, warm-up and linear decay.

On a GPU each shape of batch is recorded once as a CUDA graph and then repeated: a step of a small encoder is a few
hundred short kernels, and starting them one by one from Python takes several times as long as they do.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.entities._network import Tagger
from training.entities._shelf import Batch, Rows, Shelf, layout
from training.entities._windows import IGNORED

_WARM_UP = 0.06
_WEIGHT_DECAY = 0.01
_CLIP = 1.0
_LOG_EVERY = 500
_WAIT_EVERY = 50
_READ_PIECES = 40_000


@dataclass(frozen=True)
class Plan:
    """How fast to learn.

    `gold` is the share of the loss that the labels have beside a teacher; `guided` is the weight, at the start, of
    coming near a teacher's last states. It falls to nothing with the learning rate.
    """

    rate: float
    batch_pieces: int
    seed: int
    gold: float = 1.0
    guided: float = 0.0


class Guide(nn.Module):
    """A large encoder's last states as something to come near to (X. Jiao et al., TinyBERT, 2020)."""

    def __init__(self, teacher: Tagger, width: int) -> None:
        """Hold `teacher` as it is; what learns is the way from `width` to its states."""
        super().__init__()
        self.bridge = nn.Linear(width, teacher.sizes.width)
        self._teacher = [teacher.to(torch.bfloat16).eval()]
        """In a list, so that its weights are none of this module's."""

    def distance(self, states: Tensor, batch: Batch) -> Tensor:
        """Return the mean squared distance from the teacher's states, which have unit variance."""
        with torch.no_grad():
            theirs = self._teacher[0].states(batch.ids, batch.shapes, batch.mask).float()
            theirs = functional.layer_norm(theirs, theirs.shape[-1:])
        gaps = (self.bridge(states.float()) - theirs).square().mean(-1)
        return (gaps * batch.mask).sum() / batch.mask.sum()


@dataclass(frozen=True, slots=True)
class Course:
    """What there is to learn from: windows, what teachers say of each piece, and a teacher to come near to."""

    shelf: Shelf
    plan: Plan
    taught: Tensor | None = None
    guide: Guide | None = None


class Learner:
    """One model, its optimizer, and the recorded steps."""

    def __init__(self, model: Tagger, course: Course, *, recorded: bool) -> None:
        """Prepare to train `model` in place; `recorded` repeats steps as CUDA graphs."""
        self.model, self.course = model, course
        device = course.shelf.device
        cuda = device.type == "cuda"
        self.rate = torch.tensor(course.plan.rate, device=device)
        self.pull = torch.zeros((), device=device)
        self.loss = torch.zeros((), device=device)
        groups = _groups([model] if course.guide is None else [model, course.guide])
        self._optimizer = torch.optim.AdamW(groups, lr=self.rate, fused=cuda, capturable=cuda)
        self._weights = [weight for group in groups for weight in group["params"]]
        for weight in self._weights:
            weight.grad = torch.zeros_like(weight)
        self._stream = torch.cuda.Stream() if cuda and recorded else None
        self._tried: set[int] = set()
        self._graphs: dict[int, tuple[torch.cuda.CUDAGraph, Tensor]] = {}

    def beside(self) -> AbstractContextManager[Any]:
        """Return the context of all steps: a stream of their own where they are recorded."""
        return nullcontext() if self._stream is None else torch.cuda.stream(self._stream)

    def learn(self, rows: Tensor, length: int) -> None:
        """Take one step; the first of each shape is taken step by step, the second recorded."""
        if self._stream is None or length not in self._tried:
            self._tried.add(length)
            self._step(rows, length)
            return
        if length not in self._graphs:
            self._graphs[length] = self._record(rows, length)
        graph, held = self._graphs[length]
        held.copy_(rows)
        graph.replay()

    def _record(self, rows: Tensor, length: int) -> tuple[torch.cuda.CUDAGraph, Tensor]:
        held, graph = rows.clone(), torch.cuda.CUDAGraph()
        pool = next((graph.pool() for graph, _ in self._graphs.values()), None)
        torch.cuda.synchronize()
        with torch.cuda.graph(graph, pool=pool, stream=self._stream):
            self._step(held, length)
        return graph, held

    def _step(self, rows: Tensor, length: int) -> None:
        batch = self.course.shelf.batch(rows, length)
        self._optimizer.zero_grad(set_to_none=False)
        loss = self._loss(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._weights, _CLIP)
        self._optimizer.step()
        self.loss += loss.detach()

    def _loss(self, batch: Batch) -> Tensor:
        course = self.course
        with autocast(batch.ids.device):
            states = self.model.states(batch.ids, batch.shapes, batch.mask)
            scores = self.model.head(states)
        loss = _told(scores, batch, course.taught, course.plan.gold)
        return loss if course.guide is None else loss + self.pull * course.guide.distance(states, batch)


def fit(model: Tagger, course: Course, epochs: Sequence[Rows], *, recorded: bool, seconds: float | None = None) -> int:
    """Train `model` in place and return the number of steps.

    Args:
        model: What learns; it is on the shelf's device.
        course: What it learns from.
        epochs: The windows of each epoch.
        recorded: Repeat steps as CUDA graphs, where there is a GPU.
        seconds: End after this time if the epochs have not ended by then; the learning rate falls accordingly.
    """
    learner, plan, shelf = Learner(model, course, recorded=recorded), course.plan, course.shelf
    batches = [
        batch
        for number, rows in enumerate(epochs)
        for batch in layout(shelf.lengths, rows, plan.batch_pieces, _chance(plan, number), full=True)
    ]
    began = time.monotonic()
    model.train()
    with learner.beside():
        for index, (rows, length) in enumerate(batches):
            spent = 0.0 if seconds is None else (time.monotonic() - began) / seconds
            done = max(index / len(batches), spent)
            if done >= 1:
                return index
            learner.rate.fill_(plan.rate * _schedule(done))
            learner.pull.fill_(plan.guided * (1 - done))
            learner.learn(torch.from_numpy(rows).to(shelf.device), length)
            _note(learner, index + 1, len(batches), began)
    return len(batches)


def _note(learner: Learner, step: int, total: int, began: float) -> None:
    """Wait for the device now and then, so that the clock tells of work done, and say how it goes."""
    if step % _WAIT_EVERY == 0 and learner.loss.is_cuda:
        torch.cuda.synchronize()
    if step % _LOG_EVERY == 0:
        mean = float(learner.loss) / _LOG_EVERY
        learner.loss.zero_()
        said = {"step": step, "of": total, "loss": round(mean, 4), "seconds": round(time.monotonic() - began, 1)}
        print(json.dumps(said), flush=True)


def _chance(plan: Plan, epoch: int) -> np.random.Generator:
    return np.random.default_rng((plan.seed, epoch))


def _told(scores: Tensor, batch: Batch, taught: Tensor | None, gold: float) -> Tensor:
    """Return the loss of a batch: from the labels, where there are any, and from what teachers say."""
    flat, targets = scores.float().flatten(0, 1).log_softmax(-1), batch.targets.flatten()
    known, labelled = (targets != IGNORED).float(), (targets >= 0).float()
    named = -flat.gather(1, targets.clamp(min=0)[:, None])[:, 0]
    if taught is None:
        return (named * labelled).sum() / labelled.sum()
    heard = -(taught[batch.places.flatten()].float() * flat).sum(-1)
    share = gold * labelled
    return ((share * named + (1 - share) * heard) * known).sum() / known.sum()


def probabilities(model: Tagger, shelf: Shelf, rows: Rows, into: Tensor) -> None:
    """Add the model's label probabilities for these windows to `into`, `[piece, label]`."""
    model.eval()
    with torch.no_grad():
        for chosen, length in layout(shelf.lengths, rows, _READ_PIECES, np.random.default_rng(0), full=False):
            batch = shelf.batch(torch.from_numpy(chosen).to(shelf.device), length)
            with autocast(shelf.device):
                scores = model(batch.ids, batch.shapes, batch.mask)
            inside = batch.targets != IGNORED
            into[batch.places[inside]] += scores[inside].float().softmax(-1).to(into.dtype)


def autocast(device: torch.device) -> AbstractContextManager[Any]:
    """Return the context in which the network computes: bf16 with fp32 weights, nothing kept between steps."""
    context: AbstractContextManager[Any] = torch.autocast(device.type, torch.bfloat16, cache_enabled=False)
    return context


def _groups(modules: Sequence[nn.Module]) -> list[dict[str, Any]]:
    named = [pair for module in modules for pair in module.named_parameters()]
    plain = [weight for name, weight in named if name.endswith("bias") or "norm" in name]
    decayed = [weight for name, weight in named if not (name.endswith("bias") or "norm" in name)]
    return [{"params": decayed, "weight_decay": _WEIGHT_DECAY}, {"params": plain, "weight_decay": 0.0}]


def _schedule(done: float) -> float:
    """Linear warm-up over the first 6 % of the way, then linear decay to zero."""
    return min((done + 1e-4) / _WARM_UP, (1 - done) / (1 - _WARM_UP))
