"""What an expression may mean: the types of its parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from trigpoint.definitions.blank_rule import refuse_silent_blanks
from trigpoint.definitions.expression import (
    Between,
    Blank,
    Call,
    Case,
    Chain,
    Compare,
    Constant,
    Length,
    Listed,
    Member,
    Name,
    Node,
    Not,
    Sum,
    parse,
)
from trigpoint.definitions.functions import (
    DATED,
    MAY_BE_BLANK,
    OF_SPANS,
    ONE,
    REFUSED,
    Type,
    given_by,
    given_by_span,
    refuse_unknown,
)
from trigpoint.definitions.source import Source
from trigpoint.definitions.tokens import Misfit
from trigpoint.terms.errors import nearest

_OF_COLUMN: Mapping[str, Type] = {
    "code": "text",
    "text": "text",
    "unit": "text",
    "number": "number",
    "money": "number",
    "boolean": "boolean",
    "date": "date",
    "month": "date",
    "time": "time",
}
MONTH_WORDS = ("month_start", "month_end")
"""The first and the last day of the figure's month."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that an expression may use, and what else depends on where it stands.

    ``values`` are those of closed columns, ``lists`` those of the definitions' lists. ``records`` are
    related records, each with its columns: they are no value themselves. ``spans`` where a record is
    measured during a month, ``times`` where its span is between times, ``hours`` where a time may be
    moved by hours. ``source`` is for messages.
    """

    types: Mapping[str, Type]
    may_be_blank: frozenset[str]
    values: Mapping[str, frozenset[str]]
    spans: bool = False
    times: bool = False
    hours: bool = False
    lists: Mapping[str, frozenset[str]] = field(default_factory=dict)
    records: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: str = "the source"

    @classmethod
    def of_columns(cls, source: Source, prefix: str = "") -> Scope:
        """The columns of a source's records, each after ``prefix``, and nothing else."""
        fields = source.fields
        always = {*source.key, source.dated}
        return cls(
            {f"{prefix}{name}": _OF_COLUMN[column.type or "text"] for name, column in fields.items()},
            frozenset(
                f"{prefix}{name}" for name, it in fields.items() if not it.required and name not in always
            ),
            {
                **{
                    f"{prefix}{name}": frozenset(it.values.values())
                    for name, it in fields.items()
                    if it.values is not None
                },
                # No text that a definition can hold is one.
                **{f"{prefix}{name}": frozenset[str]() for name in source.hashed},
            },
        )

    @classmethod
    def of(cls, source: Source, kinds: frozenset[str] | None = None, *, spans: bool = False) -> Scope:
        """What a record of a source has; ``spans`` where it is measured during a month.

        ``kinds`` are those that a unit may be of, where the organisation is at hand.
        """
        columns = cls.of_columns(source)
        ends = (source.span.from_, source.span.to) if source.span else ()
        return replace(
            columns,
            types={**columns.types, "unit.kind": "text", **dict.fromkeys(MONTH_WORDS, "date")},
            may_be_blank=columns.may_be_blank | {"unit.kind"},
            values={**columns.values, "unit.kind": kinds} if kinds is not None else columns.values,
            spans=spans,
            times=all(columns.types.get(name) == "time" for name in ends) and bool(ends),
        )

    def joined(self, other: Scope) -> Scope:
        """This, and the names of another."""
        return replace(
            self,
            types={**self.types, **other.types},
            may_be_blank=self.may_be_blank | other.may_be_blank,
            values={**self.values, **other.values},
            records={**self.records, **other.records},
        )


def check(text: str, scope: Scope, expected: tuple[Type, ...]) -> Node:
    """The tree of an expression of one of the expected types. Raises Misfit where it is none."""
    node = parse(text)
    found = type_of(node, scope)
    if found not in expected:
        raise Misfit(node.at, ONE[found], " or ".join(ONE[one] for one in expected))
    refuse_silent_blanks(node, scope.may_be_blank)
    return node


def type_of(node: Node, scope: Scope) -> Type:  # noqa: C901, PLR0911, PLR0912 - a case each kind of node
    """The type of a node. Raises Misfit where its parts do not fit together."""
    match node:
        case Constant(value=value):
            return _of_constant(value)
        case Length():
            return "length"
        case Name():
            return _name(node, scope)
        case Call():
            return _call(node, scope)
        case Sum():
            return _sum(node, scope)
        case Case():
            return _case(node, scope)
        case Not(test=test):
            _condition(test, scope)
        case Chain(tests=tests):
            for test in tests:
                _condition(test, scope)
        case Blank(value=value):
            # Whether a condition is undecided depends on the logic that asks.
            if type_of(value, scope) == "boolean" and not isinstance(value, Name):
                raise Misfit(value.at, "a condition beside `is`", "a column or a value")
        case Compare(sign=sign, left=left, right=right):
            _alike(left, right, scope, ordered=sign not in ("=", "<>"))
        case Between(value=value, low=low, high=high):
            _alike(value, low, scope, ordered=True)
            _alike(value, high, scope, ordered=True)
        case Member(value=value, options=options):
            for option in options:
                _alike(value, option, scope, ordered=False)
        case Listed():
            _listed(node, scope)
    return "boolean"


def _of_constant(value: bool | Decimal | str | dt.date) -> Type:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, Decimal):
        return "number"
    return "text" if isinstance(value, str) else "date"


