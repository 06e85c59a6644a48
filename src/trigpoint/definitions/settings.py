"""The workspace's own settings: whose it is, its calendar, and how it judges change."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, ClassVar, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, model_validator

from trigpoint.definitions.bank_holidays import bank_holidays
from trigpoint.definitions.model import Code, Definition, Words

Structure = Literal["as_was", "current"]
"""Whether figures are rolled up by the tree of their own time, or by the tree of the month reported."""

Engine = Literal["duckdb", "spark"]
"""What works figures out of records: this machine, or a cluster."""
_MEMORY = re.compile(r"[1-9]\d*(\.\d+)? ?([MGT]i?B)")
_MASTER = re.compile(r"spark://[^\s/]+:\d+|local\[(\d+|\*)\]|local-cluster\[\d+,\d+,\d+\]")
_CONNECT = re.compile(r"sc://[^\s/:]+(:\d+)?(/\S*)?")


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is not a time zone such as Europe/London")
    return name


def _amount_of_memory(text: str) -> str:
    if not _MEMORY.fullmatch(text):
        raise ValueError(f"{text!r} is not an amount of memory such as 4GB or 500MB")
    return text


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


class Cluster(Definition):
    """Where Spark is: a cluster's master, or a driver that serves Spark Connect."""

    master: Words | None = Field(default=None, description="a master such as spark://host:7077")
    connect: Words | None = Field(default=None, description="a URL such as sc://host:15002")
    config: dict[str, str] = Field(default={}, description="further settings of Spark, by their names")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.master is None) == (self.connect is None):
            raise ValueError("spark has either a master or connect")
        if self.master is not None and not _MASTER.fullmatch(self.master):
            raise ValueError("master is spark://host:7077, local[2] or local-cluster[2,1,1024]")
        if self.connect is not None and not _CONNECT.fullmatch(self.connect):
            raise ValueError("connect is sc://host:15002")
        return self


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
    engine: Engine = "duckdb"
    memory: Annotated[str, AfterValidator(_amount_of_memory)] = "1GB"
    spark: Cluster | None = None

    @model_validator(mode="after")
    def _cluster_is_known(self) -> Self:
        if self.engine == "spark" and self.spark is None:
            raise ValueError("`engine: spark` needs `spark`, with a master or connect")
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
