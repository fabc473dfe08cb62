import pytest

from tasks.clean import LEFTOVERS, find_story

BODY = (
    "The regional governor said on Monday that repairs to the power grid would take three days, and that crews from "
    "two neighbouring regions were on their way to help restore heating before the frost."
)
MORE = "The mayor asked residents to save power in the evening hours, and promised that hospitals would come first."


def taken(source: str) -> list[tuple[str, str]]:
    return [(removed.rule, removed.text) for removed in find_story(source, "A title").removed]


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("advertisement", "Advertisement"),
        ("advertisement", "Story continues below advertisement"),
        ("advertisement", "This advertisement has not loaded yet, but your article continues below."),
        ("read_more", "Read more: Bridge closed after storm"),
        ("read_more", "[Related: Bridge closed after storm]"),
        ("read_more", "Click here to subscribe to The Paradigm Newsletter"),
        ("read_more_shouted", "MORE: Bridge closed after storm"),
        ("share_bar", "Share on FacebookShare on TwitterShare via Email"),
        ("share_bar", "Facebook Twitter | Email • 12"),
        ("share_bar", "Click to share on Facebook (Opens in new window)"),
        ("newsletter", "Sign up for our daily newsletter"),
        ("newsletter", "Get the latest updates right in your inbox."),
        ("newsletter", "By signing up you agree to our Terms of Service and Privacy Policy."),
        ("follow_us", "Follow us on Facebook, Twitter and Instagram."),
        ("support_plea", "Support local journalism."),
        ("support_plea", "Your contribution supports independent journalism"),
        ("cookie_notice", "We use cookies on our website to give you the most relevant experience."),
        ("photo_credit", "Photo: Jane Doe / Associated Press"),
        ("photo_credit", "Image 3 of 5"),
        ("photo_caption", "Crews at work on Monday (Image: Getty)"),
        ("photo_caption", "Pictured from left, are the mayor and two of the crew."),
        ("photo_caption", "In this Sunday, Nov. 10, 2019, file photo, a bridge is seen from the river."),
        ("contribution_note", "(Reporting by Jane Doe and John Roe; Editing by Ann Poe)"),
        ("contribution_note", "(Writing by Jane Doe in Nairobi, editing by John Roe)"),
        ("support_plea", "This article is for subscribers only. Get unlimited access from $20 a month."),
        ("read_more_elsewhere", "Lire aussi : Les croisiéristes au régime sec"),
        ("read_more_elsewhere", "Lesen Sie auch: Brücke nach Sturm gesperrt"),
        ("contribution_note", "Doe reported from Reno, Nevada. Associated Press writer Ann Poe in Ely contributed."),
        ("affiliate_note", "If you buy something using links in our stories, we may earn a commission."),
        ("affiliate_note", "This post may contain affiliate links. Please see my disclosure page for all of it."),
        ("read_more", "(View all)"),
        ("cookie_notice", "This website is using cookies."),
        ("player", "Current Time 0:00"),
        ("player", "Stream Type LIVE"),
        ("copyright", "© 2024 The Herald"),
        ("copyright", "Copyright 2024 The Herald. All rights reserved."),
        ("comment_prompt", "Leave a comment"),
        ("comment_prompt", "34 Comments"),
        ("comment_prompt", "You must be logged in to leave a comment."),
        ("player", "Media playback is unsupported on your device"),
        ("time_stamp_alone", "Published 10:02 AM EST Nov 19, 2019"),
        ("time_stamp_alone", "[ January 17, 2019 ]"),
        ("counts", "1.4k Views"),
        ("related_tagged", "Plane passengers quarantined after bubonic plague outbreak [NEWS]"),
        ("related_tagged", "Also: Every phone of the year compared"),
    ],
)
def test_a_leftover_line_between_paragraphs_is_removed_by_its_rule(rule: str, line: str) -> None:
    assert taken(f"{BODY}\n\n{line}\n\n{MORE}") == [(rule, line)]


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("contact_prompt", "Have a tip we should know? tips@herald.example"),
        ("contact_prompt", "Jane Doe can be reached at jane@herald.example."),
        ("origin_note", "Source: News agencies"),
        ("time_stamp", "Last updated 21 hours ago"),
        ("tags", "Tags: grid, power, Sumy"),
        ("sign_off", "___"),
        ("sign_off", "Doe reported from Washington, and Roe from Kyiv."),
        ("navigation", "Back to top"),
    ],
)
def test_a_leftover_line_at_the_end_is_removed_and_between_paragraphs_kept(rule: str, line: str) -> None:
    assert taken(f"{BODY}\n\n{line}") == [(rule, line)]
    assert taken(f"{BODY}\n\n{line}\n\n{MORE}") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Advertisement revenue fell by a third.",
        "Read more books, the minister told pupils.",
        "Share prices fell on Monday.",
        "Share this burden, he said.",
        "Facebook said it would appeal.",
        "Twitter and Facebook are under pressure.",
        "Sign language is an official language now.",
        "Follow the money, the investigators said.",
        "Support for the bill has grown.",
        "Cookies were on sale at the market.",
        "Copyright law will change next year?",
        "Comments by the minister drew criticism.",
        "The image shows the bridge.",
        "Photographs were taken by residents.",
        "Related diseases are rare.",
        "Trending upwards, shares gained 3%.",
        "Sources close to the minister confirmed it.",
        "“We use everything we have,” she said.",
        "Home prices rose.",
        "Video evidence was shown in court.",
        "***",
        "Dec. 7, 1941, a date which will live in infamy",
    ],
)
def test_a_sentence_that_looks_like_a_leftover_is_kept(sentence: str) -> None:
    assert taken(f"{BODY}\n\n{sentence}\n\n{MORE}") == []


