"""The receipt: what was read, taken, set aside and found in one delivery, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

import pyarrow as pa

from trigpoint.loads.findings import Findings
from trigpoint.loads.set_aside import SetAside
from trigpoint.terms.errors import DeliveryRefused, Fault
from trigpoint.terms.period import Month

_SHOWN = 8
"""Reasons for setting rows aside that ``words`` shows; JSON has all."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check found: how much, the first of it, and how much in the rows of each month."""

    check: str
    severity: Literal["block", "note"]
    count: int
    listed: tuple[Fault, ...]
    months: tuple[tuple[Month, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """One delivery's receipt: a pure function of the file, its source and what was expected, without a time.

    ``rows_read`` = ``rows_taken`` + those set aside. ``kept`` counts the figures or records that
    the table holds: more than rows in a wide layout, fewer where a repeated row is kept once.
    """

    file: str
    sha256: str
    source: str
    accepted: bool
    rows_read: int
    rows_taken: int
    kept: int
    months: tuple[Month, ...]
    set_aside: tuple[SetAside, ...]
    outcomes: tuple[Outcome, ...]
    notes: tuple[str, ...]

    @property
    def blocking(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.severity == "block")

    def words(self) -> str:
        """For people: several lines of plain text."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.file}: {'accepted' if self.accepted else 'refused; nothing of it was kept'}"
        yield f"  source     {self.source}"
        yield f"  SHA-256    {self.sha256}"
        yield f"  rows       {self.rows_read:,} read, {self.rows_taken:,} taken"
        yield f"  kept       {self.kept:,} figures or records"
        if self.months:
            first, last = self.months[0].words, self.months[-1].words
            yield f"  months     {first}" + (f" to {last} ({len(self.months)})" if last != first else "")
        for note in self.notes:
            yield f"  note       {note}"
        for aside in self.set_aside[:_SHOWN]:
            yield f"  set aside  {aside.rows:,} {_rows(aside.rows)}: {aside.reason}"
        if rest := self.set_aside[_SHOWN:]:
            count = sum(aside.rows for aside in rest)
            yield f"  set aside  {count:,} {_rows(count)} for {len(rest)} more reasons"
        for outcome in self.outcomes:
            yield from _outcome_lines(outcome)

    def to_json(self) -> str:
        """The same receipt gives the same text."""
        data = asdict(self) | {"months": [str(month) for month in self.months]}
        for outcome, found in zip(data["outcomes"], self.outcomes, strict=True):
            outcome["months"] = {str(month): count for month, count in found.months}
        return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Receipt:
        data: dict[str, Any] = json.loads(text)
        return cls(
            **data
            | {
                "months": tuple(Month.parse(month) for month in data["months"]),
                "set_aside": tuple(SetAside(**aside) for aside in data["set_aside"]),
                "outcomes": tuple(_outcome(it) for it in data["outcomes"]),
                "notes": tuple(data["notes"]),
            }
        )


class Refused(DeliveryRefused):
    """A delivery that was refused, with its receipt and all its findings (``all_findings``)."""

    def __init__(self, receipt: Receipt, findings: pa.Table) -> None:
        count = sum(outcome.count for outcome in receipt.blocking)
        faults = [fault for outcome in receipt.blocking for fault in outcome.listed]
        more = f" (the first {len(faults)} are listed)" if count > len(faults) else ""
        things = "1 thing that is" if count == 1 else f"{count:,} things that are"
        super().__init__(f"{receipt.file} was refused for {things} wrong with it{more}:", faults)
        self.receipt = receipt
        self.findings = findings


MonthsOf: TypeAlias = Callable[[pa.ChunkedArray], Mapping[Month, int]]
"""How many of some rows of a file lie in each month."""


def outcomes(file: str, found: Iterable[Findings], months_of: MonthsOf) -> tuple[Outcome, ...]:
    """Blocking checks first."""
    made = [
        Outcome(
            it.check,
            it.severity,
            len(it),
            tuple(it.faults(file)),
            tuple(sorted(months_of(it.table["row"].drop_null()).items())),
        )
        for it in found
    ]
    return tuple(sorted(made, key=lambda outcome: outcome.severity))


def _outcome(data: Mapping[str, Any]) -> Outcome:
    """An outcome as it was written down; receipts of before did not say in which months."""
    listed = tuple(Fault(**fault) for fault in data["listed"])
    months = {Month.parse(month): count for month, count in data.get("months", {}).items()}
    return Outcome(**{**data, "listed": listed, "months": tuple(months.items())})


def _rows(count: int) -> str:
    return "row" if count == 1 else "rows"


def _outcome_lines(outcome: Outcome) -> Iterator[str]:
    does = "blocks" if outcome.severity == "block" else "noted"
    yield f"  {does:<9}  {outcome.check.replace('_', ' ')}: {outcome.count:,}"
    remedy = ""
    for fault in outcome.listed:
        place = f"row {fault.line}" if fault.line else "the file"
        field = f", {fault.field}" if fault.field else ""
        yield f"    {place}{field}: found {fault.found}; expected {fault.expected}"
        if fault.remedy and fault.remedy != remedy:
            yield f"      {fault.remedy}"
            remedy = fault.remedy
    if outcome.count > len(outcome.listed):
        yield f"    and {outcome.count - len(outcome.listed):,} more"
