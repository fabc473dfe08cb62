"""How well places are found in articles of our own with every place marked: ``python -m benchmarks.gold_places``.

The articles (``benchmarks/gold/places.txt``, and ``local.txt`` of local news) were written and marked before anybody
looked at what the stage answers to them. Of each file one half was read to mend causes and teaches how sure an answer
may be, the other was not: what all say is printed side by side. ``addressed.txt`` holds the
addresses of its articles as well, is kept back as a whole, and is scored with and without them.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from benchmarks.geotag_corpora import Document, entities_of, input_of, kilometres
from benchmarks.geotag_raw import recognized
from benchmarks.geotag_scores import calibration
from benchmarks.report import Gates, Report
from schemas import Entities, Geotags, Place, PlaceKind, PlaceMention
from tasks.geotag import GeotagStage

ARTICLES: Final = tuple(Path(__file__).parent / "gold" / name for name in ("places.txt", "local.txt"))
KEPT_BACK: Final = Path(__file__).parent / "gold" / "addressed.txt"
HALVES: Final = ("first", "second", "third", "fourth", "fifth")
READ: Final = ("first", "third")
"""Of the two halves of each file that which was read, and of which sureness is learned; the fifth is a whole file."""
GATES: Gates = {
    "first_right": {"min": 0.91},
    "second_right": {"min": 0.855},
    "first_precision": {"min": 0.94},
    "second_precision": {"min": 0.925},
    "first_no_places": {"max": 3},
    "second_no_places": {"max": 10},
    "first_focus_country": {"min": 0.95},
    "second_focus_country": {"min": 0.9},
    "first_focus_city": {"min": 0.8},
    "second_focus_city": {"min": 0.7},
    "first_confident_accuracy": {"min": 0.965},
    "second_confident_accuracy": {"min": 0.945},
    "third_right": {"min": 0.87},
    "fourth_right": {"min": 0.875},
    "third_precision": {"min": 0.955},
    "fourth_precision": {"min": 0.96},
    "third_confident_accuracy": {"min": 0.98},
    "fourth_confident_accuracy": {"min": 0.98},
    "fifth_right": {"min": 0.92},
    "fifth_precision": {"min": 0.955},
    "fifth_confident_accuracy": {"min": 0.975},
    "fifth_focus_country": {"min": 0.95},
    "fifth_focus_city": {"min": 0.87},
}
NEAR_KM: Final = 40.0
"""How far a point may lie from a gold point that says no number of its own: towns and their outskirts."""
_MARK: Final = re.compile(r"\[(?P<optional>\??)(?P<surface>[^=\]]+)=(?P<value>[^\]]+)\]")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_DIVISION: Final = re.compile(r"[A-Z]{2}\.\w+")


class Gold(NamedTuple):
    """A place of the gold: where it stands, what it is, and whether an answer may leave it out."""

    start: int
    end: int
    value: str
    optional: bool

    def means(self, place: Place) -> bool:
        """The same country, the same division, or a point that is near enough."""
        if _COUNTRY.fullmatch(self.value):
            return place.country_code == self.value and (place.kind is PlaceKind.COUNTRY or _is_city_state(place))
        if _DIVISION.fullmatch(self.value):
            return place.admin1_code == self.value and place.kind is PlaceKind.ADMIN1
        latitude, longitude, *within = map(float, self.value.split(","))
        away = kilometres(place.latitude, place.longitude, latitude, longitude)
        return away <= (within[0] if within else NEAR_KM)


def _is_city_state(place: Place) -> bool:
    return place.feature_code == "PPLC" and place.admin1_name in (None, place.name)


class Article(NamedTuple):
    """An article, what it is about (country and the mark of a city, where one is), and its places."""

    half: str
    name: str
    country: str
    city: str | None
    text: str
    golds: tuple[Gold, ...]
    address: str | None = None

    @property
    def document(self) -> Document:
        """The article as the corpora have theirs."""
        host = urlsplit(self.address).hostname if self.address else None
        return {"doc_id": self.name, "text": self.text, "mentions": [], "url": self.address, "domain": host}


@dataclass(slots=True)
class PlaceScore:
    """Counts over the places that have to be found, over what was answered, and over what articles are about."""

    gold: int = 0
    right: int = 0
    wrong: int = 0
    """Another place was answered; what is left of `gold` was left unresolved, or nobody saw it."""
    answered: int = 0
    no_places: int = 0
    """Answers that stand on no gold place: persons, bodies, teams, dishes."""
    countries: list[bool] = field(default_factory=list)
    cities: list[bool] = field(default_factory=list)
    confident: list[tuple[float, bool]] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    """What went wrong, for people."""

    def metrics(self, name: str) -> dict[str, float]:
        """Named as the reports name them."""
        sure = calibration(self.confident)
        return {
            f"{name}_right": self.right / max(1, self.gold),
            f"{name}_wrong": self.wrong / max(1, self.gold),
            f"{name}_precision": sum(right for _, right in self.confident) / max(1, self.answered),
            f"{name}_no_places": self.no_places,
            f"{name}_gold": self.gold,
            f"{name}_focus_country": sum(self.countries) / max(1, len(self.countries)),
            f"{name}_focus_city": sum(self.cities) / max(1, len(self.cities)),
            **{f"{name}_{measure}": value for measure, value in sure.items()},
        }


def read_articles() -> Iterator[Article]:
    """Read the marked articles; lines before a file's first head are comments."""
    texts = (path.read_text(encoding="utf-8") for path in (*ARTICLES, KEPT_BACK))
    for part in chain.from_iterable(text.split("\n== ")[1:] for text in texts):
        head, _, marked = part.partition("\n")
        yield _article(head, marked.strip())


