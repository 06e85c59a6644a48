"""Frames: which records are measured, in which month and at which unit, as the FROM clause of a query.

The SQL sees the records of each source (``table_of``), and the tables ``slices``, ``stretches``, ``days``,
``workdays`` (``calendar``) and ``seats`` (``seats``). ``r`` is the measured record, ``m`` the month, or part
of one, that it lies in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.column import UTC
from trigpoint.definitions.expression import Name, Node, parse, within
from trigpoint.definitions.quantity import Quantity, Related
from trigpoint.definitions.source import Source, Span
from trigpoint.engines.dialect import Dialect
from trigpoint.engines.expressions import Overlap, Writer
from trigpoint.engines.records import record_columns
from trigpoint.measures.related import Relation, ours, table_of, used

MONTH = ("slice", "month", "start", "end", "month_start", "month_end", "start_utc", "end_utc")
"""The columns of the month of a record; in ``base`` they are named as ``ours``."""
NEVER = "DATE '9999-12-30'"


@dataclass(frozen=True, slots=True)
class Frame:
    """What quantities share that can be worked out in one pass.

    A record belongs to the month of ``month_of``; else to each at whose end its span is open
    (``at_end``), or in part to each that its span overlaps. ``unit`` is a column, or one of a related
    record; ``person`` is the column of the member of staff whose figures they are, where not the unit's.
    """

    source: str
    month_of: str | None
    at_end: bool
    related: tuple[tuple[str, Related], ...]
    unit: str
    person: str | None = None

    @classmethod
    def of(cls, quantity: Quantity, source: Source, *, person: bool = False) -> Frame:
        """The frame of a quantity; ``person``: for each member of staff, and not for each unit."""
        unit = quantity.unit_of or source.unit_field
        related = tuple(sorted(quantity.related.items()))
        month_of = quantity.gap or quantity.month_of
        return cls(
            quantity.from_,
            month_of,
            quantity.at is not None,
            related,
            str(unit),
            source.staff if person else None,
        )

    @property
    def sources(self) -> tuple[str, ...]:
        """The measured source, then those of related records."""
        return tuple(dict.fromkeys([self.source, *(it.source for _, it in self.related)]))

    @property
    def by_related(self) -> bool:
        """Whether the month of a record is that of a record that is related to it."""
        return self.month_of is not None and "." in " ".join(names_in([parse(self.month_of)]))


def names_in(trees: Iterable[Node]) -> set[str]:
    """Every name that some expressions use."""
    return {part.name for tree in trees for part in within(tree) if isinstance(part, Name)}


@dataclass(frozen=True, slots=True)
class Framed:
    """A frame as SQL, and the writer of expressions over its records."""

    writer: Writer
    unit: str
    person: str
    slice: str
    month: str
    _before: str
    _joins: tuple[str, ...]

    def query(self, columns: Sequence[str], kept: Sequence[str] = ()) -> str:
        """A SELECT of written columns, of the records for which all of ``kept`` (written conditions) hold."""
        joins = [*self._joins]
        if any("k.kind" in column for column in (*columns, *kept)):
            joins.append(f"LEFT JOIN seats k ON k.unit = {self.unit} AND k.slice = {self.slice}")
        days = self.writer.workdays.items()
        joins += [f"LEFT JOIN workdays {alias} ON {alias}.day = {day}" for day, alias in days]
        where = [f"WHERE {' AND '.join(kept)}"] if kept else []
        listed = ",\n       ".join(columns)
        return "\n".join([f"{self._before}SELECT {listed}", *joins, *where])


def framed(
    frame: Frame,
    catalogue: Catalogue,
    expressions: Iterable[Node],
    columns: Iterable[str] = (),
    *,
    dialect: Dialect,
) -> Framed:
    """A frame as SQL, for ``expressions`` that will be written over it and ``columns`` of its source."""
    source = catalogue.source(frame.source)
    dated = [parse(str(frame.month_of))] if frame.by_related else []
    asked = {*names_in([*expressions, *dated]), *columns, frame.unit}
    asked |= {frame.person} if frame.person is not None else set()
    names, instants = record_columns(source, "r", dialect)
    outer = dict.fromkeys(MONTH, "m") if not frame.related or frame.by_related else dict.fromkeys(MONTH, "r")
    month = {
        name: f"{alias}.{dialect.identifier(name if alias == 'm' else ours(name))}"
        for name, alias in outer.items()
    }
    words = {"month_start": month["month_start"], "month_end": month["month_end"], "unit.kind": "k.kind"}
    lists = {name: it.values for name, it in catalogue.lists.items()}
    writer = Writer(dialect, {**names, **words}, instants, lists)
    if source.span is not None:
        if source.clock == "wall":  # the clock on the wall knows no other midnight
            tomorrow = dialect.plus_days(month["end"], "1")
            month["start_utc"] = f"CAST({month['start']} AS TIMESTAMP)"
            month["end_utc"] = f"CAST({tomorrow} AS TIMESTAMP)"
        writer.overlap = _overlap(source.span, writer, month)
    inner = replace(writer, names={**names, **_inner_words()})
    joins = [f"FROM {dialect.identifier(table_of(frame.source))} r"]
    if not frame.by_related:
        joins.append(_months(frame, source, inner))
    before = ""
    if frame.related:
        by = (*source.key, *((ours("slice"),) if not frame.by_related else ()))
        base = _base(frame, source, asked, joins, by, dialect)
        relations = list(_relations(frame, catalogue, asked, by))
        parts = [f"base AS (\n{base}\n)"]
        parts += [
            f"{dialect.identifier(ours(it.name))} AS (\n{it.sql(writer, dialect)}\n)" for it in relations
        ]
        before = f"WITH {', '.join(parts)}\n"
        joins = ["FROM base r", *(it.join(dialect) for it in relations)]
        for it in relations:
            found, at = it.named(dialect)
            writer = replace(writer, names={**writer.names, **found}, instants={**writer.instants, **at})
    if frame.by_related:
        joins.append(f"JOIN days m ON m.day = {writer.day(parse(str(frame.month_of)))}")
    person = writer.names[frame.person] if frame.person is not None else "NULL"
    unit = writer.names[frame.unit]
    return Framed(writer, unit, person, month["slice"], month["month"], before, tuple(joins))


def _relations(
    frame: Frame, catalogue: Catalogue, asked: set[str], by: tuple[str, ...]
) -> Iterator[Relation]:
    source = catalogue.source(frame.source)
    for name, it in frame.related:
        theirs = catalogue.source(it.source)
        yield Relation(name, it, source, theirs, tuple(used(asked, name, theirs)), by)


def _inner_words() -> Mapping[str, str]:
    return {"month_start": "m.month_start", "month_end": "m.month_end"}


def _base(
    frame: Frame, source: Source, asked: set[str], joins: Sequence[str], by: Sequence[str], dialect: Dialect
) -> str:
    """The measured records with the columns that are used of them, and their month where it is known."""
    needed = {*asked, *source.key}
    trees = [parse(frame.month_of)] if frame.month_of else []
    for _, it in frame.related:
        needed |= {mine for mine, _ in it.match}
        trees += [parse(text) for _, text in it.bounds]
        if it.where is not None:
            needed |= {
                name.removeprefix("this.") for name in names_in([parse(it.where)]) if name.startswith("this.")
            }
    needed |= names_in(trees)
    needed |= {source.span.from_, source.span.to} if source.span else set()
    own = sorted(name for name in needed if name in source.columns)
    own += [name + UTC for name in own if source.columns[name].type == "time"]
    columns = [f"r.{dialect.identifier(name)}" for name in own]
    if not frame.by_related:
        columns += [f"m.{dialect.identifier(name)} AS {dialect.identifier(ours(name))}" for name in MONTH]
    return f"SELECT {', '.join(columns)}\n" + "\n".join(joins)


def _months(frame: Frame, source: Source, writer: Writer) -> str:
    """The months that a record belongs to."""
    if frame.month_of is not None:
        return f"JOIN days m ON m.day = {writer.day(parse(frame.month_of))}"
    span = source.span
    assert span is not None  # noqa: S101 - held by the definitions' check
    first, last = _first(span, writer), writer.day(Name(0, span.to))
    if frame.at_end:
        beyond = ">" if span.to_means == "first_day_out" else ">="
        is_open = f"{first} <= m.month_end AND ({last} IS NULL OR {last} {beyond} m.month_end)"
        return f'JOIN slices m ON m."end" = m.month_end AND {is_open}'
    in_order = f"{first} <= {last}"
    if span.from_ in writer.instants and span.to in writer.instants:
        in_order = f"{writer.instants[span.from_]} <= {writer.instants[span.to]}"
    touches = f'{first} <= m."end" AND ({last} IS NULL OR ({last} >= m."start" AND {in_order}))'
    if frame.unit not in source.columns:
        return f"JOIN slices m ON {touches}"
    # Cut where its own unit moves, and nowhere else: what it is measured by need not add up over days.
    every = "(SELECT DISTINCT unit FROM stretches) u"
    known = f"LEFT JOIN {every} ON u.unit = {writer.names[frame.unit]}"
    return f"{known}\nJOIN stretches m ON m.unit IS NOT DISTINCT FROM u.unit AND {touches}"


def _first(span: Span, writer: Writer) -> str:
    return writer.day(Name(0, span.from_))


def _overlap(span: Span, writer: Writer, month: Mapping[str, str]) -> Overlap:
    """How much of a span lies in its slice. A span that ends before it starts has no part in any."""
    dialect = writer.dialect
    first, last = _first(span, writer), f"coalesce({writer.day(Name(0, span.to))}, {NEVER})"
    out = last if span.to_means == "first_day_out" else dialect.plus_days(last, "1")
    starts = dialect.greatest(first, month["start"])
    nights = dialect.days_between(starts, dialect.least(out, dialect.plus_days(month["end"], "1")))
    days = dialect.days_between(starts, dialect.least(last, month["end"]))
    seconds = "NULL"
    if span.from_ in writer.instants and span.to in writer.instants:
        begun = dialect.greatest(writer.instants[span.from_], month["start_utc"])
        ended = dialect.least(writer.instants[span.to], month["end_utc"])
        seconds = f"greatest(0, {dialect.seconds_between(begun, ended)})"
    return Overlap(f"greatest(0, {nights})", f"greatest(0, {days} + 1)", seconds)
