"""The routes, one module for each thing that a client wants."""

from api.routes import batch, feed, health, metrics, operate, page, pipeline, read, stories, submit, webhooks

ROUTERS = (
    submit.router,
    page.router,
    batch.router,
    read.router,
    stories.router,
    feed.router,
    operate.router,
    pipeline.router,
    webhooks.router,
    health.router,
    metrics.router,
)

__all__ = ["ROUTERS"]
