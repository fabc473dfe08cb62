"""The routes, one module for each thing that a client wants."""

from api.routes import batch, feed, health, operate, page, read, stories, submit, webhooks

ROUTERS = (
    submit.router,
    page.router,
    batch.router,
    read.router,
    stories.router,
    feed.router,
    operate.router,
    webhooks.router,
    health.router,
)

__all__ = ["ROUTERS"]
