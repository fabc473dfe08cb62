"""The access key of a request, as its check found it."""

from fastapi import Request

from store import AccessKey

_PLACE = "dateline.caller"


def remember_caller(request: Request, key: AccessKey | None) -> None:
    """Remember the access key of a request."""
    request.scope[_PLACE] = key


def caller(request: Request) -> AccessKey | None:
    """The access key of a request; ``None`` if none was needed."""
    key = request.scope.get(_PLACE)
    assert key is None or isinstance(key, AccessKey)
    return key
