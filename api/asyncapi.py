"""The AsyncAPI 3.0 document: what is told, on which ways, in which form; it stands in ``docs/results``."""

from typing import Any, Final

from pydantic.json_schema import models_json_schema

from api.negotiation import CLOUDEVENTS, EVENTS
from schemas import VERSION, CloudEvent, FeedEntry, Outcome

_SCHEMA: Final = "#/components/schemas/{model}"
_CURSOR: Final = {"type": "string", "pattern": "^[0-9]+-[0-9]+$", "description": "Where it stands in the feed."}


def _ref(place: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/{place}/{name}"}


def _message(about: str, media_type: str, model: str, headers: dict[str, Any] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"summary": about, "contentType": media_type, "payload": _ref("components/schemas", model)}
    return found | ({"headers": {"type": "object", "properties": headers}} if headers else {})


_MESSAGES: Final = {
    "outcome": _message(
        "What became of an article, as a server-sent event.",
        EVENTS,
        "FeedEntry",
        {"id": _CURSOR, "event": {"const": "outcome"}},
    ),
    "entry": _message("The same as an entry of the Redis Stream.", "application/json", "StreamEntry"),
    "events": _message("The same in CloudEvents' envelope, a page of them.", CLOUDEVENTS, "CloudEvents"),
    "call": _message(
        "One event, sent to a webhook.",
        "application/cloudevents+json",
        "CloudEvent",
        {
            "webhook-id": {"type": "string", "description": "The event's id: the same however often it is sent."},
            "webhook-timestamp": {"type": "string", "description": "Seconds since 1970, when it was sent."},
            "webhook-signature": {"type": "string", "description": "As Standard Webhooks says; one for each secret."},
            "traceparent": {"type": "string", "description": "The trace that the article came in by (W3C)."},
        },
    ),
}
_STREAM_ENTRY: Final = {
    "type": "object",
    "required": ["ref", "outcome", "at", "entry"],
    "properties": {
        "ref": {"type": "string", "description": "`id:revision`."},
        "outcome": {"type": "string", "enum": [outcome.value for outcome in Outcome]},
        "at": {"type": "string", "description": "When it was told, in milliseconds since 1970."},
        "entry": {"type": "string", "description": "JSON: the fields of a feed entry from `url` to `merged_stories`."},
        "again": {"type": "string", "description": "There, where this revision had a result before."},
    },
}


def _channel(address: str | None, about: str, *messages: str, server: str | None = None) -> dict[str, Any]:
    named = {name: _ref("components/messages", name) for name in messages}
    found: dict[str, Any] = {"address": address, "description": about, "messages": named}
    return found | ({"servers": [_ref("servers", server)]} if server else {})


_CHANNELS: Final = {
    "feed": _channel("/v1/feed", "Every outcome once, from a cursor on.", "outcome", "events", server="api"),
    "stream": _channel("dl:feed", "The same where it stands, for consumer groups.", "entry", server="store"),
    "webhook": _channel(None, "An address that was subscribed.", "call"),
}


def _operation(channel: str, about: str) -> dict[str, Any]:
    return {"action": "send", "channel": _ref("channels", channel), "summary": about}


def document() -> dict[str, Any]:
    """The document."""
    _, schemas = models_json_schema([(FeedEntry, "serialization"), (CloudEvent, "serialization")], ref_template=_SCHEMA)
    own = {
        "StreamEntry": _STREAM_ENTRY,
        "CloudEvents": {"type": "array", "items": _ref("components/schemas", "CloudEvent")},
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Dateline",
            "version": VERSION,
            "description": "What became of every article, in one total order. How to follow it: docs/consume.md.",
            "license": {"name": "Apache-2.0"},
        },
        "servers": {
            "api": {"host": "localhost:8000", "protocol": "http", "description": "The API. Scope `read`."},
            "store": {"host": "localhost:6379", "protocol": "redis", "description": "The result store."},
        },
        "channels": _CHANNELS,
        "operations": {
            "tellFeed": _operation("feed", "Follow as server-sent events, or read pages."),
            "tellStream": _operation("stream", "Read as a consumer group of Redis."),
            "callWebhook": _operation("webhook", "Be called, in order and at least once."),
        },
        "components": {"messages": _MESSAGES, "schemas": schemas["$defs"] | own},
    }
