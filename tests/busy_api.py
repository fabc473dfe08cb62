"""``python -m busy_api``: the real API, which answers its first two batches with 503, as under overload."""

import sys

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import serve
from api.problems import Kind, Refused, respond

REFUSALS = 2


class Busy:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._left = REFUSALS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or not self._left:
            await self._app(scope, receive, send)
            return
        self._left -= 1
        await _whole(receive)
        refused = Refused(Kind.OVERLOADED, "Too much is waiting.", headers={"Retry-After": "1"})
        await respond(refused)(scope, receive, send)


async def _whole(receive: Receive) -> None:
    message: Message = {"more_body": True}
    while message.get("more_body"):
        message = await receive()


if __name__ == "__main__":
    create = serve.create_app

    def create_busy(*arguments: object) -> object:
        app = create(*arguments)  # type: ignore[arg-type]
        app.add_middleware(Busy)
        return app

    serve.create_app = create_busy  # type: ignore[assignment]
    sys.exit(serve.main())
