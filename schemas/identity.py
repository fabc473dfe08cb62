"""Which article a submission is, and whether its content is new."""

import hashlib
from typing import Final

from schemas.article import Submission
from schemas.urls import host_of, same_page_key

_VOLATILE: Final = frozenset({"fetched_at", "extra"})
"""Fields that change from crawl to crawl without the article having changed."""


_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS: Final = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS: Final = range(120, -1, -10)
"""Base32 (RFC 4648) in lower case, ten bits at a time: the standard library's takes twice as long."""


def _digest(data: bytes) -> str:
    """128 bits in 26 lower-case letters and digits: safe in URLs, file names and Redis keys."""
    bits = int.from_bytes(hashlib.blake2b(data, digest_size=16).digest(), "big") << 2
    return "".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS])


def normal_source(host: str) -> str:
    """The host of an outlet as articles are listed under it."""
    return host.strip().lower().removeprefix("www.")


def source_of(submission: Submission) -> str | None:
    """The host of the outlet: the submitted one, else that of the address."""
    if submission.source_domain:
        return normal_source(submission.source_domain)
    address = submission.url or submission.canonical_url
    return host_of(address) if address else None


def content_digest(submission: Submission, body: str | None = None) -> str:
    """Digest of everything in a submission but what changes from crawl to crawl (``fetched_at``, ``extra``).

    Args:
        submission: The submission.
        body: The same as JSON without defaults, if the caller has it: where nothing is left out, it need not be made
            a second time.
    """
    if body is not None and not submission.extra and submission.fetched_at is None:
        return _digest(body.encode())
    return _digest(submission.model_dump_json(exclude=set(_VOLATILE), exclude_none=True).encode())


def article_id(submission: Submission) -> str:
    """The deterministic id of the article: from the client's id, else the (canonical) URL, else the content.

    A client's id counts within its source, so that two outlets may both number their articles from 1.
    """
    if submission.external_id:
        return _digest(f"id\n{source_of(submission) or ''}\n{submission.external_id}".encode())
    address = submission.canonical_url or submission.url
    if address:
        return _digest(f"url\n{same_page_key(address)}".encode())
    return _digest(f"content\n{submission.title or ''}\n{submission.text or ''}\n{submission.html or ''}".encode())
