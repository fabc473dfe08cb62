"""Results of articles, made up piece by piece."""

from typing import Any

from schemas import (
    CleanText,
    Duplicates,
    Entities,
    Entity,
    Focus,
    FocusArea,
    Form,
    Geotags,
    Label,
    Lane,
    Mention,
    Outcome,
    Place,
    PlaceKind,
    PlaceMention,
    Quality,
    Relation,
    Result,
    StageName,
    StageRecord,
    StageStatus,
)

NOW = "2026-01-01T00:00:00Z"


def record(stage: StageName, status: StageStatus = StageStatus.DONE, reason: str | None = None) -> StageRecord:
    return StageRecord.model_validate(
        {"stage": stage, "status": status, "version": 1, "reason": reason, "attempts": 1}
        | {"milliseconds": 12.3, "finished_at": NOW}
    )


def entity(label: Label, name: str) -> Entity:
    mention = Mention(start=0, end=len(name), text=name)
    return Entity(id=name, label=label, name=name, mentions=(mention,), count=1, salience=0.5)


def place(name: str, kind: PlaceKind = PlaceKind.CITY) -> Place:
    mention = PlaceMention(start=0, end=len(name), text=name, confidence=0.9)
    return Place(
        geoname_id=3936456,
        name=name,
        kind=kind,
        latitude=-12.04,
        longitude=-77.03,
        country_code="PE",
        mentions=(mention,),
        confidence=0.9,
    )


def result(
    article_id: str = "a1",
    *,
    title: str = "A title",
    outcome: Outcome = Outcome.DONE,
    relation: Relation = Relation.ORIGINAL,
    of: str | None = None,
    **more: Any,
) -> Result:
    original = of or article_id
    parts: dict[str, Any] = {
        "clean": CleanText(title=title, text="Words.", language="en", form=Form.TEXT, quality=Quality(words=1)),
        "entities": Entities(entities=(entity(Label.PERSON, "Ada Lima"), entity(Label.ORG, "UNESCO"))),
        "geotags": Geotags(
            places=(place("Lima"),),
            focus=Focus(countries=(FocusArea(geoname_id=1, name="Peru", kind=PlaceKind.COUNTRY, score=0.8),)),
        ),
        "duplicates": Duplicates(
            relation=relation, canonical_id=original, cluster_id=original, score=1, jaccard=1, index_version=1
        ),
        "stages": tuple(record(stage) for stage in StageName),
    }
    return Result(
        id=article_id,
        revision=1,
        latest_revision=1,
        lane=Lane.LIVE,
        trace_id="t",
        accepted_at=NOW,  # type: ignore[arg-type]
        finished_at=NOW,  # type: ignore[arg-type]
        outcome=outcome,
        cursor="1-0",
        **(parts | more),
    )
