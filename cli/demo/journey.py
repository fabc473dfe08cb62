"""Showing each article's way through the stages, while it happens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from cli.show import mark
from schemas import Article, Outcome, Result, StageName, StageRecord

_OUTCOMES = {
    Outcome.DONE: "green",
    Outcome.PARTIAL: "yellow",
    Outcome.QUARANTINED: "red",
    Outcome.WITHDRAWN: "dim",
}
_SPIN = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"

Fetch = Callable[[str], Article]


@dataclass(slots=True)
class Journey:
    """What is known of each article so far, by its sample's name."""

    ids: Mapping[str, str]
    articles: dict[str, Article] = field(default_factory=dict)
    _frame: int = 0

    @property
    def complete(self) -> bool:
        """Whether every article has an outcome."""
        return all(isinstance(self.articles.get(name), Result) for name in self.ids)

    @property
    def results(self) -> dict[str, Result]:
        """The articles that have an outcome."""
        return {name: found for name, found in self.articles.items() if isinstance(found, Result)}

    def look(self, fetch: Fetch) -> list[tuple[str, StageRecord | Result]]:
        """Ask for every article that has no outcome yet; returns what is new."""
        news: list[tuple[str, StageRecord | Result]] = []
        for name, article_id in self.ids.items():
            before = self.articles.get(name)
            if isinstance(before, Result):
                continue
            now = self.articles[name] = fetch(article_id)
            news += [(name, record) for record in now.stages[len(before.stages) if before else 0 :]]
            if isinstance(now, Result):
                news.append((name, now))
        self._frame += 1
        return news

    def table(self) -> Table:
        """Articles by stages, as far as they are."""
        table = Table(box=None, header_style="cyan", padding=(0, 2, 0, 0))
        table.add_column("article", no_wrap=True)
        for stage in StageName:
            table.add_column(stage, min_width=13, no_wrap=True)
        table.add_column("outcome", min_width=11)
        for name in self.ids:
            table.add_row(name, *self._cells(self.articles.get(name)))
        return table

    def _cells(self, article: Article | None) -> list[Text]:
        done = [mark(record) for record in article.stages] if article else []
        ended = isinstance(article, Result)
        waiting = Text(_SPIN[self._frame % len(_SPIN)], style="yellow") if article and not ended else Text("")
        stages = [*done, waiting, *([Text("")] * len(StageName))][: len(StageName)]
        outcome = Text(article.outcome, style=_OUTCOMES[article.outcome]) if isinstance(article, Result) else Text("")
        return [*stages, outcome]


def watch(journey: Journey, fetch: Fetch, rest: Callable[[], None], target: Console) -> None:
    """Follow the articles until each has an outcome; ``rest`` waits between looks and may raise to give up."""
    if not target.is_terminal:
        while not journey.complete:
            for name, news in journey.look(fetch):
                target.print(_line(name, news))
            rest()
        return
    with Live(journey.table(), console=target, auto_refresh=False) as live:
        while not journey.complete:
            journey.look(fetch)
            live.update(journey.table(), refresh=True)
            rest()


def _line(name: str, news: StageRecord | Result) -> Text:
    if isinstance(news, Result):
        return Text.assemble(f"  {name}: ", (news.outcome, _OUTCOMES[news.outcome]))
    return Text.assemble(f"  {name}: {news.stage} ", mark(news))
