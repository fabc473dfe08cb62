"""``python -m sse_reader URL FILE``: a reader of the feed as somebody would write it, for tests that kill it.

Writes a line for each event, and goes on after the last whole line that it finds.
"""

import http.client
import json
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit


def main(url: str, file: Path) -> None:
    known = file.read_bytes() if file.exists() else b""
    whole = known[: known.rfind(b"\n") + 1]
    os.truncate(file, len(whole)) if file.exists() else file.touch()
    headers = {"Accept": "text/event-stream"}
    if whole:
        headers["Last-Event-ID"] = whole.splitlines()[-1].split()[0].decode()
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    connection.request("GET", "/v1/feed", headers=headers)
    cursor = ""
    with connection.getresponse() as response, file.open("ab", buffering=0) as out:
        for line in response:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name == "id":
                cursor = value
            elif name == "data":
                out.write(f"{cursor} {json.loads(value)['article_id']}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
