"""The page ``/docs``: Swagger UI from files that are installed with Dateline, so that it works without the internet."""

from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

_FILES = Path(fastapi_offline.__file__).parent / "static"
_MOUNT = "/docs/assets"


def install(app: FastAPI) -> None:
    """Add the page and the files that it loads."""

    async def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url=app.openapi_url or "/openapi.json",
            title=app.title,
            swagger_js_url=f"{_MOUNT}/swagger-ui-bundle.js",
            swagger_css_url=f"{_MOUNT}/swagger-ui.css",
            swagger_favicon_url=f"{_MOUNT}/favicon.png",
        )

    app.mount(_MOUNT, StaticFiles(directory=_FILES), name="docs-assets")
    app.add_api_route("/docs", docs, methods=["GET", "HEAD"], include_in_schema=False)
