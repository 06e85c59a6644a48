"""How a result shows itself: its picture is drawn by whatever the entry points ``trigpoint.pictures`` name.

A floor above draws; statistics do not know it. Without it, results have their tables and their words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points
from os import PathLike
from pathlib import Path
from typing import Any, ClassVar, Protocol

ENTRY_POINTS = "trigpoint.pictures"


class Picture(Protocol):
    """A drawn result: as a file of its own, and as a piece of a page."""

    @property
    def svg(self) -> str: ...

    @property
    def html(self) -> str: ...

    def png(self, scale: float) -> bytes: ...


Draw = Callable[..., Picture]
"""Called with a result, and with what ``svg`` and ``png`` were asked for."""


class NoPictures(RuntimeError):
    """Nothing here can draw a result."""


@cache
def drawn_by(name: str) -> Draw:
    """What draws results of this name. Raises NoPictures where nothing does."""
    for found in entry_points(group=ENTRY_POINTS, name=name):
        draw: Draw = found.load()
        return draw
    raise NoPictures(
        f"nothing here draws a {name}: no package has the entry point {name!r} of {ENTRY_POINTS!r}. "
        "Install trigpoint anew; tables and summaries work without."
    )


class Pictured:
    """A result that can be looked at. ``picture`` is the name that its picture is drawn by."""

    __slots__ = ()
    picture: ClassVar[str]

    def svg(self, **asked: Any) -> str:
        """The picture as SVG, with its title and description."""
        return drawn_by(self.picture)(self, **asked).svg

    def png(self, path: str | PathLike[str] | None = None, *, scale: float = 2, **asked: Any) -> bytes:
        """The picture as PNG, ``scale`` pixels to a CSS pixel; written to ``path``, if one is given."""
        found = drawn_by(self.picture)(self, **asked).png(scale)
        if path is not None:
            Path(path).write_bytes(found)
        return found

    def _repr_html_(self) -> str | None:
        try:
            return drawn_by(self.picture)(self).html
        except NoPictures:
            return None  # the notebook then shows the words

    def _repr_svg_(self) -> str | None:
        try:
            return self.svg()
        except NoPictures:
            return None
