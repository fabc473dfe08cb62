"""What an amount of money says: the amount in full and the currency's ISO 4217 code, `425000000 USD`.

A bare dollar sign is the United States' dollar, a bare pound the British one. A currency whose name several countries
share (rupees, pesos, kroner) stays open unless the text says whose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from tasks.entities._names import NUMBERS, listed

_SIGNS = {
    "$": "USD", "us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "hk$": "HKD", "nz$": "NZD",
    "s$": "SGD", "nt$": "TWD", "r$": "BRL", "€": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB", "₴": "UAH", "₩": "KRW",
    "₪": "ILS", "₺": "TRY", "₦": "NGN", "₱": "PHP", "₫": "VND", "₸": "KZT", "฿": "THB",
    "₵": "GHS", "gh₵": "GHS", "₾": "GEL", "৳": "BDT",
}  # fmt: skip
"""Signs by the currency they stand for; ¥ is the yen and the yuan, and stays open."""

_CODES = listed(
    """USD EUR GBP JPY CNY CHF AUD CAD NZD HKD SGD TWD INR PKR RUB UAH PLN CZK HUF RON SEK NOK DKK TRY ILS EGP ZAR NGN
    KES GHS UGX TZS ETB BRL MXN ARS CLP COP PHP IDR MYR THB VND KRW SAR AED QAR LKR BDT"""
)

_UNITS = {
    "dollar": "USD", "euro": "EUR", "pound": "GBP", "pounds sterling": "GBP", "yen": "JPY", "yuan": "CNY",
    "renminbi": "CNY", "ruble": "RUB", "rouble": "RUB", "hryvnia": "UAH", "zloty": "PLN", "shekel": "ILS",
    "forint": "HUF", "rand": "ZAR", "naira": "NGN", "reai": "BRL", "baht": "THB", "won": "KRW", "krona": "SEK",
    "kronor": "SEK", "lira": "TRY", "ringgit": "MYR",
    "us dollar": "USD", "u.s. dollar": "USD", "american dollar": "USD", "australian dollar": "AUD",
    "canadian dollar": "CAD", "hong kong dollar": "HKD", "new zealand dollar": "NZD", "singapore dollar": "SGD",
    "taiwan dollar": "TWD", "british pound": "GBP", "egyptian pound": "EGP", "swiss franc": "CHF",
    "indian rupee": "INR", "pakistani rupee": "PKR", "mexican peso": "MXN", "argentine peso": "ARS",
    "philippine peso": "PHP", "chilean peso": "CLP", "colombian peso": "COP", "norwegian krone": "NOK",
    "norwegian kroner": "NOK", "norwegian crown": "NOK", "danish krone": "DKK", "danish kroner": "DKK",
    "danish crown": "DKK", "swedish crown": "SEK", "czech crown": "CZK", "turkish lira": "TRY",
    "russian ruble": "RUB", "russian rouble": "RUB", "chinese yuan": "CNY", "japanese yen": "JPY",
    "south korean won": "KRW", "saudi riyal": "SAR", "uae dirham": "AED",
    "kenyan shilling": "KES",
}  # fmt: skip
"""Currencies by name, in the singular as far as a final "s" is the plural ("reais" is that of "real")."""

_SCALES = {
    "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "million": 10**6, "b": 10**9, "bn": 10**9,
    "billion": 10**9, "tn": 10**12, "trn": 10**12, "trillion": 10**12, "lakh": 10**5, "crore": 10**7,
}  # fmt: skip
_WORDS: dict[str, float] = {
    **NUMBERS,
    "half a": 0.5,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "hundred": 100,
}

_NUMBER = r"(?<![\d.,])(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,15})(?:\.\d{1,6})?(?!\d|[.,]\d)"
_LONG_SCALE = r"thousand|million|billion|trillion|lakh|crore"
_SCALE = rf"(?:{_LONG_SCALE}|mln|mn|bn|trn|tn|m|b|k)(?!\w)"
_MARK = (
    r"(?:(?<![\w$])(?:US|AU?|CA?|HK|NZ|S|NT|R)\$|\$|(?<!\w)GH₵|[€£¥₹₽₴₩₪₺₦₱₫₸฿₵₾৳]|(?<!\w)Rs\.?|(?<!\w)(?:"
    + "|".join(sorted(_CODES))
    + r")(?!\w))"
)
_NAMED = "|".join(sorted((re.escape(unit) + "s?" for unit in _UNITS), key=len, reverse=True))
_SHARED = r"rupees?|pesos?|francs?|kroner|crowns?|dirhams?|riyals?|shillings?|rials?|dinars?"
_VERBATIM = rf"(?P<number>{_NUMBER})"
_SPELT = rf"(?P<spelt>(?<!\w)(?:{'|'.join(_WORDS)}))"

_SECOND = r"(?P<second>\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,6})?|\d{1,15}(?:\.\d{1,6})?)(?!\d|[.,]\d)"

_MARK_BEGINS = r"(?=[A-Z$€£¥₹₽₴₩₪₺₦₱₫₸฿₵₾৳])"
_NUMBER_BEGINS = r"(?:(?=\d)|(?<!\w)(?=[ahotfsen]))"
"""Looked for first, since most places in a text begin no amount."""

_RANGE = re.compile(
    rf"{_MARK_BEGINS}(?P<mark>{_MARK})\s?{_VERBATIM}(?:[\s-]?(?P<first_scale>{_SCALE}))?(?:\s?[–—-]\s?|\sto\s|\sand\s)"
    rf"(?P<again>(?:{_MARK})\s?)?{_SECOND}(?:[\s-]?(?P<scale>{_SCALE}))?(?!\w)"
)
_MARK_FIRST = re.compile(rf"{_MARK_BEGINS}(?P<mark>{_MARK})\s?{_VERBATIM}(?:[\s-]?(?P<scale>{_SCALE}))?(?!\w)")
_MARK_LAST = re.compile(
    rf"{_VERBATIM}(?:\s?(?P<scale>{_SCALE}))?\s?(?P<mark>[€£₹₽₴]|(?:{'|'.join(sorted(_CODES))})(?!\w))"
)
_NAME_LAST = re.compile(
    rf"{_NUMBER_BEGINS}(?:{_VERBATIM}(?:(?:[\s-](?P<scale>{_LONG_SCALE})|(?P<short>{_SCALE})))?|{_SPELT}(?:[\s-](?P<spelt_scale>{_LONG_SCALE}))?)"
    rf"[\s-](?P<unit>{_NAMED}|{_SHARED})(?!\w)",
    re.IGNORECASE,
)
_COINS = re.compile(rf"{_NUMBER_BEGINS}(?:{_VERBATIM}|{_SPELT})\s(?P<coin>cents|pence)(?!\w)", re.IGNORECASE)
_VAGUE = re.compile(
    rf"(?<!\w)(?=[htmb])(?:(?:tens|hundreds|thousands)\sof\s)?(?:thousands|millions|billions|trillions)\sof\s(?:{_NAMED}|{_SHARED})(?!\w)",
    re.IGNORECASE,
)
_STEMS = frozenset(unit.split()[-1].removesuffix("s") for unit in (*_UNITS, *re.findall(r"\w{4,}", _SHARED)))
_SIGNED = frozenset(sign[-1] for sign in _SIGNS) | {"¥", "Rs"} | _CODES
PATTERNS = (_RANGE, _MARK_FIRST, _MARK_LAST, _NAME_LAST, _COINS)

_COIN_OF = {"cents": "USD", "pence": "GBP"}
_PER_UNIT = 100

_NEEDS_SCALE = frozenset({"pound", "won", "rand", "crown"})
"""Also a weight, a verb, a South African ridge, a headdress: money by rule only with "million" and the like."""


def find_money(text: str) -> list[tuple[int, int]]:
    """Return where amounts of money stand in `text`, in order; of those that overlap, the first and longest."""
    matches = (match for pattern in _likely(text) for match in pattern.finditer(text))
    found: list[tuple[int, int]] = []
    for start, end in sorted((match.span() for match in matches if not _is_doubtful(match, text)), key=_longest_first):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _likely(text: str) -> Iterator[re.Pattern[str]]:
    """Choose the patterns whose signs or words the text holds: most articles name few currencies or none."""
    if any(sign in text for sign in _SIGNED):
        yield from (_RANGE, _MARK_FIRST, _MARK_LAST)
    lower = text.lower()
    if any(stem in lower for stem in _STEMS):
        yield from (_NAME_LAST, _VAGUE)
    if "cents" in lower or "pence" in lower:
        yield _COINS


def _longest_first(span: tuple[int, int]) -> tuple[int, int]:
    return span[0], -span[1]


def _is_doubtful(match: re.Match[str], text: str) -> bool:
    parts = match.groupdict()
    if "second" in parts:
        return not _is_range(match, text)
    unit = parts.get("unit")
    has_scale = parts.get("scale") or parts.get("short") or parts.get("spelt_scale")
    return unit is not None and unit.lower().removesuffix("s") in _NEEDS_SCALE and not has_scale


def _is_range(match: re.Match[str], text: str) -> bool:
    """Whether "and" stands in "between … and …", and a number after "to" is an amount as well."""
    between = text[match.end("number") : match.start("second")]
    if " and " in between:
        return bool(match["again"]) and text[: match.start()].lower().endswith("between ")
    return bool(match["again"] or match["scale"]) and bool(_range(match))


def read_money(surface: str) -> str | None:
    """Return amount and currency of an expression, or nothing where one of them is unclear.

    Of a range, both amounts stand before the currency: `5000000/10000000 USD`.
    """
    text = " ".join(surface.split())
    for pattern in PATTERNS:
        if match := pattern.fullmatch(text):
            currency, amount = _currency(match), _range(match) if pattern is _RANGE else _amount(match)
            return f"{amount} {currency}" if currency and amount else None
    return None


def _currency(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    if coin := parts.get("coin"):
        return _COIN_OF[coin.lower()]
    if unit := parts.get("unit"):
        return _UNITS.get(unit.lower()) or _UNITS.get(unit.lower().removesuffix("s"))
    mark = parts["mark"]
    return mark if mark in _CODES else _SIGNS.get(mark.lower())


def _amount(match: re.Match[str]) -> str:
    parts = match.groupdict()
    number = parts["number"]
    amount = Decimal(number.replace(",", "")) if number else Decimal(str(_WORDS[parts["spelt"].lower()]))
    if parts.get("coin"):
        return _written(amount / _PER_UNIT)
    return _written(amount * _scale(parts.get("scale") or parts.get("short") or parts.get("spelt_scale")))


def _range(match: re.Match[str]) -> str | None:
    """Read "$5-10 million" and "$900,000 to $1 million"; what falls is no range."""
    first, second = (Decimal(match[name].replace(",", "")) for name in ("number", "second"))
    last = second * _scale(match["scale"])
    least = first * _scale(match["first_scale"] or (match["scale"] if first < second else None))
    return f"{_written(least)}/{_written(last)}" if least < last else None


def _scale(name: str | None) -> int:
    return _SCALES[name.lower()] if name else 1


def _written(amount: Decimal) -> str:
    whole = amount == amount.to_integral_value()
    return f"{amount.quantize(Decimal(1)) if whole else amount.normalize():f}"
