"""What may be wrong with a text as a whole: an empty shell, a teaser, a listing; and how much of it is prose.

Judged from the text, with cues that were checked against the gold articles of the development pages, and from what a
page's data says of its wall. An article that is wrongly called one of these is worse than one that is missed, because
later stages believe it.
"""

import re
from collections.abc import Sequence

from schemas import Quality
from tasks.clean._signs import leads_to_rest, says_why_not
from tasks.clean._views import count_words, is_item, is_prose
from tasks.clean._walls import Wall

_SHELL = re.compile(
    r"(?:enable|requires?|turn\son|activate)\s(?:javascript|cookies)\b|javascript\sis\s(?:disabled|required|not)"
    r"|access\s(?:to\sthis\spage\shas\sbeen\s)?denied|(?:page|article|story)\s(?:was\s|could\s)?not\s(?:be\s)?found|\b404\b"
    r"|(?:verify|confirm)\s(?:that\s)?you\sare\s(?:a\s)?(?:not\sa\srobot|human)|checking\syour\sbrowser|unusual\straffic"
    r"|browser\s(?:is\s)?(?:not\ssupported|unsupported|out\sof\sdate)|(?:we|this\s(?:web)?site|our\spartners)\s.{0,30}\buses?\s.{0,20}cookies"
    r"|content\sis\s(?:not|no\slonger)\savailable",
    re.IGNORECASE,
)
"""What a page says instead of its article; in other languages `tasks.clean._signs` tells."""
_ACCOUNT = re.compile(r"subscri(?:be|ption|bers?)\b|sign\s(?:in|up)\b|log\s?in\b|register\b", re.IGNORECASE)
_ACCOUNT_WORDS = 40
"""A longer paragraph with such a word may be the article of a few lines that it stands in."""
_SHELL_WORDS = 120

_PAYWALL = re.compile(
    r"(?:subscribe|sign\sin|sign\sup|log\s?in|register|join)\b[^.!?\n]{0,60}\bto\s(?:continue|keep|read)\b(?:\sreading|\sthis|\sthe\sfull)?"
    r"|to\s(?:continue|keep)\sreading|(?:this|the\sfull|premium)\s(?:article|story|content)\sis\s(?:only\s|exclusively\s)?"
    r"(?:for|available\s(?:only\s)?(?:to|for)|reserved\sfor)\s(?:our\s)?(?:paid\s|paying\s|premium\s|registered\s)?(?:subscribers|members)"
    r"|(?:read|see|view|get)\s(?:the\s)?(?:full|entire|whole|complete)\s(?:article|story|post|text|report)\s(?:on|at|here|in|:|»|>)"
    r"|(?:subscribe|sign\sin|sign\sup|register)\s(?:now\s)?to\s(?:unlock|access|view)\b|残り[1-9]\d*文字|il\svous\sreste\s[1-9][\d.,]*\s?%"
    r"|(?:article|story)\scontinues\s(?:at|on)\s|remaining\s\d+\s?%\sof|\d+\s?%\sof\sthis\sarticle",
    re.IGNORECASE,
)
_NOTHING_HIDDEN = re.compile(r"残り0文字|il\svous\sreste\s0\s?%|pozostało\s0\s?%", re.IGNORECASE)
_CUT = re.compile(r"\[\+\d+\schars\]$|\[(?:…|\.{3})\]$|(?:continue|keep)\sreading\s?[→»>….]*$", re.IGNORECASE)
"""What feeds put where they cut a story off."""
_CUT_CHARS = 40
_DOTS = re.compile(r"(?:…|\.{3})[\"'”’»)]*$")
_END_CHARS = 500
_TEASER_WORDS = 250
"""Longer texts may end with dots of their own."""
_PAYWALL_WORDS = 400

_LISTING_PASSAGES = 8
_LISTING_PROSE_SHARE = 0.35
_LISTING_HEADLINES = 0.5
_LISTING_LOWER = 0.2
_HEADLINE_WORDS = range(4, 21)
_ENDS = re.compile(r"[.;:,][\"'”’»)\]]*$")


def _words(texts: Sequence[str]) -> int:
    return sum(map(count_words, texts))


def _is_shell(passages: Sequence[str], words: int) -> bool:
    """A page that says why there is no article, and nothing else that reads like a paragraph."""
    if words > _SHELL_WORDS:
        return False
    rest = [text for text in passages if not _is_excuse(text)]
    return len(rest) < len(passages) and not any(map(is_prose, rest))


def _is_excuse(text: str) -> bool:
    """Whether a passage says why there is no article."""
    if _SHELL.search(text) or (count_words(text) <= _ACCOUNT_WORDS and _ACCOUNT.search(text)):
        return True
    return says_why_not(text)


def _is_truncated(passages: Sequence[str], words: int, source: str, below: str) -> bool:
    """Only the beginning of the story: the text was cut with dots, or ends at a wall."""
    last, end = passages[-1], source.rstrip()[-_END_CHARS:]
    if _CUT.search(last[-_CUT_CHARS:]) or (words <= _PAYWALL_WORDS and _CUT.search(end)):
        return True
    if words <= _TEASER_WORDS and _DOTS.search(last[-_CUT_CHARS:]):
        return True
    if words > _PAYWALL_WORDS or _NOTHING_HIDDEN.search(end):
        return False
    if _PAYWALL.search(end) is not None:
        return True
    return any(leads_to_rest(line.strip()) for line in (*end.splitlines(), *below.splitlines()))


def _is_headline(text: str) -> bool:
    return text.count(" ") + 1 in _HEADLINE_WORDS and not _ENDS.search(text) and not is_item(text)


def _is_listing(passages: Sequence[str], prose_share: float) -> bool:
    """Headline after headline, with little that reads like a paragraph.

    Lines of one wrapped paragraph look alike, but many of them go on in lower case.
    """
    if len(passages) < _LISTING_PASSAGES or prose_share > _LISTING_PROSE_SHARE:
        return False
    if sum(text[0].islower() for text in passages) > _LISTING_LOWER * len(passages):
        return False
    return sum(map(_is_headline, passages)) >= _LISTING_HEADLINES * len(passages)


def judge(text: str, source: str, *, degraded: bool, below: str = "", wall: Wall | None = None) -> Quality:
    """Judge a cleaned text.

    Args:
        text: The text that is left.
        source: The text before anything was taken out of it; its end may say that the story goes on elsewhere.
        degraded: Whether a plain fallback read the page.
        below: What stands below the text in its page.
        wall: What the page's data says of its wall, if it has one.
    """
    passages = text.split("\n\n") if text else []
    words = len(text.split())
    counted = _words(passages)
    if not passages or _is_shell(passages, counted):
        return Quality(words=words, degraded=degraded, boilerplate_only=True, score=0.0)
    share = _words([passage for passage in passages if is_prose(passage)]) / counted
    return Quality(
        words=words,
        degraded=degraded,
        truncated=_is_truncated(passages, counted, source, below) or (wall is not None and wall.cuts(counted)),
        listing=_is_listing(passages, share),
        score=round(share, 3),
    )
