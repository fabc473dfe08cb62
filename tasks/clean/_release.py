"""What ends a company's release: the portrait of the company, cautionary words for investors, contacts, the sender.

Taken together and only where the text itself shows that it is a release: a heading for the press's or investors'
contacts, or the sender's line "SOURCE Halvorsen Marine", stands below the story. An article has neither.
"""

import re
from collections.abc import Iterable

from tasks.clean._rules import Rule
from tasks.clean._views import View

_CONTACTS = re.compile(
    r"(?:presse-?kontakt|kontakt\sf[üu]r\s(?:die\s)?(?:presse|medien)|rückfragehinweis|ansprechpartner(?:in)?(?:\sf[üu]r\s.{3,20})?"
    r"|contacts?\spresse|contactos?\sde\sprensa|contatt[oi]\sstampa|contatos?\s(?:de|para)\simprensa|perscontact|press-?kontakt"
    r"|kontakt\sdla\smediów|контакт[ыи]?\sдля\s(?:прессы|сми|змі)|basın\siletişim|yhteystiedot\smedialle)\s?:?"
    r"|(?:media|press|investor)(?:\s(?:relations|inquiries|enquiries))?(?:\sand\s(?:media|press|investor))?\scontacts?\s?:?"
)
_SENDER = re.compile(r"SOURCE:?\s\S.{2,80}(?<![.!?])")
_PORTRAIT = re.compile(r"about\s(?P<who>\S.{1,60}[^.:!?])\s?:?")
_CAUTION = re.compile(r"(?:cautionary\s(?:note|statement)s?\s(?:regarding|on)\s)?forward[\s-]looking\sstatements\s?:?")
_STORY_PARAGRAPHS = 3
_MAX_PROSE_BELOW = 6
_SIGNATURE_LINES = 12


def _takes(view: View) -> Iterable[int]:
    if len(view.prose) < _STORY_PARAGRAPHS:
        return ()
    below = range(view.prose[_STORY_PARAGRAPHS - 1] + 1, len(view.folded))
    marks = [index for index in below if _is_mark(view, index)]
    if not marks:
        return ()
    story = " ".join(view.folded[: below.start])
    first = next((index for index in range(below.start, marks[0]) if _begins(view.folded[index], story)), marks[0])
    return range(first, len(view.folded)) if sum(place > first for place in view.prose) <= _MAX_PROSE_BELOW else ()


def _is_mark(view: View, index: int) -> bool:
    return _CONTACTS.fullmatch(view.folded[index]) is not None or (
        _SENDER.fullmatch(view.passages[index].text) is not None
    )


def _begins(text: str, story: str) -> bool:
    """Whether it is the heading over the portrait of somebody whom the story names, or over cautionary words."""
    portrait = _PORTRAIT.fullmatch(text)
    return portrait["who"] in story if portrait else _CAUTION.fullmatch(text) is not None


def _takes_signature(view: View) -> Iterable[int]:
    """The two hyphens that end a mail (RFC 3676), and the sender's lines below them."""
    for index in range(view.last_prose + 1, len(view.passages)):
        if view.passages[index].text == "--" and len(view.passages) - index <= _SIGNATURE_LINES:
            return range(index, len(view.passages)) if view.prose else ()
    return ()


MAIL_SIGNATURE = Rule("mail_signature", _takes_signature)
RELEASE_END = Rule("release_end", _takes)
