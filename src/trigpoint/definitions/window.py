"""Windows: how many months a figure covers, and what is done with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from trigpoint.terms.period import Month, Period

APRIL = 4
LONGEST = 60
"""So many months at most are added up."""


def _to_months(given: object) -> object:
    found = re.fullmatch(r"(\d{1,3}) months?", given) if isinstance(given, str) else None
    if found is None and (isinstance(given, bool) or not isinstance(given, int)):
        raise ValueError("so many months, such as `3 months`")
    return int(found[1]) if found else given


def _counted(months: int) -> str:
    return f"{months} month{'s' if months > 1 else ''}"


Months = Annotated[
    int,
    BeforeValidator(_to_months),
    PlainSerializer(_counted, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+ months?$", "description": "such as 3 months"}),
    Field(ge=1, le=LONGEST),
]


@dataclass(frozen=True, slots=True)
class Window:
    """The months of a figure: so many, those since April, or so many of whose stocks the average is taken."""

    kind: Literal["months", "year_to_date", "average"] = "months"
    count: int = 1
    """How many months; of the year to date, the most that they can be."""

    @classmethod
    def parse(cls, text: str) -> Window:
        """Read ``12 months``, ``year to date`` or ``average of 12 months``. Raises ValueError."""
        if text == "year to date":
            return cls("year_to_date", 12)
        found = re.fullmatch(r"(average of )?(\d{1,3}) months?", text)
        count = int(found[2]) if found else 0
        if found is None or not 1 <= count <= LONGEST or (found[1] and count == 1):
            raise ValueError("`12 months`, `year to date` or `average of 12 months`")
        return cls("average" if found[1] else "months", count)

    def months(self, month: Month) -> tuple[Month, ...]:
        """The months of the figure of ``month``, oldest first."""
        back = (month.number - APRIL) % 12 if self.kind == "year_to_date" else self.count - 1
        return tuple((month - back).through(month))

    def period(self, month: Month) -> Period:
        """The days that the figure of ``month`` covers."""
        return Period(self.months(month)[0].start, month.end)

    @property
    def words(self) -> str:
        """``over 12 months``, for a sentence; nothing of a single month."""
        if self.kind == "year_to_date":
            return "over the year to date"
        if self.kind == "average":
            return f"the average of {self.count} months"
        return f"over {self.count} months" if self.count > 1 else ""

    def __str__(self) -> str:
        if self.kind == "year_to_date":
            return "year to date"
        return f"average of {self.count} months" if self.kind == "average" else _counted(self.count)


def _to_window(given: object) -> Window:
    if isinstance(given, Window):
        return given
    return Window.parse(given if isinstance(given, str) else "")


WindowField = Annotated[
    Window,
    BeforeValidator(_to_window),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(\d+ months?|year to date|average of \d+ months)$",
            "description": "such as 12 months; year to date; of a stock, average of 12 months",
        }
    ),
]
