import pytest
from dedupe_articles import body, fingerprint, record

from schemas import Duplicates, Quality, Relation
from tasks.dedupe._decide import decide, is_indexed
from tasks.dedupe._evidence import ASPECTS
from tasks.dedupe._guards import Guard
from tasks.dedupe._trees import planted
from tasks.dedupe._verifier import Weights


def weights(weighed: float, trees: float, watchful: float = 9.0) -> Weights:
    """Judges that say the same of every pair."""
    none = (0.0,) * len(ASPECTS)
    return Weights(
        "test",
        none,
        none,
        weighed,
        planted(trees, [], list(ASPECTS)),
        planted(watchful, [], list(ASPECTS)),
        threshold=0.5,
        sure=2.5,
        sure_no_template=1.0,
        filling=-1.5,
    )


def test_without_candidates_an_article_is_an_original() -> None:
    answer = decide("own", fingerprint(body(1)), [])
    assert (answer.relation, answer.canonical_id, answer.cluster_id) == (Relation.ORIGINAL, "own", "own")
    assert (answer.score, answer.days_apart, answer.guards_failed) == (0, None, ())


def test_equal_words_are_an_exact_copy() -> None:
    answer = decide("own", fingerprint(body(1).upper()), [record("first", fingerprint(body(1)))])
    assert (answer.relation, answer.canonical_id, answer.score, answer.jaccard) == (Relation.EXACT, "first", 1, 1)


@pytest.mark.parametrize("dropped", range(6))
def test_a_copy_without_one_of_its_paragraphs_is_near(dropped: int) -> None:
    paragraphs = body(1).split("\n\n")
    text = "\n\n".join(paragraphs[:dropped] + paragraphs[dropped + 1 :])
    answer = decide("own", fingerprint(text, hours=6), [record("first", fingerprint(body(1)))])
    assert (answer.relation, answer.canonical_id, answer.days_apart) == (Relation.NEAR, "first", 0.25)
    assert answer.score > 0.9
    assert 0.6 < answer.jaccard < 0.95


@pytest.mark.parametrize("title", [None, "Word3 and word4 met word5 on a bridge"])
def test_a_lightly_edited_copy_without_headline_or_names_is_near(title: str | None) -> None:
    """The judge of templates knows neither: it is not asked."""
    words = body(1).split(" ")
    edited = " ".join(["another", *words[1:120], "other", *words[121:]])
    assert decide("own", fingerprint(edited, title), [record("first", fingerprint(body(1), title))]).is_copy


def test_a_teaser_is_contained_in_the_article() -> None:
    teaser = " ".join(body(1).split()[:60])
    answer = decide("own", fingerprint(teaser), [record("first", fingerprint(body(1)))])
    assert (answer.relation, answer.canonical_id, answer.score) == (Relation.CONTAINED_IN, "first", 1)
    assert answer.jaccard < 0.5


def test_a_much_longer_version_contains_the_article_and_stands_for_itself() -> None:
    teaser = " ".join(body(1).split()[:60])
    answer = decide("own", fingerprint(body(1)), [record("first", fingerprint(teaser))])
    assert (answer.relation, answer.canonical_id, answer.cluster_id) == (Relation.CONTAINS, "own", "first")


def test_a_copy_joins_the_cluster_of_what_it_copies() -> None:
    answer = decide("own", fingerprint(body(1)), [record("longer", fingerprint(body(1)), cluster_id="first")])
    assert (answer.canonical_id, answer.cluster_id) == ("longer", "first")


def test_the_best_candidate_is_chosen() -> None:
    start = " ".join(body(1).split()[:250])
    close, closer = fingerprint(f"{start} {body(2, 100)}"), fingerprint(f"{body(1)} {body(3, 20)}")
    answer = decide("own", fingerprint(body(1) + " end"), [record("close", close), record("closer", closer)])
    assert answer.canonical_id == "closer"


def test_an_earlier_revision_of_the_same_article_does_not_count() -> None:
    answer = decide("own", fingerprint(body(1)), [record("own", fingerprint(body(1)))])
    assert answer.relation is Relation.ORIGINAL


def test_a_rejected_candidate_is_reported_with_its_guards() -> None:
    template = fingerprint(body(1, 40), hours=24 * 9)
    answer = decide("own", template, [record("first", fingerprint(body(1, 40)))])
    assert (answer.relation, answer.canonical_id) == (Relation.ORIGINAL, "own")
    assert (answer.score, answer.days_apart) == (1, 9)
    assert "too_far_apart" in answer.guards_failed
    assert answer.confidence is not None
    assert answer.confidence < 0.5


def test_an_accepted_candidate_wins_over_a_rejected_better_one() -> None:
    old, new = fingerprint(body(1, 60), hours=-24 * 9), fingerprint(body(1, 60) + body(2, 5))
    assert decide("own", fingerprint(body(1, 60)), [record("old", old), record("new", new)]).cluster_id == "new"


