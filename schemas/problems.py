"""Errors as RFC 9457 problem details. They never quote what was submitted."""

from pydantic import Field

from schemas.base import Model


class FieldError(Model):
    """What is wrong with one field of a submission, or with one parameter of a request."""

    pointer: str | None = Field(default=None, description="JSON Pointer (RFC 6901) to the field of the body.")
    parameter: str | None = Field(default=None, description="Name of the query parameter or header.")
    code: str
    message: str


class Problem(Model):
    """An RFC 9457 problem document."""

    type: str = Field(description="A stable URN that names the kind of problem.")
    title: str
    status: int = Field(ge=400, le=599)
    detail: str = Field(description="What is wrong, and one next step.")
    instance: str | None = None
    line: int | None = Field(default=None, ge=1, description="Line of a batch that could not be read.")
    errors: tuple[FieldError, ...] = ()
