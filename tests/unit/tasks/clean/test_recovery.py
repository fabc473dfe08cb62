from lxml.html import document_fromstring

from tasks.clean._pages import extract
from tasks.clean._recovery import Block, lost_beside, lost_within, merge, read_blocks, with_rest

SENTENCE = "The governor said on Monday that repairs to the power grid would take three days, with crew {} in place."


def paragraphs(start: int, end: int) -> list[str]:
    return [SENTENCE.format(number) for number in range(start, end)]


def markup(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def in_chunks(*chunks: list[str], name: str = "body chunk-1") -> str:
    inner = "".join(f'<div class="{name}">{markup(chunk)}</div>' for chunk in chunks)
    return f"<html><body><main>{inner}</main></body></html>"


def blocks_of(html: str) -> list[Block]:
    return read_blocks(document_fromstring(html))


def test_blocks_are_paragraphs_and_items_that_are_not_mostly_links() -> None:
    html = (
        f"<main><p>{SENTENCE}</p><p><a href='/'>Here is a link to another story altogether</a></p><p>Short</p>"
        f"<ul><li>An item that is long enough to count</li></ul><aside><p>{SENTENCE} Aside.</p></aside></main>"
    )
    found = blocks_of(html)
    assert [(block.is_paragraph, block.in_margin) for block in found] == [(True, False), (False, False), (True, True)]
    assert found[0].words == len(SENTENCE.split())


def test_a_story_in_several_containers_of_one_kind_gets_its_rest_back() -> None:
    first, second = paragraphs(0, 6), paragraphs(6, 14)
    found = with_rest("\n".join(first), blocks_of(in_chunks(first, second)))
    assert found.splitlines() == first + second


def test_containers_that_differ_by_a_number_are_of_one_kind() -> None:
    html = f"<main><div class='part part-1'>{markup(paragraphs(0, 6))}</div>"
    html += f"<div class='part part-2'>{markup(paragraphs(6, 14))}</div></main>"
    assert with_rest("\n".join(paragraphs(0, 6)), blocks_of(html)).splitlines() == paragraphs(0, 14)


def test_a_few_words_after_the_article_are_not_taken() -> None:
    first = paragraphs(0, 6)
    note = ["Jane Doe is a reporter at The Herald, and has written about the power grid for many years."]
    assert with_rest("\n".join(first), blocks_of(in_chunks(first, note))) == "\n".join(first)


def test_paragraphs_of_another_kind_of_place_are_not_taken() -> None:
    html = f"<main><div class='body'>{markup(paragraphs(0, 6))}</div><section class='teasers'>"
    html += f"<div class='card'>{markup(paragraphs(6, 20))}</div></section></main>"
    assert with_rest("\n".join(paragraphs(0, 6)), blocks_of(html)) == "\n".join(paragraphs(0, 6))


def test_paragraphs_in_the_margin_are_not_taken() -> None:
    html = f"<main><div class='body'>{markup(paragraphs(0, 6))}</div>"
    html += f"<aside><div class='body'>{markup(paragraphs(6, 20))}</div></aside></main>"
    assert with_rest("\n".join(paragraphs(0, 6)), blocks_of(html)) == "\n".join(paragraphs(0, 6))


def test_a_text_of_which_the_page_has_no_paragraph_stays_as_it_is() -> None:
    blocks = blocks_of(in_chunks(paragraphs(0, 3)))
    assert with_rest("Something else.", blocks) == "Something else."
    assert lost_within("Something else.", blocks) == 0
    assert with_rest("", []) == ""


def test_lost_words_are_counted_between_the_first_and_the_last_paragraph() -> None:
    blocks = blocks_of(in_chunks(paragraphs(0, 8)))
    kept = paragraphs(2, 4) + paragraphs(5, 7)
    assert lost_within("\n".join(kept), blocks) == len(SENTENCE.split())


def test_paragraphs_and_items_that_only_the_generous_text_has_are_put_between_its_neighbours() -> None:
    ours = paragraphs(0, 4)
    item = "- crews from Kyiv"
    theirs = [*paragraphs(0, 2), SENTENCE.format(99), item, *paragraphs(2, 4)]
    assert merge("\n".join(ours), "\n".join(theirs)).splitlines() == theirs


def test_short_lines_and_edges_of_the_generous_text_are_left_out() -> None:
    ours = paragraphs(0, 4)
    theirs = [SENTENCE.format(98), *paragraphs(0, 2), "Read this", *paragraphs(2, 4), SENTENCE.format(99)]
    assert merge("\n".join(ours), "\n".join(theirs)).splitlines() == ours


def test_what_the_text_already_has_is_not_inserted_again() -> None:
    ours = paragraphs(0, 4)
    theirs = [ours[0], ours[3], ours[1], ours[2], ours[3]]
    assert sorted(merge("\n".join(ours), "\n".join(theirs)).splitlines()) == sorted(ours)


def test_a_text_of_very_many_lines_is_not_compared() -> None:
    ours = "\n".join(f"line {number}" for number in range(2_001))
    assert merge(ours, SENTENCE) == ours


def test_a_page_keeps_its_paragraphs_in_several_containers() -> None:
    page = extract(in_chunks(paragraphs(0, 8), paragraphs(8, 20), paragraphs(20, 40)), None)
    assert page.text.splitlines() == paragraphs(0, 40)


def test_the_next_story_on_the_page_is_not_the_rest_of_this_one() -> None:
    stories = (paragraphs(0, 6), paragraphs(6, 14))
    html = "<main>" + "".join(f"<article><div class='body'>{markup(story)}</div></article>" for story in stories)
    assert with_rest("\n".join(stories[0]), blocks_of(html + "</main>")) == "\n".join(stories[0])


def test_words_are_lost_beside_the_article_only_where_its_paragraphs_are() -> None:
    html = f"<main><div class='body'>{markup(paragraphs(0, 6))}</div>"
    blocks = blocks_of(f"{html}<div class='teasers'>{markup(paragraphs(6, 9))}</div></main>")
    assert lost_beside("\n".join(paragraphs(0, 6)), blocks) == 0
    assert lost_beside("\n".join(paragraphs(0, 4)), blocks) == 2 * len(SENTENCE.split())
