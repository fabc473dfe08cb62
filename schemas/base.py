"""The base of every model that crosses a boundary."""

from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema


class Model(BaseModel):
    """An immutable value that refuses fields it does not know.

    Serialised without defaults of ``None`` where size matters (in the store), with every field where a reader
    expects one (in the API).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")

    @classmethod
    def stored(cls, data: str | bytes) -> Self:
        """Read JSON that a Dateline has written, perhaps a newer one: fields that it added are passed over.

        Raises:
            ValueError: It cannot be read.
        """
        return cls.model_validate_json(data, extra="ignore")

    @classmethod
    def answered(cls, document: object) -> Self:
        """Read a document that an API has answered with, perhaps a newer one: fields that it added are passed over.

        Raises:
            ValueError: It cannot be read.
        """
        return cls.model_validate(document, extra="ignore")


@dataclass(frozen=True)
class Described:
    """Adds to a type's JSON Schema what its validators check and pydantic cannot see."""

    keywords: tuple[tuple[str, Any], ...]

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(core), **dict(self.keywords)}
