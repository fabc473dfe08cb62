"""``dateline export``: results from the API into one file, page by page, so that memory holds one page."""

import gzip
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import IO, Any, Final, Protocol, cast

import httpx

from cli.api_client import ApiClient, refusal
from cli.errors import Trouble
from cli.exits import Exit
from cli.output import console
from schemas import Result

_PAGE: Final = 200
_PATIENCE_S: Final = 300.0
"""How long one page is asked for again while the server is busy."""
_STDOUT: Final = "-"
_NDJSON: Final = "application/x-ndjson"
_GEOJSON: Final = "application/geo+json"


class Form(StrEnum):
    """How results are written."""

    NDJSON = "ndjson"
    PARQUET = "parquet"
    GEOJSON = "geojson"


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted."""

    form: str
    out: str
    """A file, or `-` for standard output."""
    conditions: Mapping[str, str] = field(default_factory=dict)
    """As the API's parameters."""


class _Target(Protocol):
    """Writes pages of one form."""

    accept: str

    def add(self, page: httpx.Response) -> int:
        """Write a page; returns how many articles, or places of GeoJSON, it added."""

    def finish(self) -> None:
        """Write the end."""


def _lines(page: httpx.Response) -> Iterator[bytes]:
    """The results of a page of lines. What has no outcome yet is no result; as a key, the word stands in no text."""
    return (line for line in page.content.split(b"\n") if b'"outcome":' in line)


class _Ndjson:
    accept = _NDJSON

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def add(self, page: httpx.Response) -> int:
        count = 0
        for count, line in enumerate(_lines(page), start=1):  # noqa: B007 - the last one is the number of them
            self._file.write(line + b"\n")
        return count

    def finish(self) -> None:
        pass


class _GeoJson:
    accept = _GEOJSON

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._before = b'{"type": "FeatureCollection", "features": [\n'

    def add(self, page: httpx.Response) -> int:
        features = page.json()["features"]
        for feature in features:
            self._file.write(self._before + json.dumps(feature, ensure_ascii=False).encode())
            self._before = b",\n"
        return len(features)

    def finish(self) -> None:
        self._file.write((b"" if self._before == b",\n" else self._before) + b"]}\n")


class _Parquet:
    accept = _NDJSON

    def __init__(self, file: IO[bytes]) -> None:
        from workers.sinks.parquet import ParquetWriter  # noqa: PLC0415 - an extra

        self._writer = ParquetWriter(file)

    def add(self, page: httpx.Response) -> int:
        results = [Result.stored(line) for line in _lines(page)]
        self._writer.add(results)
        return len(results)

    def finish(self) -> None:
        self._writer.finish({})


_TARGETS: Final[dict[Form, Callable[[IO[bytes]], _Target]]] = {
    Form.NDJSON: _Ndjson,
    Form.GEOJSON: _GeoJson,
    Form.PARQUET: _Parquet,
}


def export(
    order: Order,
    *,
    as_json: bool,
    client: ApiClient | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Write what was ordered, and say how much it was.

    Raises:
        Trouble: The form or the file cannot be, or the API refuses. Nothing is left behind then.
    """
    form = _form(order)
    with _written(order.out) as file:
        target = _TARGETS[form](file)
        count = sum(target.add(page) for page in _pages(client or ApiClient(), target.accept, order.conditions, pause))
        target.finish()
    _tell(order, form, count, as_json=as_json)


def _form(order: Order) -> Form:
    if order.form not in set(Form):
        raise Trouble(f"There is no format {order.form} here.", f"Choose one of {', '.join(Form)}.", Exit.USAGE)
    if order.form == Form.PARQUET and (order.out == _STDOUT or order.out.endswith(".gz")):
        raise Trouble("Parquet goes into a file that is not packed again.", "Name one with --out.", Exit.USAGE)
    return Form(order.form)


def _pages(
    client: ApiClient, accept: str, conditions: Mapping[str, str], pause: Callable[[float], None]
) -> Iterator[httpx.Response]:
    params: dict[str, str | int] = {**conditions, "limit": _PAGE}
    while True:
        call = partial(client.page, "/v1/articles", accept, params)
        page = client.patiently(call, time.monotonic() + _PATIENCE_S, pause)
        if not page.is_success:
            raise refusal(page)
        yield page
        following = page.links.get("next", {}).get("url")
        if not following:
            return
        params["cursor"] = httpx.URL(following).params["cursor"]


@contextmanager
def _written(out: str) -> Iterator[IO[bytes]]:
    """The file to write into; it takes its name when all of it is on disk, and is gone when something fails."""
    if out == _STDOUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(out)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("wb") as file:
            with _packed(file, path) as inner:
                yield inner
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
    except OSError as error:
        raise Trouble(f"{out} cannot be written ({error.strerror}).", "Choose another --out.", Exit.USAGE) from error
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def _packed(file: IO[bytes], path: Path) -> Iterator[IO[bytes]]:
    if path.suffix != ".gz":
        yield file
        return
    with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=3) as packed:
        yield cast("IO[bytes]", packed)


def _tell(order: Order, form: Form, count: int, *, as_json: bool) -> None:
    what = "places" if form is Form.GEOJSON else "articles"
    if as_json:
        told: dict[str, Any] = {"format": form.value, "out": order.out, what: count}
        sys.stderr.write(json.dumps(told, ensure_ascii=False) + "\n")
        return
    console(stderr=True).print(
        f"{count:,} {what} written to {'standard output' if order.out == _STDOUT else order.out}."
    )
