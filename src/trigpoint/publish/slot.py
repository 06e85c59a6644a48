"""A place on the axis of a chart whose periods are no months: weeks, days, years, events."""

from __future__ import annotations

from dataclasses import dataclass, field

from trigpoint.terms.period import Month

_FIRST = Month(1, 1).index


@dataclass(frozen=True, slots=True, order=True)
class Slot(Month):
    """A place that counts as a month does, and is called what its period is."""

    name: str = field(compare=False, default="")
    name_in_full: str = field(compare=False, default="")

    @classmethod
    def at(cls, place: int, name: str, name_in_full: str) -> Slot:
        """The slot in this place, the first being 0."""
        year, month = divmod(_FIRST + place, 12)
        return cls(year, month + 1, name, name_in_full)

    @property
    def words(self) -> str:
        return self.name_in_full

    @property
    def short(self) -> str:
        return self.name

    def __add__(self, places: int) -> Slot:
        return Slot.at(self.index - _FIRST + places, "", "")
