"""Pairs for the verifier, and which articles folds keep together."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

from benchmarks.dedupe_corpora import Corpus
from schemas import CleanText, Form, Quality, Ref
from tasks.stage import StageInput
from training.dedupe._pairs import groups_of, of_corpus, taken

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def article(article_id: str, host: str, text: str = "Some text") -> StageInput:
    moment = NOON + timedelta(hours=len(article_id))
    quality = Quality(words=300)
    clean = CleanText(title=None, text=text, language="en", form=Form.TEXT, published_at=moment, quality=quality)
    return StageInput(Ref(article_id, 1), moment, source=host, clean=clean)


def prose(words: int, seed: int = 1) -> str:
    return " ".join(f"word{seed * place % 9_973}x" for place in range(1, words))


def corpus(*articles: StageInput, same: dict[tuple[str, str], str]) -> Corpus:
    return Corpus(list(articles), same, {("c", "dd")})


def test_copies_even_doubtful_ones_are_kept_in_one_fold() -> None:
    articles = [article(name, f"{name}.example") for name in ("a", "bb", "c", "dd", "e")]
    groups = groups_of(corpus(*articles, same={("a", "bb"): "near", ("bb", "c"): "exact"}), web=False)
    assert groups["a"] == groups["bb"] == groups["c"] == groups["dd"]
    assert groups["e"] != groups["a"]


def test_a_group_is_called_the_same_in_whatever_order_its_pairs_are_told() -> None:
    articles = [article(name, f"{name}.example") for name in ("a", "bb", "c", "dd", "e")]
    for pairs in permutations([("a", "bb"), ("bb", "e"), ("c", "e")]):
        groups = groups_of(corpus(*articles, same=dict.fromkeys(pairs, "near")), web=False)
        assert set(groups.values()) == {"a"}


def test_on_the_web_a_host_is_kept_in_one_fold() -> None:
    articles = [article(name, host) for name, host in (("a", "x.example"), ("bb", "y.example"), ("ccc", "x.example"))]
    one_source, web = (groups_of(corpus(*articles, same={}), web=web) for web in (False, True))
    assert len(set(one_source.values())) == 3
    assert web["a"] == web["ccc"] != web["bb"]


def test_long_copies_are_shown_under_a_wrong_date_too() -> None:
    for words, shown in ((300, 4), (60, 2)):
        articles = [article(name, "x.example", prose(words)) for name in ("a", "bb")]
        prints = {each.ref.article_id: taken(each) for each in articles}
        found = list(of_corpus(corpus(*articles, same={("a", "bb"): "exact"}), prints, web=False))
        assert len(found) == shown
        assert all(example.is_copy for example in found)
        assert len({example.evidence for example in found}) == shown // 2  # these have no headlines
