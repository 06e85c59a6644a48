"""A drawn result: as a file of its own, as a piece of a page, and as pixels."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from trigpoint.analysis.library.numbers import Numbers
from trigpoint.publish.charts.frame import MIDDLE, NARROW, WIDE, Drawing
from trigpoint.publish.charts.png import png
from trigpoint.publish.charts.svg import standing_alone
from trigpoint.scorecards.figures import PER_CENT, POUNDS, Figures

MEASURED = {"%": PER_CENT, "£": POUNDS}
"""What the pages call what figures are written in."""
SIZES = {drawing.name: drawing for drawing in (WIDE, MIDDLE, NARROW)}
_BOX = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """``element`` is the picture as an SVG element."""

    element: str

    @property
    def svg(self) -> str:
        """A file: it says its own size, and what it is."""
        return standing_alone(self._sized())

    @property
    def html(self) -> str:
        """For a page or a notebook: no wider than its column."""
        return self._sized().replace("<svg ", '<svg style="max-width:100%;height:auto" ', 1)

    def png(self, scale: float) -> bytes:
        return png(self.element, scale=scale)

    def _sized(self) -> str:
        return _BOX.sub(r'viewBox="0 0 \1 \2" width="\1" height="\2"', self.element, count=1)


def size_of(name: str) -> Drawing:
    """The size of this name. Raises ValueError for one that there is not."""
    if name not in SIZES:
        raise ValueError(f"size is {name!r}: expected {', '.join(SIZES)}")
    return SIZES[name]


def key_of(*parts: object) -> str:
    """A name for a picture's own parts: the same for the same picture, and unlike any other's."""
    return f"tp-{hashlib.sha256(repr(parts).encode()).hexdigest()[:8]}"


def figures_of(numbers: Numbers, least: float | None = None, most: float | None = None) -> Figures:
    """How the pages write such figures; ``least`` and ``most`` are what the measure can reach."""
    ends = (None if end is None else numbers.scale * end for end in (least, most))
    return Figures(MEASURED.get(numbers.unit, numbers.unit), numbers.decimals, *ends)