def test_a_related_heading_at_the_end_takes_the_list_below_it() -> None:
    source = f"{BODY}\n\nYou may also like\n\nBridge closed after storm\n\nMayor resigns"
    assert taken(source) == [("related", "You may also like\n\nBridge closed after storm\n\nMayor resigns")]


def test_a_related_heading_between_paragraphs_takes_only_bulleted_items() -> None:
    source = f"{BODY}\n\nRelated stories:\n\n• Bridge closed\n\n• Mayor resigns\n\nA crosshead\n\n{MORE}"
    assert taken(source) == [("related", "Related stories:\n\n• Bridge closed\n\n• Mayor resigns")]
    assert "A crosshead" in find_story(source, "A title").text


def test_a_related_list_behind_the_last_sentence_is_cut_off_within_the_line() -> None:
    source = f"{BODY} Related Sources: • Source 1 • Source 2"
    assert taken(source) == [("related_inline", "Related Sources: • Source 1 • Source 2")]
    assert find_story(source, "A title").text == BODY


def test_a_sentence_about_related_sources_is_not_cut() -> None:
    source = f"{BODY} Related sources: the ministry and the mayor, who both spoke of sabotage."
    assert taken(source) == []


def test_every_rule_has_its_own_name() -> None:
    names = [rule.name for rule in LEFTOVERS]
    assert len(names) == len(set(names))


def test_the_list_decides_what_is_removed() -> None:
    without = [rule for rule in LEFTOVERS if rule.name != "advertisement"]
    assert find_story(f"{BODY}\n\nAdvertisement", "A title", rules=without).text.endswith("Advertisement")


SENTENCES = [
    f"The governor said on Monday that repairs to the power grid would take three days, with crew {number} in place."
    for number in range(6)
]
STORY = "\n\n".join(SENTENCES[:3])


@pytest.mark.parametrize(
    "heading",
    ["Comments", "3 Replies", "Leave a Reply", "12 thoughts on “Grid repairs”", "All comments (7)"],
)
def test_what_readers_wrote_below_the_story_goes_with_its_heading(heading: str) -> None:
    story = find_story(f"{STORY}\n\n{heading}\n\n{SENTENCES[4]}\n\nI did that, too.", "Grid")
    assert story.text == STORY
    assert {removed.rule for removed in story.removed} == {"comments"}