def test_unrelated_candidates_leave_no_trace() -> None:
    answer = decide("own", fingerprint(body(1)), [record("other", fingerprint(body(2)))])
    assert (answer.relation, answer.score, answer.guards_failed) == (Relation.ORIGINAL, 0, ())


SHORT = "Please enable cookies."


def short(title: str | None = "Budget passes", host: str = "a.example", **fields: object) -> object:
    return fingerprint(SHORT, title, host, **fields)


def answer_for_short(other: object, own: object | None = None) -> Duplicates:
    return decide("own", own or short(), [record("first", other)])


def test_equal_bodies_that_say_little_are_no_copies() -> None:
    answer = answer_for_short(short("Mayor resigns"))
    assert (answer.relation, answer.canonical_id) == (Relation.LOW_INFORMATION, "own")
    assert answer.guards_failed[0] == "too_short"


def test_not_even_under_one_headline_on_two_hosts() -> None:
    assert answer_for_short(short(host="b.example")).relation is Relation.LOW_INFORMATION


def test_empty_bodies_are_no_copies() -> None:
    assert decide("own", fingerprint(""), [record("first", fingerprint(""))]).relation is Relation.LOW_INFORMATION


def test_equal_short_bodies_under_one_headline_of_one_host_are_exact() -> None:
    assert answer_for_short(short()).relation is Relation.EXACT


def test_equal_short_bodies_of_one_page_are_exact() -> None:
    page = "https://a.example/1"
    answer = answer_for_short(short("Old", canonical_url=page), short("New", canonical_url=page + "?utm_source=x"))
    assert answer.relation is Relation.EXACT


def test_other_words_on_the_same_page_are_no_copy() -> None:
    page = "https://a.example/1"
    other = fingerprint("Something else.", "New", "a.example", canonical_url=page)
    assert answer_for_short(other, short(canonical_url=page)).relation is Relation.LOW_INFORMATION


def test_the_same_short_body_under_the_same_headline_next_week_is_no_copy() -> None:
    assert answer_for_short(short(hours=24 * 7)).relation is Relation.LOW_INFORMATION


@pytest.mark.parametrize(
    ("relation", "indexed"),
    [
        (Relation.ORIGINAL, True),
        (Relation.CONTAINS, True),
        (Relation.LOW_INFORMATION, True),
        (Relation.EXACT, False),
        (Relation.NEAR, False),
        (Relation.CONTAINED_IN, False),
    ],
)
def test_only_what_says_something_new_is_indexed(relation: Relation, *, indexed: bool) -> None:
    answer = Duplicates(relation=relation, canonical_id="a", cluster_id="a", score=0, jaccard=0, index_version=1)
    assert is_indexed(answer) is indexed


def test_what_is_likely_but_not_sure_shares_a_cluster_and_stands_for_itself() -> None:
    teaser = fingerprint(" ".join(body(1).split()[:36]))
    answer = decide("own", teaser, [record("first", fingerprint(body(1)))], weights(1.0, 1.0))
    assert (answer.relation, answer.canonical_id, answer.cluster_id) == (Relation.SAME_STORY, "own", "first")
    assert answer.confidence is not None
    assert 0.5 < answer.confidence < 0.85
    assert not answer.is_copy


@pytest.mark.parametrize(
    ("weighed", "trees", "relation"),
    [
        (-2.0, 2.5, Relation.ORIGINAL),
        (-1.0, 2.5, Relation.NEAR),
        (9.0, 2.4, Relation.SAME_STORY),
        (9.0, -8.0, Relation.SAME_STORY),
        (9.0, -8.5, Relation.ORIGINAL),
    ],
)
def test_both_judges_decide_on_the_cluster_and_the_careful_one_on_the_copy(
    weighed: float, trees: float, relation: Relation
) -> None:
    own, other = fingerprint(body(1) + " more words", hours=1), record("first", fingerprint(body(1)))
    answer = decide("own", own, [other], weights(weighed, trees))
    assert answer.relation is relation
    assert answer.cluster_id == ("own" if relation is Relation.ORIGINAL else "first")


@pytest.mark.parametrize(
    ("watchful", "host", "relation"),
    [
        (1.1, "news.example", Relation.NEAR),
        (0.9, "news.example", Relation.SAME_STORY),
        (-1.4, "news.example", Relation.SAME_STORY),
        (-1.6, "news.example", Relation.ORIGINAL),
        (-1.6, "other.example", Relation.SAME_STORY),
    ],
)
def test_what_the_judge_of_templates_doubts_stands_and_what_it_denies_is_apart_from_its_host_s_others(
    watchful: float, host: str, relation: Relation
) -> None:
    own = fingerprint(body(1) + " more words", hours=1, host=host)
    answer = decide("own", own, [record("first", fingerprint(body(1)))], weights(9.0, 9.0, watchful))
    assert answer.relation is relation
    assert answer.confidence is not None
    assert (answer.confidence > 0.5) is (answer.cluster_id == "first")
    assert bool(answer.guards_failed) is (relation is Relation.ORIGINAL)


