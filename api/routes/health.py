"""Health, for whoever starts and watches the server. Needs no key."""

from datetime import datetime
from typing import Literal

from anyio import to_thread
from fastapi import APIRouter, Request
from pydantic import Field

from api import examples
from api.documentation import answer, problems
from api.problems import Kind, Refused, store_refusal
from api.resources import resources
from schemas import Lane, RetryLater
from schemas.base import Model
from store import Backlog

router = APIRouter(tags=["health"], prefix="/v1/health")


class Live(Model):
    """The process runs and answers."""

    status: Literal["live"] = "live"


class Accepting(Model):
    """The store answers, and this is what waits in it."""

    status: Literal["accepting"] = "accepting"
    waiting: dict[Lane, int] = Field(description="Articles in each lane.")
    oldest_waiting_seconds: dict[Lane, float | None] = Field(description="Age of the oldest one; null when none waits.")
    leased: int = Field(ge=0, description="In work.")
    delayed: int = Field(ge=0, description="Put aside after a passing fault.")
    pending: int = Field(ge=0, description="Accepted and without an outcome.")
    accepted: int = Field(ge=0, description="Since the ledger began.")


def _age(oldest: datetime | None, now: datetime) -> float | None:
    return round((now - oldest).total_seconds(), 3) if oldest else None


class Ready(Model):
    """An article went through every stage lately."""

    status: Literal["ready"] = "ready"
    detail: str = Field(description="One sentence.")
    seconds: float = Field(ge=0, description="What it took, from acceptance to outcome.")
    age_seconds: float = Field(ge=0, description="How long ago that was.")


def accepting(backlog: Backlog) -> Accepting:
    """The answer for a backlog."""
    return Accepting(
        waiting=backlog.waiting,
        oldest_waiting_seconds={lane: _age(oldest, backlog.at) for lane, oldest in backlog.oldest.items()},
        leased=backlog.leased,
        delayed=backlog.delayed,
        pending=backlog.pending,
        accepted=backlog.accepted,
    )


@router.get("/live", summary="Is the process alive?", responses={200: answer("Yes.", "Live")})
async def live() -> Live:
    """Say that the process answers. Asks nobody else."""
    return Live()


def _unless_stopping(request: Request) -> None:
    if resources(request).follower.stopping:
        raise Refused(Kind.UNAVAILABLE, "This server is stopping; use another one.", headers={"Retry-After": "2"})


@router.get(
    "/accepting",
    summary="Can articles be submitted?",
    responses={200: answer("Yes.", "Accepting", accepting=examples.ACCEPTING), 503: problems()[503]},
)
async def is_accepting(request: Request) -> Accepting:
    """Ask the store, and tell what waits in it. Whether workers run is another question: nothing accepted is lost."""
    _unless_stopping(request)
    store = resources(request).store
    try:
        await to_thread.run_sync(store.capacity.require_changes)
        return accepting(await to_thread.run_sync(store.ledger.backlog))
    except RetryLater as error:
        raise store_refusal(error) from error


@router.get(
    "/ready",
    summary="Do articles get through?",
    responses={200: answer("Yes.", "Ready", ready=examples.READY), 503: problems()[503]},
)
async def is_ready(request: Request) -> Ready:
    """Say whether an article of our own went through every stage within `DATELINE_READY_WITHIN`.

    Asking sends it, at most once in `DATELINE_CANARY_EVERY`. It is in no list, count or feed.
    """
    _unless_stopping(request)
    try:
        seen = await to_thread.run_sync(resources(request).canary.look)
    except RetryLater as error:
        raise store_refusal(error) from error
    if not seen.ready:
        raise Refused(Kind.UNAVAILABLE, seen.detail, headers={"Retry-After": "5"})
    return Ready(detail=seen.detail, seconds=seen.seconds or 0.0, age_seconds=round(seen.age_s or 0.0, 3))
