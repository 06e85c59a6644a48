"""What an expression may mean: its types, and the rule that a blank never drops out silently."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal as OneOf

from trigpoint.definitions.expression import (
    Between,
    Blank,
    Call,
    Chain,
    Compare,
    Constant,
    Length,
    Member,
    Misfit,
    Name,
    Node,
    Not,
    Sum,
    parse,
    within,
)
from trigpoint.definitions.source import Source
from trigpoint.terms.errors import nearest

Type = OneOf["text", "number", "boolean", "date", "time", "length"]
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
_ONE = {
    "text": "a text",
    "number": "a number",
    "boolean": "a condition",
    "date": "a date",
    "time": "a time",
    "length": "a length of time",
}
_DATED = ("date", "time")
FUNCTIONS = ("days", "nights_in", "days_in")
_TO_COME = (
    "hours",
    "minutes",
    "working_days",
    "age",
    "coalesce",
    "earliest",
    "latest",
    "starts_with",
    "hours_in",
)


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that an expression may use, and the functions of a span."""

    types: Mapping[str, Type]
    may_be_blank: frozenset[str]
    values: Mapping[str, frozenset[str]]
    spans: bool

    @classmethod
    def of(cls, source: Source, kinds: frozenset[str] | None = None, *, spans: bool = False) -> Scope:
        """What a record of a source has; ``spans`` where it is measured during a month.

        ``kinds`` are those that a unit may be of, where the organisation is at hand.
        """
        fields = source.fields
        always = {*source.key, source.dated}
        types: dict[str, Type] = {name: _OF_COLUMN[column.type or "text"] for name, column in fields.items()}
        blank = {name for name, column in fields.items() if not column.required and name not in always}
        closed = {name: frozenset(it.values.values()) for name, it in fields.items() if it.values is not None}
        closed |= dict.fromkeys(source.hashed, frozenset())  # no text that a definition can hold is one
        extra: dict[str, Type] = {"unit.kind": "text", "month_start": "date", "month_end": "date"}
        if kinds is not None:
            closed["unit.kind"] = kinds
        return cls(types | extra, frozenset(blank | {"unit.kind"}), closed, spans)


def check(text: str, scope: Scope, expected: tuple[Type, ...]) -> Node:
    """The tree of an expression of one of the expected types. Raises Misfit where it is none."""
    node = parse(text)
    found = _type(node, scope)
    if found not in expected:
        raise Misfit(node.at, _ONE[found], " or ".join(_ONE[one] for one in expected))
    _guarded(node, scope, frozenset())
    return node


def _type(node: Node, scope: Scope) -> Type:  # noqa: C901, PLR0912 - one case for each kind of node
    match node:
        case Constant(value=value):
            return _of_constant(value)
        case Length():
            return "length"
        case Name(at=at, name=name):
            if name not in scope.types:
                raise Misfit(at, f"no column {name!r}", "a column of the source", nearest(name, scope.types))
            return scope.types[name]
        case Call():
            return _call(node, scope)
        case Sum():
            return _sum(node, scope)
        case Not(test=test):
            _condition(test, scope)
        case Chain(tests=tests):
            for test in tests:
                _condition(test, scope)
        case Blank(value=value):
            _type(value, scope)
        case Compare(sign=sign, left=left, right=right):
            _alike(left, right, scope, ordered=sign not in ("=", "<>"))
        case Between(value=value, low=low, high=high):
            _alike(value, low, scope, ordered=True)
            _alike(value, high, scope, ordered=True)
        case Member(value=value, options=options):
            for option in options:
                _alike(value, option, scope, ordered=False)
    return "boolean"


def _of_constant(value: bool | Decimal | str | dt.date) -> Type:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, Decimal):
        return "number"
    return "text" if isinstance(value, str) else "date"


def _condition(node: Node, scope: Scope) -> None:
    found = _type(node, scope)
    if found != "boolean":
        raise Misfit(node.at, _ONE[found], "a condition")


