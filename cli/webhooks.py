"""``dateline webhooks``: who is called back, of what, and how it goes."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from rich.table import Table
from rich.text import Text

from cli.api_client import ApiClient
from cli.errors import Trouble
from cli.exits import Exit
from cli.output import console, emit
from schemas import EventType, Label, Webhook, WebhookPage, WebhookSecret
from schemas.base import Model

_PATH = "/v1/operate/webhooks"
Known = TypeVar("Known", bound=Model)


_TYPES = {each.rpartition(".")[2]: each for each in EventType}


def event_type(name: str) -> EventType:
    """The kind of event that a name means: `merged`, or `dateline.story.merged`.

    Raises:
        Trouble: There is none of that name.
    """
    found = next((each for short, each in _TYPES.items() if name in {short, each}), None)
    if found is None:
        raise Trouble(f"There is no event of type {name}.", f"Types are {', '.join(_TYPES)}.", Exit.USAGE)
    return found


def entity(name: str) -> dict[str, str | None]:
    """What `ORG:NATO` or `NATO` asks for."""
    label, colon, rest = name.partition(":")
    return {"label": label, "name": rest} if colon and label in set(Label) else {"label": None, "name": name}


def _read(model: type[Known], document: Any) -> Known:
    """The model in an answer: filters are read strictly, and a strict tuple is an array in JSON only."""
    return model.stored(json.dumps(document))


def add(order: Mapping[str, Any], *, as_json: bool, client: ApiClient | None = None) -> None:
    """Subscribe, and print the secret."""
    made = _read(WebhookSecret, (client or ApiClient()).post(_PATH, order))
    _tell_secret(made, as_json=as_json)


def rotate(webhook: str, keep_hours: float, *, as_json: bool, client: ApiClient | None = None) -> None:
    """Replace a secret, and print the new one."""
    answer = (client or ApiClient()).post(f"{_PATH}/{webhook}:rotate", {"keep_hours": keep_hours})
    _tell_secret(_read(WebhookSecret, answer), as_json=as_json)


def _tell_secret(made: WebhookSecret, *, as_json: bool) -> None:
    if as_json:
        emit(made)
        return
    console(stderr=True).print(f"Webhook {made.webhook.id}. Keep its secret: it is not shown again.")
    console().print(made.secret, markup=False, soft_wrap=True)


def list_all(*, as_json: bool, client: ApiClient | None = None) -> None:
    """Print all webhooks."""
    page = _read(WebhookPage, (client or ApiClient()).get(_PATH))
    if as_json:
        emit([webhook.model_dump(mode="json") for webhook in page.items])
        return
    if not page.items:
        console().print("There are no webhooks. Make one with `dateline webhooks add URL`.")
        return
    table = Table(box=None, header_style="cyan", padding=(0, 2, 0, 0))
    for heading in ("id", "calls", "state", "delivered", "failures", "last answer", "next call"):
        table.add_column(heading, no_wrap=heading in {"id", "next call"}, overflow="fold")
    for webhook in page.items:
        table.add_row(
            webhook.id,
            Text(webhook.url),
            webhook.state,
            str(webhook.delivered),
            str(webhook.attempts),
            Text(webhook.last_answer or "–"),
            _time(webhook.next_call_at),
        )
    console().print(table)


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "–"


def show(webhook: str, *, as_json: bool, client: ApiClient | None = None) -> None:
    """Print one webhook."""
    _tell(_read(Webhook, (client or ApiClient()).get(f"{_PATH}/{webhook}")), as_json=as_json)


def change(
    webhook: str, what: str, order: Mapping[str, Any], *, as_json: bool, client: ApiClient | None = None
) -> None:
    """Disable, enable or replay it, and print how it is now."""
    answer = (client or ApiClient()).post(f"{_PATH}/{webhook}:{what}", order)
    _tell(_read(Webhook, answer), as_json=as_json)


def _tell(webhook: Webhook, *, as_json: bool) -> None:
    if as_json:
        emit(webhook)
        return
    table = Table.grid(padding=(0, 2))
    for name, value in webhook.model_dump(mode="json").items():
        shown = {field: wanted for field, wanted in value.items() if wanted} if isinstance(value, dict) else value
        table.add_row(Text(name.replace("_", " "), style="cyan"), Text("–" if shown in (None, "", {}) else str(shown)))
    console().print(table)


def delete(webhook: str, *, as_json: bool, client: ApiClient | None = None) -> None:
    """Forget one."""
    (client or ApiClient()).delete(f"{_PATH}/{webhook}")
    if as_json:
        emit({"deleted": webhook})
    else:
        console().print(f"Webhook {webhook} is deleted.")
