import re

import pytest

from benchmarks import counting
from store import _scripts

COUNTING = ("accept", "claim", "advance", "publish", "delay", "quarantine", "reap", "give_back")


@pytest.mark.parametrize("name", COUNTING)
def test_every_increment_is_taken_out_of_a_script(name: str) -> None:
    def increments(text: str) -> int:
        body = text.partition("local function record(ref)")[2]
        return len(re.findall(r"\btally\(|'HINCRBY', key\('figures'\)", body))

    assert increments(_scripts.source(name)) > 0
    assert increments(counting._uncounted(name)) <= 2, "what is left stands in functions that nobody calls any more"
    assert "took(fields" not in counting._uncounted(name)


def test_the_cost_is_measured_on_a_real_server() -> None:
    assert -100 < counting.figures_us(count=64, turns=3) < 500
