"""Unicode repair of one line or passage: mojibake, entities, invisible characters, odd spaces, NFC.

Kept as they are: typographic quotes and dashes, right-to-left marks and embeddings, zero-width joiners (they shape
Persian, Indic scripts and emoji), full-width forms (they are ordinary Chinese and Japanese punctuation), U+FFFD (it
says that something is lost).
"""

import re
import unicodedata

import ftfy

_CONFIG = ftfy.TextFixerConfig(
    unescape_html="auto", uncurl_quotes=False, fix_character_width=False, normalization="NFC", explain=False
)
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\u180e\ufffc\x7f]")
"""Zero-width spaces, word joiners, byte order marks, soft hyphens, placeholders: ftfy keeps them (measurements F7)."""
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_SUSPECT = re.compile(
    r"&(?:#|[A-Za-z])"  # an entity left over
    r"|[\x00-\x08\x0e-\x1b\x7f-\x9f\ud800-\udfff\ufb00-\ufb06]"  # controls, lone surrogates, ligatures
    r"|[ÃÂ]|[\u00c0-\u024f][^\x00-\x7f]"  # UTF-8 read as latin-1, cp1252, latin-2
    r"|[РС][ЂЃѓЉЊЌЋЏђљњќћџЎўЈҐЄЇІіґєјЅѕї°±µ¶·]"  # ... as cp1251
    r"|[‚√Γ┬├╬╨╤╟][^\x00-\x7f]"  # ... as Mac Roman, cp437
)
"""What ftfy could repair always contains one of these; most lines contain none, and ftfy's own test costs 200 ns a
character."""
_CANDIDATE = re.compile("[&\x00-\x08\x0e-\x1b\x7f-\x9f\u00c0-\u024f\ud800-\udfff\ufb00-\ufb06РС‚√Γ┬├╬╨╤╟]")
"""Every match of ``_SUSPECT`` begins with one of these; one character class is five times as fast to look for."""
_NESTED = re.compile(r"&(?:amp;){2,}")
"""An ampersand that was escaped again and again. ftfy unescapes one level a round and looks at the whole line each
time: 500 levels took a minute."""
_MAX_ROUNDS = 8
"""A repair may uncover another (an entity that hides mojibake); real text is stable after two."""


def _is_suspect(text: str) -> bool:
    candidate = _CANDIDATE.search(text)
    return candidate is not None and _SUSPECT.search(text, candidate.start()) is not None


def is_clean(text: str) -> bool:
    """Whether no line of the text needs more than its blanks folded. One pass over the text."""
    if _is_suspect(text):
        return False
    if text.isascii():
        return True
    return unicodedata.is_normalized("NFC", text) and _INVISIBLE.search(text) is None


def fold_blanks(line: str) -> str:
    """Every run of blanks, no-break and odd spaces becomes one space; none is left at the ends."""
    return " ".join(line.split())


def repair(line: str) -> str:
    """The line as it was meant, without line breaks. Repairing twice changes nothing more.

    >>> repair("the Pentagonâ€™s  budget &amp; plans")
    'the Pentagon’s budget & plans'
    """
    for _ in range(_MAX_ROUNDS):
        before = line
        if _is_suspect(line):
            line = ftfy.fix_text(_NESTED.sub("&amp;", line), _CONFIG)
            line = _CONTROLS.sub("", line)
        line = fold_blanks(unicodedata.normalize("NFC", _INVISIBLE.sub("", line)))
        if line == before:
            break
    return line
