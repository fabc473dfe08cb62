import pytest
from dedupe_articles import NOON, body, clean, entities, fingerprint

from schemas import Quality
from tasks.dedupe._fingerprint import Fingerprint, take
from tasks.dedupe._guards import Guard, failed
from tasks.dedupe._sketch import Overlap, overlap

PARTLY = Overlap(containment=0.8, jaccard=0.6, sample=100)


def check(one: Fingerprint, other: Fingerprint, shared: Overlap | None = None) -> tuple[Guard, ...]:
    answer = failed(one, other, shared or overlap(one.sketch, other.sketch))
    assert answer == failed(other, one, shared or overlap(one.sketch, other.sketch))
    return answer


def test_a_copy_passes_all_guards() -> None:
    assert check(fingerprint(body(1)), fingerprint(body(1), hours=30)) == ()


def test_short_texts_are_not_compared() -> None:
    assert check(fingerprint("just a few words"), fingerprint(body(1)), PARTLY)[0] is Guard.TOO_SHORT


def test_boilerplate_is_not_compared() -> None:
    shell = fingerprint(body(1), quality=Quality(words=9, boilerplate_only=True))
    assert Guard.BOILERPLATE in check(shell, shell)


@pytest.mark.parametrize(("days", "guards"), [(4, ()), (4.1, (Guard.TOO_FAR_APART,))])
def test_four_days_are_the_most(days: float, guards: tuple[Guard, ...]) -> None:
    assert check(fingerprint(body(1)), fingerprint(body(1), hours=24 * days)) == guards


def test_other_names_in_the_same_phrases_are_another_report() -> None:
    one = fingerprint(body(1) + " said Alice Brown in Lima")
    other = fingerprint(body(1) + " said Carol Davis in Oslo")
    assert check(one, other, PARTLY) == (Guard.NAMES_DIFFER,)


def test_names_are_not_asked_when_nearly_all_of_the_text_is_shared() -> None:
    one, other = fingerprint(body(1) + " said Alice Brown"), fingerprint(body(1) + " said Carol Davis")
    assert check(one, other) == ()


def test_a_text_that_lost_its_capitals_is_still_a_copy() -> None:
    one, other = body(1) + " said Alice Brown in Lima of Carol", body(1) + " said alice brown in Lima of carol"
    assert check(fingerprint(one), fingerprint(other), PARTLY) == ()


def test_names_of_different_origin_are_not_compared() -> None:
    by_stage = take(clean(body(1)), entities("Alice Brown"), None, NOON).fingerprint
    assert check(by_stage, fingerprint(body(1) + " said Carol Davis"), PARTLY) == ()


def test_other_numbers_in_the_same_phrases_are_another_report() -> None:
    one, other = fingerprint(body(1) + " 12 of 345"), fingerprint(body(1) + " 67 of 890")
    assert check(one, other, PARTLY) == (Guard.NUMBERS_DIFFER,)


def test_a_short_template_with_another_figure_a_day_later_is_another_report() -> None:
    one, other = fingerprint(body(1, 40) + " six pct"), fingerprint(body(1, 40) + " at 6 1 16 pct", hours=24)
    assert check(one, other) == (Guard.NUMBERS_DIFFER,)
    assert check(one, fingerprint(body(1, 40) + " at 6 1 16 pct", hours=1)) == ()


def test_a_later_abridgement_may_leave_numbers_out() -> None:
    whole, part = body(1, 90) + " 1 22 333 4444", body(1, 90)[: len(body(1, 90)) // 2]
    assert check(fingerprint(whole), fingerprint(part, hours=24)) == ()


def test_bodies_that_do_not_speak_of_their_headlines_are_told_apart_by_them() -> None:
    one = fingerprint(body(1, 150), "Alpha Corp third quarter loss")
    same = fingerprint(body(1, 150), "CORRECTED: Alpha Corp third quarter loss")
    other = fingerprint(body(1, 150), "Omega Holding third quarter loss")
    assert check(one, same) == ()
    assert check(one, other) == (Guard.HEADLINES_DIFFER,)


def test_a_headline_of_one_word_tells_nothing_apart() -> None:
    taken = fingerprint(body(1, 150), "Obituaries")
    assert check(taken, taken) == (Guard.HEADLINES_DIFFER,)


@pytest.mark.parametrize(("words", "guards"), [(150, ()), (60, (Guard.HEADLINES_DIFFER,))])
def test_an_invented_headline_does_not_hide_a_long_copy_of_a_telling_body(
    words: int, guards: tuple[Guard, ...]
) -> None:
    text = f"{body(1, words)} parliament votes budget"
    telling, invented = fingerprint(text, "Parliament votes on budget"), fingerprint(text, "Something else entirely")
    assert check(telling, invented) == guards
