"""Finding what lies near: points in cells of half a degree."""

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")
CELL_DEGREES = 0.5
_CELLS = (-1, 0, 1)


class Grid(Generic[Item]):
    """Items by point. Right for distances up to a cell; none of our questions crosses the 180th meridian."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[tuple[float, float, Item]]] = defaultdict(list)

    def add(self, lat: float, lon: float, item: Item) -> None:
        """Put an item at a point."""
        self._cells[_cell(lat), _cell(lon)].append((lat, lon, item))

    def around(self, lat: float, lon: float) -> Iterator[tuple[float, Item]]:
        """Squared distances, in degrees of latitude, and items of the nine cells around a point."""
        narrow = math.cos(math.radians(lat))
        row, column = _cell(lat), _cell(lon)
        for up in _CELLS:
            for right in _CELLS:
                for at_lat, at_lon, item in self._cells.get((row + up, column + right), ()):
                    yield (at_lat - lat) ** 2 + ((at_lon - lon) * narrow) ** 2, item

    def nearest(self, lat: float, lon: float, within: float) -> Item | None:
        """The nearest item within so many degrees; of equals the one that was added first."""
        best, found = within**2, None
        for distance, item in self.around(lat, lon):
            if distance < best:
                best, found = distance, item
        return found


def _cell(degrees: float) -> int:
    return math.floor(degrees / CELL_DEGREES)
