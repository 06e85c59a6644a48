"""How many records are left at each step of a quantity's definition, for one place and month.

One query counts every step: it sees what a frame's query sees (``measures.frames``), with the place of
each record, and each condition as 1, 0 or blank.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from trigpoint.definitions.expression import Node, conjuncts, parse
from trigpoint.definitions.quantity import Quantity
from trigpoint.measures.bearing import bearing
from trigpoint.measures.calendar import DAYS, FIRST, LAST
from trigpoint.measures.frames import Frame, framed
from trigpoint.measures.holdings import Holdings
from trigpoint.measures.passes import Wanted
from trigpoint.measures.related import table_of
from trigpoint.measures.seats import kept_kinds
from trigpoint.measures.structure import NOWHERE
from trigpoint.terms.period import Month


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a figure is: at a unit, or of a member of staff; of units of some kinds."""

    unit: str
    month: Month
    kinds: tuple[str, ...] = ()
    person: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """One step: what it asks, how many records stand after it, and for how many a blank left it open."""

    text: str
    left: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What stands after each step. In an average of stocks a record is counted at the end of each month.

    ``here`` are those at the place, ``unknown`` those of them whose unit nobody knows. ``kept`` stand
    after ``where`` and ``except``: ``records`` different ones.
    """

    dated: int
    here: int
    unknown: int
    concerned: int
    where: tuple[Clause, ...]
    except_: Clause | None
    with_: Clause | None
    kept: int
    records: int
    related: Mapping[str, int]
    known: int | None
    nobody: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Taking:
    """A quantity's records in the months of its window, as a query that every question is asked of.

    ``placed`` is the start of the SQL: the table of that name has a row for each record in each month or
    part, with ``unit``, ``month`` (its index), ``here``, ``unknown`` and ``concerned`` (1 or 0), ``key0``
    and on, ``clause0`` and on, ``removed``, ``held``, ``subject``, ``amount`` and ``related0`` and on.
    ``kept`` is SQL of what stands.
    """

    wanted: Wanted
    frame: Frame
    place: Place
    held: Holdings
    placed: str
    clauses: tuple[str, ...]
    kept: str
    per: int

    @property
    def quantity(self) -> Quantity:
        return self.wanted.quantity

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that name a record."""
        return self.held.catalogue.source(self.frame.source).key

    @property
    def months(self) -> list[Month]:
        """The months that are read: of a gap all since the first, for the event before."""
        if self.quantity.gap is not None:
            first = min(self.held.since.get(self.frame.source, self.place.month), self.place.month)
            return list(first.through(self.place.month))
        return list(self.quantity.window.months(self.place.month))

    def ask(self, select: str) -> pa.Table:
        """The answer to a SELECT from ``placed``."""
        months = self.months
        seated = self.held.seats(months)
        tables = {
            **self.held.calendar(months),
            "seats": seated.seats,
            "ancestors": seated.homes if self.place.person else seated.above,
        }
        read: dict[str, set[Month]] = {source: set() for source in self.frame.sources}
        for sources in bearing(self.frame, self.held.catalogue, self.held.records, months).values():
            for source, of in sources.items():
                read[source] |= set(of)
        return self.held.ask(f"{self.placed}\n{select}", read, tables)


