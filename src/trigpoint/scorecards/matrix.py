"""Change and assurance together: where an indicator lies decides what is asked of its owner."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trigpoint.analysis.finding import Assurance, Variation
from trigpoint.scorecards.build import Row, Scorecard
from trigpoint.scorecards.headline import CONCERNING, IMPROVING


class Change(StrEnum):
    """The rows of the matrix."""

    IMPROVING = "improving"
    NONE = "none"
    CONCERN = "concern"


EXPECTED = (Assurance.PASS, Assurance.HIT_OR_MISS, Assurance.FAIL)
"""The columns of the matrix."""
EXCEPTIONS = frozenset(
    {
        (Change.NONE, Assurance.FAIL),
        (Change.CONCERN, Assurance.HIT_OR_MISS),
        (Change.CONCERN, Assurance.FAIL),
    }
)
"""Where an exception report is asked for."""


@dataclass(frozen=True, slots=True)
class Square:
    """One of the nine, and the rows of the scorecard that lie in it."""

    change: Change
    assurance: Assurance
    rows: tuple[Row, ...]

    @property
    def exception(self) -> bool:
        """Whether an exception report is asked for."""
        return (self.change, self.assurance) in EXCEPTIONS


@dataclass(frozen=True, slots=True)
class Matrix:
    """Nine squares, by change and then by assurance; ``off`` holds the rows that lie in none."""

    squares: tuple[tuple[Square, ...], ...]
    off: tuple[Row, ...]


def matrix(scorecard: Scorecard) -> Matrix:
    """Each row of a scorecard in its square: it needs a figure that was judged, and a standard."""
    placed = [
        (row, change_of(row.finding.past.variation), row.finding.past.assurance) for row in scorecard.rows
    ]
    squares = tuple(
        tuple(
            Square(change, assurance, tuple(row for row, *place in placed if place == [change, assurance]))
            for assurance in EXPECTED
        )
        for change in Change
    )
    off = tuple(row for row, change, assurance in placed if change is None or assurance not in EXPECTED)
    return Matrix(squares, off)


def change_of(variation: Variation) -> Change | None:
    """The row of the matrix; None where a figure was not judged, or neither way is better."""
    if variation in IMPROVING:
        return Change.IMPROVING
    if variation in CONCERNING:
        return Change.CONCERN
    return Change.NONE if variation is Variation.COMMON else None
