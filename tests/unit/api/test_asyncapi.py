import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from conftest import ROOT, article
from unit.api.application import finish

from api.asyncapi import document
from schemas import cloud_events, event_source
from store import Store


@pytest.fixture(scope="module")
def found() -> Any:
    return json.loads(json.dumps(document()))


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_it_is_valid_asyncapi(found: Any) -> None:
    schema = json.loads((ROOT / "tests/data/asyncapi-3.0.0.schema.json").read_text())
    jsonschema.Draft7Validator(schema).validate(found)


def test_a_broken_one_would_not_be(found: Any) -> None:
    schema = json.loads((ROOT / "tests/data/asyncapi-3.0.0.schema.json").read_text())
    broken = found | {"operations": {"tell": {"action": "shout", "channel": {"$ref": "#/channels/feed"}}}}
    assert not jsonschema.Draft7Validator(schema).is_valid(broken)


def test_every_reference_leads_somewhere(found: Any) -> None:
    for reference in set(references(found)):
        node = found
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]


def test_what_is_sent_is_what_it_describes(found: Any, store: Store) -> None:
    store.ledger.accept([article(1)])
    finish(store)
    [entry] = store.feed.page().items
    [(_, fields)] = store.client.xrange("dl:feed")
    sent = {
        "FeedEntry": json.loads(entry.model_dump_json()),
        "CloudEvent": json.loads(cloud_events(entry, event_source("dl"))[0].model_dump_json()),
        "StreamEntry": {name.decode(): value.decode() for name, value in fields.items()},
    }
    for name, value in sent.items():
        jsonschema.Draft202012Validator(found | {"$ref": f"#/components/schemas/{name}"}).validate(value)
    described = found["components"]["schemas"]["StreamEntry"]["properties"]
    assert sent["StreamEntry"].keys() <= described.keys()
