"""How good a source's records are in one respect, as counted: so many of so many."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trigpoint.terms.period import Month


class Respect(StrEnum):
    """What is asked of records: of a field, or of a whole record."""

    COMPLETE = "complete"
    """Something is in the field."""
    VALID = "valid"
    """What is in it, no check found wrong."""
    TIMELY = "timely"
    """The record was there by the day on which its month was due."""
    ENTERED = "entered"
    """It was entered within so many days of its date."""
    DAYS = "days to entry"
    """The days from its date to its entry: the middle one of all, which is ``numerator``."""
    ONCE = "once"
    """It did not come again in the delivery that brought it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The records of a source and month, all units together; ``field`` is empty for whole records."""

    source: str
    month: Month
    field: str
    respect: Respect
    numerator: float
    denominator: int

    @property
    def share(self) -> float | None:
        """None where there is nothing to count, or where days are counted."""
        if self.respect is Respect.DAYS or not self.denominator:
            return None
        return self.numerator / self.denominator
