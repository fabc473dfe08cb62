"""The format of a request's body, and the format that its sender accepts."""

from starlette.requests import Request

from api.problems import Kind, Refused

JSON = "application/json"
EVENTS = "text/event-stream"
CLOUDEVENTS = "application/cloudevents-batch+json"
HTML = ("text/html", "application/xhtml+xml")
NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")


def body_type(request: Request, allowed: tuple[str, ...]) -> str:
    """The media type of the body.

    Raises:
        Refused: It is not one of those allowed, or its characters are not UTF-8.
    """
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    media_type = media_type.strip().lower()
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if media_type not in allowed or (charset and charset not in {"utf-8", "utf8"}):
        detail = f"Send the body as {' or '.join(allowed)}, in UTF-8, and say so in Content-Type."
        raise Refused(Kind.UNSUPPORTED_MEDIA_TYPE, detail, headers={"Accept": ", ".join(allowed)})
    return media_type


def page_type(request: Request) -> str | None:
    """The charset that the header of a page names, if it names one.

    Raises:
        Refused: The body is no page.
    """
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() not in HTML:
        detail = f"Send the page's bytes as {' or '.join(HTML)}, and say so in Content-Type."
        raise Refused(Kind.UNSUPPORTED_MEDIA_TYPE, detail, headers={"Accept": ", ".join(HTML)})
    named = (parameter.partition("=") for parameter in parameters.split(";"))
    return next((value.strip().strip("\"'") for name, _, value in named if name.strip().lower() == "charset"), None)


def body_is_gzipped(request: Request) -> bool:
    """Whether the body is compressed.

    Raises:
        Refused: It is compressed with something else than gzip.
    """
    coding = request.headers.get("content-encoding", "").strip().lower()
    if coding in {"", "identity"}:
        return False
    if coding in {"gzip", "x-gzip"}:
        return True
    detail = "Send the body uncompressed or with Content-Encoding: gzip."
    raise Refused(Kind.UNSUPPORTED_MEDIA_TYPE, detail, headers={"Accept-Encoding": "gzip, identity"})


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _preference(accept: str, media_type: str) -> float:
    """The weight of a media type: that of the most specific range in Accept that covers it."""
    family = media_type.partition("/")[0] + "/*"
    weights: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, _, parameters = part.partition(";")
        weights[name.strip()] = _weight(parameters)
    return next((weights[name] for name in (media_type, family, "*/*") if name in weights), 0.0)


def best_answer(request: Request, *offered: str) -> str:
    """The offered media type that the sender prefers; the first one when it does not care.

    Raises:
        Refused: It accepts none of them.
    """
    accept = request.headers.get("accept")
    if accept in {None, "", "*/*", offered[0]}:
        return offered[0]
    preferences = {media_type: _preference(accept or "", media_type) for media_type in offered}
    best = max(offered, key=lambda media_type: preferences[media_type])
    if preferences[best] <= 0:
        raise Refused(Kind.NOT_ACCEPTABLE, f"This is sent as {' or '.join(offered)}; name one of them in Accept.")
    return best
