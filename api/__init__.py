"""HTTP: submit articles, read results, follow the feed."""

from api.app import create_app
from api.waker import Wakeups

__all__ = ["Wakeups", "create_app"]
