"""``dateline show``: one article, for reading."""

from collections.abc import Iterable, Iterator

from pydantic import TypeAdapter
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from cli.api_client import ApiClient
from cli.errors import Trouble
from cli.exits import Exit
from cli.output import console, emit, moment
from cli.refs import parse_ref
from schemas import Article, Duplicates, Entity, Focus, Label, Place, Relation, Result, StageRecord, StageStatus, Status

_ADAPTER: TypeAdapter[Article] = TypeAdapter(Article)
_MARKS = {
    StageStatus.DONE: ("✓", "green"),
    StageStatus.SKIPPED: ("–", "yellow"),
    StageStatus.UNAVAILABLE: ("∅", "yellow"),
    StageStatus.FAILED: ("✗", "red"),
}
_LABELS = {Label.PERSON: "people", Label.ORG: "organisations", Label.NORP: "groups", Label.EVENT: "events"}
_COPIES = {Relation.EXACT: "the same text", Relation.NEAR: "nearly the same text"}
_OFF_HEADLINE = "off_headline"
_TEXT_CHARS = 600
_AREAS = 3


def fetch(client: ApiClient, article: str) -> Article:
    """Ask the API for an article, or for one revision of it."""
    ref = parse_ref(article)
    params = {"revision": ref.revision} if ref.revision else {}
    return _ADAPTER.validate_python(client.get(f"/v1/articles/{ref.article_id}", **params), extra="ignore")


def mark(record: StageRecord) -> Text:
    """How a stage ended, as a tick and its milliseconds."""
    sign, colour = _MARKS[record.status]
    took = f" {record.milliseconds:.0f} ms" if record.status is StageStatus.DONE else f" {record.status}"
    return Text.assemble((sign, colour), (took, "dim"))


def names(entities: Iterable[Entity], label: Label) -> str:
    """The names of one kind, most salient first."""
    return ", ".join(entity.name for entity in entities if entity.label is label)


def position(place: Place) -> str:
    """Coordinates as people write them.

    >>> from types import SimpleNamespace
    >>> position(SimpleNamespace(latitude=-12.04, longitude=-77.03))
    '12.04 S 77.03 W'
    """
    north, east = ("N" if place.latitude >= 0 else "S"), ("E" if place.longitude >= 0 else "W")
    return f"{abs(place.latitude):.2f} {north} {abs(place.longitude):.2f} {east}"


def relation(duplicates: Duplicates) -> str:
    """What an article is a copy of, in words."""
    match duplicates.relation:
        case Relation.SAME_STORY if duplicates.cluster_id != duplicates.canonical_id:
            sure = f" ({duplicates.confidence:.0%})" if duplicates.confidence is not None else ""
            return f"perhaps {duplicates.cluster_id}, probably the same report{sure}; shown all the same"
        case Relation.ORIGINAL | Relation.SAME_STORY:
            return "nothing: an original"
        case Relation.LOW_INFORMATION:
            off = _OFF_HEADLINE in duplicates.guards_failed
            return f"unknown: its text {'hardly tells of its headline' if off else 'is too short to be compared'}"
        case Relation.CONTAINED_IN:
            return f"{duplicates.canonical_id}, which has all of it ({duplicates.score:.0%} shared)"
        case Relation.CONTAINS:
            return f"nothing: an original that has all of an earlier, shorter one ({duplicates.score:.0%} shared)"
        case kind:
            return f"{duplicates.canonical_id} ({_COPIES[kind]}, {duplicates.score:.0%} shared)"


def story(article_id: str, duplicates: Duplicates) -> str:
    """Which story an article belongs to, where it is not the only one that is known of it so far."""
    return duplicates.story_id if duplicates.story_id and duplicates.story_id != article_id else ""


def _about(focus: Focus) -> Iterator[tuple[str, str]]:
    """What an article is about, with the shares: a row for countries, regions and cities."""
    for title, areas in (("about", focus.countries), ("regions", focus.regions), ("cities", focus.cities)):
        yield title, ", ".join(f"{area.name} {area.score:.0%}" for area in areas[:_AREAS])


