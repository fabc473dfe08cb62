"""What a page's bytes say: its charset found, whatever is declared.

Declarations are wrong often enough to be only evidence. Bytes that are valid UTF-8 are UTF-8. Otherwise every charset
that is declared, or usual for the declared language, or in wide use, is tried on the places that are not ASCII, and
judged by how many of their characters its readers use: the wrong alphabet turns words into symbols and rare letters.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEAD = 4_096
"""Bytes in which a page declares itself; browsers read 1,024."""
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_LANGUAGE = re.compile(rb"<html[^>]{0,500}?\slang\s*=\s*[\"']?([A-Za-z]{2})", re.IGNORECASE)
_FOREIGN = re.compile(rb"[\x80-\xff]")
_BEFORE, _BEHIND = 100, 300
"""Bytes before and after a byte that is not ASCII that are looked at with it, within the same piece of text."""
_SAMPLE = 4_000
_ENOUGH = 0.98
"""Share of the characters; a declared or usual charset that explains as many is taken at once."""
_NUL_SHARE = 0.2
"""UTF-16 of a page, most of which is markup, is nearly half NUL bytes."""
_SUPERSETS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "euc_kr": "cp949", "tis-620": "cp874", "iso8859-11": "cp874", "big5": "big5hkscs",
}  # fmt: skip
"""What browsers read in their place (WHATWG Encoding Standard): supersets that pages under these names really use."""
_PAIRS = {
    "ru": ("cp1251", "koi8-r"), "uk": ("cp1251", "koi8-u"), "bg": ("cp1251",), "sr": ("cp1251", "cp1250"),
    "pl": ("iso8859-2", "cp1250"), "cs": ("cp1250", "iso8859-2"), "sk": ("cp1250", "iso8859-2"),
    "hu": ("iso8859-2", "cp1250"), "ro": ("iso8859-2", "cp1250"), "hr": ("cp1250", "iso8859-2"),
    "sl": ("cp1250", "iso8859-2"), "el": ("iso8859-7", "cp1253"), "tr": ("cp1254",), "he": ("cp1255",),
    "ar": ("cp1256",), "fa": ("cp1256",), "ja": ("cp932", "euc_jp"), "zh": ("gb18030", "big5hkscs"), "ko": ("cp949",),
    "th": ("cp874",), "lt": ("cp1257",), "lv": ("cp1257",), "et": ("cp1257",), "vi": ("cp1258",),
}  # fmt: skip
_PAIRS |= dict.fromkeys(
    ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "nn", "no", "fi", "is", "ca"), ("cp1252",)
)
_WIDE = (
    "cp1252", "cp1251", "iso8859-15", "cp932", "euc_jp", "gb18030", "big5hkscs", "cp949", "cp1254", "cp1250",
    "iso8859-2", "koi8-r", "cp1253", "cp1255", "cp1256", "cp874", "cp1257",
)  # fmt: skip
_PUNCTUATION = set("“”„‚‘’‹›«»–—…•·€£©®°§™\xa0¡¿、。・「」『』（），：；！？《》【】ー～％／\u200b\u3000´²½→★■●◆▼△○□№×")
_LATIN = set("¥àáâãäåæçèéêëìíîïñòóôõöøùúûüßœš")
_CENTRAL = set("áâäąăćčçďéęëěíîłńňóôöőřśšșşťțţúůüűýźżžđ")
_LETTERS = {
    "cp1252": _LATIN, "iso8859-15": _LATIN, "cp1250": _CENTRAL, "iso8859-2": _CENTRAL, "cp1254": set("çğıöşüâîûİé"),
    "cp1257": set("āčēģīķļņšūžąęėįųäöõü"), "cp1258": set("ăâđêôơưàáãèéìíòóõùúýạảấầ"),
}  # fmt: skip
_SCRIPTS = {
    "cp1251": (0x400, 0x4FF), "koi8-r": (0x400, 0x4FF), "koi8-u": (0x400, 0x4FF), "cp1253": (0x370, 0x3FF),
    "iso8859-7": (0x370, 0x3FF), "cp1255": (0x590, 0x5FF), "cp1256": (0x600, 0x6FF), "cp874": (0xE00, 0xE7F),
}  # fmt: skip
_KANA = range(0x3041, 0x30FF)
_LEVEL_ONE = {"gb18030": ("gb2312", range(0xB0, 0xD8)), "big5hkscs": ("big5", range(0xA4, 0xC7))}
_LEVEL_ONE["cp949"] = ("euc_kr", range(0xB0, 0xC9))
_LEVEL_ONE |= dict.fromkeys(("cp932", "euc_jp"), ("cp932", range(0x88, 0x98)))
"""The first of the two levels of each character set: the characters in daily use."""
_FLIP = re.compile(r"[а-яёα-ω][А-ЯЁΑ-Ω]")
_OTHER = "\u0370-\u05ff\u0600-\u06ff\u0e00-\u0e7f"
_ODD = re.compile(rf"[a-zA-Z\u00c0-\u024f][{_OTHER}]|[{_OTHER}][a-zA-Z\u00c0-\u024f]|[^\W\d_][¡-©«-´¶-¹»-¿×÷][^\W\d_]")
"""Two alphabets in one word, a symbol within one: nobody writes so."""
_PRIOR = {"declared": 0.03, "meta": 0.025, "language": 0.02, "korean": 0.005}
"""What a declaration is worth, as a share of characters. Korean syllables read as Chinese are all in daily use, but the
Chinese read as Korean are not: where both explain a page, it is Korean."""


class Decoded(NamedTuple):
    """A page as text, and the name of the charset that it was read in."""

    text: str
    charset: str

    def contradicts(self, declared: str | None) -> bool:
        """Whether the page was read in another charset than was declared. ASCII bytes contradict nothing."""
        name = _codec(declared) if declared else None
        return name is not None and name != self.charset and not self.text.isascii()


@cache
def _codec(label: str) -> str | None:
    """Python's name for a declared charset; ``None`` for what is none, or none of text."""
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name
        "x".encode(name)
    except (LookupError, ValueError, TypeError, UnicodeError):
        return None
    return _SUPERSETS.get(name, name)


