"""What Flower shows, from events as Celery really keeps them."""

from copy import copy
from typing import Any

import pytest
from celery.events.state import State, Task
from celery.utils.saferepr import saferepr

from tasks.base import TOLD
from workers.task_view import ChainedTask, readable

ID = "t5ekvivkqpbfah23lnsv3y4i2a"


def message(articles: int, lease: str = "5") -> dict[str, Any]:
    return {"token": lease, "refs": [f"{ID[:-2]}{number:02}:1" for number in range(articles)]}


def shown(args: Any, result: Any = None, *, name: str = "dateline.geotag", root: tuple[str, ...] = ("bulk",)) -> Task:
    """A task of a chain that began with `root`."""
    state = State()
    first = ChainedTask(uuid="first", cluster_state=state, name="dateline.clean", args=saferepr(root, TOLD))
    own = (
        first if name == "dateline.clean" else ChainedTask(uuid="own", cluster_state=state, name=name, root_id="first")
    )
    own.args, own.result = saferepr(args, TOLD), saferepr(result, TOLD) if result is not None else None
    state.tasks.update({"first": first, "own": own})
    told = own.args
    found = readable(copy(own))  # as Flower does
    assert own.args == told, "what is searched stays what was sent"
    return found


def test_a_batch_is_shown_by_lane_lease_number_and_ids() -> None:
    assert shown((message(2),)).args == f"bulk · lease 5 · 2 articles: {ID[:-2]}00:1 {ID[:-2]}01:1"
    assert shown((message(1),)).args.startswith("bulk · lease 5 · 1 article: ")


def test_the_first_task_shows_what_it_claimed() -> None:
    assert shown(("live",), name="dateline.clean").args == "live"
    claimed = shown(("live",), message(3), name="dateline.clean")
    assert claimed.args.startswith("live · lease 5 · 3 articles: ")
    assert shown(("bulk",), message(0), name="dateline.clean").args == "bulk · nothing waited"


def test_the_result_says_what_goes_on() -> None:
    assert shown((message(3),), message(2)).result.startswith("go on: 2 articles: ")
    assert shown((message(3),), message(0)).result == "none goes on"
    assert shown((message(3),)).result is None


def test_a_whole_batch_of_32_is_told() -> None:
    found = shown((message(32, lease="123456789"),))
    assert found.args.startswith("bulk · lease 123456789 · 32 articles: ")
    assert f"{ID[:-2]}31:1" in found.args


def test_what_celery_cut_off_is_not_counted_as_all() -> None:
    long = {"token": "5", "refs": [f"{ID[:-2]}{number:02}:1234567" for number in range(40)]}
    assert "+ articles: " in shown((long,)).args


def test_without_the_first_task_of_the_chain_the_lane_is_left_out() -> None:
    own = Task(uuid="own", cluster_state=State(), name="dateline.dedupe", root_id="gone")
    own.args = saferepr((message(1),))
    assert readable(own).args.startswith("lease 5 · 1 article: ")


@pytest.mark.parametrize("args", [None, "", "()", "('x' * 5", "{'token': 1}", "…"])
def test_what_it_does_not_know_breaks_nothing(args: str | None) -> None:
    own = Task(uuid="own", cluster_state=State(), name="dateline.clean", args=args)
    assert readable(own).args == ""


def test_a_task_of_somebody_else_stays_as_it_is() -> None:
    own = Task(uuid="own", cluster_state=State(), name="other.task", args="('live',)")
    assert readable(own).args == "('live',)"
