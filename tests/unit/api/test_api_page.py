import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from unit.api.application import serving

from schemas import Ref, Submission
from store import Store
from store.codec import unpack

PAGE = "<html><body><h1>Мост закрыт</h1><p>Мост через реку был закрыт в понедельник после проверки.</p></body></html>"
URL = "https://example.org/most"


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with serving(store) as found:
        yield found


def assert_problem(response: Any, status: int, kind: str) -> None:
    assert (response.status_code, response.json()["type"]) == (status, f"urn:dateline:problem:{kind}")


def post(client: TestClient, content: bytes, media_type: str = "text/html", url: str = URL, **headers: str) -> Any:
    return client.post(
        f"/v1/pages?url={url}&title=Bridge", content=content, headers={"Content-Type": media_type, **headers}
    )


def submitted(store: Store, answer: Any) -> Submission:
    [loaded] = store.ledger.load([Ref(answer["id"], answer["revision"])], ["submission"])
    assert loaded is not None
    packed = loaded.parts["submission"]
    assert packed is not None
    return Submission.model_validate_json(unpack(packed))


def _ref(answer: Any) -> Any:
    from schemas import Ref

    return Ref(answer["id"], answer["revision"])


def test_a_page_in_another_charset_is_accepted_as_text(client: TestClient, store: Store) -> None:
    response = post(client, PAGE.encode("cp1251"), "text/html; charset=windows-1251")
    assert response.status_code == 202
    found = submitted(store, response.json())
    assert (found.html, found.url, found.title) == (PAGE, URL, "Bridge")
    assert response.json()["warnings"] == []


def test_a_wrong_charset_is_read_rightly_and_told(client: TestClient, store: Store) -> None:
    response = post(client, PAGE.encode("cp1251"), "text/html; charset=utf-8")
    assert submitted(store, response.json()).html == PAGE
    [warning] = response.json()["warnings"]
    assert (warning["field"], warning["code"]) == ("html", "charset")


def test_the_same_page_again_is_there_already(client: TestClient) -> None:
    first, second = (
        post(client, PAGE.encode()),
        post(client, gzip.compress(PAGE.encode()), **{"Content-Encoding": "gzip"}),
    )
    assert (first.status_code, second.status_code) == (202, 200)
    assert first.json()["id"] == second.json()["id"]


def test_nul_bytes_are_no_part_of_a_page(client: TestClient, store: Store) -> None:
    response = post(client, b"<p>The bridge \x00is closed until summer.</p>")
    assert submitted(store, response.json()).html == "<p>The bridge is closed until summer.</p>"


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", ""])
def test_what_is_no_page_is_a_415(client: TestClient, media_type: str) -> None:
    assert_problem(post(client, b"{}", media_type), 415, "unsupported-media-type")


def test_an_empty_page_is_a_422(client: TestClient) -> None:
    assert_problem(post(client, b"  "), 422, "invalid")


def test_an_address_that_is_none_is_a_422_that_names_it(client: TestClient) -> None:
    response = post(client, PAGE.encode(), url="nowhere")
    assert_problem(response, 422, "invalid")
    assert response.json()["errors"][0]["pointer"] == "/url"
