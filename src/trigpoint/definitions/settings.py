"""The workspace's own settings: whose it is, its calendar, and how it judges change."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field

from trigpoint.definitions.bank_holidays import bank_holidays
from trigpoint.definitions.model import Code, Definition, Words

Structure = Literal["as_was", "current"]
"""Whether figures are rolled up by the tree of their own time, or by the tree of the month reported."""


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is not a time zone such as Europe/London")
    return name


class Calendar(Definition):
    """The days on which nobody works, besides weekends: bank holidays, and those of the trust's own."""

    bank_holidays: Literal["england", "none"] = "england"
    holidays: tuple[dt.date, ...] = ()

    def is_working(self, day: dt.date) -> bool:
        shut = self.bank_holidays == "england" and day in bank_holidays(day.year)
        return day.weekday() < 5 and not shut and day not in self.holidays

    def days_off(self, first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
        """The days from ``first`` to ``last``, both included, on which nobody works though no weekend."""
        days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
        return tuple(day for day in days if day.weekday() < 5 and not self.is_working(day))

    def working_days_after(self, day: dt.date, count: int) -> dt.date:
        """The ``count``-th working day after ``day``."""
        while count:
            day += dt.timedelta(days=1)
            count -= self.is_working(day)
        return day


class Settings(Definition):
    """``trigpoint.yaml``."""

    wording: ClassVar = frozenset({"name", "notice"})
    name: Words = Field(description="the trust, as its pages name it")
    home: Code = Field(description="the unit whose scorecard the month makes")
    notice: str = Field(default="", description="a sentence that stands at the head of every page")
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "Europe/London"
    profile: Code = "nhs-england"
    peers: Code | None = None
    structure: Structure = "as_was"
    calendar: Calendar = Calendar()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
