"""The desk's pure modules, called one by one in the browser that will run them."""

from collections.abc import Callable
from typing import Any

import pytest
from browser.sitting import Sit
from playwright.sync_api import Page

pytestmark = pytest.mark.edges
Call = Callable[..., Any]


@pytest.fixture
def call(sit: Sit) -> Call:
    """Calls a function of a module: `call("marks.js", "paragraphs", [...])`."""
    page: Page = sit(key=None).open()

    def call_it(module: str, function: str, *arguments: Any) -> Any:
        script = "async ([module, name, given]) => (await import(`/desk/js/${module}`))[name](...given)"
        return page.evaluate(script, [module, function, list(arguments)])

    return call_it


def mark(start: int, end: int, kind: str = "person") -> dict[str, Any]:
    return {"start": start, "end": end, "kind": kind, "label": "", "key": f"{kind}:{start}"}


def flat(pieces: list[dict[str, Any]]) -> list[Any]:
    return [[piece["text"], piece["mark"] and piece["mark"]["kind"], flat(piece["inside"])] for piece in pieces]


def test_paragraphs_are_cut_at_blank_lines(call: Call) -> None:
    found = call("marks.js", "paragraphs", list("ab\n\ncd\nef\n\n\ngh"))
    assert found == [{"start": 0, "end": 2}, {"start": 4, "end": 9}, {"start": 12, "end": 14}]


def test_no_text_has_no_paragraph(call: Call) -> None:
    assert call("marks.js", "paragraphs", []) == []


def test_of_two_marks_on_the_same_stretch_the_place_stays(call: Call) -> None:
    assert call("marks.js", "settled", [mark(0, 4), mark(0, 4, "place")]) == [mark(0, 4, "place")]


def test_marks_that_cross_are_not_both_kept(call: Call) -> None:
    assert call("marks.js", "settled", [mark(0, 5), mark(3, 8)]) == [mark(0, 5)]


def test_a_mark_inside_another_one_is_nested(call: Call) -> None:
    marks = call("marks.js", "settled", [mark(6, 11, "place"), mark(0, 11, "org")])
    pieces = call("marks.js", "pieces", list("Bank of Riga."), 0, 13, marks)
    assert flat(pieces) == [["Bank of Rig", "org", [["Bank o", None, []], ["f Rig", "place", []]]], ["a.", None, []]]


def test_the_query_has_the_names_of_the_api_in_one_order(call: Call) -> None:
    filters = {"originals": "true", "near": "1.5,2", "entity": "ORG:A & B"}
    assert call("address.js", "query", filters) == "near=1.5,2&entity=ORG:A+%26+B&originals=true"
    assert (
        call("address.js", "readFilters", "?near=1.5,2&entity=ORG:A+%26+B&originals=true&unknown=1&country=") == filters
    )


def test_a_radius_without_a_point_and_originals_false_are_no_filters(call: Call) -> None:
    assert call("address.js", "readFilters", "?radius_km=5&originals=false") == {}


@pytest.mark.parametrize("fragment", ["#article/" + "a" * 25, "#article/../x", "#article/" + "A" * 26, "#x", ""])
def test_what_is_no_article_is_the_list(call: Call, fragment: str) -> None:
    assert call("address.js", "readRoute", fragment) == {"view": "articles"}


def test_a_revision_can_be_asked_for(call: Call) -> None:
    route = {"view": "article", "id": "a" * 26, "revision": 3}
    assert call("address.js", "fragment", route) == f"#article/{'a' * 26}:3"
    assert call("address.js", "readRoute", f"#article/{'a' * 26}:3") == route


@pytest.mark.parametrize(
    ("text", "removed", "expected"),
    [
        ("One.\n\nTwo.", [("Head", 0, 4)], [0]),
        ("One.\n\nTwo.", [("Ad", 6, 8)], [6]),
        ("One.\n\nTwo.", [("Tail", 12, 16)], [10]),
        ("One.\n\nTwo.", [("Head", 0, 4), ("By", 6, 8), ("Ad", 16, 18), ("Tail", 26, 30)], [0, 0, 6, 10]),
        ("A first sentence stands here. A second sentence follows after it.", [("Gone.", 30, 35)], [30]),
        ("", [("All", 0, 3)], [0]),
    ],
)
def test_removed_passages_find_their_place(call: Call, text: str, removed: list[Any], expected: list[int]) -> None:
    passages = [{"rule": "r", "text": words, "start": start, "end": end} for words, start, end in removed]
    paragraphs = call("marks.js", "paragraphs", list(text))
    assert [one["at"] for one in call("provenance.js", "placed", list(text), paragraphs, passages)] == expected


def test_moments_are_counted_in_bins_that_hold_them_all(call: Call) -> None:
    moments = [1_000 * second for second in (0, 1, 59, 60, 3_600)]
    found = call("time.js", "binned", moments, 0, 3_600_000, 72)
    assert sum(one["count"] for one in found["bins"]) == len(moments)
    assert len(found["bins"]) <= 72
    assert found["width"] == 60_000


def test_one_moment_is_one_bin(call: Call) -> None:
    assert [one["count"] for one in call("time.js", "binned", [5_000], 5_000, 5_000)["bins"]] == [1]


@pytest.mark.parametrize(
    ("passed", "words"), [(0, "now"), (30, "30 s"), (90, "1 min"), (7_200, "2 h"), (172_800, "2 d"), (-5, "now")]
)
def test_how_long_ago_is_one_short_word(call: Call, passed: int, words: str) -> None:
    assert call("time.js", "ago", 10**12, 10**12 + passed * 1_000) == words


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://a.example/x?y#z", "https://a.example/x?y#z"),
        ("http://a.example", "http://a.example/"),
        ("javascript:alert(1)", None),
        (" javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://a.example", None),
        ("/relative", None),
        ("https://u:p@a.example", None),
        ("", None),
        (None, None),
    ],
)
def test_only_addresses_of_the_web_become_links(call: Call, address: str | None, allowed: str | None) -> None:
    assert call("links.js", "outside", address) == allowed


