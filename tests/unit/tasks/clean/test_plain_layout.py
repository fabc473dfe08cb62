"""Tables that lay a page out, and entries of a live blog."""

from lxml.html import document_fromstring, tostring

from schemas import Submission
from tasks.clean._cleaning import clean
from tasks.clean._plain_layout import plain_layout

STORY = [
    f"The horse was found on {day} in a carport behind the store, wet and hungry and otherwise none the worse for "
    "three nights out in the rain, as the deputy who rides it said on the telephone."
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday")
]
OLD = (
    "<HTML><HEAD><TITLE>Lake Herald - Horse of the sheriff found safe</TITLE></HEAD><BODY><TABLE><TR><TD COLSPAN=2>"
    "<A HREF='/'>Home</A> | <A HREF='/obits'>Obituaries</A></TD></TR><TR><TD WIDTH=130><B>SECTIONS</B><BR>"
    "<A HREF='#'>Local</A><BR><A HREF='#'>Schools</A></TD><TD><TABLE>"
    "<TR><TD><FONT SIZE=5><B>Horse of the sheriff found safe</B></FONT>"
    "<BR><FONT SIZE=1>By BUD CRANDALL<BR>Herald Staff Writer<BR>Posted: 01/07/2026 05:12:08 PM PST</FONT>"
    + "".join(f"<P>{paragraph}" for paragraph in STORY)
    + "</TD></TR></TABLE></TD></TR></TABLE></BODY></HTML>"
)


def test_a_page_laid_out_in_tables_is_read_like_any_other() -> None:
    found = clean(Submission(html=OLD))
    assert found.text.split("\n\n") == STORY
    assert found.title == "Horse of the sheriff found safe"
    assert found.authors == ("Bud Crandall",)


def test_the_month_stands_first_where_the_clock_is_american() -> None:
    found = clean(Submission(html=OLD)).published_at
    assert found is not None
    assert found.isoformat() == "2026-01-07T17:12:08-08:00"


def test_a_table_of_data_stays_one() -> None:
    rows = "".join(f"<tr><td>{place}</td><td>Rotherby United</td><td>61</td></tr>" for place in range(30))
    tree = document_fromstring(f"<body><table>{rows}</table></body>")
    before = tostring(tree)
    plain_layout(tree)
    assert tostring(tree) == before


def live(kind: str) -> str:
    entries = "".join(
        f"<article class='block'><header><time>9.{number}1</time><h2>Entry number {number} of today</h2></header>"
        f"<p>{paragraph}</p></article>"
        for number, paragraph in enumerate(STORY)
    )
    return (
        f'<html><head><title>Storm: live</title><script type=\'application/ld+json\'>{{"@type": "{kind}", '
        f'"headline": "Storm: live"}}</script></head><body><main><h1>Storm: live</h1>'
        f"<div>{entries}</div></main></body></html>"
    )


def test_all_entries_of_a_live_blog_are_the_article() -> None:
    text = clean(Submission(html=live("LiveBlogPosting"))).text
    assert all(paragraph in text for paragraph in STORY)
    assert text.startswith("Entry number 0 of today")
    assert "Entry number 3 of today" in text


def test_stories_side_by_side_are_not_one_where_nothing_says_so() -> None:
    assert 'class="block"' in str(tostring(document_fromstring(live("NewsArticle"))))
    tree = document_fromstring(live("NewsArticle"))
    plain_layout(tree)
    assert len(list(tree.iter("article"))) == len(STORY)
