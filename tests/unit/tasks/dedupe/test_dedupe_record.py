import numpy as np
import pytest
from dedupe_articles import body, fingerprint, record
from hypothesis import given
from hypothesis import strategies as st

from schemas import Duplicates, Relation, Submission, article_id
from store.packed_ids import pack_id, unpack_id
from tasks.dedupe._decide import decide
from tasks.dedupe._guards import Guard
from tasks.dedupe._record import (
    days,
    pack_decision,
    pack_marks,
    pack_record,
    share,
    unpack_decision,
    unpack_marks,
    unpack_record,
)

shares = st.floats(0, 1).map(share)
ids = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=1, max_size=26)


@pytest.mark.parametrize("cluster", [None, "another"])
@pytest.mark.parametrize("text", [body(1), body(1, 30) + " In 1999 Alice Brown paid 5.5", ""])
def test_a_record_survives_packing(text: str, cluster: str | None) -> None:
    kept = record("article", fingerprint(text, "A headline of words", canonical_url="https://a.example/b"), cluster)
    back = unpack_record(pack_record(kept))
    assert back is not None
    assert (back.article_id, back.cluster_id) == (kept.article_id, kept.cluster_id)
    assert pack_record(back) == pack_record(kept)


def test_an_unpacked_record_is_compared_like_the_original() -> None:
    kept = record("first", fingerprint(body(1) + " In 1999 Alice Brown paid 5.5"))
    own = fingerprint(body(1) + body(2, 30))
    assert decide("own", own, [unpack_record(pack_record(kept))]) == decide("own", own, [kept])


def test_a_record_is_small() -> None:
    assert len(pack_record(record("a" * 26, fingerprint(body(1, 600))))) < 400


def test_a_record_of_another_version_is_not_compared() -> None:
    packed = pack_record(record("a", fingerprint(body(1))))
    assert unpack_record(packed[:2] + b"\xff" + packed[3:]) is None


def test_an_id_that_no_api_makes_is_refused() -> None:
    with pytest.raises(ValueError, match="127"):
        pack_record(record("a" * 256, fingerprint(body(1))))


@given(
    relation=st.sampled_from(Relation),
    canonical=ids,
    cluster=ids,
    score=shares,
    jaccard=shares,
    sure=st.none() | shares,
    gap=st.none() | st.integers(0, 10**9).map(days),
    guards=st.sets(st.sampled_from(Guard)),
)
def test_a_decision_survives_packing(  # noqa: PLR0913, PLR0917 - its fields
    relation: Relation,
    canonical: str,
    cluster: str,
    score: float,
    jaccard: float,
    sure: float | None,
    gap: float | None,
    guards: set[Guard],
) -> None:
    decision = Duplicates(
        relation=relation,
        canonical_id=canonical,
        cluster_id=cluster,
        score=score,
        jaccard=jaccard,
        confidence=sure,
        days_apart=gap,
        guards_failed=tuple(guard for guard in Guard if guard in guards),
        index_version=1,
    )
    assert unpack_decision("own", pack_decision("own", decision)) == decision


def test_a_decision_for_an_original_is_a_few_bytes() -> None:
    assert len(pack_decision("own", decide("own", fingerprint(body(1)), []))) < 20


def test_centuries_between_two_articles_can_be_kept() -> None:
    assert days(400 * 365 * 86_400) == 400 * 365


def test_an_id_of_the_api_takes_seventeen_bytes() -> None:
    assert len(pack_id("abcdefghijklmnopqrstuvwx24")) in (17, 27)
    made = article_id(Submission(title="A", text="B"))
    assert (len(pack_id(made)), unpack_id(pack_id(made), 0)) == (17, (made, 17))


@given(st.text("abcdefghijklmnopqrstuvwxyz234567-ÄZ", max_size=30))
def test_every_other_id_survives_packing(name: str) -> None:
    assert unpack_id(b"x" + pack_id(name), 1) == (name, 1 + len(pack_id(name)))


@given(st.lists(st.integers(0, 0xFFFF), max_size=200))
def test_marks_survive_packing(values: list[int]) -> None:
    marks = np.array(values, dtype=np.uint16)
    assert unpack_marks(pack_marks(marks)).tolist() == values