def _rows(result: Result) -> Iterator[tuple[str, str]]:
    if result.clean:
        yield "language", result.clean.language or "unknown"
        yield "authors", ", ".join(result.clean.authors) or result.clean.byline or ""
        yield "published", moment(result.clean.published_at) if result.clean.published_at else ""
        yield "removed", ", ".join(dict.fromkeys(passage.rule for passage in result.clean.removed))
    for label, title in _LABELS.items():
        yield title, names(result.entities.entities, label) if result.entities else ""
    if result.geotags:
        yield "places", "\n".join(_place(place) for place in result.geotags.places)
        yield from _about(result.geotags.focus)
    if result.duplicates:
        yield "copy of", relation(result.duplicates)
        yield "story", story(result.id, result.duplicates)
    yield "trace", result.trace_id
    if result.failure:
        yield "failure", f"{result.failure.error}: {result.failure.message}"
    for warning in (*result.warnings, *(result.clean.warnings if result.clean else ())):
        yield "warning", f"{warning.field}: {warning.message}"


def _place(place: Place) -> str:
    where = ", ".join(part for part in (place.admin1_name, place.country_code) if part and part != place.name)
    return f"{place.name}{f' ({where})' if where else ''}  {position(place)}  #{place.geoname_id}"


def _stages(records: Iterable[StageRecord]) -> Text:
    parts = [Text.assemble((f"{record.stage} ", "bold"), mark(record)) for record in records]
    reasons = [f"  {record.stage}: {record.reason}" for record in records if record.reason]
    return Text("   ").join(parts).append("\n".join(["", *reasons]) if reasons else "", "yellow")


def _head(article: Article) -> Text:
    state = article.outcome if isinstance(article, Result) else article.state
    title = article.clean.title if isinstance(article, Result) and article.clean else None
    return Text.assemble(
        (title or article.url or article.id, "bold"),
        (f"\n{article.id}, revision {article.revision} of {article.latest_revision}: ", "dim"),
        (str(state), "green" if state == "done" else "yellow"),
    )


def _print(article: Article, target: Console) -> None:
    parts: list[RenderableType] = [_head(article), _stages(article.stages)]
    if isinstance(article, Result):
        table = Table.grid(padding=(0, 2))
        table.add_column(style="cyan", no_wrap=True)
        table.add_column()
        for title, value in _rows(article):
            if value:
                table.add_row(title, Text(value))
        parts.append(table)
        if article.clean:
            parts.append(_beginning(article.clean.text))
    elif article.last_failure:
        parts.append(Text(f"{article.last_failure.error}: {article.last_failure.message}", style="yellow"))
    spaced: list[RenderableType] = [item for part in parts for item in (part, Text())][:-1]
    target.print(Panel(Group(*spaced), expand=False, border_style="dim"))


def _beginning(text: str) -> Text:
    """As much of a text as fits a screen, up to a word's end, and how to get the rest."""
    if len(text) <= _TEXT_CHARS:
        return Text(text, style="dim")
    shown = text[:_TEXT_CHARS].rsplit(maxsplit=1)[0]
    return Text.assemble((shown, "dim"), (f" … {len(text) - len(shown):,} more characters with --text", "italic dim"))


def show(article: str, *, text_only: bool, as_json: bool, client: ApiClient | None = None) -> None:
    """Print an article."""
    found = fetch(client or ApiClient(), article)
    if as_json:
        emit(found)
    elif text_only:
        _print_text(found)
    else:
        _print(found, console())


def _print_text(article: Article) -> None:
    if isinstance(article, Status) or not article.clean:
        raise Trouble(
            f"Article {article.id} has no clean text.", f"See why with `dateline show {article.id}`.", Exit.FOUND
        )
    target = console()
    target.print(article.clean.text, markup=False, soft_wrap=True)
