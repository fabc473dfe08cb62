"""The rules for leftovers in other languages than English, and for what shows itself in any language.

A line's signs say what it is (`tasks.clean._signs`, the phrases in ``data/phrases.toml``); a rule says where such a
line is a leftover.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from tasks.clean._foreign_byline import is_name
from tasks.clean._rules import Inside, Looks, Rule, Rules, closing_where, lines, section_where
from tasks.clean._signs import MAX_CHARS, Sign, is_consent, signed, signs_of
from tasks.clean._views import View, Where

_NAME_WORDS: Final = 4
_SIGNED_CHARS: Final = 120
_NOTICE_REGION: Final = 4
_LOOKS: Final = Looks((), (), MAX_CHARS, shouted=False, test=lambda text: bool(signs_of(text)))


def _signed_lines(name: str, sign: Sign, where: Where = Where.ANYWHERE) -> Rule:
    """A rule for lines with a sign. A piece of a longer line has no end of its own, and is kept."""

    def takes(view: View) -> Iterable[int]:
        for index in view.suspects:
            passage = view.passages[index]
            if not passage.is_piece and sign in signs_of(passage.text) and view.allows(where, index):
                yield index

    return Rule(name, takes, _LOOKS)


def _shows(sign: Sign) -> Callable[[str], bool]:
    return lambda text: sign in signs_of(text)


def by_author(authors: Sequence[str]) -> Rule:
    """A rule for lines above and below the story that hold the name of a known author and little else."""
    persons = [name for name in authors if len(name.split()) <= _NAME_WORDS and is_name(name)]

    def takes(view: View) -> Iterable[int]:
        for index, passage in enumerate(view.passages if persons else ()):
            if len(passage.text) > _SIGNED_CHARS or passage.is_piece or "(@" in passage.text:
                continue
            if view.allows(Where.EDGES, index):
                if signed(passage.text, persons):
                    yield index
            elif index == view.first_prose + 1 and signed(passage.text, persons, most=0):  # below a standfirst
                yield index

    return Rule("signature", takes)


def _notices(view: View) -> Iterable[int]:
    """Notices about cookies among the first and the last passages."""
    count = len(view.passages)
    whole = sum(len(passage.text) for passage in view.passages)  # a line that holds most of the text is no notice
    for index in sorted({*range(min(_NOTICE_REGION, count)), *range(max(0, count - _NOTICE_REGION), count)}):
        passage = view.passages[index]
        if not passage.is_piece and 2 * len(passage.text) <= whole and is_consent(passage.text):
            yield index


ELSEWHERE: Rules = (
    Rule("cookie_notice_elsewhere", _notices),
    lines(
        "rest_unread",
        r"il\svous\sreste\s[\d.,]+\s?%.{0,160}|残り\s?[\d,]+\s?文字.{0,40}",
        having=Inside(r"\d\s?%\s.{0,20}pozostało\sdo\sprzecz|pozostało\sdo\sprzeczytania\s[\d.,]+", ("pozostało do",)),
        max_chars=240,
    ),
    closing_where("comments_elsewhere", _shows(Sign.COMMENTS)),
    _signed_lines("advertisement_elsewhere", Sign.ADVERTISEMENT),
    section_where("related_elsewhere", _shows(Sign.OTHERS_HEADING)),
    _signed_lines("read_more_elsewhere", Sign.OTHERS_LINK),
    _signed_lines("follow_us_elsewhere", Sign.FOLLOW),
    _signed_lines("share_bar_elsewhere", Sign.SHARE),
    _signed_lines("photo_credit_elsewhere", Sign.CREDIT),
    _signed_lines("photo_caption_elsewhere", Sign.CAPTION),
    _signed_lines("contact_prompt_elsewhere", Sign.CONTACT, Where.EDGES),
    _signed_lines("mistake_elsewhere", Sign.MISTAKE),
    _signed_lines("source_elsewhere", Sign.SOURCE),
    _signed_lines("copyright_elsewhere", Sign.RIGHTS),
    _signed_lines("support_plea_elsewhere", Sign.WALL),
    _signed_lines("time_stamp_alone_elsewhere", Sign.TIMED),
    _signed_lines("time_stamp_elsewhere", Sign.STAMP, Where.EDGES),
    _signed_lines("tags_elsewhere", Sign.TAGS, Where.TAIL),
    lines(
        "address_alone",
        r"(?:https?://|www\.)\S+|[\w-]{2,40}\.(?:com|org|net|me|tv)/@?[\w.-]+|@\w{2,30}",
        where=Where.EDGES,
        max_chars=160,
        whole=True,
    ),
    lines(
        "initials",
        r"[(\[]?[^\W\d_]{2,4}(?:\s?/\s?[^\W\d_]{2,4}){1,3}[)\]]?",
        where=Where.TAIL,
        max_chars=24,
    ),
    lines(
        "origin_note_elsewhere",
        r"\((?:mit\s|avec\s|con\s|com\s|met\s)?(?:dpa|afp|ap|rtr|reuters|efe|ansa|pap|anp|belga|lusa|sda|apa|tass|тасс|интерфакс|aa|xinhua)(?:\s?[/,]\s?[\w-]{2,12}){0,4}\)",
        r"[（(]?(?:责任编辑|責任編輯|编辑|校对)\s?[:：].{1,20}[）)]?",
        r"sources?\s?[:：]\s?.{1,40}",
        where=Where.EDGES,
        max_chars=60,
    ),
)  # fmt: skip
"""The rules, applied after those for English; each is named after the English rule of its kind."""
