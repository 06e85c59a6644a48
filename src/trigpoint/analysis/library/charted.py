"""What ``spc`` gives: a tidy table, a row for each chart, and the charts themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

from trigpoint.analysis.arrays import Ints
from trigpoint.analysis.library.asked import Sense
from trigpoint.analysis.library.numbers import Numbers
from trigpoint.analysis.library.periods import Calendar
from trigpoint.analysis.library.pictures import Pictured
from trigpoint.definitions.indicator import Direction
from trigpoint.definitions.profile import ChartKind, RuleProfile
from trigpoint.terms.errors import nearest

_SHOWN = 8
"""How many charts are told in words."""


@dataclass(frozen=True, slots=True)
class Design:
    """How charts were drawn, and why. ``least`` and ``most`` are what the measure can reach."""

    kind: ChartKind
    reason: str
    profile: RuleProfile
    improvement: Direction
    sense: Sense | None
    title: str
    least: float | None
    most: float | None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Spc(Pictured):
    """Control charts of one series or many.

    ``table`` has a row for each series and period, in order, periods without a row among them;
    ``summary`` one for each series; ``notes`` say what was found in the data. ``starts`` is where each
    series begins in ``table``, ``places`` the number of each row's period in the ``calendar``, and
    ``step`` how many such numbers lie between two periods that follow each other: 0 where that varies.
    """

    picture: ClassVar[str] = "spc"

    table: pa.Table
    summary: pa.Table
    notes: tuple[str, ...]
    design: Design
    calendar: Calendar
    numbers: Numbers
    starts: Ints
    places: Ints
    step: int

    @property
    def groups(self) -> list[object]:
        """The names of the series: ``all``, where there is one."""
        return list(self.summary["group"].to_pylist())

    def __len__(self) -> int:
        return int(self.summary.num_rows)

    def one(self, group: object) -> tuple[pa.Table, dict[str, Any]]:
        """A series' rows of the table, and its row of the summary. Raises ValueError for no such group."""
        groups = self.groups
        if group not in groups:
            hint = nearest(str(group), map(str, groups))
            raise ValueError(f"group is {group!r}, which is none of the {len(groups)}. {hint}".strip())
        at = groups.index(group)
        first, end = self._between(at)
        return self.table.slice(first, end - first), self.summary.slice(at, 1).to_pylist()[0]

    def places_of(self, group: object) -> list[int]:
        """The numbers of a series' periods in the calendar."""
        first, end = self._between(self.groups.index(group))
        return [int(place) for place in self.places[first:end]]

    def _between(self, at: int) -> tuple[int, int]:
        return int(self.starts[at]), int(self.starts[at + 1]) if at + 1 < len(self) else self.table.num_rows

    def __repr__(self) -> str:
        title = f"{self.design.title}: " if self.design.title else ""
        lines = [f"{title}{self.design.kind.words} ({self.design.reason}), {self.design.profile}"]
        for name, sentence in zip(self.groups[:_SHOWN], self.summary["sentence"].to_pylist(), strict=False):
            lines.append(f"  {name}: {sentence}" if len(self) > 1 else f"  {sentence}")
        if len(self) > _SHOWN:
            lines.append(f"  … {len(self)} series; .summary has all of them")
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])
