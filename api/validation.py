"""From the bytes of one submission to a valid `Submission`, or to a refusal that quotes nothing of it."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from api.adapters import NoArticle, adapt, detect
from api.problems import Kind, Refused
from schemas import FieldError, Format, Submission, Warning
from schemas.charset import decode

_OURS = frozenset({"url", "nul_character", "extra_too_large", "body_missing"})
"""Codes of our own validators, whose messages are fixed sentences."""
_MESSAGES = {
    "extra_forbidden": "is not a field of this; of a submission it belongs under extra",
    "string_type": "must be a string",
    "string_too_long": "is too long: at most {max_length} characters",
    "too_long": "is too long: at most {max_length}",
    "string_too_short": "is too short: at least {min_length} characters",
    "string_pattern_mismatch": "does not have the form that is described for it",
    "dict_type": "must be an object",
    "list_type": "must be an array",
    "tuple_type": "must be an array",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "model_type": "must be a JSON object",
    "missing": "is required",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
    "datetime_parsing": "is not a time in ISO 8601",
    "datetime_from_date_parsing": "is not a time in ISO 8601",
    "datetime_type": "is not a time in ISO 8601",
    "timezone_aware": "has no time zone; end it with Z or with +02:00",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}
_OTHER_NAMES = {
    **dict.fromkeys(("headline", "heading"), "title"),
    **dict.fromkeys(("content", "body", "maintext", "article"), "text"),
    **dict.fromkeys(("raw_html", "page"), "html"),
    **dict.fromkeys(("link", "uri"), "url"),
    **dict.fromkeys(("author", "byline"), "authors"),
    **dict.fromkeys(("date", "date_publish", "publish_date", "published", "pub_date"), "published_at"),
    "lang": "language",
    "source": "source_name",
}
"""What scrapers call the fields of a submission; the formats of other programs have adapters."""
_ENUM_MEMBER = re.compile(r"<\w+\.\w+: ('[^']*')>")
"""As pydantic writes the members of an enum that a literal allows."""
_QUOTED = re.compile(r"'[^']*'")
_CHOICES = frozenset({"enum", "literal_error"})
_SEVERAL = 2
_POSITION = re.compile(r"at line (\d+) column (\d+)$")
_REASONS = (
    ("EOF", "it ends too early"),
    ("recursion", "it is nested too deeply"),
    ("out of range", "a number in it is too large"),
    ("control character", "a control character stands in a string; escape it"),
    ("unicode", "it is not UTF-8"),
    ("escape", "it contains half of a surrogate pair or another broken escape"),
    ("trailing", "something follows its end"),
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_BOM = b"\xef\xbb\xbf"


class _NotStrict(ValueError):
    """JSON that parsers read differently: a name twice in one object, or a number that JSON does not have."""


def _unique(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise _NotStrict("an object in it has the same name twice")


def _no_constant(_: str) -> None:
    raise _NotStrict("NaN and Infinity are not numbers of JSON; send null")


_STRICT = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


def read_submission(body: bytes) -> tuple[Submission, list[Warning]]:
    """Validate one submission and collect what had to be dropped from it.

    Raises:
        Refused: It is not JSON (400) or not a submission (422).
    """
    warnings: list[Warning] = []
    body = body.removeprefix(_BOM)
    try:
        submission = Submission.model_validate_json(body, context={"warnings": warnings})
        _STRICT.decode(body.decode())
    except ValidationError as error:
        raise refusal(error.errors(include_url=False, include_input=False)) from None
    except _NotStrict as error:
        raise Refused(Kind.MALFORMED_JSON, f"The article is not strict JSON: {error}.") from None
    return submission, warnings


def read_foreign(body: bytes, written_in: Format) -> tuple[Submission, list[Warning], Format]:
    """Validate one article in another format; returns the format as well, which `Format.AUTO` finds out.

    Raises:
        Refused: It is not JSON (400), or no article in this format (422). Errors point at the document's own fields.
    """
    document = _parsed(body.removeprefix(_BOM))
    found = detect(document) if written_in is Format.AUTO else written_in
    try:
        adapted = adapt(document, found)
    except NoArticle as error:
        errors = [FieldError(pointer=error.pointer, code="no_article", message=error.message)]
        raise Refused(Kind.INVALID, f"The line is no article in the format {found}.", errors=errors) from None
    warnings = list(adapted.warnings)
    try:
        submission = Submission.model_validate(adapted.fields, context={"warnings": warnings})
    except ValidationError as error:
        raise refusal(error.errors(include_url=False, include_input=False), adapted.origins) from None
    return submission, warnings, found


def _parsed(body: bytes) -> Any:
    try:
        document = from_json(body, allow_inf_nan=False)
        _STRICT.decode(body.decode())
    except _NotStrict as error:
        raise Refused(Kind.MALFORMED_JSON, f"The article is not strict JSON: {error}.") from None
    except ValueError as error:
        raise Refused(Kind.MALFORMED_JSON, _json_detail(str(error))) from None
    return document


def read_page(body: bytes, charset: str | None, known: Mapping[str, Any]) -> tuple[Submission, list[Warning]]:
    """Make a submission of a page's bytes and what is known beside it.

    Args:
        body: The page as it was fetched.
        charset: What the request declared.
        known: Other fields of the submission; what is ``None`` is absent.

    Raises:
        Refused: A field of it is not valid, or there is no page.
    """
    decoded = decode(body, charset)
    warnings: list[Warning] = []
    fields = {name: value for name, value in known.items() if value is not None}
    try:
        submission = Submission.model_validate(
            {**fields, "html": decoded.text.replace("\x00", "")}, context={"warnings": warnings}
        )
    except ValidationError as error:
        raise refusal(error.errors(include_url=False, include_input=False)) from None
    if decoded.contradicts(charset):
        message = f"was declared in a charset that its bytes contradict; it was read as {decoded.charset}"
        warnings.append(Warning(field="html", code="charset", message=message))
    return submission, warnings


def refusal(errors: Sequence[Any], origins: Mapping[str, str] | None = None, *, what: str = "article") -> Refused:
    """The refusal for what pydantic found.

    Args:
        errors: As pydantic lists them.
        origins: Where an adapter read each field of the submission, so that errors name what was sent.
        what: What the body should have been.
    """
    if errors and errors[0]["type"] == "json_invalid":
        return Refused(Kind.MALFORMED_JSON, _json_detail(str(errors[0]["msg"])))
    known = origins or {}
    fields = [field_error(error | {"loc": [known.get(str(p), p) for p in error["loc"]]}) for error in errors]
    if what == "article":
        fields = [_with_meant(field) for field in fields]
    return Refused(Kind.INVALID, f"The {what} is not valid; see errors for the fields to correct.", errors=fields)


def _with_meant(field: FieldError) -> FieldError:
    """An unknown field of a submission, with the one that is probably meant."""
    meant = _OTHER_NAMES.get((field.pointer or "").removeprefix("/"))
    if field.code != "extra_forbidden" or meant is None:
        return field
    return field.model_copy(update={"message": f"{field.message}; do you mean {meant}?"})


def _json_detail(message: str) -> str:
    found = _POSITION.search(message)
    where = f" at {_position(*map(int, found.groups()))}" if found else ""
    why = next((reason for part, reason in _REASONS if part in message), "its syntax is wrong")
    return f"This is not valid JSON{where}: {why}."


def _position(line: int, column: int) -> str:
    """Without a line in what has only one: in a batch that number would be taken for the batch's."""
    return f"column {column}" if line == 1 else f"line {line}, column {column}"


