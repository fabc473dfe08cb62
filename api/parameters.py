"""Refusing query parameters that do not exist: a filter with a typing error would silently filter nothing."""

from fastapi import Request
from fastapi.routing import APIRoute

from api.problems import Kind, Refused
from api.validation import is_name
from schemas import FieldError


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