@pytest.mark.parametrize(
    ("address", "stays"),
    [("/", True), ("/?a=b", True), ("?a", True), ("#x", True), ("//x", False), ("/\\x", False), ("x", False)],
)
def test_what_stays_on_the_desk(call: Call, address: str, *, stays: bool) -> None:
    assert call("links.js", "isInside", address) is stays


def test_events_are_read_however_the_stream_is_cut(sit: Sit) -> None:
    page = sit(key=None).open()
    stream = (
        ": hello\r\nretry: 3000\r\n\r\n"
        'id: 1-0\nevent: outcome\ndata: {"a":\ndata: 1}\n\n'
        "id: 2-0\ndata: x\n\nid: 3-0\n\ndata: y\n\n"
    )
    script = """async (stream) => { const { EventParser } = await import("/desk/js/stream.js");
        const all = [];
        for (let cut = 1; cut < stream.length; cut += 1) {
            const parser = new EventParser();
            all.push(JSON.stringify([...parser.push(stream.slice(0, cut)), ...parser.push(stream.slice(cut))]));
        }
        return [new Set(all).size, JSON.parse(all[0])]; }"""
    different, events = page.evaluate(script, stream)
    assert different == 1
    assert events == [
        {"id": "1-0", "event": "outcome", "data": '{"a":\n1}'},
        {"id": "2-0", "event": "message", "data": "x"},
        {"id": "3-0", "event": "message", "data": "y"},
    ]


def test_pauses_grow_and_have_an_end(call: Call) -> None:
    pauses = [call("live.js", "pause", tries, 0.5) for tries in range(1, 10)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (1_000, 30_000)


def test_the_camera_keeps_what_is_under_the_pointer(call: Call) -> None:
    view = call("camera.js", "scaled", {"k": 1, "x": 0, "y": 0}, 2, 100, 50)
    assert view == {"k": 2, "x": -100, "y": -50}


def test_the_camera_never_leaves_the_world(call: Call) -> None:
    size = {"width": 400, "height": 200}
    assert call("camera.js", "bounded", {"k": 2, "x": 50, "y": -900}, size) == {"k": 2, "x": 0, "y": -200}
    assert call("camera.js", "bounded", {"k": 0.1, "x": 5, "y": 5}, size) == {"k": 1, "x": 0, "y": 0}


def test_the_camera_holds_all_points(call: Call) -> None:
    view = call("camera.js", "around", [[100, 50], [140, 60]], {"width": 400, "height": 200})
    for x, y in ((100, 50), (140, 60)):
        assert 0 <= x * view["k"] + view["x"] <= 400
        assert 0 <= y * view["k"] + view["y"] <= 200


def test_labels_do_not_lie_over_each_other(call: Call) -> None:
    wanted = [{"x": 50 + number, "y": 50, "r": 3, "text": "Riga"} for number in range(5)]
    found = call("geography.js", "labels", wanted, {"width": 400, "height": 200}, 10)
    assert [one["anchor"] for one in found] == ["start", "end"]


def test_a_label_does_not_seem_to_name_another_large_spot(call: Call) -> None:
    oslo = {"x": 200, "y": 84, "r": 21, "text": "Oslo"}
    riga = {"x": 226, "y": 90, "r": 19, "text": "Riga"}
    found = call("geography.js", "labels", [oslo, riga], {"width": 400, "height": 200}, 10)
    assert [(one["text"], one["anchor"]) for one in found] == [("Oslo", "end"), ("Riga", "start")]


RENEW = """async ([old, fresh, withdrawn]) => {
    const { renewed } = await import("/desk/js/listing.js");
    const { items, added } = renewed(old, fresh, new Set(withdrawn));
    const named = (one) => (one.outcome === "withdrawn" ? one.id.toLowerCase() : one.id);
    return [items, added].map((list) => list.map(named).join(""));
}"""


def dated(names: str) -> list[dict[str, str]]:
    """Articles named by letters; later letters are newer."""
    return [{"id": name, "accepted_at": f"2026-01-{ord(name) - 64:02}T00:00:00Z"} for name in names]


@pytest.mark.parametrize(
    ("shown", "beginning", "withdrawn", "expected"),
    [
        ("CBA", "DC…", "", ["DCBA", "D"]),  # one came in
        ("CBA", "DCA…", "", ["DCA", "D"]),  # B fulfils the filter no more
        ("CBA", "C", "", ["C", ""]),  # the end: the rest has left
        ("CBA", "DC…", "A", ["DCBa", "D"]),  # an older one was withdrawn
        ("", "BA", "", ["BA", "BA"]),
    ],
)
def test_a_list_takes_in_what_is_new_and_lets_go_what_left(
    sit: Sit, shown: str, beginning: str, withdrawn: str, expected: list[str]
) -> None:
    page = sit(key=None).open()
    fresh = {"items": dated(beginning.rstrip("…")), "next": "cursor" if beginning.endswith("…") else None}
    assert page.evaluate(RENEW, [dated(shown), fresh, list(withdrawn)]) == expected


@pytest.mark.parametrize(
    ("rate", "words"), [(None, ""), (0, "none now"), (0.05, "3.0/min"), (0.7, "42/min"), (3.21, "3.2/s"), (40, "40/s")]
)
def test_rates_are_numbers_to_remember(call: Call, rate: float | None, words: str) -> None:
    assert call("strip-view.js", "rate", rate) == words
