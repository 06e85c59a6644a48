"""Whether a source's own checks fit its records: their conditions, and the columns that they blank."""

from __future__ import annotations

from collections.abc import Iterator

from trigpoint.definitions.expression import Call, Name, Node, within
from trigpoint.definitions.problem import Problem
from trigpoint.definitions.record_check import OwnCheck
from trigpoint.definitions.source import Source
from trigpoint.definitions.tokens import Misfit
from trigpoint.definitions.typing_rules import Scope, check
from trigpoint.terms.errors import nearest

_OF_A_MONTH = frozenset({"nights_in", "days_in", "hours_in", "working_days"})
"""Functions that ask for more than a record: a month, or a calendar of working days."""


def condition_of(one: OwnCheck, source: Source) -> Node:
    """The tree of a check's condition. Raises Misfit where it does not hold for a record by itself."""
    tree = check(one.holds, Scope.of(source), ("boolean",))
    for part in within(tree):
        if isinstance(part, Name) and part.name not in source.columns:
            raise Misfit(part.at, part.name, "columns of the record: a check knows neither month nor unit")
        if isinstance(part, Call) and part.name in _OF_A_MONTH:
            raise Misfit(part.at, f"{part.name}(…)", "what the record alone can tell")
    return tree


def columns_of(tree: Node, source: Source) -> tuple[str, ...]:
    """The columns that a condition concerns, in its order."""
    names = (part.name for part in within(tree) if isinstance(part, Name))
    return tuple(dict.fromkeys(name for name in names if name in source.columns))


def check_problems(code: str, source: Source) -> Iterator[Problem]:
    """Every check of a source's own that does not fit its columns."""
    for name, one in source.own_checks.items():
        place = ("sources", code, "checks", name)
        try:
            condition_of(one, source)
        except Misfit as wrong:
            yield Problem((*place, "holds"), wrong.found, wrong.expected, wrong.remedy, wrong.at)
        if one.blanks is not None:
            yield from _blank_problems((*place, "else"), one.blanks, source)


def _blank_problems(place: tuple[str | int, ...], name: str, source: Source) -> Iterator[Problem]:
    """Nothing that names or places a row, or that must be there, can be made blank."""
    fields = [it for it, column in source.columns.items() if column.as_ == "field"]
    if name not in fields:
        yield Problem(place, f"blank {name}", "a column of the source", nearest(name, fields))
    elif name in (*source.key, source.dated) or source.columns[name].required:
        found = f"blank {name}, which every record has"
        yield Problem(place, found, "a column that may be blank", "Or set the row aside: `else: set_aside`.")
