import json
from importlib.resources import files

import pytest
from dedupe_articles import NOON, body, clean, entities, fingerprint, record

from schemas import Quality, Relation
from tasks.dedupe._decide import decide, evidence_between
from tasks.dedupe._evidence import ASPECTS
from tasks.dedupe._fingerprint import Fingerprint, take
from tasks.dedupe._guards import Guard
from tasks.dedupe._verifier import Verdict, confidence, judge, of_a_habit, parse, shipped


def odds(one: Fingerprint, other: Fingerprint) -> float:
    facts = evidence_between(one, other)
    assert facts is not None
    back = evidence_between(other, one)
    assert back == facts
    return judge(facts, shipped()).odds


def guards(one: Fingerprint, other: Fingerprint) -> tuple[str, ...]:
    return decide("own", one, [record("first", other)]).guards_failed


def test_the_evidence_has_a_number_for_every_name() -> None:
    facts = evidence_between(fingerprint(body(1)), fingerprint(body(1)))
    assert facts is not None
    assert len(facts) == len(ASPECTS)


def test_texts_that_share_nothing_are_not_looked_at() -> None:
    assert evidence_between(fingerprint(body(1)), fingerprint(body(2))) is None


def test_a_copy_is_likelier_than_not() -> None:
    assert odds(fingerprint(body(1)), fingerprint(body(1), hours=30)) > shipped().threshold


def test_a_longer_gap_speaks_against_a_copy() -> None:
    near, far = fingerprint(body(1, 60), hours=1), fingerprint(body(1, 60), hours=24 * 6)
    assert odds(fingerprint(body(1, 60)), near) > odds(fingerprint(body(1, 60)), far)


def test_a_gap_of_years_is_no_worse_than_one_of_weeks() -> None:
    assert odds(fingerprint(body(1)), fingerprint(body(1), hours=24 * 30)) == odds(
        fingerprint(body(1)), fingerprint(body(1), hours=24 * 3000)
    )


def test_other_numbers_in_the_same_phrases_speak_against_a_copy() -> None:
    one = fingerprint(body(1, 60) + " 12 of 345 were 6 and 7")
    same = fingerprint(body(1, 60) + " 12 of 345 were 6 and 7", hours=20)
    other = fingerprint(body(1, 60) + " 67 of 890 were 8 and 9", hours=20)
    assert odds(one, same) > odds(one, other)


def test_names_of_different_origin_are_not_compared() -> None:
    by_stage = take(clean(body(1)), entities("Alice Brown"), None, NOON).fingerprint
    nameless = take(clean(body(1)), entities(), None, NOON).fingerprint
    other = fingerprint(body(1) + " said Carol Davis")
    found = [evidence_between(each, other) for each in (by_stage, nameless)]
    assert [dict(zip(ASPECTS, facts, strict=True))["names"] for facts in found if facts] == [0.9, 0.9]


def test_names_that_agree_are_evidence() -> None:
    one = take(clean(body(1)), entities("Alice Brown"), None, NOON).fingerprint
    other = take(clean(body(1)), entities("Carol Davis"), None, NOON).fingerprint
    names = [evidence_between(one, each) for each in (one, other)]
    assert [dict(zip(ASPECTS, facts, strict=True))["names"] for facts in names if facts] == [1, 0]


def test_boilerplate_is_no_copy() -> None:
    shell = fingerprint(body(1), quality=Quality(words=9, boilerplate_only=True))
    assert "boilerplate" in guards(shell, shell)


def test_tables_are_told_apart_by_their_headlines() -> None:
    table = body(1, 60)
    own = fingerprint(table, "Alpha Corp third quarter loss")
    same = fingerprint(table + " correct", "CORRECTED: Alpha Corp third quarter loss", hours=2)
    other = fingerprint(table + " correct", "Omega Holding fourth period profit", hours=2)
    assert decide("own", own, [record("first", same)]).relation is Relation.NEAR
    assert "headlines_differ" in guards(own, other)


def test_a_copy_under_an_invented_headline_is_found() -> None:
    paragraphs = body(1, 300).split("\n\n")
    own = fingerprint("\n\n".join(paragraphs[1:]), "Something else entirely", host="other.example")
    assert decide("own", own, [record("first", fingerprint(body(1, 300), "Parliament votes"))]).is_copy


def test_a_copy_with_every_tenth_word_changed_shares_a_cluster() -> None:
    words = body(1, 300).split()
    edited = " ".join("changed" if place % 10 == 4 else word for place, word in enumerate(words))
    answer = decide("own", fingerprint(edited, hours=1), [record("first", fingerprint(body(1, 300)))])
    assert answer.cluster_id == "first"


def test_a_turned_down_candidate_is_explained_in_the_order_of_guards() -> None:
    found = guards(fingerprint(body(1, 50), hours=24 * 20), fingerprint(body(1, 50)))
    assert found
    assert list(found) == [guard for guard in Guard if guard in found]


