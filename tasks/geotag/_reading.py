"""Reading one article: mentions, groups, candidates, ranking, and a decision for each group."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas import CleanText, Entities, Label, PlaceKind
from tasks.geotag._address import Told, read_address
from tasks.geotag._candidates import options_of
from tasks.geotag._containers import containers
from tasks.geotag._decision import Decision, Rival
from tasks.geotag._features import CONTEXT_EVIDENCE, EVIDENCE, MEMORY, STATIC, Feature
from tasks.geotag._gazetteer import Gazetteer, GazetteerPlace, NameClass
from tasks.geotag._groups import Group, groups_of
from tasks.geotag._hints import Hint, hints_of
from tasks.geotag._keys import name_key
from tasks.geotag._lists import add_company
from tasks.geotag._outlet import UNKNOWN, Outlet
from tasks.geotag._qualifiers import qualifiers
from tasks.geotag._ranking import Ranked, Table, grounds_at, rank
from tasks.geotag._recovery import with_recovered
from tasks.geotag._series import with_shared_words
from tasks.geotag._sited import with_sites
from tasks.geotag._toponyms import MAX_SPOTS, Role, Texts, spots_of, texts_of, with_dateline
from tasks.geotag._weights import Weights, shipped_weights
from tasks.geotag._words import DIRECTIONS

MAX_GROUPS = 300
"""Different names beyond this make a gazetteer, not an article; the rest stays unresolved (`too_many_names`)."""
FORMER_STATE = "state of the past"
CONTEXT_COUNTS_FROM = 0.5
"""Logits of context that are worth an evidence code."""
SITE_AROUND_FROM = 0.5
"""The same for a building: Columbia University is in no hamlet of upstate New York that is called Columbia."""
AROUND_FROM = 0.3
"""Share of the other names, or of the source's memory, that has to lie around a site's namesake (opinion)."""
_SEATS = (PlaceKind.CITY, PlaceKind.ADMIN2)
MEMORY_COUNTS_FROM = 0.25
"""Share of a source's memory that is worth an evidence code."""
_SAYS_NOTHING = frozenset({"alternate_name", "approximate_point", "namesake"})
"""Codes that describe a choice and do not speak for it."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """An article whose names are grouped and whose candidates are known, before the ranking."""

    groups: Sequence[Group]
    decided: Mapping[int, Decision]
    """What needs no ranking, by the position of the group."""
    ranked: Sequence[int]
    """Positions of the groups in the table, which ends with those of the address and of the source's masthead."""
    table: Table
    hints: Sequence[Hint]
    """What says where the article plays and is no name, demonyms aside."""
    texts: Texts


def read(
    clean: CleanText,
    entities: Entities,
    gazetteer: Gazetteer,
    outlet: Outlet = UNKNOWN,
    weights: Weights | None = None,
) -> list[Decision]:
    """Decide on every toponym, site and demonym of an article, in order of first mention."""
    weights = weights or shipped_weights()
    return decide(prepare(clean, entities, gazetteer, outlet, weights), weights)


def decide(prepared: Prepared, weights: Weights) -> list[Decision]:
    """Rank what is open, and decide on every group in order of first mention."""
    decisions = dict(prepared.decided)
    if prepared.ranked:
        result = rank(prepared.table, weights)
        for row, at in enumerate(prepared.ranked):
            decisions[at] = _decide(prepared.table, result, row, weights)
    return with_sites([decisions[at] for at in range(len(prepared.groups))], prepared.texts)


