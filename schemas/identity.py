"""Which article a submission is, and whether its content is new."""

import base64
import hashlib
from typing import Final

from schemas.article import Submission
from schemas.urls import host_of, same_page_key

_VOLATILE: Final = frozenset({"fetched_at", "extra"})
"""Fields that change from crawl to crawl without the article having changed."""


def _digest(data: bytes) -> str:
    """128 bits in 26 lower-case letters and digits: safe in URLs, file names and Redis keys."""
    raw = hashlib.blake2b(data, digest_size=16).digest()
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()


def source_of(submission: Submission) -> str | None:
    """The host of the outlet: the submitted one, else that of the address."""
    if submission.source_domain:
        return submission.source_domain.lower().removeprefix("www.")
    address = submission.url or submission.canonical_url
    return host_of(address) if address else None


def content_digest(submission: Submission) -> str:
    """Digest of everything in a submission but what changes from crawl to crawl (``fetched_at``, ``extra``)."""
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
