"""The routes, one module for each thing that a client wants."""

from api.routes import batch, feed, health, operate, read, submit

ROUTERS = (submit.router, batch.router, read.router, feed.router, operate.router, health.router)

__all__ = ["ROUTERS"]
