"""Lists that ship with the stage, one line for each code or group of codes: ``US CA: sheriff, county seat``."""

from collections.abc import Iterator
from importlib.resources import files


def coded(name: str) -> Iterator[tuple[str, str]]:
    """What stands before and after the colon of each line of a file in `data`; lines that begin with # are comments."""
    for line in files(__package__).joinpath("data", name).read_text().splitlines():
        if not line.startswith("#"):
            codes, _, rest = line.partition(":")
            yield codes.strip(), rest.strip()
