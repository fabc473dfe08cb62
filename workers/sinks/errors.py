"""Errors that stop a sink. Each message says what is wrong, then one next step."""

from schemas import DatelineError, RetryLater, Unavailable


class SinkError(DatelineError):
    """The sink cannot go on until an operator has acted."""


class FeedTrimmed(SinkError):
    """The retention deleted outcomes that the sink did not have yet."""

    def __init__(self, name: str, missed: int) -> None:
        super().__init__(
            f"The retention deleted {missed:,} outcomes before the sink {name} had them; go on without them with "
            f"`dateline sink overlook {name}`, and let the sink run more often or raise DATELINE_RETENTION_RESULTS."
        )
        self.missed = missed


class SinkAway(RetryLater):
    """What the sink writes to does not answer, or somebody else moved its cursor: read it again and go on."""


def missing_package(package: str, requirement: str = "") -> Unavailable:
    """What to raise where a package is not installed; `requirement` is what pip is told, the package unless given."""
    return Unavailable(f"{package} is not installed here; install it with `pip install {requirement or package}`.")
