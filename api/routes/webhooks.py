"""Operating webhooks. Every call is written into the audit log."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.convertors import StringConvertor, register_url_convertor

from api import examples
from api.audit import asked, did
from api.documentation import answer, problems
from api.negotiation import JSON, best_answer
from api.orders import as_json, cursor_at, order_of, read_order
from api.problems import Kind, Refused
from api.resources import Requires, resources
from schemas import (
    FieldError,
    Replay,
    Rotation,
    Webhook,
    WebhookOrder,
    WebhookPage,
    WebhookSecret,
)
from store import Scope, TooManyWebhooks
from workers.webhooks.targets import TargetRefused


class _Named(StringConvertor):
    """A path segment without a colon, so that `ID:rotate` is not taken for a webhook of that name."""

    regex = "[^/:]+"


register_url_convertor("named", _Named())
router = APIRouter(prefix="/v1/operate/webhooks", tags=["operate"], dependencies=[Depends(Requires(Scope.OPERATE))])
MODELS = (Webhook, WebhookPage, WebhookOrder, WebhookSecret, Rotation, Replay)
"""What the OpenAPI document has to describe."""
Id = Annotated[str, Path(description="As in the list.", examples=[examples.WEBHOOK["id"]])]
_ONE = {200: answer("As it is now.", "Webhook", webhook=examples.WEBHOOK), **problems(404)}
_SECRET = answer("With its secret, which is not shown again.", "WebhookSecret", made=examples.WEBHOOK_SECRET)


def _missing() -> Refused:
    return Refused(Kind.NOT_FOUND, "There is no such webhook; GET /v1/operate/webhooks lists them.")


@router.post(
    "",
    status_code=201,
    summary="Subscribe a webhook",
    responses={201: _SECRET, **problems(400, 409, 413, 415)},
    openapi_extra=order_of(WebhookOrder, "Whom to call, and of what."),
)
async def create_webhook(request: Request) -> Response:
    """Have an address called for every wanted event, in order, at least once, signed as Standard Webhooks says."""
    order = await read_order(request, WebhookOrder)
    found = resources(request)
    try:
        found.targets.check(order.url)
    except TargetRefused as error:
        fault = FieldError(pointer="/url", code="refused", message=error.fault)
        raise Refused(Kind.INVALID, str(error), errors=[fault]) from None
    await asked(request)
    try:
        with cursor_at("/after"):
            secret, webhook = await to_thread.run_sync(found.store.webhooks.create, order)
    except TooManyWebhooks as error:
        raise Refused(Kind.TOO_MANY, str(error)) from None
    did(request, f"webhook {webhook.id}")
    return as_json(WebhookSecret(webhook=webhook, secret=secret), 201)


@router.get(
    "",
    summary="List webhooks",
    responses={200: answer("Oldest first.", "WebhookPage", page={"items": [examples.WEBHOOK]}), **problems()},
)
async def list_webhooks(request: Request) -> Response:
    """List all webhooks, with how far each one is and how its last call went."""
    best_answer(request, JSON)
    await asked(request)
    found = await to_thread.run_sync(resources(request).store.webhooks.list)
    did(request, f"{len(found)} listed")
    return as_json(WebhookPage(items=tuple(one.webhook for one in found)))


@router.get("/{webhook:named}", summary="Show a webhook", responses=_ONE)
async def show_webhook(request: Request, webhook: Id) -> Response:
    """Show one webhook."""
    best_answer(request, JSON)
    await asked(request)
    return as_json(await _webhook(request, webhook))


@router.delete(
    "/{webhook:named}",
    status_code=204,
    summary="Delete a webhook",
    responses={204: {"description": "Gone."}, **problems(404)},
)
async def delete_webhook(request: Request, webhook: Id) -> Response:
    """Call it no more, and forget it."""
    await asked(request)
    if not await to_thread.run_sync(resources(request).store.webhooks.delete, webhook):
        raise _missing()
    return Response(status_code=204)


@router.post("/{webhook:named}:disable", summary="Disable a webhook", responses=_ONE)
async def disable_webhook(request: Request, webhook: Id) -> Response:
    """Call it no more for now. Its events wait in the feed, as long as the retention keeps them."""
    return await _changed(request, webhook, resources(request).store.webhooks.disable)


@router.post("/{webhook:named}:enable", summary="Enable a webhook", responses=_ONE)
async def enable_webhook(request: Request, webhook: Id) -> Response:
    """Call it again, from where it was; also one that was dead or ended. What was failing is tried at once."""
    return await _changed(request, webhook, resources(request).store.webhooks.enable)


@router.post(
    "/{webhook:named}:replay",
    summary="Replay a webhook",
    responses={**_ONE, **problems(400, 404, 413, 415)},
    openapi_extra=order_of(Replay, "Where to go on."),
)
async def replay_webhook(request: Request, webhook: Id) -> Response:
    """Go on after another cursor: an earlier one sends events again, a later one passes over those between."""
    order = await read_order(request, Replay)
    store = resources(request).store
    with cursor_at("/after"):
        return await _changed(request, webhook, lambda name: store.webhooks.replay(name, order.after), order.after)


@router.post(
    "/{webhook:named}:rotate",
    summary="Rotate a webhook's secret",
    responses={200: _SECRET, **problems(400, 404, 413, 415)},
    openapi_extra=order_of(Rotation, "How long the old one goes on."),
)
async def rotate_secret(request: Request, webhook: Id) -> Response:
    """Replace the secret. For a while calls are signed with both."""
    order = await read_order(request, Rotation)
    await asked(request)
    keep = timedelta(hours=order.keep_hours)
    made = await to_thread.run_sync(resources(request).store.webhooks.rotate, webhook, keep)
    if made is None:
        raise _missing()
    secret, rotated, until = made
    return as_json(WebhookSecret(webhook=rotated, secret=secret, old_secret_until=until))


async def _changed(request: Request, webhook: str, change: Callable[[str], bool], subject: str = "") -> Response:
    best_answer(request, JSON)
    await asked(request, subject)
    if not await to_thread.run_sync(change, webhook):
        raise _missing()
    return as_json(await _webhook(request, webhook))


async def _webhook(request: Request, webhook: str) -> Webhook:
    found = await to_thread.run_sync(resources(request).store.webhooks.find, webhook)
    if found is None:
        raise _missing()
    return found.webhook