def _article(head: str, marked: str) -> Article:
    half, name, country, city = head.split(maxsplit=3)
    address = None
    if marked.startswith("@ "):
        address, _, marked = marked.removeprefix("@ ").partition("\n")
    text, golds, reached = "", list[Gold](), 0
    for match in _MARK.finditer(marked):
        text += marked[reached : match.start()]
        start = len(text)
        text += match["surface"]
        golds.append(Gold(start, len(text), match["value"], bool(match["optional"])))
        reached = match.end()
    whole = text + marked[reached:]
    return Article(half, name, country, None if city == "-" else city, whole, tuple(golds), address)


def score_places(articles: Sequence[Article], *, spans: bool = False) -> PlaceScore:
    """Run the articles through the recognizer that ships, or give the gold spans, and compare what is answered."""
    documents = [article.document for article in articles]
    found = {article.name: marked(article) for article in articles} if spans else recognized(documents)
    inputs = [input_of(document, found[document["doc_id"]]) for document in documents]
    score = PlaceScore()
    for article, output in zip(articles, GeotagStage().run(inputs), strict=True):
        if not isinstance(output, Geotags):
            raise TypeError(f"{article.name}: {output}")
        _count(score, article, output)
    return score


def marked(article: Article) -> Entities:
    """The places that have to be found, as a recognizer would give them."""
    spans = [(gold.start, gold.end, article.text[gold.start : gold.end]) for gold in article.golds]
    return Entities(
        entities=entities_of([span for span, gold in zip(spans, article.golds, strict=True) if not gold.optional])
    )


def _count(score: PlaceScore, article: Article, output: Geotags) -> None:
    answers = [(mention, place) for place in output.places for mention in place.mentions]
    for gold in article.golds:
        places = [place for mention, place in answers if _overlap(mention, gold)]
        if not gold.optional:
            right = any(gold.means(place) for place in places)
            score.gold, score.right = score.gold + 1, score.right + right
            score.wrong += bool(places) and not right
            if not right:
                score.missed.append(_told(article, gold, places, output))
    for mention, place in answers:
        _count_answer(score, article, mention, place)
    _count_focus(score, article, output)


def _count_answer(score: PlaceScore, article: Article, mention: PlaceMention, place: Place) -> None:
    golds = [gold for gold in article.golds if _overlap(mention, gold)]
    right = any(gold.means(place) for gold in golds)
    score.answered += 1
    score.confident.append((mention.confidence, right))
    if not golds:
        score.no_places += 1
    if not right and not any(not gold.optional for gold in golds):
        score.missed.append(f"{article.name}: {mention.text} is no such place, answered {_shown(place, mention)}")


def _count_focus(score: PlaceScore, article: Article, output: Geotags) -> None:
    countries, cities = output.focus.countries, output.focus.cities
    score.countries.append(bool(countries) and countries[0].country_code == article.country)
    if not score.countries[-1]:
        told = ", ".join(f"{area.name} {area.score:.2f}" for area in countries[:2])
        score.missed.append(f"{article.name}: about {article.country}, answered {told or 'nothing'}")
    if article.city is None:
        return
    gold = next(gold for gold in article.golds if article.text[gold.start : gold.end].lower() == article.city.lower())
    first = next((place for place in output.places if cities and place.geoname_id == cities[0].geoname_id), None)
    score.cities.append(first is not None and gold.means(first))
    if not score.cities[-1]:
        told = ", ".join(f"{area.name} {area.score:.2f}" for area in cities[:2])
        score.missed.append(f"{article.name}: about {article.city}, answered {told or 'nothing'}")


def _overlap(mention: PlaceMention, gold: Gold) -> bool:
    return mention.start < gold.end and gold.start < mention.end


def _told(article: Article, gold: Gold, places: Iterable[Place], output: Geotags) -> str:
    surface = article.text[gold.start : gold.end]
    answers = ", ".join(_shown(place) for place in places)
    reasons = [
        f"unresolved ({one.reason})"
        for one in output.unresolved
        for mention in one.mentions
        if mention.start < gold.end and gold.start < mention.end
    ]
    return f"{article.name}: {surface} = {gold.value}, answered {answers or ', '.join(reasons) or 'nothing'}"


def _shown(place: Place, mention: PlaceMention | None = None) -> str:
    sure = mention.confidence if mention else place.confidence
    return f"{place.name}/{place.kind}/{place.country_code}.{place.admin1_name} {sure:.2f} {' '.join(place.evidence)}"


def measure(articles: Sequence[Article]) -> dict[str, float]:
    """All halves, from raw text and given the spans."""
    metrics = dict[str, float]()
    for half in HALVES:
        of_half = [article for article in articles if article.half == half]
        metrics |= score_places(of_half).metrics(half)
        metrics |= score_places(of_half, spans=True).metrics(f"{half}_spans")
    without = [article._replace(address=None) for article in articles if article.address]
    metrics |= score_places(without).metrics("fifth_without_address")
    return metrics


def main() -> int:
    """Print a table, write the report; exit 1 when a gate fails. `--errors HALF` lists what went wrong instead."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--errors", choices=HALVES, help="list what goes wrong in one half; no report")
    parser.add_argument("--spans", action="store_true", help="with --errors: given the gold spans")
    options = parser.parse_args()
    articles = list(read_articles())
    if options.errors:
        score = score_places([article for article in articles if article.half == options.errors], spans=options.spans)
        print("\n".join(score.missed))
        return 0
    return Report("geotag_gold", measure(articles), GATES, dict(GeotagStage().artefacts)).publish()


if __name__ == "__main__":
    sys.exit(main())
