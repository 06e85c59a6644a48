"""Small tables of records written as text, and the trust that they are of: for cases that are worked by hand.

The trust is that of ``tests.trusts``, with one more member of staff, in team B.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from tests.trusts import UNITS
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.reading import read_catalogue
from trigpoint.definitions.source import Source
from trigpoint.terms.period import Month

STAFFED = UNITS + "P2,Another member of staff,person,B,,,,\n"
LATER = Month(2029, 12)
"""Long after every table ends: what is complete to it is due."""
# name | keys besides title, holds, format and delivery | columns; * is required
SOURCES = """
stays | key: [spell], dated: admitted, unit: ward, subject: patient, staff: consultant, span: {from: admitted, to: discharged, to_means: first_day_out} | spell code, patient code, ward unit, consultant code, admitted time*, discharged time, method code, sex code, cost money
contacts | key: [contact], dated: started, unit: team, subject: patient, staff: clinician | contact code, patient code, referral code, team unit, clinician code, started time*, status code, born date
referrals | key: [referral], dated: received, unit: team, subject: patient, staff: clinician, span: {from: received, to: closed, to_means: first_day_out} | referral code, patient code, team unit, clinician code, received date*, closed date, treated date, pathway code, score number, urgent boolean
posts | key: [post], dated: since, unit: team, span: {from: since, to: until, to_means: last_day_in} | post code, employee code, team unit, since date*, until date, wte number 2, leaver boolean
reviews | key: [review], dated: held, unit: team | review code, employee code, team unit, held date*
returns | key: [line], dated: day, unit: team, covers: units_present | line code, team unit, day date*, seen number, all number
""".strip()  # noqa: E501 - a line a source
FRAME = """\
perspectives: {all: {title: All}}
objectives: {all: {title: All, perspective: all}}
cuts: {sex: {title: Sex, groups: [{name: Women, codes: [F]}, {name: Men, codes: [M]}]}}
lists: {early: {title: Early, values: [psychosis, at risk]}}
"""
INDICATOR = """
  {code}:
    title: {code}
    objective: all
    direction: up
    measured_in: {measured_in}
    owner: Someone
    levels: {levels}
    {more}
    versions:
      - from: 2020-01
        measure:
"""
ALL_LEVELS = "[trust, division, service, team]"
AND_PERSONS = "[trust, division, service, team, person]"


@dataclass(frozen=True, slots=True)
class Case:
    """One rule of the language, with tables that can be worked out by hand.

    ``measures`` are the keys of each indicator's measure; a text alone is that of ``X``. Each table's
    first line names its columns, ``-`` is blank; of times that come twice, ``#2`` is the second.
    ``figures`` are lines ``month unit figure``: a value, ``numerator/denominator``, or a state; of
    another indicator ``month unit code=figure``, of a group ``month unit:group figure``.
    """

    name: str
    measures: str | Mapping[str, str]
    tables: Mapping[str, str]
    figures: str
    more: str = "basis: flow"
    levels: str = ALL_LEVELS
    measured_in: str = "per cent"
    through: Mapping[str, Month] = field(default_factory=dict)
    current: Month | None = None
    units: str = STAFFED
    sources: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""

    @property
    def expected(self) -> list[tuple[Month, str, str, str]]:
        """Month, unit (with its group after a colon), indicator and figure of each line."""
        found = []
        for line in self.figures.strip().splitlines():
            month, rest = line.strip().split(" ", 1)
            unit, figure = rest.rsplit(" ", 1)
            code, _, said = figure.rpartition("=")
            found.append((Month.parse(month), unit, code.strip() or "X", said.strip()))
        return found

    @property
    def months(self) -> list[Month]:
        """The months of the figures."""
        return sorted({month for month, *_ in self.expected})

    @property
    def catalogue(self) -> Catalogue:
        """The trust's, with the case's indicators; ``sources`` are keys that replace a source's own."""
        given = {"X": self.measures} if isinstance(self.measures, str) else self.measures
        text = "indicators:" + "".join(
            indicator(code, measure, self.more, self.levels, self.measured_in)
            for code, measure in given.items()
        )
        return catalogue(text, self.units, self.sources, self.settings)

    def rows(self, of: Catalogue) -> dict[str, list[dict[str, Any]]]:
        """The records of each source: those without a table have none."""
        return {
            code: records(self.tables.get(code, ""), source)
            for code, source in of.sources.items()
            if source.holds == "records"
        }

    def reached(self, of: Catalogue) -> dict[str, Month]:
        """To which month each source is complete."""
        return {code: self.through.get(code, LATER) for code in of.sources}


