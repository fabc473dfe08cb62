"""Whose request it is, as the check of the access key left it."""

from fastapi import Request

from store import AccessKey

_PLACE = "dateline.caller"


def remember_caller(request: Request, key: AccessKey | None) -> None:
    """Note whose request it is."""
    request.scope[_PLACE] = key


def caller(request: Request) -> AccessKey | None:
    """The access key that the request came with; ``None`` where it needed none."""
    key = request.scope.get(_PLACE)
    assert key is None or isinstance(key, AccessKey)
    return key
