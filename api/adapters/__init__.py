"""Adapters: what other libraries and standards call an article, as one canonical submission.

Each format has a module with one pure function. What it does not know is kept under ``extra``.
"""

from api.adapters._adapted import Adapted, NoArticle
from api.adapters._detect import detect
from api.adapters._formats import adapt

__all__ = ["Adapted", "NoArticle", "adapt", "detect"]