@pytest.mark.parametrize(
    ("trees", "watchful", "host", "relation"),
    [
        (1.6, 2.5, "other.example", Relation.NEAR),
        (1.6, 2.3, "other.example", Relation.SAME_STORY),
        (1.4, 9.0, "other.example", Relation.SAME_STORY),
        (1.6, 2.5, "news.example", Relation.SAME_STORY),
    ],
)
def test_of_two_hosts_one_judge_may_be_less_sure_where_the_other_is_surer(
    trees: float, watchful: float, host: str, relation: Relation
) -> None:
    own = fingerprint(body(1) + " more words", hours=1, host=host)
    answer = decide("own", own, [record("first", fingerprint(body(1)))], weights(9.0, trees, watchful))
    assert answer.relation is relation


def test_equal_words_are_a_copy_whatever_the_judge_of_templates_says() -> None:
    again = fingerprint(body(1), "Another headline", hours=200)
    answer = decide("own", again, [record("first", fingerprint(body(1)))], weights(9.0, 9.0, -9.0))
    assert answer.relation is Relation.EXACT


@pytest.mark.parametrize(
    ("earlier", "host", "relation"),
    [
        (2, "news.example", Relation.NEAR),
        (3, "news.example", Relation.ORIGINAL),
        (3, "other.example", Relation.NEAR),
    ],
)
def test_a_host_that_has_filled_a_template_before_fills_it_again(earlier: int, host: str, relation: Relation) -> None:
    fillings = [fingerprint(body(1) + f" number {number * 37} of many") for number in range(earlier)]
    records = [record(f"filling {number}", one) for number, one in enumerate(fillings)]
    own = fingerprint(body(1) + " number 111 of many", host=host)
    answer = decide("own", own, records, weights(9.0, 9.0, 1.2))
    assert answer.relation is relation
    assert bool(answer.guards_failed) is not answer.is_copy


def test_equal_words_are_a_copy_even_of_a_template() -> None:
    fillings = [fingerprint(body(1) + f" number {number * 37} of many") for number in range(4)]
    records = [record(f"filling {number}", one) for number, one in enumerate(fillings)]
    answer = decide("own", fingerprint(body(1) + " number 74 of many", hours=3), records, weights(9.0, 9.0, 1.2))
    assert (answer.relation, answer.canonical_id) == (Relation.EXACT, "filling 2")


def test_longer_and_shorter_versions_make_no_habit() -> None:
    versions = [fingerprint(body(1, words)) for words in (60, 100, 150)]
    records = [record(f"version {number}", one) for number, one in enumerate(versions)]
    answer = decide("own", fingerprint(body(1) + " and a last word"), records, weights(9.0, 9.0, 1.2))
    assert answer.relation is Relation.CONTAINS


@pytest.mark.parametrize(
    ("words", "score", "relation"),
    [(150, 1.0, Relation.ORIGINAL), (150, 0.5, Relation.LOW_INFORMATION), (90, 1.0, Relation.LOW_INFORMATION)],
)
def test_prose_informs_whatever_stands_above_it(words: int, score: float, relation: Relation) -> None:
    prose = Quality(words=words, score=score)
    own = fingerprint(body(1, words), "Too short to use, too dear to throw away", quality=prose)
    assert decide("own", own, []).relation is relation


def test_a_box_is_told_by_coming_again_under_another_headline() -> None:
    first, again = (
        fingerprint(body(1, 150), title, quality=Quality(words=150, score=1.0))
        for title in ("Five dead in South Shore: men at restaurant", "Teenager wounded near school in Hermosa area")
    )
    assert decide("own", again, [record("first", first)]).relation is Relation.LOW_INFORMATION


@pytest.mark.parametrize(
    ("headline", "copies"), [("Five dead in South Shore: men at restaurant", 0), ("Boy, 15, shot in Hermosa area", 1)]
)
def test_what_an_outlet_prints_below_all_its_headlines_makes_no_copies(headline: str, copies: int) -> None:
    own, other = (fingerprint(body(1, 100), title) for title in (headline, "Boy shot in Hermosa neighborhood"))
    believes_all = weights(9.0, 9.0)
    answer = decide("own", own, [record("other", other)], believes_all)
    assert answer.is_copy == copies
    assert answer.guards_failed == (() if copies else (Guard.OFF_HEADLINE, Guard.HEADLINES_DIFFER))