def indicator(code: str, measure: str, more: str, levels: str, measured_in: str) -> str:
    """One indicator as YAML; ``measure`` is its measure's own keys, from the line's start."""
    head = INDICATOR.format(code=code, more=more, levels=levels, measured_in=measured_in)
    return head + "".join(f"{' ' * 10}{line}\n" for line in measure.strip("\n").splitlines())


def catalogue(indicators: str, units: str, changed: Mapping[str, str], settings: str = "") -> Catalogue:
    """The catalogue of some indicators over all the sources."""
    return read_catalogue(
        {
            "trigpoint.yaml": f"name: Quantock\nhome: QPT\n{settings}",
            "definitions/frame.yaml": FRAME + _sources(changed),
            "definitions/units.csv": units,
            "definitions/indicators.yaml": indicators,
        }
    )


def _sources(changed: Mapping[str, str]) -> str:
    said = "sources:\n"
    for line in SOURCES.splitlines():
        name, keys, columns = (cell.strip() for cell in line.split("|"))
        fields = ", ".join(map(_column, columns.split(",")))
        more = changed.get(name, "expects: {from: 2020-01, level: team}")
        said += f"  {name}: {{title: {name}, holds: records, format: csv, delivery: upsert, {keys}, {more}, "
        said += f"columns: {{{fields}}}}}\n"
    return said


def _column(text: str) -> str:
    name, kind, *decimals = text.strip().split()
    places = f", decimals: {decimals[0]}" if decimals else ""
    return f"{name}: {{type: {kind.removesuffix('*')}{places}{', required: true' * kind.endswith('*')}}}"


def records(text: str, source: Source) -> list[dict[str, Any]]:
    """The records of a table: every column of the source, each time also as UTC."""
    lines = [line.split() for line in text.strip().splitlines()]
    found = []
    for number, cells in enumerate(lines[1:]):
        given = dict(zip(lines[0], cells, strict=True))
        given = {source.key[0]: f"{number:04d}"} | given
        row: dict[str, Any] = {"row": number + 2}
        for name, column in source.columns.items():
            row |= _cells(name, str(column.type), given.get(name, "-"))
        found.append(row)
    return found


def _cells(name: str, kind: str, text: str) -> dict[str, Any]:
    if kind == "time":
        local = None if text == "-" else dt.datetime.fromisoformat(text.removesuffix("#2"))
        return timed(name, local, fold=int(text.endswith("#2")))
    if text == "-":
        return {name: None}
    if kind == "date":
        return {name: dt.date.fromisoformat(text)}
    if kind in ("number", "money"):
        return {name: Decimal(text)}
    return {name: text == "yes" if kind == "boolean" else text}


def timed(name: str, local: dt.datetime | None, fold: int = 0) -> dict[str, Any]:
    """A time as it is kept: what the clock said, and UTC."""
    if local is None:
        return {name: None, f"{name} utc": None}
    zoned = local.replace(tzinfo=ZoneInfo("Europe/London"), fold=fold)
    return {name: local, f"{name} utc": zoned.astimezone(dt.UTC).replace(tzinfo=None)}


_ARROW = {"time": pa.timestamp("s"), "date": pa.date32(), "boolean": pa.bool_(), "month": pa.date32()}


def table(rows: Iterable[Mapping[str, Any]], source: Source) -> pa.Table:
    """Records as they are kept: columns by their types, each time also as UTC, and ``row``."""
    fields = []
    for name, column in source.columns.items():
        kind = _ARROW.get(str(column.type), pa.string())
        if column.type in ("number", "money"):
            places = column.decimals if column.decimals is not None else 2 * (column.type == "money")
            kind = pa.decimal128(18, places)
        fields.append((name, kind))
        fields += [(f"{name} utc", kind)] if column.type == "time" else []
    return pa.Table.from_pylist(list(rows), schema=pa.schema([*fields, ("row", pa.int64())]))