def _call(node: Call, scope: Scope) -> Type:
    if node.name in _TO_COME:
        raise Misfit(node.at, f"{node.name}()", "days, nights_in or days_in", "The others are still to come.")
    if node.name not in FUNCTIONS:
        raise Misfit(node.at, f"no function {node.name!r}", "a function", nearest(node.name, FUNCTIONS))
    if node.name == "days":
        if len(node.arguments) != 2:
            raise Misfit(node.at, f"{len(node.arguments)} values", "two dates: days(from, to)")
        for argument in node.arguments:
            if (found := _type(argument, scope)) not in _DATED:
                raise Misfit(argument.at, _ONE[found], "a date or a time")
        return "number"
    if len(node.arguments) != 1 or node.arguments[0] != Name(node.arguments[0].at, "month"):
        raise Misfit(node.at, f"{node.name}()", f"{node.name}(month)")
    if not scope.spans:
        raise Misfit(node.at, f"{node.name}(month)", "it only with `during: month`")
    return "number"


def _sum(node: Sum, scope: Scope) -> Type:
    left, right = _type(node.left, scope), _type(node.right, scope)
    if left in _DATED and right == "length" and node.sign != "*":
        if isinstance(node.right, Length) and node.right.unit == "hours":
            raise Misfit(node.right.at, "hours", "days, weeks or months to add to a date")
        return "date"
    for part, found in ((node.left, left), (node.right, right)):
        if found != "number":
            raise Misfit(
                part.at, _ONE[found], "a number (or a date and a length, such as `received + 3 days`)"
            )
    return "number"


def _alike(left: Node, right: Node, scope: Scope, *, ordered: bool) -> None:
    """Both sides have one type; a length is so many days beside days()."""
    one, other = _type(left, scope), _type(right, scope)
    if "length" in (one, other):
        length = left if one == "length" else right
        whole = isinstance(length, Length) and length.unit in ("days", "weeks")
        if {one, other} != {"length", "number"} or not whole:
            raise Misfit(length.at, _ONE["length"], "days or weeks, beside a number of days such as days(…)")
        return
    if one != other:
        remedy = "A time is on the day of another where days(…) is 0." if {one, other} == set(_DATED) else ""
        raise Misfit(right.at, _ONE[other], f"{_ONE[one]}, as on the other side", remedy)
    if ordered and one in ("text", "boolean"):
        raise Misfit(right.at, f"{_ONE[one]} in an order", "`=`, `<>` or `in`")
    for side in (left, right):
        # The blanks of a condition inside another would drop out unseen (`_guarded`).
        if one == "boolean" and not isinstance(side, Name | Constant):
            raise Misfit(
                side.at, "a condition beside a sign", "a column", "Join conditions with and, or, not."
            )
    _known_value(left, right, scope)


def _known_value(left: Node, right: Node, scope: Scope) -> None:
    """A text that a closed column never holds is a slip of the pen."""
    if isinstance(left, Name) and isinstance(right, Constant) and isinstance(right.value, str):
        known = scope.values.get(left.name)
        if known is not None and right.value not in known:
            raise Misfit(
                right.at,
                f"{left.name} has no {right.value!r}",
                "one of its values",
                nearest(right.value, known),
            )


def _guarded(node: Node, scope: Scope, guards: frozenset[str]) -> None:
    """Raise Misfit where what may be blank would drop out of a condition that asks what something is not."""
    match node:
        case Chain(word=word, tests=tests):
            wanted = word == "and"
            here = {
                it.value.name
                for it in tests
                if isinstance(it, Blank) and it.negated is wanted and isinstance(it.value, Name)
            }
            for test in tests:
                _guarded(test, scope, guards | here)
        case Not(test=test):
            _refuse_blank(test, scope, guards, "not")
            _guarded(test, scope, guards)
        case Compare(sign="<>"):
            _refuse_blank(node, scope, guards, "<>")
        case Member(negated=True):
            _refuse_blank(node, scope, guards, "not in")


def _refuse_blank(node: Node, scope: Scope, guards: frozenset[str], word: str) -> None:
    asked_for = {id(part.value) for part in within(node) if isinstance(part, Blank)}
    for part in within(node):
        if isinstance(part, Call) and part.name == "days":
            raise Misfit(part.at, f"days(…) under `{word}`", "it the other way round: days(…) may be blank")
        if isinstance(part, Name) and part.name in scope.may_be_blank - guards and id(part) not in asked_for:
            raise Misfit(
                part.at,
                f"{part.name}, which may be blank, under `{word}`: its blanks would drop out silently",
                "a word on its blanks beside it",
                f"To drop them: `{part.name} is not null and …`. To keep them: `{part.name} is null or …`.",
            )
