"""How both clients reach the server."""

from typing import Any
from urllib.parse import urlsplit

import httpx

from dateline_client._options import Options
from dateline_client._version import VERSION

_CONNECT_S = 10.0


def http_settings(url: str, key: str | None, options: Options) -> dict[str, Any]:
    """What httpx' clients are made with.

    Raises:
        ValueError: It is not an http or https address.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("the address of the API begins with http:// or https://")
    headers = {"User-Agent": f"dateline-client/{VERSION}", "Accept": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    return {
        "base_url": url.rstrip("/"),
        "headers": headers,
        "timeout": httpx.Timeout(options.timeout, connect=_CONNECT_S),
        "trust_env": parts.hostname not in {"127.0.0.1", "localhost", "::1"},  # a proxy does not find this loopback
    }
