"""The routes, one module for each thing that a client wants."""

from api.routes import batch, feed, health, read, submit

ROUTERS = (submit.router, batch.router, read.router, feed.router, health.router)

__all__ = ["ROUTERS"]
