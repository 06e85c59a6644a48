"""The demo trust's totals by hand: plain loops over the delivered files and the rows of units.csv."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pyarrow.parquet as pq

from trigpoint.terms.period import Month

HOME = "QPT"
Parts = tuple[float, float]
"""A numerator and its denominator; the denominator is 0 where there is none."""
Record = Mapping[str, Any]
DAY = dt.timedelta(days=1)


class Tree:
    """Who stood where on which day, from units.csv; with ``fixed``, always as on that day."""

    def __init__(self, folder: Path, fixed: dt.date | None = None) -> None:
        self.folder, self.fixed = folder, fixed
        self.spells: dict[str, list[dict[str, str]]] = defaultdict(list)
        with (folder / "definitions" / "units.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                self.spells[row["code"]].append(row)

    def _spell(self, code: str, day: dt.date) -> dict[str, str]:
        spells = self.spells[code]
        for spell in spells:
            if (spell["from"] or "0001-01-01") <= str(day) <= (spell["to"] or "9999-12-31"):
                return spell
        # Before it opened, its first place; after it closed, its last.
        return spells[0] if str(day) < (spells[0]["from"] or "0001-01-01") else spells[-1]

    def is_open(self, code: str, month: Month) -> bool:
        """Whether a unit is open on any day of a month. A closed one has no line of its own."""
        ends = [spell["to"] for spell in self.spells[code]]
        return not all(ends) or max(ends) >= str(month.start)

    def parent(self, code: str, day: dt.date) -> str:
        return self._spell(code, day)["parent"]

    def kind(self, code: str, day: dt.date) -> str:
        return self._spell(code, day)["kind"] if code in self.spells else ""

    def up(self, code: str, day: dt.date) -> Iterator[str]:
        """The unit and those above it, to the trust; an unknown one is only in the trust."""
        if code not in self.spells:
            yield from ("unattributed", HOME)
            return
        if self.fixed is not None:
            day = self.fixed
            code = self.spells[code][-1]["successor"] or code
        while code != HOME:
            yield code
            code = self.parent(code, day)
        yield HOME


def _records(folder: Path, source: str, *key: str) -> list[Record]:
    """The records that stand: of several with one key, the one in the latest file."""
    held: dict[tuple[Any, ...], Record] = {}
    for path in sorted(
        folder.glob(f"deliveries/{source}-*.parquet"), key=lambda path: path.name.split(".")[0]
    ):
        for record in pq.read_table(path).to_pylist():
            held[tuple(record[name] for name in key)] = record
    return list(held.values())


def _returns(folder: Path, source: str) -> dict[str, dict[tuple[str, str], str]]:
    """Month -> unit and figure -> count; each file takes the place of the months that it holds."""
    held: dict[str, dict[tuple[str, str], str]] = {}
    for path in sorted(folder.glob(f"deliveries/{source}-*.csv"), key=lambda path: path.name.split(".")[0]):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for month in {row["month"] for row in rows}:
            held[month] = {}
        for row in rows:
            held[row["month"]][row["unit"], row["figure"]] = row["count"]
    return held


@dataclass(frozen=True)
class ByHand:
    """Every indicator here is worked out by its own few lines, from what its definition says in words."""

    tree: Tree
    records: Mapping[str, list[Record]]
    returns: Mapping[str, dict[str, dict[tuple[str, str], str]]]

    INDICATORS: ClassVar = (
        "REFERRALS", "OPEN", "CMH-4W", "DNA", "CONTACTS", "MH-FU72", "MH-RI", "FALL", "WF-SICK", "CASELOAD",
        "CARE-PLAN", "MED-REC", "CMP-RESP",
    )  # fmt: skip

    @classmethod
    def of(cls, folder: Path) -> ByHand:
        keys = {
            "referrals": ("referral",), "contacts": ("contact",), "stays": ("stay",),
            "incidents": ("incident",), "posts": ("post", "month"),
        }  # fmt: skip
        return cls(
            Tree(folder),
            {source: _records(folder, source, *key) for source, key in keys.items()},
            {source: _returns(folder, source) for source in ("returns", "division-returns")},
        )

    def parts(self, indicator: str, month: Month) -> Mapping[str, Parts]:
        """Unit -> numerator and denominator of a month."""
        above: dict[str, float] = defaultdict(float)
        below: dict[str, float] = defaultdict(float)
        worked: dict[str, Callable[[Month], Iterator[tuple[str, dt.date, float, float]]]] = {
            "REFERRALS": self._referrals, "OPEN": self._open, "CMH-4W": self._within_4_weeks,
            "DNA": self._missed, "CONTACTS": self._contacts, "MH-FU72": self._followed_up,
            "MH-RI": self._restraints, "FALL": self._falls, "WF-SICK": self._sick, "CASELOAD": self._caseload,
        }  # fmt: skip
        pairs = {
            "CARE-PLAN": ("returns", "care_plans_shared", "care_plans"),
            "MED-REC": ("returns", "medicines_reconciled", "medicines_due"),
            "CMP-RESP": ("division-returns", "complaints_in_time", "complaints_due"),
        }
        lines = worked[indicator](month) if indicator in worked else self._returned(month, *pairs[indicator])
        for code, day, top, bottom in lines:
            for unit in self.tree.up(code, day):
                above[unit] += top
                below[unit] += bottom
        return {unit: (above[unit], below[unit]) for unit in above}

    def as_on(self, day: dt.date) -> ByHand:
        """The same, told by the tree of one day."""
        return ByHand(Tree(self.tree.folder, day), self.records, self.returns)

    def nights_of(self, ward: str, first: dt.date, after: dt.date) -> list[dt.date]:
        """Each night that somebody slept on a ward, from one day up to another."""
        found = []
        for stay in self.records["stays"]:
            night = max(stay["admitted"], first)
            while stay["ward"] == ward and night < min(stay["discharged"] or after, after):
                found.append(night)
                night += DAY
        return found

    def _referrals(self, month: Month) -> Iterator[tuple[str, dt.date, float, float]]:
        for it in self.records["referrals"]:
            if Month.of(it["received"]) == month:
                yield it["team"], it["received"], 1, 0

    def _open(self, month: Month) -> Iterator[tuple[str, dt.date, float, float]]:
        for it in self.records["referrals"]:
            if it["received"] <= month.end and (it["closed"] is None or it["closed"] > month.end):
                yield it["team"], month.end, 1, 0

    def _within_4_weeks(self, month: Month) -> Iterator[tuple[str, dt.date, float, float]]:
        for it in self.records["referrals"]:
            seen = it["first_contact"]
            if (
                seen
                and Month.of(seen) == month
                and self.tree.kind(it["team"], seen) == "community-mental-health"
            ):
                yield it["team"], seen, (seen - it["received"]).days <= 28, 1

    def _missed(self, month: Month) -> Iterator[tuple[str, dt.date, float, float]]:
        for it in self.records["contacts"]:
            if Month.of(it["day"]) == month and it["status"] in ("attended", "missed"):
                yield it["team"], it["day"], it["status"] == "missed", 1

    def _contacts(self, month: Month) -> Iterator[tuple[str, dt.date, float, float]]:
        for it in self.records["contacts"]:
            if Month.of(it["day"]) == month and it["status"] == "attended":
                yield it["team"], it["day"], 1, 0

    def _followed_up(self, month: Month) -> Iterator[tuple[str, dt.date, float, float]]:
        for it in self.records["stays"]:
            left = it["discharged"]
            if left is None or it["destination"] in ("died", "other_hospital"):
                continue
            due, seen = left + 3 * DAY, it["followed_up"]
            if Month.of(due) == month and self.tree.kind(it["ward"], due) in ("adult-acute-ward", "picu"):
                yield it["ward"], due, seen is not None and seen <= due, 1

    def _restraints(self, month: Month) -> Iterator[tuple[str, dt.date, float, float]]:
        kinds = ("adult-acute-ward", "picu", "older-ward", "forensic-ward", "rehabilitation-ward")
        for it in self.records["incidents"]:
            if Month.of(it["occurred"]) == month and it["kind"] == "restraint":
                yield it["team"], it["occurred"], 1, 0
        for ward, night in self._nights(month):
            if self.tree.kind(ward, night) in kinds:
                yield ward, night, 0, 1

    def _falls(self, month: Month) -> Iterator[tuple[str, dt.date, float, float]]:
        for it in self.records["incidents"]:
            if Month.of(it["occurred"]) == month and it["kind"] == "fall":
                yield it["team"], it["occurred"], 1, 0
        for ward, night in self._nights(month):
            yield ward, night, 0, 1

    def _nights(self, month: Month) -> Iterator[tuple[str, dt.date]]:
        after = month.end + DAY
        for stay in self.records["stays"]:
            night = max(stay["admitted"], month.start)
            while night < min(stay["discharged"] or after, after):
                yield stay["ward"], night
                night += DAY

    def _sick(self, month: Month) -> Iterator[tuple[str, dt.date, float, float]]:
        for it in self.records["posts"]:
            if it["month"] == month.start:
                yield it["team"], it["month"], float(Decimal(it["days_sick"])), float(it["days_available"])

    def _caseload(self, month: Month) -> Iterator[tuple[str, dt.date, float, float]]:
        yield from self._open(month)
        for it in self.records["posts"]:
            if it["month"] == month.start and it["clinical"]:
                yield it["team"], it["month"], 0, float(it["wte"])

    def _returned(
        self, month: Month, source: str, top: str, bottom: str
    ) -> Iterator[tuple[str, dt.date, float, float]]:
        """Both counts of whoever returned both."""
        held = self.returns[source][str(month)]
        for (unit, figure), count in held.items():
            below = held.get((unit, bottom), "")
            if figure == top and count.isdigit() and below.isdigit():
                yield unit, month.end, int(count), int(below)