def prepare(clean: CleanText, entities: Entities, gazetteer: Gazetteer, outlet: Outlet, weights: Weights) -> Prepared:
    """Everything before the ranking: mentions, groups, candidates and their own evidence."""
    texts = texts_of(clean)
    marked = with_dateline(spots_of(texts, entities, gazetteer), texts, gazetteer)
    recovered = with_recovered(marked, texts, entities, gazetteer)[:MAX_SPOTS]
    spots = with_shared_words(recovered, texts, gazetteer)
    told = containers(spots, texts, qualifiers(spots, texts, gazetteer), gazetteer)
    groups = groups_of(spots, told.qualified, texts, strangers=told.strangers)
    add_company(groups, texts, gazetteer)
    address = read_address(clean.canonical_url, groups, gazetteer) if clean.canonical_url else Told([], [])
    people, bodies = _surnames(entities), _organisations(entities)
    settled = [_settled(group, gazetteer, people, bodies) for group in groups]
    hints = (*hints_of(texts, outlet, gazetteer), *address.hints)
    decided = {at: decision for at, decision in enumerate(settled) if decision is not None}
    still_open = [at for at in range(len(groups)) if at not in decided]
    options = {at: options_of(groups[at], gazetteer, outlet, weights) for at in still_open[:MAX_GROUPS]}
    known = [at for at, found in options.items() if len(found)]
    decided |= {at: _unknown(groups[at], listed=at in options) for at in still_open if not len(options.get(at, ()))}
    besides = _besides(groups, address, outlet)
    named = [*(groups[at] for at in known), *besides]
    meant = [*(options[at] for at in known), *(options_of(group, gazetteer, outlet, weights) for group in besides)]
    return Prepared(groups, decided, known, Table(named, meant, [*_demonyms(settled), *hints]), hints, texts)


def _besides(groups: Sequence[Group], address: Told, outlet: Outlet) -> list[Group]:
    """Names that stand nowhere in the text: those of the address, and what the source is called after."""
    if outlet.masthead is None or any(group.key == outlet.masthead for group in (*groups, *address.groups)):
        return address.groups
    return [*address.groups, Group(outlet.masthead, Role.TOPONYM)]


def _surnames(entities: Entities) -> Counter[str]:
    """How often each person's surname is used."""
    counted: Counter[str] = Counter()
    for entity in entities.entities:
        if entity.label is Label.PERSON and " " in entity.name:
            counted[name_key(entity.name).rpartition(" ")[2]] += entity.count
    return counted


def _organisations(entities: Entities) -> frozenset[str]:
    return frozenset(name_key(entity.name) for entity in entities.entities if entity.label is Label.ORG)


def _settled(group: Group, gazetteer: Gazetteer, people: Counter[str], bodies: frozenset[str]) -> Decision | None:
    """The decision on a group that needs no ranking."""
    spots = tuple(group.spots)
    if group.role is Role.DEMONYM:
        place = gazetteer.demonym(group.key)
        return Decision(spots, place, 1.0 if place else 0.0, ("demonym",), role=Role.DEMONYM)
    why = gazetteer.why_no_place(group.key)
    if why is not None:
        reason = "former_state" if why == FORMER_STATE else "not_a_place"
        return Decision(spots, None, reason=reason, role=group.role)
    if group.key in DIRECTIONS and not any(c.place.kind is PlaceKind.REGION for c in gazetteer.lookup(group.key)):
        return Decision(
            spots, None, reason="not_a_place", role=group.role
        )  # the Northwest of what the article is about
    if group.key in bodies and not gazetteer.lookup(group.key):
        return Decision(spots, None, reason="not_a_place", role=group.role)
    if people[group.key] > len(spots) and not group.areas:
        return Decision(spots, None, reason="person_name", role=group.role)
    return None


def _demonyms(settled: Sequence[Decision | None]) -> list[Hint]:
    demonyms = (decision for decision in settled if decision is not None and decision.place is not None)
    return [Hint(decision.place, len(decision.spots)) for decision in demonyms if decision.place is not None]


def _unknown(group: Group, *, listed: bool) -> Decision:
    reason = "site_not_known" if group.role is Role.SITE else "not_known"
    return Decision(tuple(group.spots), None, reason=reason if listed else "too_many_names", role=group.role)


