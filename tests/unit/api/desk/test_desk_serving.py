"""How the desk is served: policy, types, caching, compression, and the switch."""

import gzip
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from unit.api.application import serving

from api.desk import CSP
from api.desk.files import PAGE, read_files
from store import Scope, Store

EVERYWHERE = {"Content-Security-Policy": CSP, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
PATHS = ["/", *(f"/desk/{name}" for name in read_files() if name != PAGE)]


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with serving(store) as client:
        yield client


def test_every_file_comes_with_the_policy_and_no_guessed_type(client: TestClient) -> None:
    answers = {path: client.get(path) for path in PATHS}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(PATHS, 200)
    for name, value in EVERYWHERE.items():
        assert {path: answer.headers[name] for path, answer in answers.items()} == dict.fromkeys(PATHS, value)
    assert len({answer.headers["ETag"] for answer in answers.values()}) == len(PATHS)


def test_the_policy_allows_nothing_but_files_of_this_server() -> None:
    directives = dict(part.split(" ", 1) for part in CSP.split("; "))
    assert directives.pop("default-src") == "'none'"
    assert directives.pop("require-trusted-types-for") == "'script'"
    assert set(directives.values()) <= {"'self'", "'none'"}
    assert directives["frame-ancestors"] == directives["base-uri"] == directives["form-action"] == "'none'"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/desk/js/main.js", "text/javascript; charset=utf-8"),
        ("/desk/css/base.css", "text/css; charset=utf-8"),
        ("/desk/icon.svg", "image/svg+xml"),
        ("/desk/vendor/countries-110m-2.0.2.json", "application/json"),
    ],
)
def test_files_have_their_types(client: TestClient, path: str, media_type: str) -> None:
    assert client.get(path).headers["Content-Type"] == media_type


def test_what_may_change_is_asked_for_again_and_what_has_a_version_is_not(client: TestClient) -> None:
    assert client.get("/").headers["Cache-Control"] == "no-cache"
    assert client.get("/desk/js/main.js").headers["Cache-Control"] == "no-cache"
    lasting = client.get("/desk/vendor/d3-geo-3.1.2.min.js").headers["Cache-Control"]
    assert lasting == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_who_has_a_file_is_sent_nothing(client: TestClient, coding: str) -> None:
    first = client.get("/desk/js/main.js", headers={"Accept-Encoding": coding})
    again = client.get(
        "/desk/js/main.js", headers={"Accept-Encoding": coding, "If-None-Match": f'"x", W/{first.headers["ETag"]}'}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Content-Security-Policy"] == CSP


def test_another_tag_gets_the_file(client: TestClient) -> None:
    assert client.get("/", headers={"If-None-Match": '"other"'}).status_code == 200


def test_who_takes_gzip_gets_gzip(client: TestClient) -> None:
    with client.stream("GET", "/desk/js/main.js", headers={"Accept-Encoding": "br, gzip;q=0.5"}) as response:
        raw = b"".join(response.iter_raw())
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(raw) == read_files()["js/main.js"].body


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip; q=0.0"])
def test_who_does_not_take_gzip_gets_the_file_as_it_is(client: TestClient, accepted: str) -> None:
    response = client.get("/desk/js/main.js", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in response.headers
    assert response.content == read_files()["js/main.js"].body


def test_the_two_forms_have_tags_of_their_own(client: TestClient) -> None:
    tags = {client.get("/", headers={"Accept-Encoding": coding}).headers["ETag"] for coding in ("gzip", "identity")}
    assert len(tags) == 2


def test_a_head_request_has_the_headers_and_no_body(client: TestClient) -> None:
    response = client.head("/")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["Content-Security-Policy"] == CSP


@pytest.mark.parametrize(
    "path", ["/desk/none.js", "/desk/", "/desk/../files.py", "/desk/%2e%2e/files.py", "/desk/js", "/desk/index.html"]
)
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


def test_the_page_needs_no_key_and_what_it_reads_does(store: Store) -> None:
    store.access.create("somebody", frozenset({Scope.READ}))
    with serving(store) as client:
        assert client.get("/").status_code == 200
        assert client.get("/v1/articles").status_code == 401


def test_a_desk_that_is_switched_off_leaves_the_front_door_to_the_documentation(store: Store) -> None:
    with serving(store, desk=False) as client:
        assert client.get("/", follow_redirects=False).headers["Location"] == "/docs"
        assert client.get("/desk/js/main.js").status_code == 404


def test_the_desk_is_no_part_of_the_documented_api(client: TestClient) -> None:
    assert not [path for path in client.get("/openapi.json").json()["paths"] if path == "/" or path.startswith("/desk")]


@pytest.mark.parametrize("parameter", ["country", "originals", "story"])
def test_the_filters_of_the_address_reach_the_page(client: TestClient, parameter: str) -> None:
    assert client.get("/", params={parameter: "x"}).status_code == 200