def _samples(body: bytes) -> bytes:
    """The pieces of text that are not all ASCII, up to a bound."""
    pieces: list[bytes] = []
    size = at = 0
    while size < _SAMPLE and (found := _FOREIGN.search(body, at)):
        low, high = max(at, found.start() - _BEFORE), found.start() + _BEHIND
        start = max(body.rfind(b">", low, found.start()) + 1, low)
        at = body.find(b"<", found.start(), high)
        at = min(high, len(body)) if at < 0 else at
        pieces.append(body[start:at])
        size += at - start
    return b"\n".join(pieces)


@cache
def _is_usual(char: str, charset: str) -> bool:
    """Whether readers of what is written in a charset meet this character every day."""
    if char in _PUNCTUATION:
        return True
    if charset in _LETTERS:
        return char in _LETTERS[charset] or char.lower() in _LETTERS[charset]
    if charset in _SCRIPTS:
        low, high = _SCRIPTS[charset]
        return low <= ord(char) <= high
    if charset in _LEVEL_ONE:
        return _is_first_level(char, charset)
    return char != "\ufffd" if charset == "utf-8" else char.isalpha()


def _is_first_level(char: str, charset: str) -> bool:
    """Whether it is one of the Chinese characters in daily use, or a letter of Japanese in a charset of Japan."""
    if charset in ("cp932", "euc_jp") and ord(char) in _KANA:
        return True
    level, leads = _LEVEL_ONE[charset]
    try:
        return char.encode(level)[0] in leads
    except UnicodeEncodeError:
        return False