def test_a_link_to_the_comments_above_the_story_ends_nothing() -> None:
    story = find_story(f"{SENTENCES[0]}\n\n12 comments\n\n{STORY}", "Grid")
    assert story.text.endswith(SENTENCES[2])


def test_a_heading_below_the_story_takes_what_is_no_paragraph() -> None:
    story = find_story(f"{STORY}\n\nMost popular this week\n\nStorm leaves thousands cold\n\nBridge opens", "Grid")
    assert story.text == STORY


def test_a_heading_with_a_paragraph_below_it_ends_nothing() -> None:
    source = f"{STORY}\n\nMore in sorrow\n\n{SENTENCES[4]}"
    assert find_story(source, "Grid").text == source


@pytest.mark.parametrize(
    "line",
    [
        "Associated Press writers Jane Doe and John Roe contributed to this report.",
        "Jane Doe in Kyiv contributed reporting.",
        "Additional reporting by Jane Doe",
        "With files from The Canadian Press",
    ],
)
def test_a_note_on_contributors_is_taken(line: str) -> None:
    story = find_story(f"{STORY}\n\n{line}", "Grid")
    assert [removed.rule for removed in story.removed] == ["contribution_note"]


def test_a_menu_below_the_story_is_removed() -> None:
    source = "\n\n".join([BODY, MORE, BODY + " Again.", "Analytics", "Digital Only", "Get App"])
    assert [rule for rule, _ in taken(source)] == ["tail_labels"]


def test_a_kicker_above_the_story_is_removed() -> None:
    assert taken("\n\n".join(["Politics", BODY, MORE, BODY + " Again."])) == [("head_labels", "Politics")]


def test_a_heading_that_belongs_to_the_article_is_no_kicker() -> None:
    assert taken("\n\n".join(["Key points", BODY, MORE, BODY + " Again."])) == []


def test_a_short_line_above_a_text_without_paragraphs_is_kept() -> None:
    assert taken("Politics\n\nOne\n\nTwo") == []


def test_a_dated_list_of_other_articles_above_the_story_is_removed() -> None:
    ticker = "\n\n".join(f"[ January {day}, 2019 ]\n\nBridge number {day} closed after storm" for day in range(10, 15))
    story = find_story(f"{ticker}\n\n{BODY}\n\n{MORE}", "A title")
    assert ("other_articles", ticker[: ticker.index("\n\nBridge number 14")]) in [
        (one.rule, one.text) for one in story.removed
    ]
    assert BODY in story.text


def test_two_dates_above_the_story_are_no_list() -> None:
    ticker = "January 10, 2019\n\nBridge closed after storm\n\nJanuary 11, 2019\n\nBridge opened after repairs"
    assert "Bridge closed after storm" in find_story(f"{ticker}\n\n{BODY}\n\n{MORE}", "A title").text


def test_what_comes_next_in_a_league_is_part_of_the_story() -> None:
    source = f"{BODY}\n\n{MORE}\n\n{BODY[:-1]} again.\n\nUP NEXT\n\nSuns: At Utah on Thursday."
    assert find_story(source, "A title").text.endswith("Suns: At Utah on Thursday.")


TEASER = (
    "The cement maker is considering the sale of its four plants in the country, according to people familiar with the "
    "matter, in a retreat that would undo most of the group's expansion."
)


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe to unlock this article",
        "Only $1 for 4 weeks",
        "Then $75 per month. Complete digital access to quality journalism on any device.",
        "Cancel or change your plan anytime during your trial.",
        "Explore more offers",
        "Contact Hannah Roe at hr@courier.example or 419-555-0142.",
        "Do you live near the river? Send your pictures and stories to news@isles.example",
        "This interview has been edited for length and clarity.",
        "Subscribe to: Post Comments (Atom)",
    ],
)
def test_takes_offers_and_requests_below_a_story(line: str) -> None:
    assert find_story(f"{TEASER}\n\n{line}", "A title of four words").text == TEASER