def message_for(error: Any) -> str:
    """A sentence of ours for one of pydantic's errors; pydantic's own could quote the value."""
    code = error["type"]
    if code in _OURS:
        return str(error["msg"])
    return _ENUM_MEMBER.sub(r"\1", _MESSAGES.get(code, "is not valid").format_map(error.get("ctx", {})))


def one_choice(errors: Sequence[Any]) -> Sequence[Any]:
    """The same errors, with one for a value that fits none of several lists of choices, as pydantic checks each."""
    chosen = [error for error in errors if error["type"] in _CHOICES]
    if len(chosen) < _SEVERAL or len(chosen) < len(errors):
        return errors
    names = [*dict.fromkeys(name for error in chosen for name in _QUOTED.findall(error["ctx"]["expected"]))]
    expected = f"{', '.join(names[:-1])} or {names[-1]}"
    return [chosen[0] | {"ctx": {"expected": expected}}]


def field_error(error: Any) -> FieldError:
    """One of pydantic's errors as an error of a field."""
    return FieldError(pointer=_pointer(error["loc"]), code=error["type"], message=message_for(error))


def is_name(text: str) -> bool:
    """Whether something that was submitted may be repeated, because it is a name and not text sent as one."""
    return _NAME.fullmatch(text) is not None


def _pointer(location: Iterable[str | int]) -> str:
    """A JSON Pointer to the field, or to its nearest parent whose name may be repeated."""
    parts: list[str] = []
    for part in map(str, location):
        if not (part.isdecimal() or is_name(part)):
            break
        parts.append(part)
    return "".join(f"/{part}" for part in parts)