def _share(sample: bytes, charset: str) -> float:
    """The share of usual characters among those that are not ASCII."""
    text = sample.decode(charset, "replace")
    foreign = [char for char in text if char > "\x7f"]
    if not foreign:
        return 0.0
    usual = sum(_is_usual(char, charset) for char in foreign)
    odd = len(_ODD.findall(text)) + len(_FLIP.findall(text)) + 2 * text.count("\ufffd")
    if _is_mostly_capitals(foreign):
        odd += len(foreign) // 2
    return (usual - odd) / len(foreign)


def _is_mostly_capitals(letters: Iterable[str]) -> bool:
    """Whether most are capitals: so Russian looks in one of its two charsets when it is read as the other."""
    return sum(1 if letter.isupper() else -1 if letter.islower() else 0 for letter in letters) > 0


def _declared(body: bytes) -> Iterator[str]:
    head = body[:_HEAD]
    for pattern in (_META, _XML):
        if match := pattern.search(head):
            yield match[1].decode("ascii")


def _candidates(body: bytes, declared: str | None) -> Iterable[tuple[str, float]]:
    """Charsets to try, the likeliest first, each once and with its head start (`_PRIOR`)."""
    language = _LANGUAGE.search(body[:_HEAD])
    usual = _PAIRS.get(language[1].decode("ascii").lower(), ()) if language else ()
    priors: dict[str, float] = {}
    for labels, kind in (((declared,), "declared"), (tuple(_declared(body)), "meta"), (usual, "language")):
        for name in (_codec(label) for label in labels if label):
            if name is not None and not name.startswith(("utf-16", "utf-32", "utf_16", "utf_32")):
                priors.setdefault(name, _PRIOR[kind])
    priors.setdefault("utf-8", 0.0)
    priors.setdefault("cp949", _PRIOR["korean"])
    for name in _WIDE:
        priors.setdefault(name, 0.0)
    return priors.items()


def _recognised(body: bytes) -> str | None:
    """The charset of bytes that show it themselves: UTF-16 without a mark, and ISO-2022-JP, which is all ASCII."""
    head = body[:_HEAD]
    if head.count(0) > _NUL_SHARE * len(head):
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    return "iso2022_jp" if b"\x1b$" in body and not re.search(rb"[\x80-\xff]", body) else None


def decode(body: bytes, declared: str | None = None) -> Decoded:
    """Read the bytes of a page as text. Never fails; what no charset explains becomes U+FFFD.

    Args:
        body: The page as it was fetched.
        declared: The charset that the server's header names, if it named one.
    """
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(charset, "replace"), charset)
    if shown := _recognised(body):
        return Decoded(body.decode(shown, "replace"), shown)
    try:
        return Decoded(body.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        sample = _samples(body)
    best = _with_euro(body, _best(sample, _candidates(body, declared)))
    return Decoded(body.decode(best, "replace"), best)


def _with_euro(body: bytes, charset: str) -> str:
    """Latin-9 in place of Windows-1252 where only Latin-9 explains the few bytes in which the two differ.

    A euro sign of Latin-9 is a currency sign that nobody writes; what Windows has below 0xA0 are controls in Latin-9.
    """
    if charset not in ("cp1252", "iso8859-15") or re.search(rb"[\x80-\x9f]", body):
        return "cp1252" if charset == "iso8859-15" else charset
    return "iso8859-15" if re.search(rb"\xa4|[A-Za-z]\xbd[a-z]|[\xa6\xa8\xb4\xb8][a-z]", body) else charset


def _best(sample: bytes, candidates: Iterable[tuple[str, float]]) -> str:
    """The charset whose share of usual characters and head start have the largest sum."""
    best, most = "cp1252", -float("inf")
    for charset, prior in candidates:
        share = _share(sample, charset)
        if prior and share >= _ENOUGH:
            return charset
        if share + prior > most:
            best, most = charset, share + prior
    return best
