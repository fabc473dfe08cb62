"""Types of metadata that may be unreadable: what cannot be read is dropped with a warning, never with the article."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, TypeVar

from dateutil import parser as dateutil_parser
from dateutil import tz
from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema, ValidationInfo

from schemas.base import Model

T = TypeVar("T")

_ABSENT = frozenset({"", "none", "null", "nan", "n/a"})
"""news-please sends the string "None", newspaper4k sends [""] (measurements C4)."""
_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$")
_EARLIEST_YEAR = 1600
_MILLISECONDS_FROM = 100_000_000_000
"""Unix seconds beyond the year 5138 are surely milliseconds."""


class Warning(Model):  # noqa: A001 - the field's term, always used as schemas.Warning
    """Metadata that was dropped or interpreted on an accepted article."""

    field: str
    code: str = Field(
        description="`unreadable`: dropped. `no_time_zone`: taken as UTC. `conflict`: the page says otherwise. "
        "`guessed`: found in the visible text. `shortened`: cut."
    )
    message: str = Field(description="What was done about it. Never quotes the submitted value.")


def note(info: ValidationInfo, code: str, message: str) -> None:
    """Add a warning to the list in the validation context, if the caller gave one."""
    if isinstance(info.context, dict):
        info.context.setdefault("warnings", []).append(Warning(field=info.field_name or "", code=code, message=message))


def _or_warning(value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
    if value is None or (isinstance(value, str) and value.strip().lower() in _ABSENT):
        return None
    try:
        return handler(value)
    except ValidationError:
        note(info, "unreadable", "could not be read and was dropped")
        return None


class _AnythingElse:
    """Says in the JSON Schema what `_or_warning` does."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [handler(core), {"description": "Anything else is dropped, with a warning."}]}


Lenient = Annotated[T | None, WrapValidator(_or_warning), _AnythingElse()]
"""A field whose unreadable value becomes ``None`` and a warning."""


def _zone(name: str | None, seconds: int | None) -> tzinfo | None:
    """The zone that a date names, if its offset is known; without this, dateutil warns and quotes the name."""
    return tz.tzoffset(name, seconds) if seconds is not None else None


def _parse_freely(text: str) -> datetime:
    return dateutil_parser.parse(text, tzinfos=_zone)


def _parse_instant(text: str) -> datetime:
    readers: tuple[Callable[[str], datetime], ...] = (
        datetime.fromisoformat,
        dateutil_parser.isoparse,
        parsedate_to_datetime,
        _parse_freely,
    )
    for read in readers:
        try:
            return read(text)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    raise ValueError("not a date")


def _instant(value: Any, info: ValidationInfo) -> datetime:
    if isinstance(value, bool) or not isinstance(value, str | int | float | datetime):
        raise ValueError("not a date")
    if isinstance(value, int | float):
        try:
            seconds = value / 1000 if abs(value) >= _MILLISECONDS_FROM else value
            moment = datetime.fromtimestamp(seconds, UTC)
        except (OverflowError, OSError, ValueError) as error:
            raise ValueError("not a date") from error
    else:
        moment = value if isinstance(value, datetime) else _parse_instant(value.strip()[:100])
    if moment.year < _EARLIEST_YEAR:
        raise ValueError("not a date of news")
    if moment.tzinfo is None:
        note(info, "no_time_zone", "had no time zone and was taken as UTC")
        moment = moment.replace(tzinfo=UTC)
    moment.utcoffset()  # raises ValueError for an offset of a day or more
    return moment


def _name(value: Any) -> str:
    if isinstance(value, dict):  # JSON-LD: {"@type": "Person", "name": ...}
        value = value.get("name")
    if not isinstance(value, str):
        raise ValueError("not a name")
    return " ".join(value.split())


def _names(value: Any) -> tuple[str, ...]:
    parts = value.split(";") if isinstance(value, str) else value if isinstance(value, list | tuple) else [value]
    names = (_name(part) for part in parts)
    return tuple(dict.fromkeys(name for name in names if name.lower() not in _ABSENT))


def _terms(value: Any) -> tuple[str, ...]:
    parts = re.split(r"[,;]", value) if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        raise ValueError("not a list of keywords")
    return tuple(dict.fromkeys(name for name in map(_name, parts) if name.lower() not in _ABSENT))


def _language(value: Any) -> str:
    if not isinstance(value, str) or not _LANGUAGE.match(value.strip()):
        raise ValueError("not a language tag")
    return value.strip().replace("_", "-").lower()


Instant = Annotated[datetime, BeforeValidator(_instant)]
"""A moment with its zone: ISO 8601, RFC 2822, Unix seconds or milliseconds; without a zone UTC, with a warning."""
Authors = Annotated[tuple[str, ...], BeforeValidator(_names), Field(max_length=100)]
Keywords = Annotated[tuple[str, ...], BeforeValidator(_terms), Field(max_length=500)]
Language = Annotated[str, BeforeValidator(_language)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]
