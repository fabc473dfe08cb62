from conftest import ROOT

from schemas import Result
from workers.sinks.parquet import SCHEMA, described


def test_every_field_of_a_result_is_a_column() -> None:
    assert SCHEMA.names == list(Result.model_fields)


def test_the_columns_are_those_that_are_documented() -> None:
    """Where this fails the model has changed: raise SCHEMA_VERSION, and write `described()` to the file."""
    assert (ROOT / "docs" / "results" / "archive.txt").read_text("utf-8") == described()
