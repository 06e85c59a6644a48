"""The workspace's own settings: whose it is, its calendar, and how it judges change."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field

from trigpoint.definitions.model import Code, Definition, Words

Structure = Literal["as_was", "current"]
"""Whether figures are rolled up by the tree of their own time, or by the tree of the month reported."""


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is not a time zone such as Europe/London")
    return name


class Calendar(Definition):
    """The days on which nobody works, besides weekends."""

    holidays: tuple[dt.date, ...] = ()

    def is_working(self, day: dt.date) -> bool:
        return day.weekday() < 5 and day not in self.holidays

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
