"""Serving the desk: which headers its files have, and when nothing has to be sent."""

from collections.abc import Iterable
from typing import Final

from fastapi import FastAPI, Request, Response

from api.desk.files import PAGE, File, read_files
from api.problems import Kind, Refused

MOUNT: Final = "/desk"
_YEAR_S: Final = 31_536_000
_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    # Turning text into markup is an error in browsers that know trusted types, and not only what we do not do.
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
"""Nothing but files of this server, and nothing written into the page."""
CSP: Final = "; ".join(f"{directive} {sources}" for directive, sources in _POLICY.items())
_HEADERS: Final = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Vary": "Accept-Encoding",
}


def _accepts_gzip(request: Request) -> bool:
    for offer in request.headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = offer.partition(";")
        if coding.strip() == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _matches(header: str, tags: Iterable[str]) -> bool:
    """Whether an If-None-Match names one of the tags. Both forms of a file have the same content."""
    named = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in named or not named.isdisjoint(tags)


def answer(file: File, request: Request) -> Response:
    """A file, compressed where the reader takes it, or 304 where the reader has it."""
    compressed = _accepts_gzip(request)
    plain, packed = f'"{file.tag}"', f'"{file.tag}-gz"'
    lasting = f"public, max-age={_YEAR_S}, immutable"
    headers = _HEADERS | {
        "ETag": packed if compressed else plain,
        "Cache-Control": lasting if file.lasting else "no-cache",
    }
    if _matches(request.headers.get("if-none-match", ""), (plain, packed)):
        return Response(status_code=304, headers=headers)
    if compressed:
        headers["Content-Encoding"] = "gzip"
    return Response(file.compressed if compressed else file.body, headers=headers, media_type=file.media_type)


def install(app: FastAPI) -> None:
    """Add the page at ``/`` and what it loads below ``/desk``."""
    files = read_files()
    page = files.pop(PAGE)

    async def desk(request: Request) -> Response:
        return answer(page, request)

    async def desk_file(request: Request, path: str) -> Response:
        file = files.get(path)
        if file is None:
            raise Refused(Kind.NOT_FOUND, "The desk has no such file; open / again.")
        return answer(file, request)

    app.add_api_route("/", desk, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route(MOUNT + "/{path:path}", desk_file, methods=["GET", "HEAD"], include_in_schema=False)
