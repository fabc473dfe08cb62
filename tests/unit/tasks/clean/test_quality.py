import pytest

from schemas import Quality, Submission
from tasks.clean import judge
from tasks.clean._cleaning import clean

SENTENCE = "The governor said on Monday that repairs to the power grid would take three days, officials confirmed."
STORY = "\n\n".join(f"{SENTENCE} It was number {number}." for number in range(20))
HEADLINES = [
    "Grid repairs begin in Sumy", "Council votes on the budget again", "Schools stay closed until Thursday morning",
    "Mayor meets farmers in the north", "Storm leaves thousands without power", "Bridge to open in the spring",
    "Two hurt in crash near Springfield", "Library finds a lost manuscript", "Trains run late after signal fault",
]  # fmt: skip


def judged(text: str) -> Quality:
    return clean(Submission(text=text, title="Grid")).quality


def signals(quality: Quality) -> set[str]:
    return {name for name in ("boilerplate_only", "truncated", "listing") if getattr(quality, name)}


def test_an_article_has_no_signal_and_a_high_score() -> None:
    quality = judged(STORY)
    assert signals(quality) == set()
    assert quality.score == 1.0
    assert quality.words == len(STORY.split())


@pytest.mark.parametrize(
    "text",
    [
        "Please enable JavaScript and cookies to continue.",
        "Access denied\n\nYou do not have permission to view this page.",
        "404\n\nPage not found",
        "Subscribe now to continue reading this article and support our newsroom in its work for the whole region.",
        "Checking your browser before you are let in.",
        "Advertisement\n\nShare this article",
    ],
)
def test_a_page_that_says_why_there_is_no_article_is_boilerplate_only(text: str) -> None:
    quality = judged(text)
    assert signals(quality) == {"boilerplate_only"}
    assert quality.score == 0


@pytest.mark.parametrize(
    "end",
    [
        " The mayor added that…",
        " The mayor added [...]",
        " The mayor added that [+2311 chars]",
        "\n\nSubscribe to continue reading.",
        "\n\nThis article is only available to subscribers.",
        "\n\nRead the full story at The Herald.",
        "\n\nContinue reading",
    ],
)
def test_a_teaser_is_truncated(end: str) -> None:
    assert signals(judged(f"{SENTENCE}{end}")) == {"truncated"}


@pytest.mark.parametrize("end", [" And so it goes on…", "\n\nSubscribe to read more of this.", "\n\nContinue reading"])
def test_a_long_article_with_such_an_end_is_not_truncated(end: str) -> None:
    assert signals(judged(STORY + end)) == set()


def test_headline_after_headline_is_a_listing() -> None:
    quality = judged("\n\n".join(HEADLINES))
    assert signals(quality) == {"listing"}
    assert quality.score == 0


def test_a_story_with_many_subheads_and_a_wrapped_one_are_no_listings() -> None:
    subheads = "\n\n".join(f"{headline}\n\n{SENTENCE}" for headline in HEADLINES)
    wrapped = "\n\n".join(["and then the governor said that repairs", "to the grid would take", "days"] * 8)
    assert signals(judged(subheads)) == set()
    assert signals(judged(wrapped)) == set()


def test_the_score_is_the_share_of_words_in_paragraphs() -> None:
    assert judged(f"{SENTENCE}\n\none two three four five six seven eight\n\n- nine").score == pytest.approx(
        17 / 27, abs=0.001
    )


@pytest.mark.parametrize(
    "wall",
    [
        "Subscribe to unlock this article",
        "この記事は有料記事です。残り1234文字",
        "Il vous reste 72 % de cet article à lire",
    ],
)
def test_a_wall_behind_the_text_means_that_there_is_more(wall: str) -> None:
    text = "The company is considering the sale of its four plants, according to people familiar with the matter."
    assert judge(text, f"{text}\n\n{wall}", degraded=False).truncated


def test_a_wall_that_hides_nothing_means_nothing() -> None:
    text = "町は校舎の修理に二千六百万円を使った。来年には児童が五人になる見込みだという。"
    assert not judge(text, f"{text}\n\nこの記事は有料記事です。残り0文字", degraded=False).truncated