def _name(node: Name, scope: Scope) -> Type:
    if node.name in scope.types:
        return scope.types[node.name]
    if node.name in scope.records:
        columns = scope.records[node.name]
        example = f"{node.name}.{columns[0]}"
        raise Misfit(node.at, f"{node.name}, which is a record", f"a column of it, such as {example}")
    remedy = REFUSED.get(node.name.casefold()) or nearest(node.name, _near(node.name, scope))
    raise Misfit(node.at, f"no column {node.name!r}", f"a column of {scope.source}", remedy)


def _near(name: str, scope: Scope) -> list[str]:
    """What a wrong name may have been meant to be: after a dot, a name with the same before it."""
    before = name.rpartition(".")[0]
    same = [known for known in scope.types if before and known.startswith(f"{before}.")]
    return same or [*scope.types, *scope.records]


def _condition(node: Node, scope: Scope) -> None:
    found = type_of(node, scope)
    if found != "boolean":
        raise Misfit(node.at, ONE[found], "a condition")


def _call(node: Call, scope: Scope) -> Type:
    refuse_unknown(node)
    if node.name in OF_SPANS:
        return given_by_span(node, spans=scope.spans, times=scope.times)
    return given_by(node, [type_of(argument, scope) for argument in node.arguments])


def _case(node: Case, scope: Scope) -> Type:
    for condition, _ in node.branches:
        _condition(condition, scope)
    values = [value for _, value in node.branches]
    values += [node.otherwise] if node.otherwise is not None else []
    first = type_of(values[0], scope)
    for value in values:
        found = type_of(value, scope)
        if found == "length":
            raise Misfit(value.at, ONE[found], "a value of the record")
        if found != first:
            raise Misfit(value.at, ONE[found], f"{ONE[first]}, as in the first branch")
    return first


def _listed(node: Listed, scope: Scope) -> None:
    found = type_of(node.value, scope)
    if found != "text":
        raise Misfit(node.value.at, ONE[found], "a code, of which a list has some")
    if node.name not in scope.lists:
        raise Misfit(node.at, f"no list {node.name!r}", "the name of a list", nearest(node.name, scope.lists))
    known = scope.values.get(node.value.name) if isinstance(node.value, Name) else None
    strange = sorted(scope.lists[node.name] - known) if known is not None else []
    if strange and isinstance(node.value, Name):
        found_there = f"{strange[0]!r} in the list {node.name}, which {node.value.name} never has"
        raise Misfit(node.at, found_there, "its values alone", nearest(strange[0], known or ()))


def _sum(node: Sum, scope: Scope) -> Type:
    left, right = type_of(node.left, scope), type_of(node.right, scope)
    if left in DATED and right == "length" and node.sign != "*":
        return _moved(node, left, scope)
    for part, found in ((node.left, left), (node.right, right)):
        if found != "number":
            raise Misfit(
                part.at, ONE[found], "a number (or a date and a length, such as `received + 3 days`)"
            )
    return "number"


def _moved(node: Sum, left: Type, scope: Scope) -> Type:
    """A time moved by hours is a time; whatever else is moved is a date."""
    if not isinstance(node.right, Length) or node.right.unit != "hours":
        return "date"
    if not scope.hours:
        remedy = "Hours are added to a time only as the bound of a related record."
        raise Misfit(node.right.at, "hours", "days, weeks or months to add to a date", remedy)
    if left != "time":
        raise Misfit(node.right.at, "hours added to a date", "a time before it, or days, weeks or months")
    return "time"


def _alike(left: Node, right: Node, scope: Scope, *, ordered: bool) -> None:
    """Both sides have one type; a length is so many days beside days()."""
    one, other = type_of(left, scope), type_of(right, scope)
    if "length" in (one, other):
        _beside_length(left, right, one, other)
        return
    if one != other:
        remedy = "date(t) is the day of a time." if {one, other} == set(DATED) else ""
        raise Misfit(right.at, ONE[other], f"{ONE[one]}, as on the other side", remedy)
    if ordered and one in ("text", "boolean"):
        raise Misfit(right.at, f"{ONE[one]} in an order", "`=`, `<>` or `in`")
    for side in (left, right):
        # The blanks of a condition inside another would drop out unseen (`blank_rule`).
        if one == "boolean" and not isinstance(side, Name | Constant):
            raise Misfit(
                side.at, "a condition beside a sign", "a column", "Join conditions with and, or, not."
            )
    _known_value(left, right, scope)


def _beside_length(left: Node, right: Node, one: Type, other: Type) -> None:
    """A length is so many days beside days(); other functions are compared with plain numbers."""
    length, beside = (left, right) if one == "length" else (right, left)
    if isinstance(beside, Call) and beside.name in MAY_BE_BLANK - {"days"}:
        expected = f"a plain number, such as {beside.name}(…) <= 4"
        raise Misfit(length.at, ONE["length"], expected)
    whole = isinstance(length, Length) and length.unit in ("days", "weeks")
    if {one, other} != {"length", "number"} or not whole:
        raise Misfit(length.at, ONE["length"], "days or weeks, beside a number of days such as days(…)")


def _known_value(left: Node, right: Node, scope: Scope) -> None:
    """A text that a closed column never holds is a slip of the pen."""
    if isinstance(right, Name) and isinstance(left, Constant):
        left, right = right, left
    if isinstance(left, Name) and isinstance(right, Constant) and isinstance(right.value, str):
        known = scope.values.get(left.name)
        if known is not None and right.value not in known:
            raise Misfit(
                right.at,
                f"{left.name} has no {right.value!r}",
                "one of its values",
                nearest(right.value, known),
            )