def taking(wanted: Wanted, place: Place, held: Holdings) -> Taking:
    """The records of a quantity for one place and month."""
    it, dialect = wanted.quantity, held.dialect
    source = held.catalogue.source(it.from_)
    frame = Frame.of(it, source, person=place.person)
    clauses = conjuncts(it.where) if it.where is not None else ()
    singles = {name: of for name, of in it.related.items() if of.single}
    columns = [f"{name}.{held.catalogue.source(of.source).key[0]}" for name, of in singles.items()]
    columns += [*source.key, *([source.subject] if source.subject is not None else [])]
    within = framed(frame, held.catalogue, _trees(wanted), columns, dialect=dialect)
    writer, per = within.writer, 1

    def tested(node: Node) -> str:
        return f"CAST({writer.condition(node)} AS INTEGER)"

    selected = {"unit": within.unit, "slice": within.slice, "month": within.month}
    if place.person:
        selected["person"] = within.person
    selected |= {f"key{n}": writer.names[name] for n, name in enumerate(source.key)}
    selected |= {f"clause{n}": tested(parse(text)) for n, text in enumerate(clauses)}
    selected["removed"] = tested(parse(it.except_)) if it.except_ is not None else "0"
    selected["held"] = tested(parse(wanted.share)) if wanted.share is not None else "0"
    if it.people is not None:
        selected["subject"] = writer.names[str(source.subject)]
    if it.gap is not None:
        selected["amount"] = writer.day(parse(it.gap))
    elif it.amount is not None:
        number = writer.number(parse(it.amount))
        selected["amount"], per = number.sql, number.per
    for n, name in enumerate(it.related):
        selected[f"related{n}"] = _matched(name, wanted, held, writer.names)
    inner = within.query([f"{sql} AS {name}" for name, sql in selected.items()])
    kept = ["here = 1", "concerned = 1", *(f"clause{n} = 1" for n in range(len(clauses)))]
    kept += ["coalesce(removed, 0) = 0"]
    return Taking(wanted, frame, place, held, _placed(inner, place, held), clauses, " AND ".join(kept), per)


def _trees(wanted: Wanted) -> Iterator[Node]:
    yield from wanted.trees
    if wanted.quantity.gap is not None:
        yield parse(wanted.quantity.gap)


def _matched(name: str, wanted: Wanted, held: Holdings, names: Mapping[str, str]) -> str:
    """1 where a measured record has such a related one, else 0."""
    related = wanted.quantity.related[name]
    test = f"{names[name]} > 0" if related.kind == "count" else names.get(name, "")
    if related.single:
        test = f"{names[f'{name}.{held.catalogue.source(related.source).key[0]}']} IS NOT NULL"
    return f"CASE WHEN {test} THEN 1 ELSE 0 END"


def _placed(inner: str, place: Place, held: Holdings) -> str:
    concerned = kept_kinds(place.kinds, [held.dialect.literal(kind) for kind in place.kinds])
    unit = "taken.person" if place.person else "ancestors.unit"
    return f"""\
WITH taken AS (
{inner}
),
placed AS (
SELECT taken.*,
       CASE WHEN ancestors.unit IS NULL THEN 0 ELSE 1 END AS here,
       CASE WHEN seats.segment IS NULL THEN 1 ELSE 0 END AS unknown,
       CASE WHEN {concerned} THEN 1 ELSE 0 END AS concerned
FROM taken
LEFT JOIN seats ON seats.unit = taken.unit AND seats.slice = taken.slice
LEFT JOIN ancestors ON ancestors.segment = coalesce(seats.segment, {NOWHERE})
  AND {unit} = {held.dialect.literal(place.unit)}
)"""  # noqa: S608 - nothing unparsed


def counted(of: Taking) -> Counts:
    """What stands after each step, by one query."""
    it, tests = of.quantity, _tests(of)
    keys = ", ".join(f"key{n}" for n in range(len(of.keys)))
    # What lasts lies in several parts of the calendar, and is one record wherever one of them stands.
    flag = (
        "MAX(CASE WHEN {} THEN 1 ELSE 0 END)" if it.during is not None else "CASE WHEN {} THEN 1 ELSE 0 END"
    )
    flags = ",\n       ".join(f"{flag.format(test)} AS {name}" for name, test in tests.items())
    grouped = f"\nGROUP BY {keys}" if it.during is not None else ""
    sums = [f"SUM({name}{_less(name)}) AS {name}" for name in tests]
    different = f"SELECT DISTINCT {keys} FROM placed WHERE {of.kept}"  # noqa: S608 - nothing unparsed
    sums.append(f"(SELECT COUNT(*) FROM ({different}) AS one) AS records")  # noqa: S608
    flagged = f"SELECT {flags}\nFROM placed{grouped}"
    found = _row(of.ask(f"SELECT {', '.join(sums)}\nFROM (\n{flagged}\n) AS flagged"))
    found = {name: int(count or 0) for name, count in found.items()}
    where = [Clause(text, found[f"left{n}"], found[f"open{n}"]) for n, text in enumerate(of.clauses)]
    return Counts(
        found["dated"],
        found["here"],
        found["unknown"],
        found["concerned"],
        tuple(where),
        None if it.except_ is None else Clause(it.except_, found["kept"], found["unsure"]),
        None if of.wanted.share is None else Clause(of.wanted.share, found["met"], found["doubtful"]),
        found["kept"],
        found["records"],
        {name: found[f"found{n}"] for n, name in enumerate(it.related)},
        found.get("known"),
        found.get("nobody"),
    )


