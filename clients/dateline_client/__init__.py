"""Pushes news articles to Dateline.

with Client("http://localhost:8000", key="dl_…") as client:
    for article in articles:
        client.submit(article)
"""

from dateline_client._answers import Answer, Kind, Notice, Problem, Totals
from dateline_client._article import FIELDS
from dateline_client._async_client import AsyncClient
from dateline_client._client import Client
from dateline_client._errors import ClientError, GaveUp, Refused
from dateline_client._options import Options
from dateline_client._version import VERSION

__all__ = [
    "FIELDS",
    "VERSION",
    "Answer",
    "AsyncClient",
    "Client",
    "ClientError",
    "GaveUp",
    "Kind",
    "Notice",
    "Options",
    "Problem",
    "Refused",
    "Totals",
]