@pytest.mark.parametrize(
    "line",
    [
        "The fare rises by $75 per month.",
        "Only $1 of every ten went to the school.",
        "Contact sports resume on 555 fields.",
        "Send in the clowns, he wrote.",
    ],
)
def test_sentences_about_prices_and_contacts_stay(line: str) -> None:
    assert line in find_story(f"{TEASER}\n\n{line}\n\n{TEASER}", "A title of four words").text


@pytest.mark.parametrize(
    "line",
    [
        "If you value reporting like this, please consider a tax-deductible gift.",
        "We are a nonprofit newsroom. If you enjoyed this, forward it to a friend, or become a member.",
        "Recommended by Outbrain",
        "Stay with KXYZ 4 on-air and online for the latest. Download the KXYZ 4 app for alerts.",
        "A crew on the bridge, Oct. 3, 2024, in Reno, Nev. (AP Photo/Dale Ruiz, File)",
        "You can read diverse opinions from our columnists on our opinion page and in our daily newsletter.",
        "People are also reading…",
    ],
)
def test_takes_what_an_outlet_says_of_itself(line: str) -> None:
    assert find_story(f"{BODY}\n\n{MORE}\n\n{line}", "A title").text == f"{BODY}\n\n{MORE}"


@pytest.mark.parametrize(
    "line",
    [
        "“If you value this place, become a member of the council,” said the mayor.",
        "The museum asked its visitors to consider a tax-deductible gift.",
        "The study was recommended by doctors.",
        "Stay with the family for a week and you learn to cook.",
        "The editor announced it in our daily newsletter two weeks later, and nobody wrote to her.",
    ],
)
def test_what_articles_say_of_gifts_and_letters_stays(line: str) -> None:
    assert line in find_story(f"{BODY}\n\n{line}\n\n{MORE}", "A title").text


LONG_STORY = "\n\n".join(
    f"The governor said on Monday that repairs to the power grid would take {days} days, officials confirmed."
    for days in ("three", "four", "five", "six")
)


@pytest.mark.parametrize(
    "plea",
    [
        "Get in touch with our news team by emailing us at webnews@herald.example.",
        "Have a tip? Jane Doe may be reached at jdoe@herald.example. Follow her on Facebook.",
        "Email Jane Doe at jdoe@herald.example or follow her @jdoe. Follow us on Twitter and on Facebook.",
    ],
)
def test_a_plea_that_is_a_sentence_goes_from_the_end_of_a_story_and_not_from_its_middle(plea: str) -> None:
    assert find_story(f"{LONG_STORY}\n\n{plea}", "Grid").text == LONG_STORY
    middle = f"{LONG_STORY}\n\n{plea}\n\n{LONG_STORY.replace('governor', 'mayor')}"
    assert find_story(middle, "Grid").text == middle


@pytest.mark.parametrize(
    "line",
    [
        "[button link=”http://bikes.example/review/” type=”big” newwindow=”yes”] Send us YOUR kit review[/button]",
        '[caption id="attachment_12" align="alignnone" width="300"]',
        "[/caption]",
        "Reviews are unbiased. Postmedia may earn an affiliate commission from purchases here.",
        "We may earn a commission when you buy through our links.",
    ],
)  # fmt: skip
def test_shortcodes_and_notes_on_commissions_are_leftovers(line: str) -> None:
    first, rest = LONG_STORY.split("\n\n", 1)
    assert find_story(f"{first}\n\n{line}\n\n{rest}", "Grid").text == LONG_STORY


@pytest.mark.parametrize(
    "sentence",
    [
        "“[We] did not mean it,” the governor said in a letter that was read aloud in the council on Monday.",
        "The commission may earn praise for its report on the grid, the governor said on Monday.",
        "[The governor] is expected to speak on Monday.",
    ],
)
def test_brackets_and_commissions_of_a_story_stay(sentence: str) -> None:
    assert sentence in find_story(f"{LONG_STORY}\n\n{sentence}\n\n{LONG_STORY.upper()}", "Grid").text
