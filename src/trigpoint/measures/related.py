"""Related records as SQL: for each measured record, whether there is any, how many, the first or the last.

The answer has at most one row for a measured record, so that joining it cannot change how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from trigpoint.definitions.column import UTC
from trigpoint.definitions.expression import Name, parse
from trigpoint.definitions.quantity import Related
from trigpoint.definitions.source import Source
from trigpoint.engines.dialect import Dialect
from trigpoint.engines.expressions import Writer
from trigpoint.engines.records import record_columns


def table_of(source: str) -> str:
    """The table of a source's records, as queries name it. Nothing else in a query has such a name."""
    return f"{source} records"


def ours(name: str) -> str:
    """A name that no column and no table has: of keys and months by columns, of relations by tables."""
    return f"@{name}"


@dataclass(frozen=True, slots=True)
class Relation:
    """One related record of measured ones: its name, what is asked, both sources, and its columns in use.

    ``by`` are the columns of ``base`` that tell measured records apart.
    """

    name: str
    related: Related
    mine: Source
    theirs: Source
    columns: tuple[str, ...]
    by: tuple[str, ...]

    def sql(self, measured: Writer, dialect: Dialect) -> str:
        """The query, over ``base r`` and the related source. ``measured`` writes over ``r``."""
        keys = [f"r.{dialect.identifier(one)} AS {dialect.identifier(ours(one))}" for one in self.by]
        measured = replace(measured, workdays={})
        kept = " AND ".join(self._kept(measured, dialect))
        source = f"base r JOIN {dialect.identifier(table_of(self.related.source))} o ON {self._same(dialect)}"
        for day, alias in measured.workdays.items():
            source += f" LEFT JOIN workdays {alias} ON {alias}.day = {day}"
        source += f" WHERE {kept}"
        groups = ", ".join(f"r.{dialect.identifier(one)}" for one in self.by)
        if self.related.kind == "any":
            return f"SELECT DISTINCT {', '.join(keys)}, TRUE AS found FROM {source}"  # noqa: S608
        if self.related.kind == "count":
            return f"SELECT {', '.join(keys)}, COUNT(*) AS found FROM {source} GROUP BY {groups}"  # noqa: S608
        theirs = [f"o.{dialect.identifier(one)} AS {dialect.identifier(one)}" for one in self.columns]
        order = "ASC" if self.related.kind == "first" else "DESC"
        _, instants = record_columns(self.theirs, "o", dialect)
        dated = instants.get(self.related.dated, f"o.{dialect.identifier(self.related.dated)}")
        ties = [f"o.{dialect.identifier(one)}" for one in self.theirs.key]
        ranked = ", ".join(f"{one} {order}" for one in (dated, *ties))
        place = dialect.identifier(ours("place"))
        placed = f"row_number() OVER (PARTITION BY {groups} ORDER BY {ranked}) AS {place}"
        listed = ", ".join([*keys, *theirs, placed])
        return f"SELECT * FROM (SELECT {listed} FROM {source}) found WHERE {place} = 1"  # noqa: S608

    def named(self, dialect: Dialect) -> tuple[dict[str, str], dict[str, str]]:
        """The names that it brings into expressions, and those of its instants."""
        alias = dialect.identifier(ours(self.name))
        if self.related.kind == "any":
            return {self.name: f"coalesce({alias}.found, FALSE)"}, {}
        if self.related.kind == "count":
            return {self.name: f"coalesce({alias}.found, 0)"}, {}
        names, instants = record_columns(self.theirs, alias, dialect)
        dotted = [{f"{self.name}.{name}": sql for name, sql in of.items()} for of in (names, instants)]
        return dotted[0], dotted[1]

    def join(self, dialect: Dialect) -> str:
        """The join that brings it to the measured records, one to one."""
        alias = dialect.identifier(ours(self.name))
        same = [f"{alias}.{dialect.identifier(ours(one))} = r.{dialect.identifier(one)}" for one in self.by]
        return f"LEFT JOIN {alias} ON {' AND '.join(same)}"

    def _same(self, dialect: Dialect) -> str:
        pairs = self.related.match
        return " AND ".join(f"o.{dialect.identifier(b)} = r.{dialect.identifier(a)}" for a, b in pairs)

    def _kept(self, measured: Writer, dialect: Dialect) -> Iterable[str]:
        names, instants = record_columns(self.theirs, "o", dialect)
        yield f"{names[self.related.dated]} IS NOT NULL"
        dated = "@dated"
        bounding = _over(
            measured,
            {**measured.names, dated: names[self.related.dated]},
            {
                **measured.instants,
                **({dated: instants[self.related.dated]} if self.related.dated in instants else {}),
            },
        )
        for sign, text in self.related.bounds:
            yield bounding.bound(Name(0, dated), sign, parse(text))
        if self.related.where is not None:
            this = {f"this.{name}": sql for name, sql in measured.names.items()}
            words = {name: sql for name, sql in measured.names.items() if name.startswith("month_")}
            those = {f"this.{name}": sql for name, sql in measured.instants.items()}
            inside = _over(measured, {**words, **this, **names}, {**those, **instants})
            yield inside.condition(parse(self.related.where))
        if self.theirs is self.mine:
            same = [f"{names[one]} = {measured.names[one]}" for one in self.mine.key]
            yield f"NOT ({' AND '.join(same)})"


def _over(writer: Writer, names: Mapping[str, str], instants: Mapping[str, str]) -> Writer:
    """The same writer over other names; it asks for the same working days."""
    return replace(writer, names=names, instants=instants)


def used(trees: Iterable[str], name: str, source: Source) -> Sequence[str]:
    """Which columns of a related source are asked for by ``name.column``."""
    asked = {one.removeprefix(f"{name}.") for one in trees if one.startswith(f"{name}.")}
    twins = [one + UTC for one in asked if source.columns[one].type == "time"]
    return sorted([*asked, *twins])
