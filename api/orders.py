"""Orders to the operate API: small JSON documents."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from fastapi import Request, Response
from pydantic import ValidationError

from api.bodies import whole
from api.documentation import REF, body
from api.negotiation import JSON, best_answer, body_type
from api.problems import unknown_cursor
from api.validation import refusal
from schemas.base import Model
from store import BadCursor

_MAX_BYTES = 64 * 1024
Order = TypeVar("Order", bound=Model)


def order_of(model: type[Model], about: str) -> dict[str, object]:
    """The `openapi_extra` of a route that reads an order."""
    return body(about, **{JSON: {"schema": {"$ref": REF.format(model=model.__name__)}}})


async def read_order(request: Request, model: type[Order]) -> Order:
    """The order in a body.

    Raises:
        Refused: It is not one.
    """
    best_answer(request, JSON)
    body_type(request, (JSON,))
    content = await whole(request, _MAX_BYTES)
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        raise refusal(error.errors(include_url=False, include_input=False), what="order") from None


@contextmanager
def cursor_at(pointer: str) -> Iterator[None]:
    """Within it, a cursor that was not given out is a fault of that field of the order.

    Raises:
        Refused: It was not.
    """
    try:
        yield
    except BadCursor as error:
        raise unknown_cursor(error, pointer=pointer) from None


def as_json(model: Model, status: int = 200) -> Response:
    """A model as the answer."""
    return Response(model.model_dump_json(), status, media_type=JSON)
