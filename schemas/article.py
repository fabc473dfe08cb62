"""The submission: what a scraper pushes, in the one canonical form that every adapter ends in."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from schemas._lenient import Authors, Instant, Keywords, Language, Lenient, Text
from schemas.base import Described, Model
from schemas.urls import WebUrl

MAX_TEXT_CHARS = 1_000_000
"""A million characters of text are a long book: what is longer is no article, and entities would take a minute."""
MAX_HTML_CHARS = 5_000_000
"""Measurements F8: no real page of 2,670 was larger than 5 MB; hostile ones were."""
MAX_EXTRA_BYTES = 65_536


def _no_nul(value: str) -> str:
    if "\x00" in value:
        raise PydanticCustomError("nul_character", "contains a NUL character; remove it and submit again")
    return value


_WITHOUT_NUL = Described((("pattern", r"^[^\x00]*$"),))
Body = Annotated[str, AfterValidator(_no_nul), _WITHOUT_NUL]
Identifier = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=512),
    AfterValidator(_no_nul),
    _WITHOUT_NUL,
]


def _required(field: str) -> dict[str, Any]:
    return {"required": [field], "properties": {field: {"type": "string", "pattern": r"\S"}}}


class Submission(Model):
    """One article as a scraper pushes it: ``text`` or ``html`` is required, everything else improves the result.

    Metadata that cannot be read (a date, an author, a language) becomes a warning and is dropped; it never costs the
    article. Fields that decide the article's identity or body are strict. Unknown fields are refused: put them
    under ``extra``.
    """

    model_config = ConfigDict(json_schema_extra={"anyOf": [_required("text"), _required("html")]})

    url: WebUrl | None = Field(default=None, description="Where the article was fetched from.")
    title: Annotated[Body, StringConstraints(max_length=2_000)] | None = None
    text: Annotated[Body, StringConstraints(max_length=MAX_TEXT_CHARS)] | None = Field(
        default=None, description="The article as plain text. Keep its line breaks: they show what is not article."
    )
    html: Annotated[Body, StringConstraints(max_length=MAX_HTML_CHARS)] | None = Field(
        default=None, description="The page. Preferred to `text` when both are given; `text` is then the fallback."
    )
    external_id: Identifier | None = Field(
        default=None, description="Your own id. Decides the identity, within the source's domain."
    )
    canonical_url: Lenient[WebUrl] = Field(default=None, description="The address that the page calls its own.")
    language: Lenient[Language] = Field(default=None, description="BCP 47 tag. Detected when absent.")
    authors: Lenient[Authors] = Field(default=None, description="A list of names, or one string joined with `;`.")
    published_at: Lenient[Instant] = Field(default=None, description="ISO 8601, RFC 2822 or Unix seconds.")
    modified_at: Lenient[Instant] = None
    fetched_at: Lenient[Instant] = None
    source_name: Lenient[Text] = Field(default=None, description="Name of the outlet.")
    source_domain: Lenient[Text] = Field(default=None, description="Host of the outlet. Taken from `url` when absent.")
    description: Lenient[Text] = None
    image_url: Lenient[WebUrl] = None
    section: Lenient[Text] = None
    keywords: Lenient[Keywords] = Field(default=None, description="A list, or one string joined with commas.")
    license: Lenient[Text] = None
    extra: dict[str, JsonValue] = Field(default_factory=dict, description="Anything else; carried through untouched.")

    @field_validator("extra")
    @classmethod
    def _bounded_extra(cls, value: dict[str, JsonValue]) -> dict[str, JsonValue]:
        if len(repr(value)) > MAX_EXTRA_BYTES:
            raise PydanticCustomError("extra_too_large", "extra is larger than 64 KiB; send less of it")
        return value

    @model_validator(mode="before")
    @classmethod
    def _blank_is_absent(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {
            key: None if isinstance(value, str) and (not value or value.isspace()) else value
            for key, value in data.items()
        }

    @model_validator(mode="after")
    def _has_a_body(self) -> Self:
        if self.text is None and self.html is None:
            raise PydanticCustomError("body_missing", "an article needs text or html that is not blank")
        return self
