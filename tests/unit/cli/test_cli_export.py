import gzip
import json
from collections.abc import Callable
from pathlib import Path

import fakeredis
import httpx
import pytest
from archive_traffic import Traffic, results
from conftest import article
from geojson_pydantic import FeatureCollection
from operators import operating
from pyarrow import parquet
from typer.testing import CliRunner
from unit.cli.service import client, problem

from cli import export as module
from cli.api_client import ApiClient
from cli.errors import Trouble
from cli.exits import Exit
from cli.export import Order, export
from cli.main import app
from schemas import Result
from store import Query, Scope, Store


@pytest.fixture(scope="module")
def published() -> Store:
    """A store in memory that no test changes."""
    store = Store(fakeredis.FakeRedis())
    for _ in Traffic(store).flow(250):
        pass
    store.ledger.accept([article(9_999)])  # on its way
    return store


def write(store: Store, form: str, out: Path, **conditions: str) -> None:
    export(Order(form, str(out), conditions), as_json=False, client=operating(store, Scope.READ))


def test_lines_are_the_results_of_all_pages_and_nothing_else(published: Store, tmp_path: Path) -> None:
    write(published, "ndjson", tmp_path / "all.ndjson")
    lines = (tmp_path / "all.ndjson").read_bytes().splitlines()
    read = [Result.model_validate_json(line) for line in lines]
    assert len(read) > 250
    assert {(one.id, one.revision): one for one in read} == results(published)
    assert [one.accepted_at for one in read] == sorted((one.accepted_at for one in read), reverse=True)


def test_a_name_that_ends_in_gz_is_packed(published: Store, tmp_path: Path) -> None:
    write(published, "ndjson", tmp_path / "all.ndjson.gz", outcome="quarantined")
    lines = gzip.decompress((tmp_path / "all.ndjson.gz").read_bytes()).splitlines()
    assert {json.loads(line)["outcome"] for line in lines} == {"quarantined"}


def test_parquet_reads_back_as_the_very_results(published: Store, tmp_path: Path) -> None:
    write(published, "parquet", tmp_path / "all.parquet", source="news.example")
    rows = parquet.read_table(tmp_path / "all.parquet").to_pylist(maps_as_pydicts="strict")
    read = [Result.model_validate(row) for row in rows]
    assert {(one.id, one.revision): one for one in read} == results(published)


def test_geojson_is_valid_and_has_each_place_once(published: Store, tmp_path: Path) -> None:
    write(published, "geojson", tmp_path / "lv.geojson", country="LV")
    text = (tmp_path / "lv.geojson").read_text("utf-8")
    collection = FeatureCollection.model_validate_json(text)
    page = published.listing.page(Query(country="LV"), None, 1_000).items
    wanted = [one for one in page if isinstance(one, Result) and one.geotags]
    assert len({feature.id for feature in collection.features}) == len(collection.features)
    assert len(collection.features) == sum(len(one.geotags.places) for one in wanted if one.geotags)


def test_geojson_of_nothing_is_valid(store: Store, tmp_path: Path) -> None:
    write(store, "geojson", tmp_path / "none.geojson")
    assert not FeatureCollection.model_validate_json((tmp_path / "none.geojson").read_text()).features


def test_every_option_is_a_condition_of_the_api(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=b"")

    monkeypatch.setattr(module, "ApiClient", lambda: client(answer))
    words = (
        "--since 2026-11-01 --until 2026-11-02 --outcome done --source a.example --country LV --admin1 LV.25 "
        "--place 456172 --near 56.9,24.1 --radius-km 20 --entity ORG:NATO --story s --originals --json"
    )
    assert CliRunner().invoke(app, ["export", *words.split()], catch_exceptions=False).exit_code == 0
    assert dict(asked[0].url.params) == {
        "since": "2026-11-01",
        "until": "2026-11-02",
        "outcome": "done",
        "source": "a.example",
        "country": "LV",
        "admin1": "LV.25",
        "place": "456172",
        "near": "56.9,24.1",
        "radius_km": "20.0",
        "entity": "ORG:NATO",
        "story": "s",
        "originals": "true",
        "limit": "200",
    }
    assert asked[0].headers["Accept"] == "application/x-ndjson"


def failing_on_the_second_page(status: int, title: str) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        if "cursor" in request.url.params:
            return httpx.Response(status, json=problem(status, title), headers={"Retry-After": "400"})
        link = '</v1/articles?limit=200&cursor=abc>; rel="next"'
        return httpx.Response(200, content=b'{"outcome":"done"}\n', headers={"Link": link})

    return answer


@pytest.mark.parametrize("status", [403, 503])
def test_a_refusal_in_the_middle_leaves_the_old_file_and_no_other(status: int, tmp_path: Path) -> None:
    out = tmp_path / "all.ndjson"
    out.write_text("old")
    order = Order("ndjson", str(out))
    clock = iter(range(0, 10_000_000, 1_000))

    def pause(_: float) -> None:
        next(clock)

    service = client(failing_on_the_second_page(status, "No"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PATIENCE_S", 0.0)
        with pytest.raises(Trouble, match=str(status)):
            export(order, as_json=False, client=service, pause=pause)
    assert [file.name for file in tmp_path.iterdir()] == ["all.ndjson"]
    assert out.read_text() == "old"


def test_a_busy_server_is_waited_for(tmp_path: Path) -> None:
    answers = [httpx.Response(503, headers={"Retry-After": "7"}), httpx.Response(200, content=b'{"outcome":"done"}\n')]
    waited: list[float] = []
    order = Order("ndjson", str(tmp_path / "x"))
    export(order, as_json=False, client=client(lambda _: answers.pop(0)), pause=waited.append)
    assert waited == [7.0]
    assert (tmp_path / "x").read_bytes() == b'{"outcome":"done"}\n'


@pytest.mark.parametrize(
    ("form", "out", "says"),
    [("csv", "x", "no format csv"), ("parquet", "-", "into a file"), ("parquet", "x.parquet.gz", "into a file")],
)
def test_what_cannot_be_is_told_before_anything_is_asked(form: str, out: str, says: str) -> None:
    def unasked(_: httpx.Request) -> httpx.Response:
        raise AssertionError

    with pytest.raises(Trouble, match=says) as told:
        export(Order(form, out), as_json=False, client=client(unasked))
    assert told.value.exit_code == Exit.USAGE


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    service: ApiClient = client(lambda _: httpx.Response(200, content=b""))
    with pytest.raises(Trouble, match="cannot be written"):
        export(Order("ndjson", str(tmp_path / "no" / "x")), as_json=False, client=service)


def test_standard_output_gets_lines_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    line = b'{"outcome":"done"}\n'
    monkeypatch.setattr(module, "ApiClient", lambda: client(lambda _: httpx.Response(200, content=line)))
    done = CliRunner().invoke(app, ["export"], catch_exceptions=False)
    assert done.stdout_bytes == line
    assert "1 articles written to standard output" in done.stderr
