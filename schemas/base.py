"""The base of every model that crosses a boundary."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """An immutable value that refuses fields it does not know.

    Serialised without defaults of ``None`` where size matters (in the store), with every field where a reader
    expects one (in the API).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")
