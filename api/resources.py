"""The objects that the routes of an application share."""

from dataclasses import dataclass
from typing import cast

from fastapi import Request
from fastapi.security import HTTPBearer

from api.caller import remember_caller
from api.follower import Follower
from api.gate import Gate
from api.intake import Intake
from api.keyring import Keyring, forbidden
from api.once import Once
from api.overview import Overview
from api.waker import Waker
from store import Scope, Store
from workers.canary import Canary
from workers.metrics import Instruments
from workers.settings import Settings
from workers.webhooks.targets import Targets


@dataclass(frozen=True, slots=True)
class Resources:
    """Made once by `create_app`, found by every request."""

    settings: Settings
    store: Store
    keyring: Keyring
    intake: Intake
    gate: Gate
    once: Once
    waker: Waker
    follower: Follower
    canary: Canary
    targets: Targets
    overview: Overview
    instruments: Instruments


def resources(request: Request) -> Resources:
    """The resources of the application that serves this request."""
    return cast("Resources", request.app.state.resources)


class Requires(HTTPBearer):
    """A dependency that lets only keys with a scope pass, and says so in the OpenAPI document."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(
            scheme_name="access_key",
            bearerFormat="dl_<id>_<secret>",
            description="An access key with the scope submit, read, operate or metrics. Not needed while none exists.",
            auto_error=False,
        )
        self._scope = scope

    async def __call__(self, request: Request) -> None:  # type: ignore[override]  # nobody needs the credentials
        """Check the request.

        Raises:
            Refused: It may not pass.
        """
        key = await resources(request).keyring.identify(request.headers.get("authorization"))
        remember_caller(request, key)
        if key and self._scope not in key.scopes:
            raise forbidden(self._scope)
