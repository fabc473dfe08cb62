"""What a block's links say of it in any language: share buttons, the site's channels, subjects, other stories.

Words for "share" and "read also" are different in each language; where the links of such blocks lead is the same.
"""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from tasks.clean._views import count_words

_SHARES = re.compile(
    r"sharer(?:\.php|/)|/intent/(?:tweet|post)|/share(?:r|-offsite|article)?(?:[/?.]|$)|/pin/create|/submit\?|(?:wa\.me|/send)/?\?"
    r"|^(?:whatsapp|fb-messenger|viber|tg|sms):|^mailto:\?|[?&]share=|/dialog/(?:share|feed|send)|addtoany\.com"
)
"""Addresses that share the page, in lower case."""
_CHANNELS = re.compile(
    r"whatsapp\.com/channel/|news\.google\.com/|play\.google\.com/store|apps\.apple\.com/|profile\.google\.com"
)
"""Where a site sends readers who shall follow it; nobody else links there."""
_NETWORKS = re.compile(
    r"(?:^|[./])(?:facebook|fb|instagram|twitter|x|t|youtube|tiktok|linkedin|threads|bsky|mastodon|vk|viber|zalo|pinterest|telegram)\."
    r"(?:com|me|net|app|social)$"
)
_SUBJECT = re.compile(
    r"/(?:tags?|temas?|topics?|tagg|etiket(?:te|a|ter)?|etiquetas?|schlagwort|thema|themen|keywords?|aihe|amne|emne|cimke|labels?|sujets?|argoment[io]|tagi|stitek|tema)/"
)
_MIN_HANDLE: Final = 5
_ROOMS: Final = frozenset(["c", "channel", "company", "groups", "s", "user"])
_FOLLOW_WORDS: Final = 20
_LABEL_WORDS: Final = 4
_LINK_WORDS: Final = 4
_MOSTLY: Final = 0.7
_STORIES: Final = range(2, 11)
"""A longer list of links is what an overview consists of."""
_ENDS = re.compile(r"[.!。।”\"»]$")
_NOT_WORD = re.compile(r"\W+")


def _text(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _links(element: HtmlElement) -> list[HtmlElement]:
    """The links within a block, or the one around it."""
    inner = [link for link in element.iter("a") if link.get("href")]
    around = next(element.iterancestors("a"), None)
    return inner or ([around] if around is not None and around.get("href") else [])


def host_of(url: str | None) -> str:
    """The host of an address without ``www.``; empty where there is none."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def name_of(host: str) -> str:
    """The letters of the longest part of a host: what an outlet calls itself elsewhere."""
    return _NOT_WORD.sub("", max(host.split("."), key=len, default=""))


def _is_own_channel(href: str, name: str) -> bool:
    """Whether an address is a page of the site in a social network, told by its name, or a place for followers."""
    if _CHANNELS.search(href):
        return True
    parts = urlsplit(href) if "//" in href[:8] else None
    if parts is None or not _NETWORKS.search(parts.hostname or "") or len(name) < _MIN_HANDLE:
        return False
    path = parts.path.strip("/").split("/")
    if len(path) > 1 and path[0] not in _ROOMS:  # a post
        return False
    handle = _NOT_WORD.sub("", path[-1])
    return len(handle) >= _MIN_HANDLE and (handle.startswith(name[:_MIN_HANDLE]) or name.startswith(handle))


def _is_here(href: str, host: str) -> bool:
    """Whether an address is another page of the same site."""
    if href.startswith(("#", "mailto:", "tel:", "javascript:")):
        return False
    other = host_of(href)
    return not other or (bool(host) and (other == host or other.endswith(f".{host}") or host.endswith(f".{other}")))


def is_furniture(element: HtmlElement, host: str) -> bool:
    """Whether the links of an innermost block say that it is no part of the story.

    Args:
        element: The block.
        host: Of the page, if it is known.
    """
    try:
        return _is_furniture(element, host)
    except ValueError:  # an address that is none
        return False


def _is_furniture(element: HtmlElement, host: str) -> bool:
    links = _links(element)
    if not links:
        return False
    text = _text(element)
    hrefs = [link.get("href").strip().lower() for link in links]
    linked = sum(len(_text(link)) for link in links) >= _MOSTLY * len(text)
    if linked and all(map(_SHARES.search, hrefs)):
        return True
    if linked and all(
        link.get("rel") == "tag" or _SUBJECT.search(href) for link, href in zip(links, hrefs, strict=True)
    ):
        return True
    name = name_of(host)
    if count_words(text) <= _FOLLOW_WORDS and all(_is_own_channel(href, name) for href in hrefs):
        return True
    return len(links) == 1 and _is_other_story(element, text, _text(links[0]), hrefs[0], host)


def lists_stories(listed: HtmlElement, host: str) -> bool:
    """Whether every item of a list is one headline that leads to another page of the site, with a label at most."""
    items = [item for item in listed if item.tag == "li"]
    if not _STORIES.start <= len(items) < _STORIES.stop:
        return False
    return all(_is_story_item(item, host) for item in items)


def _is_story_item(item: HtmlElement, host: str) -> bool:
    links = [link for link in item.iter("a") if link.get("href")]
    if len(links) != 1:
        return False
    text, linked = _text(item), _text(links[0])
    is_headline = count_words(linked) >= _LINK_WORDS and not linked.endswith(".")
    label = text.removesuffix(linked)
    return (
        is_headline
        and count_words(label) <= _LABEL_WORDS
        and label + linked == text
        and _is_here(links[0].get("href").strip().lower(), host)
    )


def _is_other_story(element: HtmlElement, text: str, linked: str, href: str, host: str) -> bool:
    """Whether a block is a headline that leads to another page of the site, with a short label before it at most.

    A link of few words ("Tickets: at the door") or to a sentence is the article's, and so are items of lists.
    """
    if element.tag in _LISTED or count_words(linked) < _LINK_WORDS or _ENDS.search(linked) or not _is_here(href, host):
        return False
    label = text.removesuffix(linked)
    return label != text and count_words(label) <= _LABEL_WORDS and "," not in label


_LISTED: Final[Sequence[str]] = ("li", "dd", "td", "dt", "th")
