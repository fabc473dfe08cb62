"""The desk: one page that shows articles as they are processed, on a map, on a timeline and one by one.

Plain files, as they lie in `static/`: no build step, nothing loaded from elsewhere. The page reads the API as any other
reader does and needs a key where they do. What others wrote is in `static/vendor/` (`scripts/npm_files.py`).
"""

from api.desk.serving import CSP, install

__all__ = ["CSP", "install"]
