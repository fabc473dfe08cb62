"""Parameters that routes share, and the refusal of unknown ones: a misspelt filter would silently filter nothing."""

import re
from typing import Annotated, Any

from fastapi import Header, Request
from fastapi.routing import APIRoute
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from api.once import HEADER, NAME
from api.problems import Kind, Refused
from api.validation import is_name
from schemas import FieldError

_WHOLE = re.compile(r"-?[0-9]{1,15}(\.0{1,15})?")


def _plain(value: Any) -> Any:
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise PydanticCustomError("int_parsing", "must be a whole number")
    return value


PLAIN = BeforeValidator(_plain)
"""For whole numbers: digits only. pydantic also accepts blanks, underscores and a plus sign."""
OnceKey = Annotated[
    str | None,
    Header(
        alias=HEADER,
        pattern=NAME,
        description="A name for this request, e.g. a UUID: sent again under it, it gets the same answer.",
    ),
]


async def only_known(request: Request) -> None:
    """A dependency of every route.

    Raises:
        Refused: The address has a parameter that the route does not know.
    """
    if not request.scope["query_string"]:
        return
    route: APIRoute = request.scope["route"]
    unknown = request.query_params.keys() - {parameter.alias for parameter in route.dependant.query_params}
    if unknown:
        errors = [
            FieldError(parameter=name if is_name(name) else None, code="unknown", message="is not a parameter of this")
            for name in sorted(unknown)
        ]
        raise Refused(Kind.INVALID, "The address has a parameter that is not known here; see /docs.", errors=errors)
