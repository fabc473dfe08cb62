"""Results as Parquet: one row for each, with the very fields of `schemas.Result`, nested as they are.

The columns are read off the model, so nothing of a result is left out and a row reads back as one. A change of the
model changes them: `SCHEMA_VERSION`, which stands in every file, then rises.
"""

import types
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import IO, Annotated, Any, Final, Union, get_args, get_origin

from pydantic import BaseModel

from schemas import Result
from schemas.version import VERSION
from workers.sinks.errors import missing_package

try:
    import pyarrow as pa
    from pyarrow import parquet as pq
except ImportError as error:  # pragma: no cover - the tests' environment has it
    raise missing_package("pyarrow") from error

SCHEMA_VERSION: Final = 2
"""Rises whenever a column is added, removed or given another type."""
_ROWS: Final = 1_000
_GROUP_BYTES: Final = 64 * 1024 * 1024
"""A row group is written after so many rows or bytes, whichever comes first: that is what memory holds."""
_AT_ONCE: Final = 100
"""Rows that are in memory as Python objects."""
_PLAIN: Final = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    datetime: pa.timestamp("us", "UTC"),
}


def _arrow(annotation: Any) -> Any:
    """The column type for what a field of a model may hold."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin in {Union, types.UnionType, Annotated}:
        return _arrow(next(part for part in inside if part is not types.NoneType))
    if origin in {tuple, dict}:
        within = [_arrow(part) for part in inside if part is not ...]
        return pa.list_(*within) if origin is tuple else pa.map_(*within)
    if issubclass(annotation, BaseModel):
        return pa.struct(_fields(annotation))
    return next(known for base, known in _PLAIN.items() if issubclass(annotation, base))


def _fields(model: type[BaseModel]) -> list[Any]:
    return [pa.field(name, _arrow(field.annotation)) for name, field in model.model_fields.items()]


SCHEMA: Final = pa.schema(_fields(Result))
"""The columns."""


def described() -> str:
    """The columns as text, as docs/results/archive.txt has them."""
    return f"schema version {SCHEMA_VERSION}\n\n" + "\n".join(_lines(SCHEMA, "")) + "\n"


def _lines(fields: Any, indent: str) -> list[str]:
    found = []
    for field in fields:
        kind: Any = field.type
        inner: Any = None
        if pa.types.is_list(kind) and pa.types.is_struct(kind.value_type):
            kind, inner = "list of", kind.value_type
        elif pa.types.is_struct(kind):
            kind, inner = "struct", kind
        elif pa.types.is_list(kind):
            kind = f"list of {kind.value_type}"
        found.append(f"{indent}{field.name}: {kind}")
        found += _lines(inner, indent + "    ") if inner is not None else []
    return found


class ParquetWriter:
    """Writes one file, row group by row group."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._writer = pq.ParquetWriter(file, SCHEMA, compression="zstd", version="2.6")
        self._waiting: list[Any] = []

    @property
    def size(self) -> int:
        """Bytes of the file so far; what waits for its row group is counted as it stands in memory."""
        return self._file.tell() + sum(int(table.nbytes) for table in self._waiting)

    def add(self, results: Sequence[Result]) -> None:
        """Add rows. They wait as columns, which take a tenth of the memory that the same rows take in Python."""
        for start in range(0, len(results), _AT_ONCE):
            rows = [result.model_dump() for result in results[start : start + _AT_ONCE]]
            self._waiting.append(pa.Table.from_pylist(rows, schema=SCHEMA))
            waiting = sum(len(table) for table in self._waiting)
            if waiting >= _ROWS or sum(table.nbytes for table in self._waiting) >= _GROUP_BYTES:
                self._write()

    def finish(self, told: Mapping[str, str]) -> None:
        """Write what waits and the end of the file.

        Args:
            told: What the file says of itself, beside its schema version.
        """
        self._write()
        known = {"dateline.schema": str(SCHEMA_VERSION), "dateline.version": VERSION, **told}
        self._writer.add_key_value_metadata(known)
        self._writer.close()

    def _write(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.concat_tables(self._waiting), row_group_size=2 * _ROWS)
        self._waiting = []
