"""The results of the demo, as a table that a person enjoys reading."""

from collections.abc import Mapping

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from cli.show import names, position
from schemas import Entities, FocusArea, Geotags, Label, Place, Relation, Result, StageName, StageStatus

_NAMES = 6
_PLACES = 5


def results_table(results: Mapping[str, Result]) -> Table:
    """One row for each article."""
    by_id = {result.id: name for name, result in results.items()}
    table = Table(box=box.SIMPLE_HEAD, header_style="bold cyan", show_lines=True, expand=True, pad_edge=False)
    table.add_column("article", ratio=28)
    table.add_column("who", ratio=27)
    table.add_column("where", ratio=40)
    table.add_column("about", ratio=15)
    table.add_column("copy of", ratio=14)
    for name, result in results.items():
        table.add_row(_article(name, result), _who(result), _where(result), _about(result), _copy(result, by_id))
    return table


def _title(name: str, result: Result) -> str:
    return (result.clean.title if result.clean else None) or name


def _article(name: str, result: Result) -> Text:
    language = (result.clean.language if result.clean else None) or "?"
    removed = len(result.clean.removed) if result.clean else 0
    small = f"\n{name}\n{language}" + (f", {removed} passage{'s' * (removed > 1)} removed" if removed else "")
    return Text.assemble((_title(name, result), "bold"), (small, "dim"))


def _missing(result: Result, stage: StageName) -> Text:
    record = next((record for record in result.stages if record.stage is stage), None)
    if record is None or record.status is StageStatus.DONE:
        return Text("none found", style="dim")
    return Text(f"{record.status}: {record.reason}" if record.reason else str(record.status), style="yellow")


def _listed(entities: Entities, label: Label) -> str:
    all_names = names(entities.entities, label).split(", ")
    return ", ".join(all_names[:_NAMES]) + (f" +{len(all_names) - _NAMES}" if len(all_names) > _NAMES else "")


def _who(result: Result) -> Text | Group:
    if result.entities is None:
        return _missing(result, StageName.ENTITIES)
    people, organisations = (_listed(result.entities, label) for label in (Label.PERSON, Label.ORG))
    parts = [Text(people)] if people else []
    parts += [Text(organisations, style="magenta")] if organisations else []
    return Group(*parts) if parts else _missing(result, StageName.ENTITIES)


def _where(result: Result) -> Text | Table:
    if result.geotags is None or not result.geotags.places:
        return _missing(result, StageName.GEOTAG)
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(ratio=1)
    grid.add_column(justify="right", no_wrap=True, style="dim")
    places = result.geotags.places
    for place in places[:_PLACES]:
        grid.add_row(Text(_name(place)), position(place))
    if len(places) > _PLACES:
        grid.add_row(Text(f"and {len(places) - _PLACES} more", style="dim"), "")
    return grid


def _name(place: Place) -> str:
    return f"{place.name}, {place.country_code}" if place.country_code and place.kind != "country" else place.name


def _about(result: Result) -> Text:
    areas = _focus(result.geotags) if result.geotags else []
    return Text("\n".join(f"{area.name} {area.score:.0%}" for area in areas))


def _focus(geotags: Geotags) -> list[FocusArea]:
    focus = geotags.focus
    return [area for areas in (focus.countries, focus.regions, focus.cities) for area in areas[:1]]


def _copy(result: Result, by_id: Mapping[str, str]) -> Text:
    duplicates = result.duplicates
    if duplicates is None:
        return _missing(result, StageName.DEDUPE)
    if duplicates.relation is Relation.LOW_INFORMATION:
        return Text("too short", style="dim")
    if duplicates.canonical_id == result.id:
        return Text("original", style="dim")
    relation = duplicates.relation.value.replace("_", " ")
    return Text.assemble((f"{relation}, {duplicates.score:.0%}\n", "magenta"), by_id.get(duplicates.canonical_id, ""))
