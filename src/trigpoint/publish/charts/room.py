"""Where words find a place: what is taken on a picture, and which of several places is free."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from trigpoint.publish.charts.lettering import ASCENT, DESCENT, width
from trigpoint.publish.charts.svg import HALO, text


class Box(NamedTuple):
    """A rectangle by its edges, in px."""

    left: float
    top: float
    right: float
    bottom: float


def about(x: float, y: float, radius: float) -> Box:
    """The box of a mark."""
    return Box(x - radius, y - radius, x + radius, y + radius)


class Place(NamedTuple):
    """Where words may stand: their baseline, and which end of it is meant."""

    x: float
    y: float
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Words to place. ``upright`` ones run upwards; a halo sets them off from what is beneath."""

    words: str
    colour: str
    size: float = 14
    bold: bool = False
    upright: bool = False
    halo: bool = True

    @property
    def width(self) -> float:
        return width(self.words, self.size, bold=self.bold)

    def svg(self, at: Place) -> str:
        """The words at a place."""
        turned = f' transform="rotate(-90 {at.x:.1f} {at.y:.1f})"' if self.upright else ""
        more = f"{HALO if self.halo else ''}{turned}"
        size = 0 if self.size == 14 else self.size  # 14 is the picture's own
        return text(
            self.words, at.x, at.y, self.colour, size=size, anchor=at.anchor, bold=self.bold, more=more
        )

    def boxes(self, places: Iterable[Place]) -> Iterator[tuple[Place, Box]]:
        """Each place with what the words cover there, from the tallest letter to the deepest."""
        wide, above, below = self.width, ASCENT * self.size, DESCENT * self.size
        backs = {"": 0.0, "middle": wide / 2, "end": wide}
        for place in places:
            x, y, anchor = place
            back = backs[anchor]
            if self.upright:
                yield place, Box(x - above, y - wide + back, x + below, y + back)
            else:
                yield place, Box(x - back, y - above, x - back + wide, y + below)


BLOCKED = math.inf
"""The cost of a place that covers what must be seen."""


class Room:
    """A picture's free room. Whatever is placed in it meets nothing that was placed before."""

    def __init__(self, within: Box, cost: Callable[[Box], float] | None = None) -> None:
        """``cost`` says what a box would cover: 0 for nothing, BLOCKED for what must be seen."""
        self.within = within
        self.taken: list[Box] = []
        self._cost = cost

    def take(self, box: Box) -> None:
        """Keep a box free of anything else."""
        self.taken.append(box)

    def meets(self, box: Box) -> bool:
        """Whether a box meets anything that was placed before."""
        left, top, right, bottom = box
        return any(left < it[2] and it[0] < right and top < it[3] and it[1] < bottom for it in self.taken)

    def cost(self, box: Box) -> float:
        """What it would cost to use a box."""
        left, top, right, bottom = self.within
        if box[0] < left or box[2] > right or box[1] < top or box[3] > bottom or self.meets(box):
            return BLOCKED
        return self._cost(box) if self._cost is not None else 0.0

    def place(self, words: Words, places: Iterable[Place], most: float = BLOCKED) -> str:
        """The words at the first place where they cover nothing, else at the cheapest.

        Empty where no place costs less than ``most``.
        """
        found = self.find(words, places, most)
        return "" if found is None else words.svg(found[0])

    def find(self, words: Words, places: Iterable[Place], most: float = BLOCKED) -> tuple[Place, Box] | None:
        """The place that the words get, and what they take there."""
        best, least = None, most
        for place, box in words.boxes(places):
            cost = self.cost(box)
            if cost < least:
                best, least = (place, box), cost
                if not cost:
                    break
        if best is not None:
            self.taken.append(best[1])
        return best