def test_confidence_is_a_probability() -> None:
    assert [confidence(value) for value in (-1e9, 0.0, 1e9)] == [pytest.approx(0), 0.5, pytest.approx(1)]


def test_weights_of_another_evidence_are_refused() -> None:
    data = json.loads((files("tasks.dedupe") / "data" / "verifier.json").read_text("utf-8"))
    data["evidence"].pop("names")
    with pytest.raises(ValueError, match="train-dedupe"):
        parse(json.dumps(data))


@pytest.mark.parametrize(("words", "days", "found"), [(300, 30, True), (40, 30, False), (40, 0.1, True)])
def test_a_gap_parts_short_texts_and_not_long_ones(words: int, days: float, *, found: bool) -> None:
    text = body(1, words)
    later = fingerprint(text + " and a little more was added", hours=24 * days)
    answer = decide("own", later, [record("first", fingerprint(text))])
    assert (answer.cluster_id == "first") is found


def test_equal_texts_are_evidence_beyond_equal_samples() -> None:
    long = body(1, 2_000).split()
    other = " ".join((*long[:-1], "otherwise"))
    facts = [evidence_between(fingerprint(body(1, 2_000)), fingerprint(text)) for text in (" ".join(long), other)]
    assert [dict(zip(ASPECTS, each, strict=True))["equal"] for each in facts if each] == [1, 0]


def test_every_tree_that_ships_asks_about_the_evidence() -> None:
    data = json.loads((files("tasks.dedupe") / "data" / "verifier.json").read_text("utf-8"))
    asked = {node[0] for tree in data["trees"] for node in (tree, *tree[2:]) if isinstance(node, list)}
    assert asked <= set(ASPECTS)
    assert {"containment", "gap", "length"} <= asked
    assert shipped().trees.answers.shape == (len(data["trees"]), 4)


def test_what_stands_in_the_place_of_other_figures_and_names_is_counted() -> None:
    place = list(ASPECTS).index("numbers_replaced")
    one = fingerprint(body(1, 100) + " 12 of 345")
    longer, refilled = fingerprint(body(1, 100) + " 12 of 345 and 99"), fingerprint(body(1, 100) + " 12 of 678")
    extended, exchanged = evidence_between(one, longer), evidence_between(one, refilled)
    assert extended is not None
    assert exchanged is not None
    assert extended[place] == 0 < exchanged[place]


def test_another_filling_of_a_template_is_not_hidden_and_the_same_one_is() -> None:
    template = "{} degrees in Eastbrook, wind {} and a chance of rain of {} percent, " + body(1, 120)
    today = record("today", fingerprint(template.format(14, 22, 40), "Weather for the coast"))
    tomorrow = fingerprint(template.format(17, 35, 70), "Weather for the coast", hours=24)
    again = fingerprint(template.format(14, 22, 40), "Weather for the coast", hours=5, host="other.example")
    assert not decide("tomorrow", tomorrow, [today]).is_copy
    assert decide("again", again, [today]).is_copy


def test_another_filling_of_a_template_does_not_share_its_cluster() -> None:
    template = "{} degrees in Eastbrook, wind {} and a chance of rain of {} percent, " + body(1, 120)
    today = record("today", fingerprint(template.format(14, 22, 40), "Wind and rain in Eastbrook"))
    tomorrow = decide(
        "tomorrow", fingerprint(template.format(17, 35, 70), "Wind and rain in Eastbrook", hours=24), [today]
    )
    assert (tomorrow.relation, tomorrow.cluster_id) == (Relation.ORIGINAL, "tomorrow")
    assert "numbers_differ" in tomorrow.guards_failed


@pytest.mark.parametrize("host", ["news.example", "other.example"])
@pytest.mark.parametrize("words", [90, 150, 300])
@pytest.mark.parametrize("changed", [1, 3])
def test_edited_copies_without_headline_or_names_are_copies(words: int, changed: int, host: str) -> None:
    """In the training of the judge of templates nothing may be bare but edited copies and templates alike (ADR 30)."""
    text = body(1, words).split()
    edited = [f"another{place}" if place % (words // changed) == 9 else word for place, word in enumerate(text)]
    later = fingerprint(" ".join(edited), hours=5, host=host)
    assert decide("own", later, [record("first", fingerprint(" ".join(text)))]).is_copy


def test_a_habit_of_the_host_speaks_for_another_filling() -> None:
    unsure, sure, unasked = Verdict(3.0, 3.0, 1.2), Verdict(3.0, 3.0, 4.5), Verdict(3.0, 3.0)
    assert of_a_habit(unsure, shipped()).odds < shipped().filling
    assert of_a_habit(sure, shipped()) == Verdict(3.0, 3.0, 1.5)
    assert of_a_habit(unasked, shipped()) == unasked
