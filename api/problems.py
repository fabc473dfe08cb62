"""Errors as RFC 9457 problem documents. Nothing that was submitted is ever repeated in one."""

from collections.abc import Mapping, Sequence
from enum import Enum

from starlette.responses import Response

from schemas import DatelineError, FieldError, Problem
from store import BadCursor, StoreFull, StoreReadOnly

MEDIA_TYPE = "application/problem+json"
_PAUSE_SECONDS = 2
"""About as long as a Redis server takes to restart or fail over."""
FULL_SECONDS = 30
"""Memory comes back as articles finish and retention deletes, which takes longer."""


class Kind(Enum):
    """Every kind of problem: its status and its title. The name makes the URN."""

    MALFORMED_JSON = (400, "This is not valid JSON")
    MALFORMED_ENCODING = (400, "The body is not valid gzip")
    BAD_REQUEST = (400, "The request could not be read")
    UNAUTHENTICATED = (401, "A valid access key is needed")
    FORBIDDEN = (403, "The access key does not open this")
    NOT_FOUND = (404, "There is nothing here")
    METHOD_NOT_ALLOWED = (405, "The method is not allowed here")
    NOT_ACCEPTABLE = (406, "No representation that you accept")
    TOO_MANY = (409, "There are as many as there may be")
    IN_PROGRESS = (409, "The same request is still being answered")
    TOO_LARGE = (413, "The body is too large")
    UNSUPPORTED_MEDIA_TYPE = (415, "The body's format is not supported")
    INVALID = (422, "The request is not valid")
    KEY_REUSED = (422, "The idempotency key belongs to another request")
    TOO_MANY_REQUESTS = (429, "Too many requests")
    INTERNAL = (500, "Dateline failed")
    UNAVAILABLE = (503, "The result store is not available")
    FULL = (503, "The result store is full")
    OVERLOADED = (503, "Too much is waiting")

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.value[0]

    @property
    def title(self) -> str:
        """The same for every problem of the kind."""
        return self.value[1]

    @property
    def urn(self) -> str:
        """The stable name of the kind."""
        return f"urn:dateline:problem:{self.name.lower().replace('_', '-')}"

    @classmethod
    def of_status(cls, status: int) -> "Kind":
        """The kind that stands for a bare HTTP status."""
        fallback = cls.INTERNAL if status >= cls.INTERNAL.status else cls.BAD_REQUEST
        return next((kind for kind in _PLAIN if kind.status == status), fallback)


_PLAIN = (
    Kind.BAD_REQUEST, Kind.UNAUTHENTICATED, Kind.FORBIDDEN, Kind.NOT_FOUND, Kind.METHOD_NOT_ALLOWED,
    Kind.NOT_ACCEPTABLE, Kind.IN_PROGRESS, Kind.TOO_LARGE, Kind.UNSUPPORTED_MEDIA_TYPE, Kind.INVALID,
    Kind.TOO_MANY_REQUESTS, Kind.INTERNAL, Kind.UNAVAILABLE,
)  # fmt: skip


class Refused(DatelineError):
    """A request, or a line of a batch, that is answered with a problem."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    def problem(self, *, instance: str | None = None, line: int | None = None) -> Problem:
        """The document for this refusal."""
        return Problem(
            type=self.kind.urn,
            title=self.kind.title,
            status=self.kind.status,
            detail=self.detail,
            instance=instance,
            line=line,
            errors=self.errors,
        )


def unknown_cursor(error: BadCursor, **place: str) -> Refused:
    """The problem that stands for a cursor that was not given out, with the parameter or pointer where it stood."""
    fault = FieldError(**place, code="bad_cursor", message="was not given out here")
    return Refused(Kind.INVALID, str(error), errors=[fault])


def store_refusal(error: DatelineError) -> Refused:
    """The refusal for a store that is full or does not answer, with a time to wait."""
    if isinstance(error, StoreFull):
        detail = "The result store accepts no more for now; send this again after the time in Retry-After."
        return Refused(Kind.FULL, detail, headers={"Retry-After": str(FULL_SECONDS)})
    if isinstance(error, StoreReadOnly):
        detail = "The result store takes no changes for now, since a read-only replica answers; results can be read."
        return Refused(Kind.UNAVAILABLE, detail, headers={"Retry-After": str(_PAUSE_SECONDS)})
    detail = "The result store does not answer; send this again after the time in Retry-After. Repeating is harmless."
    return Refused(Kind.UNAVAILABLE, detail, headers={"Retry-After": str(_PAUSE_SECONDS)})


def respond(refused: Refused, request_id: str | None = None) -> Response:
    """The HTTP response for a refusal."""
    instance = f"urn:dateline:request:{request_id}" if request_id else None
    body = refused.problem(instance=instance).model_dump_json(exclude_defaults=True)
    return Response(body, refused.kind.status, headers=refused.headers, media_type=MEDIA_TYPE)
