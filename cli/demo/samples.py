"""The sample articles that come with the repository."""

from dataclasses import dataclass
from pathlib import Path

from cli.errors import Trouble
from cli.exits import Exit
from cli.kinds import kind_of_name
from cli.reading import drafts


@dataclass(frozen=True, slots=True)
class Sample:
    """One file of the samples folder, as it will be submitted."""

    name: str
    line: bytes


def read_samples(folder: Path) -> list[Sample]:
    """All samples, by name.

    Raises:
        Trouble: There are none.
    """
    files = sorted(path for path in folder.glob("*") if path.is_file() and kind_of_name(path.name))
    if not files:
        raise Trouble(
            f"There are no sample articles in {folder}.",
            "Run the demo from the root of the clone, or name their folder with --samples.",
            Exit.USAGE,
        )
    return [Sample(path.name, draft.line) for path in files for draft in drafts([str(path)])]
