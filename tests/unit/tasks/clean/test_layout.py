from lxml.html import HtmlElement, document_fromstring

from tasks.clean._layout import arrange, read_leaves, text_key

FIRST = "The bridge over the river was closed on Monday after engineers found cracks in two of its pillars."
SECOND = "The mayor said that repairs would take at least until the summer, and that buses would go round."
THIRD = "Nobody was hurt, and the harbour stays open to ships, said a spokeswoman for the port on Tuesday."
PLEA = "Get our newsletter every morning and read what the town talks about before the town does."


def page(body: str) -> HtmlElement:
    return document_fromstring(f"<html><body>{body}</body></html>")


def arranged(body: str, *lines: str) -> list[str]:
    return arrange("\n".join(lines), read_leaves(page(body))).splitlines()


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def test_leaves_are_the_innermost_blocks_in_the_order_of_the_page() -> None:
    leaves = read_leaves(
        page("<div><h2>One</h2><div><p>Two <b>and</b> more</p></div></div><p> </p><ul><li>3</li></ul>")
    )
    assert [leaf.text for leaf in leaves] == ["One", "Two and more", "3"]


def test_a_block_around_inline_elements_with_a_block_in_them_is_no_leaf() -> None:
    leaves = read_leaves(page("<div><a><span><p>Inside</p></span></a></div>"))
    assert [leaf.text for leaf in leaves] == ["Inside"]


def test_a_line_from_a_newsletter_box_goes() -> None:
    body = f"<main>{paragraphs(FIRST, SECOND)}<div class='newsletter-box'><p>{PLEA}</p></div>{paragraphs(THIRD)}</main>"
    assert arranged(body, FIRST, SECOND, PLEA, THIRD) == [FIRST, SECOND, THIRD]


def test_class_words_above_the_article_itself_mean_nothing() -> None:
    body = f"<div class='newsletter author'>{paragraphs(FIRST, SECOND, THIRD)}</div>"
    assert arranged(body, FIRST, SECOND, THIRD) == [FIRST, SECOND, THIRD]


def test_a_box_with_much_of_the_text_is_kept() -> None:
    body = f"<main>{paragraphs(FIRST)}<div class='newsletter'>{paragraphs(SECOND)}</div></main>"
    assert arranged(body, FIRST, SECOND) == [FIRST, SECOND]


def test_the_last_lines_go_when_they_stand_in_a_container_of_their_own() -> None:
    story = [f"{text} ({n})" for n in range(6) for text in (FIRST, SECOND)]
    other = "Football players get a break until next month, the club said."
    body = f"<main>{paragraphs(*story)}</main><div><div><div>{paragraphs(other)}</div></div></div>"
    assert arranged(body, *story, other) == story


def test_last_lines_stay_when_no_place_is_surely_the_article_s() -> None:
    body = f"<div>{paragraphs(FIRST, SECOND)}</div><div><div>{paragraphs(THIRD)}</div></div>"
    assert arranged(body, FIRST, SECOND, THIRD) == [FIRST, SECOND, THIRD]


def test_a_lost_heading_comes_back_above_its_paragraph() -> None:
    body = f"<main><p>{FIRST}</p><h2>What next</h2><p>{SECOND}</p></main>"
    assert arranged(body, FIRST, SECOND) == [FIRST, "What next", SECOND]


def test_a_heading_that_the_text_has_is_not_added_again() -> None:
    body = f"<main><p>{FIRST}</p><h2>What next</h2><p>{SECOND}</p><h2>What next</h2><p>{THIRD}</p></main>"
    assert arranged(body, FIRST, "What next", SECOND, THIRD) == [FIRST, "What next", SECOND, THIRD]


def test_a_heading_that_links_elsewhere_is_no_heading_of_the_article() -> None:
    body = f"<main><p>{FIRST}</p><h2><a href='/x'>Another story</a></h2><p>{SECOND}</p></main>"
    assert arranged(body, FIRST, SECOND) == [FIRST, SECOND]


def test_a_heading_over_something_that_is_no_text_of_the_article_stays_away() -> None:
    body = f"<main><p>{FIRST}</p><h2>Popular</h2><p>One</p><p>Two</p><p>Three</p><p>{SECOND}</p></main>"
    assert arranged(body, FIRST, SECOND) == [FIRST, SECOND]


def test_a_quoted_post_between_two_paragraphs_comes_back() -> None:
    post = "No facts were offered on television."
    body = f"<main><p>{FIRST}</p><blockquote class='twitter-tweet'><p>{post}</p></blockquote><p>{SECOND}</p></main>"
    assert arranged(body, FIRST, SECOND) == [FIRST, post, SECOND]


def test_a_text_that_the_page_does_not_have_is_left_alone() -> None:
    assert (
        arrange("Nothing of this\nis on the page", read_leaves(page(paragraphs(FIRST))))
        == "Nothing of this\nis on the page"
    )


def test_keys_ignore_what_extractors_do_to_blanks_and_quotes() -> None:
    assert text_key("“The  Bridge” – closed") == text_key('"The bridge" - closed')


def test_a_label_with_a_link_to_another_story_goes() -> None:
    link = "<p><strong>Another view: </strong><a href='/x'>Hydropower keeps my clinic open</a></p>"
    body = f"<main>{paragraphs(FIRST, SECOND)}{link}{paragraphs(THIRD)}</main>"
    assert arranged(body, FIRST, SECOND, "Another view: Hydropower keeps my clinic open", THIRD) == [
        FIRST,
        SECOND,
        THIRD,
    ]


def test_links_that_the_article_gives_stay() -> None:
    for html, text in [
        ("Tickets: <a href='/x'>at the door</a>", "Tickets: at the door"),
        (
            "He wrote: <a href='/x'>I will not come back to this town.</a>",
            "He wrote: I will not come back to this town.",
        ),
        (
            "The mayor said: <a href='/x'>no comment before the vote</a> is over",
            "The mayor said: no comment before the vote is over",
        ),
    ]:
        body = f"<main>{paragraphs(FIRST, SECOND, html, THIRD)}</main>"
        assert arranged(body, FIRST, SECOND, text, THIRD) == [FIRST, SECOND, text, THIRD]


def test_a_lost_heading_of_the_first_order_within_the_article_comes_back() -> None:
    body = f"<main>{paragraphs(FIRST)}<h1>Cracks in two pillars</h1>{paragraphs(SECOND, THIRD)}</main>"
    assert arranged(body, FIRST, SECOND, THIRD) == [FIRST, "Cracks in two pillars", SECOND, THIRD]
