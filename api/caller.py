"""The access key of a request, as its check found it."""

from fastapi import Request

from store import AccessKey

_PLACE = "dateline.caller"


def remember_caller(request: Request, key: AccessKey | None) -> None:
    """Remember the access key of a request."""
    request.scope[_PLACE] = key


def is_remembered(request: Request) -> bool:
    """Whether the request came as far as the check of its access key, and passed it."""
    return _PLACE in request.scope


def caller(request: Request) -> AccessKey | None:
    """The access key of a request; ``None`` if none was needed."""
    key = request.scope.get(_PLACE)
    assert key is None or isinstance(key, AccessKey)
    return key
