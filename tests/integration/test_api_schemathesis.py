"""The API against its own OpenAPI document: generated requests, right and wrong ones, in process."""

import os
from pathlib import Path
from typing import Any

import fakeredis
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from unit.api.application import CountingWakeups, body, finish
from unit.api.application import settings as api_settings

from api import create_app
from api.negotiation import NDJSON
from schemas import Lane, Submission
from store import NewArticle, Scope, Store

CASES = int(os.environ.get("DATELINE_SCHEMATHESIS_CASES", "0"))
"""How many in all, shared out among the operations; then they are random ones. ``make fuzz`` asks for 2,000."""
EXAMPLES = 5
"""Of each operation where nobody says how many."""
COUNTER = os.environ.get("DATELINE_SCHEMATHESIS_COUNTER")
"""File that gets a dot for each case."""
PATIENCE_S = 60.0
"""For one answer, on a machine that is busy with other work as well."""

pytestmark = pytest.mark.integration
store = Store(fakeredis.FakeRedis())
store.ledger.accept([NewArticle(Submission.model_validate(body(n)), Lane.BULK, "") for n in range(3)])
finish(store)
token, _ = store.access.create("schemathesis", frozenset(Scope))
schemathesis.openapi.format("uri", st.from_regex(r"\Ahttps?://[a-z0-9]{1,9}\.example/[!-~]{0,9}\Z"))


@schemathesis.serializer(*NDJSON)
def as_it_is(_: schemathesis.SerializationContext, value: object) -> bytes:
    return str(value).encode("utf-8", "replace")


def without_large_limits(node: Any) -> Any:
    """Limits are tested elsewhere: here, making strings of a million characters would take most of the time."""
    if isinstance(node, dict):
        large = {name for name in ("maxLength", "maxItems") if isinstance(node.get(name), int) and node[name] > 64}
        return {name: without_large_limits(value) for name, value in node.items() if name not in large}
    return [without_large_limits(value) for value in node] if isinstance(node, list) else node


app = create_app(api_settings(), store, CountingWakeups())
app.openapi_schema = without_large_limits(app.openapi())
schema = schemathesis.openapi.from_asgi("/openapi.json", app)
examples = -(-CASES // schema.statistic.operations.total) if CASES else EXAMPLES


@schema.hook
def map_query(_: schemathesis.HookContext, query: Any) -> Any:
    """A wait that is allowed becomes a short one: the longest is a minute, and the feed stands still here."""
    try:
        wait = float(query["wait"])
    except (KeyError, TypeError, ValueError):
        return query
    return {**query, "wait": wait / 100} if 0 <= wait <= 60 else query


def valid(sent: Any) -> bool:
    """Whether every article in a body is one that the schema allows: unreadable metadata is, with a warning.

    Schemathesis breaks one branch of an ``anyOf`` and expects a refusal, though the other branch allows the value.
    """
    try:
        return all(Submission.model_validate(item) for item in (sent if isinstance(sent, list) else [sent]))
    except ValidationError:
        return False


@schema.parametrize()
@settings(
    max_examples=examples, derandomize=not CASES, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
def test_every_operation_keeps_to_its_document(case: schemathesis.Case) -> None:
    if COUNTER:
        with Path(COUNTER).open("a") as counter:
            counter.write(".")
    # A cursor is one that the server gave out, a line of NDJSON is an article, and an idempotency key belongs to one
    # body, a radius needs a point, a format says what a body holds, fields are an article's, a page has an article on
    # it, and a webhook's address is a public one: no schema can say any of that.
    named = "Idempotency-Key" in (case.headers or {})
    sent = {**(case.query or {}), **(case.body if isinstance(case.body, dict) else {})}
    unsayable = {"cursor", "radius_km", "format", "fields"} & sent.keys() or case.media_type in NDJSON or named
    unsayable = unsayable or case.operation.path in {"/v1/pages", "/v1/operate/webhooks"}
    excluded = [positive_data_acceptance] if unsayable else []
    # An empty list under an unknown name is not sent at all.
    if valid(case.body) or any(value in ([], {}, None) for value in (case.query or {}).values()):
        excluded.append(negative_data_rejection)
    # No worker runs here, so that a 503 is the truth.
    if case.operation.path == "/v1/health/ready":
        excluded.append(not_a_server_error)
    headers = {"Authorization": f"Bearer {token}"}
    case.call_and_validate(headers=headers, excluded_checks=excluded, timeout=PATIENCE_S)
