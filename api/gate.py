"""The gate that every submission passes: it checks for room and for the quota of the access key."""

import math
from dataclasses import dataclass

from anyio import to_thread
from fastapi import Request

from api.admission import Admission
from api.caller import caller
from api.problems import Kind, Refused
from schemas import Lane
from store import Capacity, Grant


def quota_headers(grant: Grant, per_minute: int) -> dict[str, str]:
    """The quota as draft-ietf-httpapi-ratelimit-headers-10 writes it. Its unit is an article, not a request."""
    return {
        "RateLimit-Policy": f'"articles";q={per_minute};w=60',
        "RateLimit": f'"articles";r={grant.left};t={math.ceil(grant.full_again_s)}',
    }


def over_quota(grant: Grant, per_minute: int) -> Refused:
    """The refusal of what did not fit into a quota."""
    detail = f"This access key may send {per_minute:,} articles a minute; send the rest after the time in Retry-After."
    return Refused(Kind.TOO_MANY_REQUESTS, detail, headers={"Retry-After": str(math.ceil(grant.wait_s) or 1)})


@dataclass(frozen=True, slots=True)
class Admitted:
    """How many articles may pass, and why the others may not."""

    articles: int
    refused: Refused | None = None


class Gate:
    """Checks admission first, so that a refusal for lack of room does not use up quota."""

    def __init__(self, admission: Admission, capacity: Capacity, quota_per_minute: int) -> None:
        self._admission = admission
        self._capacity = capacity
        self._quota = quota_per_minute

    async def check(self, lane: Lane) -> None:
        """Let a request pass that costs no quota.

        Raises:
            Refused: There is no room for it.
        """
        await self._admission.check(lane)

    async def one(self, request: Request, lane: Lane) -> None:
        """Let one article pass.

        Raises:
            Refused: It may not.
        """
        admitted = await self.many(request, lane, 1)
        if admitted.refused:
            raise admitted.refused

    async def many(self, request: Request, lane: Lane, articles: int) -> Admitted:
        """Let as many of the first articles pass as admission and quota allow."""
        try:
            await self._admission.check(lane)
        except Refused as refused:
            return Admitted(0, refused)
        key = caller(request)
        quota = (key.articles_per_minute or self._quota) if key else 0
        if not key or not quota:
            return Admitted(articles)
        grant = await to_thread.run_sync(self._capacity.take, key.id, articles, quota)
        request.scope["dateline.headers"] = quota_headers(grant, quota)
        return Admitted(grant.granted, over_quota(grant, quota) if grant.granted < articles else None)
