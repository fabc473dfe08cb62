"""Reading the values of a MaxMind database file."""

from typing import Any

import pytest

from tests.unit.tasks.geotag.maxmind_file import maxmind_file
from training.gazetteer._maxmind import values

VALUES: list[Any] = [
    {"city": "Kyiv", "point": [50.5, 30.5], "capital": True},
    {"city": "Kyiv", "id": 703448},
    "a text that is longer than twenty-eight bytes",
]


def test_values_are_read_in_order_and_pointers_followed() -> None:
    assert list(values(maxmind_file(VALUES))) == VALUES


def test_an_empty_database_has_no_values() -> None:
    assert list(values(maxmind_file([]))) == []


def test_another_file_is_refused() -> None:
    with pytest.raises(ValueError, match="not found"):
        list(values(b"no database"))
