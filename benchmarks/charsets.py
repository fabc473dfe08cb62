"""Whether pages are read in their charset, rightly or wrongly declared: ``python -m benchmarks.charsets``.

Real pages of many languages are written in the charsets that their languages were written in before UTF-8, and read
back from the bytes. Exact or wrong: one character that differs makes the page wrong.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from benchmarks.page_scores import CORPORA, UNTUNED, html_of, rows
from schemas.charset import decode

LATIN = ("cp1252", "iso8859-15")
CHARSETS = {
    "ru": ("cp1251", "koi8-r"), "uk": ("cp1251",), "bg": ("cp1251",), "pl": ("iso8859-2", "cp1250"),
    "cs": ("cp1250", "iso8859-2"), "hu": ("iso8859-2", "cp1250"), "ro": ("cp1250",), "el": ("cp1253",),
    "tr": ("cp1254",), "he": ("cp1255",), "ar": ("cp1256",), "ja": ("cp932", "euc_jp"), "zh": ("gb18030", "big5"),
    "ko": ("cp949",), "th": ("cp874",), "lt": ("cp1257",),
}  # fmt: skip
META = re.compile(r"<meta[^>]*charset[^>]*>", re.IGNORECASE)
BROKEN = re.compile("[\x80-\x9f]|â€|Ã[\u00a0-\u00bf©¢]|â&#")
"""Pages that were decoded wrongly before: there is no right answer for them."""
MIN_LETTERS = 10
COVER = 0.98
"""A charset that lacks more of a page's letters is none that it was ever written in."""
DECLARATIONS: dict[str, Callable[[str], str | None]] = {
    "right": lambda charset: charset,
    "none": lambda _charset: None,
    "wrong": lambda charset: "utf-8" if charset in LATIN else "iso-8859-1",
    "another_wrong": lambda charset: "iso-8859-1" if charset in ("cp1251", "koi8-r") else "windows-1251",
}


def written(pages: Iterable[tuple[str, str]]) -> Iterator[tuple[bytes, str]]:
    """Pages, given with their languages, as bytes in each charset of their language; and that charset."""
    for html, language in pages:
        page = META.sub("", html).replace("\ufffd", "").replace("\ufeff", "")
        letters = Counter(char for char in page if char > "\x7f" and char.isalpha())
        if letters.total() < MIN_LETTERS or BROKEN.search(page):
            continue
        for charset in ("utf-8", *CHARSETS.get(language, LATIN)):
            covered = sum(count for char, count in letters.items() if char.encode(charset, "ignore"))
            if covered >= COVER * letters.total():
                yield page.encode(charset, "xmlcharrefreplace"), charset


def charset_figures(pages: Iterable[tuple[str, str]]) -> dict[str, float]:
    """The share of pages read exactly, for each kind of declaration, and how many were written."""
    right: Counter[str] = Counter()
    total = 0
    for body, charset in written(pages):
        total += 1
        expected = body.decode(charset)
        for kind, declare in DECLARATIONS.items():
            right[kind] += decode(body, declare(charset)).text == expected
    figures = {f"charset_{kind}": right[kind] / total for kind in DECLARATIONS}
    print(f"\ncharset of {total} pages: " + ", ".join(f"{name} {value:.4f}" for name, value in figures.items()))
    return figures | {"charset_pages": float(total)}


def main() -> int:
    """Measure on the development pages."""
    names = (*CORPORA, *UNTUNED)
    charset_figures((html_of(row), (row.get("lang") or "en")[:2]) for name in names for row in rows(name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