def _tests(of: Taking) -> dict[str, str]:
    """The SQL of what is counted, by its name."""
    it, kept = of.quantity, of.kept
    stages = ["here = 1 AND concerned = 1"]
    stages += [f"{stages[0]} AND {_all_to(n)}" for n in range(1, len(of.clauses) + 1)]
    tests = {
        "dated": "1 = 1",
        "here": "here = 1",
        "unknown": "here = 1 AND unknown = 1",
        "concerned": stages[0],
    }
    for n in range(len(of.clauses)):
        tests |= {f"left{n}": stages[n + 1], f"open{n}": f"{stages[n]} AND clause{n} IS NULL"}
    tests |= {"kept": kept, "unsure": f"{stages[-1]} AND removed IS NULL"}
    tests |= {"met": f"{kept} AND held = 1", "doubtful": f"{kept} AND held IS NULL"}
    tests |= {f"found{n}": f"{kept} AND related{n} = 1" for n in range(len(it.related))}
    if it.amount is not None:
        tests["known"] = f"{kept} AND amount IS NOT NULL"
    if it.people is not None:
        tests["nobody"] = f"{kept} AND subject IS NULL"
    return tests


def _less(name: str) -> str:
    """A record that stands in one of its parts is not undecided for another of them."""
    if name == "doubtful":
        return " * (1 - met)"
    return f" * (1 - left{name.removeprefix('open')})" if name.startswith("open") else ""


def _all_to(count: int) -> str:
    return " AND ".join(f"clause{n} = 1" for n in range(count))


def _row(answer: pa.Table) -> Mapping[str, Any]:
    found: Mapping[str, Any] = answer.to_pylist()[0]
    return found


@dataclass(frozen=True, slots=True)
class Whole:
    """All the records that a source holds, and how many of them have no date to be counted by."""

    records: int
    undated: int


def whole(of: Taking) -> Whole:
    """A source's records, whenever they are dated."""
    frame, held = of.frame, of.held
    source, dialect = held.catalogue.source(frame.source), held.dialect
    every = {name: held.months_of(name) for name in frame.sources}
    table = dialect.identifier(table_of(frame.source))
    count = "SELECT COUNT(*) AS records"
    if frame.month_of is None:
        assert source.span is not None  # noqa: S101 - held by the definitions' check
        begun = f"{dialect.identifier(source.span.from_)} IS NULL"
        sql = f"{count}, {dialect.count_where(begun)} AS undated\nFROM {table}"
        found = _row(held.ask(sql, {frame.source: every[frame.source]}, {}))
        return Whole(found["records"], found["undated"])
    records = _row(held.ask(f"{count} FROM {table}", {frame.source: every[frame.source]}, {}))["records"]
    return Whole(records, records - _dated(frame, held, every))


def _dated(frame: Frame, held: Holdings, every: Mapping[str, Collection[Month]]) -> int:
    """How many records have a day, in whatever month."""
    related = frame.related if frame.by_related else ()
    key = held.catalogue.source(frame.source).key[0]
    alone = Frame(frame.source, frame.month_of, at_end=False, related=related, unit=key)
    sql = framed(alone, held.catalogue, (), dialect=held.dialect).query(["COUNT(*) AS dated"])
    found = held.ask(sql, {name: every[name] for name in alone.sources}, {"days": _every_day()})
    return int(_row(found)["dated"])


def _every_day() -> pa.Table:
    """Every day that the calendar knows, each once and in no month."""
    days = pa.array(np.arange(np.datetime64(FIRST), np.datetime64(LAST)), pa.date32())
    others = [pa.nulls(len(days), field.type) for field in DAYS if field.name != "day"]
    return pa.table([days, *others], schema=DAYS)
