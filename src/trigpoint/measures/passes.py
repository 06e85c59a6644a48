"""Passes: quantities that can be added up, many of them in one query over their source.

A pass gives, for each unit and slice (``calendar``), the columns that its quantities need. These are
*partials*: sums, and extremes, that wider units, longer windows and later months are put together from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.cut import Cut
from trigpoint.definitions.expression import Node, parse
from trigpoint.definitions.quantity import Quantity
from trigpoint.engines.dialect import Dialect
from trigpoint.engines.expressions import Writer
from trigpoint.measures.frames import Frame, framed

Merge = Literal["sum", "max", "min"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a pass: how its partials are put together, and what the result is to be divided by."""

    name: str
    merge: Merge
    per: int = 1


@dataclass(frozen=True, slots=True)
class Sides:
    """The columns of a quantity: its amount, and of how many records; of a mean, of how many known values;
    of a share, how many had it.
    """

    amount: Column
    records: Column
    known: Column | None = None
    share: Column | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A quantity that is asked for; with ``share``, also the part of it for which that is true."""

    quantity: Quantity
    share: str | None = None

    @property
    def trees(self) -> Iterator[Node]:
        """Every expression that is written for it."""
        it = self.quantity
        for text in (it.where, it.except_, it.amount, self.share):
            if text is not None:
                yield parse(text)


@dataclass(frozen=True, slots=True)
class Pass:
    """One query: its frame, its SQL, the cut that it tells people apart by, and what each quantity finds."""

    frame: Frame
    cut: str | None
    sql: str
    columns: tuple[Column, ...]
    found: Mapping[Wanted, Sides]
    by_kind: bool
    """Whether the SQL asks for the kind of a unit, or where it was."""


def passes(
    wanted: Mapping[tuple[Frame, str | None], Iterable[Wanted]], catalogue: Catalogue, dialect: Dialect
) -> Iterator[Pass]:
    """The pass of each frame and cut."""
    for (frame, cut), of in wanted.items():
        yield _pass(frame, cut, list(of), catalogue, dialect)


def keys_of(frame: Frame, cut: str | None) -> list[str]:
    """The columns that tell the rows of a pass apart."""
    person = ["person"] if frame.person is not None else []
    return ["unit", "slice", *person, *(["grouped"] if cut is not None else [])]


@dataclass(slots=True)
class _Draft:
    """The columns of a pass so far: SQL of values by name, and what is found of them.

    That is a count of the records for which all tests of a set are 1, or SQL of its own.
    """

    writer: Writer
    values: dict[str, str] = field(default_factory=dict)
    found: dict[frozenset[str] | str, Column] = field(default_factory=dict)

    def column(self, what: frozenset[str] | str, merge: Merge = "sum", per: int = 1) -> Column:
        if what not in self.found:
            self.found[what] = Column(f"c{len(self.found)}", merge, per)
        return self.found[what]

    def written(self) -> Iterator[str]:
        """SQL of each column. The commonest test comes first: engines work out once how many sums begin."""
        common = Counter(test for tests in self.found if isinstance(tests, frozenset) for test in tests)
        for what, it in self.found.items():
            sql = what
            if isinstance(what, frozenset):
                tests = sorted(what, key=lambda test: (-common[test], test))
                sql = f"CAST(coalesce(SUM({' & '.join(tests)}), 0) AS BIGINT)" if tests else "COUNT(*)"
            yield f"{sql} AS {it.name}"

    def value(self, sql: str) -> str:
        return self.values.setdefault(sql, f"value{len(self.values)}")


def _pass(
    frame: Frame, cut: str | None, wanted: list[Wanted], catalogue: Catalogue, dialect: Dialect
) -> Pass:
    groups = catalogue.cuts[cut] if cut is not None else None
    columns = [groups.column or cut] if groups is not None else []
    trees = [tree for one in wanted for tree in one.trees]
    within = framed(frame, catalogue, trees, [str(name) for name in columns], dialect=dialect)
    draft = _Draft(within.writer)
    found = {one: _sides(one, draft) for one in wanted}
    selected = [f"{within.unit} AS unit", f"{within.slice} AS slice"]
    if groups is not None:
        selected.append(f"{_grouped(groups, str(cut), within.writer, dialect)} AS grouped")
    selected += [f"{test} AS {name}" for test, name in draft.writer.tests.items()]
    selected += [f"{value} AS {name}" for value, name in draft.values.items()]
    if frame.person is not None:
        selected.append(f"{within.person} AS person")
    keys = ", ".join(keys_of(frame, cut))
    sums = ",\n       ".join(draft.written())
    inner = within.query(selected)
    sql = f"SELECT {keys},\n       {sums}\nFROM (\n{inner}\n) AS taken\nGROUP BY {keys}"
    by_kind = "k.kind" in inner or "stretches" in inner
    return Pass(frame, cut, sql, tuple(draft.found.values()), found, by_kind)


def _sides(wanted: Wanted, draft: _Draft) -> Sides:
    it, writer = wanted.quantity, draft.writer
    kept = kept_truths(it, writer)
    records = draft.column(frozenset(kept))
    if it.count is not None:
        if wanted.share is None:
            return Sides(records, records)
        share = draft.column(frozenset([*kept, *writer.truths(parse(wanted.share))]))
        return Sides(records, records, share=share)
    number = writer.number(parse(str(it.amount)))
    value = draft.value(number.sql)
    if kept:
        value = f"CASE WHEN {' & '.join(kept)} = 1 THEN {value} END"
    if it.aggregate in ("max", "min"):
        merge: Merge = "max" if it.max is not None else "min"
        return Sides(draft.column(f"{merge.upper()}({value})", merge, number.per), records)
    amount = draft.column(f"SUM({value})", "sum", number.per)
    known = draft.column(f"COUNT({value})") if it.mean is not None else None
    return Sides(amount, records, known)


def kept_truths(it: Quantity, writer: Writer) -> list[str]:
    """What ``where`` keeps and ``except`` leaves, as tests that are 1 where they hold."""
    kept = writer.truths(parse(it.where)) if it.where is not None else []
    if it.except_ is not None:
        kept.append(f"(1 - {writer.truth(parse(it.except_), strict=True)})")
    return kept


def _grouped(groups: Cut, code: str, writer: Writer, dialect: Dialect) -> str:
    """The name of a record's group. Codes that none has, and blanks, are unknown."""
    column = writer.names[groups.column or code]
    cases = " ".join(
        f"WHEN {column} IN ({', '.join(map(dialect.literal, it.codes))}) THEN {dialect.literal(it.name)}"
        for it in groups.groups
    )
    return f"CASE {cases} ELSE {dialect.literal(groups.unknown)} END"