def _decide(table: Table, ranked: Ranked, row: int, weights: Weights) -> Decision:
    group, rows = table.groups[row], table.rows[row]
    best = rows.start + int(ranked.probability[rows.start : rows.stop].argmax())
    if group.is_seat:
        around = [at for at in rows if _may_sit(table, ranked, row, at, rows.start)]
        if not around:
            return Decision(tuple(group.spots), None, reason="not_a_place", role=group.role)
        best = max(around, key=lambda at: float(ranked.probability[at]))
    probability = float(ranked.probability[best])
    confidence = weights.confidence(grounds_at(table, ranked, row, best))
    spots = tuple(group.spots)
    if probability < weights.abstain_below:
        listed = float(ranked.probability[rows.start : rows.stop].sum())
        reason = "ambiguous" if listed >= 0.5 else "unlikely"  # noqa: PLR2004 - more likely than not
        return Decision(spots, None, confidence, reason=reason, role=group.role)
    option = best - rows.start
    place = table.options[row].places[option]
    if place.is_derived and not _is_around(place, table, ranked, best):
        return Decision(spots, None, confidence, reason="site_not_known", role=group.role)
    evidence = [*_own_codes(table, row, best, option), *_context_codes(ranked, best, weights)]
    if not set(evidence) - _SAYS_NOTHING:
        evidence.append("population")
    rival = _rival(table, ranked, rows, best)
    return Decision(
        spots, place, confidence, tuple(evidence), role=group.role, rival=rival, in_address=group.in_address
    )


def _may_sit(table: Table, ranked: Ranked, row: int, at: int, first: int) -> bool:
    """Whether a body that is called after a place sits there: the place has no namesakes, or is around."""
    options = table.options[row]
    place = options.places[at - first]
    could_be_elsewhere = len(options) > 1 and place.kind in _SEATS
    return not could_be_elsewhere or _is_around(place, table, ranked, at)


def _is_around(place: GazetteerPlace, table: Table, ranked: Ranked, row: int) -> bool:
    """Whether other names of the article, or its source, lie where a site's namesake lies."""
    near, division = (ranked.context[row, feature - STATIC] for feature in (Feature.NEAR, Feature.ADMIN1_SHARE))
    at_home = float(table.evidence[row, Feature.MEMORY_NEAR])
    if place.is_derived and place.kind is PlaceKind.SITE:
        return max(float(near), at_home) >= SITE_AROUND_FROM
    return max(float(near), float(division), at_home) >= AROUND_FROM


def _rival(table: Table, ranked: Ranked, rows: range, best: int) -> Rival | None:
    if len(rows) == 1:
        return None
    others = ranked.probability[rows.start : rows.stop].copy()
    others[best - rows.start] = -1.0
    second = rows.start + int(others.argmax())
    probability = float(ranked.probability[second])
    place = table.options[int(ranked.group[best])].places[second - rows.start]
    return Rival(place, probability, float(ranked.probability[best]) - probability)


def _own_codes(table: Table, row: int, at: int, option: int) -> list[str]:
    options, evidence = table.options[row], table.evidence[at].tolist()
    codes = ["only_candidate"] if len(options) == 1 else []
    codes += [code for feature, code in EVIDENCE.items() if evidence[feature]]
    if max(evidence[MEMORY]) >= MEMORY_COUNTS_FROM:
        codes.append("source_memory")
    is_other = options.name_classes[option] in (NameClass.CURATED, NameClass.ALTERNATE)
    if is_other and name_key(options.places[option].name) != table.groups[row].key:
        codes.append("alternate_name")
    if options.places[option].is_derived:
        codes.append("namesake")
    elif options.places[option].is_approximate:
        codes.append("approximate_point")
    return codes


def _context_codes(ranked: Ranked, row: int, weights: Weights) -> list[str]:
    logits = (ranked.context[row] * weights.context[STATIC:]).tolist()
    return [code for feature, code in CONTEXT_EVIDENCE.items() if logits[feature - STATIC] >= CONTEXT_COUNTS_FROM]
