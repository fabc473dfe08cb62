"""The adapters by format."""

from collections.abc import Callable, Mapping
from typing import Any

from api.adapters import _jsonld, _news_please, _newspaper4k, _ninjs, _rss, _trafilatura
from api.adapters._adapted import Adapted, NoArticle
from schemas import Format

_ADAPTERS: dict[Format, Callable[[Mapping[str, Any]], Adapted]] = {
    Format.DATELINE: lambda document: Adapted(dict(document)),
    Format.TRAFILATURA: _trafilatura.adapt,
    Format.NEWSPAPER4K: _newspaper4k.adapt,
    Format.NEWS_PLEASE: _news_please.adapt,
    Format.JSONLD: _jsonld.adapt,
    Format.NINJS: _ninjs.adapt,
    Format.RSS: _rss.adapt,
}


def adapt(document: Any, written_in: Format) -> Adapted:
    """Turn a parsed line into the fields of a submission.

    Args:
        document: An object; of JSON-LD also an array, as pages carry it.
        written_in: Its format, not `Format.AUTO`.

    Raises:
        NoArticle: It holds no article in this format.
    """
    if isinstance(document, list) and written_in is Format.JSONLD:
        document = {"@graph": document}
    if not isinstance(document, dict):
        raise NoArticle("", "must be a JSON object")
    return _ADAPTERS[written_in](document)
