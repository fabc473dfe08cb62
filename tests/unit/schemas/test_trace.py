import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Trace

ID, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize(("flags", "sampled"), [("01", True), ("00", False), ("03", True), ("02", False)])
def test_a_header_says_trace_span_and_whether_it_is_sampled(flags: str, sampled: bool) -> None:  # noqa: FBT001
    assert Trace.read(f"00-{ID}-{SPAN}-{flags}") == Trace(ID, SPAN, sampled)


def test_a_later_version_may_say_more() -> None:
    assert Trace.read(f"cc-{ID}-{SPAN}-01-what-comes") == Trace(ID, SPAN, sampled=True)


@pytest.mark.parametrize(
    "header",
    [
        "",
        f"00-{ID}-{SPAN}",
        f"00-{ID}-{SPAN}-01-more",
        f"ff-{ID}-{SPAN}-01",
        f"00-{ID.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{ID}-{'0' * 16}-01",
        f"00-{ID}-{SPAN}-01,00-{ID}-{SPAN}-01",
        f"00-{ID}-{SPAN}-01\n",
        f" 00-{ID}-{SPAN}-01",
    ],
)
def test_what_is_not_valid_says_nothing(header: str) -> None:
    assert Trace.read(header) is None


@given(st.text(max_size=80))
def test_nothing_that_is_sent_breaks_the_reading(header: str) -> None:
    found = Trace.read(header)
    assert found is None or Trace.read(found.traceparent) == found


def test_the_header_for_others_is_the_one_that_came() -> None:
    header = f"00-{ID}-{SPAN}-01"
    found = Trace.read(header)
    assert found
    assert found.traceparent == header
    assert Trace.at(found.trace_id, found.span_id) == found


def test_without_a_span_the_header_names_a_new_one_and_is_not_sampled() -> None:
    first, second = (Trace.read(Trace.at(ID).traceparent) for _ in range(2))
    assert first
    assert second
    assert first.trace_id == second.trace_id == ID
    assert first.span_id != second.span_id
    assert not first.sampled


@pytest.mark.parametrize("name", ["", "canary", "t", ID.upper(), "0" * 32])
def test_an_id_that_is_none_makes_no_header(name: str) -> None:
    assert Trace.at(name).traceparent == ""


def test_samplers_find_the_second_half_of_a_new_id_evenly_spread() -> None:
    """Those of a UUID are not: two bits of it are fixed, and a sampler for a tenth would never take one."""
    for make in (Trace.fresh, Trace.at(ID).branch):
        share = sum(int(make().trace_id[16:], 16) < 2**64 // 10 for _ in range(4_000)) / 4_000
        assert 0.07 < share < 0.13


def test_a_branch_is_another_trace_that_can_be_told_to_come_from_this_one() -> None:
    parent = Trace(ID, SPAN, sampled=True)
    branches = {parent.branch() for _ in range(100)}
    assert len(branches) == 100
    assert {branch.trace_id[:16] for branch in branches} == {ID[:16]}
    assert {(branch.span_id, branch.sampled) for branch in branches} == {("", False)}
