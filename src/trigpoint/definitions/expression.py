"""Expressions over a record's columns: their text into a tree. What the tree may mean is checked elsewhere.

condition := test { "and" test } | test { "or" test }        (mixing needs brackets)
test      := "not" test | value [ comparison | "between" … | "in" … | "is" … ]
value     := term { ("+" | "-") term }
term      := factor { "*" factor }
factor    := literal | length | column | function "(" values ")" | "(" condition ")" | case
case      := "case" { "when" condition "then" value } [ "else" value ] "end"
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from typing import ClassVar, TypeAlias
from typing import Literal as OneOf

from trigpoint.definitions.tokens import Misfit, Reader

Comparison = OneOf["=", "<>", "<", "<=", ">", ">="]
COMPARISONS: tuple[Comparison, ...] = ("=", "<>", "<", "<=", ">", ">=")
LENGTHS = {"hour": "hours", "day": "days", "week": "weeks", "month": "months"}
"""The units of a length, one and many."""
LONGEST = {"hours": 876_600, "days": 36_525, "weeks": 5_218, "months": 1_200}
"""A hundred years: what is longer is a slip of the pen, and leaves the calendar of any engine."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, a boolean or a day."""

    at: int
    value: bool | Decimal | str | dt.date


@dataclass(frozen=True, slots=True)
class Length:
    """So many hours, days, weeks or months."""

    at: int
    count: int
    unit: str


@dataclass(frozen=True, slots=True)
class Name:
    """A column of the record, or a word that stands for one: ``unit.kind``, ``contact.started``."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function of values."""

    at: int
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """Two values added, taken away or multiplied."""

    at: int
    sign: OneOf["+", "-", "*"]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared."""

    at: int
    sign: Comparison
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between:
    """A value within two others, both included."""

    at: int
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Member:
    """A value that is, or is not, one of several."""

    at: int
    value: Node
    options: tuple[Constant, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A value that is, or is not, in a list of the definitions. ``at`` is the place of the list's name."""

    at: int
    value: Node
    name: str
    negated: bool


@dataclass(frozen=True, slots=True)
class Blank:
    """Whether a value is not there; or, ``negated``, whether it is."""

    at: int
    value: Node
    negated: bool


@dataclass(frozen=True, slots=True)
class Not:
    """A condition turned round."""

    at: int
    test: Node


@dataclass(frozen=True, slots=True)
class Chain:
    """Conditions that must all hold (``and``), or of which one must (``or``)."""

    at: int
    word: OneOf["and", "or"]
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """The value of the first branch whose condition is true; else ``otherwise``, or blank without one."""

    at: int
    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None


Node: TypeAlias = (
    Constant | Length | Name | Call | Sum | Compare | Between | Member | Listed | Blank | Not | Chain | Case
)


def within(node: Node) -> Iterator[Node]:
    """A node and every node in it."""
    yield node
    for field in fields(node):
        yield from _in(getattr(node, field.name))


def _in(value: object) -> Iterator[Node]:
    if isinstance(value, tuple):
        for part in value:
            yield from _in(part)
    elif isinstance(value, Node):
        yield from within(value)


@cache
def parse(text: str) -> Node:
    """The tree of a text. Raises Misfit at the first place that cannot be read."""
    parser = _Parser(text)
    found = parser.condition()
    if parser.word:
        raise parser.misfit("the end, or `and` or `or` before more")
    return found


def conjuncts(text: str) -> tuple[str, ...]:
    """The conditions that must all hold, each as it was written; the whole, where it is no such chain."""
    parser, found = _Parser(text), []
    while True:
        start = parser.at
        parser.test()
        found.append(" ".join(text[start : parser.at].split()))
        if parser.word != "and":
            return tuple(found) if not parser.word else (" ".join(text.split()),)
        parser.next()


_WORDS = frozenset(
    {
        *("and", "or", "not", "in", "is", "null", "between", "true", "false"),
        *("case", "when", "then", "else", "end"),
    }
)
_NO_SQL = "An expression is no SQL: it says something of one record."
_RELATED = "Other records come in by `related`: any, count, first or last."
_AGGREGATE = "What is done with many records is a key of the measure, such as `sum: cost`."
_CAST = "Types are the source's: declare the column's type there."


class _Parser(Reader):
    """Reads one expression."""

    refused: ClassVar[Mapping[str, str]] = {
        "/": "A share is `with` or `over`; division belongs to a measure of two quantities, or a formula.",
        "%": "There is no remainder here.",
        "!=": "Write `<>`.",
        "==": "Write `=`.",
        "::": _CAST,
        "cast": _CAST,
        "select": _NO_SQL,
        "from": _NO_SQL,
        "exists": f"{_NO_SQL} {_RELATED}",
        "join": _RELATED,
        "over": "A window of months is the measure's `window`; a record before or after is `related`.",
        "partition": "A record before or after is `related`: first or last.",
        "group": _AGGREGATE,
        "having": _AGGREGATE,
        "like": "For the start of a code: starts_with(code, 'F2'). For several codes: `in`, or a list.",
    }

    def condition(self) -> Node:
        at, first = self.at, self.test()
        word = self.word
        if word not in ("and", "or"):
            return first
        tests = [first]
        while self.word == word:
            self.next()
            tests.append(self.test())
        if self.word in ("and", "or"):
            raise Misfit(
                self.at, f"`{self.word}` after `{word}`", f"`{word}`, or brackets that say what goes first"
            )
        return Chain(at, "and" if word == "and" else "or", tuple(tests))

    def test(self) -> Node:
        at = self.at
        if self.word == "not":
            self.next()
            return Not(at, self.test())
        value = self.value()
        for sign in COMPARISONS:
            if self.word == sign:
                self.next()
                return Compare(at, sign, value, self.value())
        if self.word in ("not", "in"):
            return self._member(at, value)
        if self.word == "is":
            return self._blank(at, value)
        if self.word == "between":
            self.next()
            low = self.value()
            self.take("and", "`and` between the two ends of `between`")
            return Between(at, value, low, self.value())
        return value

    def _member(self, at: int, value: Node) -> Node:
        negated = self.word == "not"
        if negated:
            self.next()
        self.take("in", "`in`")
        if self.word == "list":
            return self._listed(value, negated=negated)
        self.take("(", "values such as ('a', 'b'), or `list` and the name of one")
        options = [self.constant()]
        while self.word == ",":
            self.next()
            options.append(self.constant())
        self.take(")", "`,` or `)`")
        return Member(at, value, tuple(options), negated)

    def _listed(self, value: Node, *, negated: bool) -> Node:
        self.next()
        at, name = self.at, self.word
        if self.kind != "name":
            raise self.misfit("the name of a list")
        self.next()
        return Listed(at, value, name, negated)

    def _blank(self, at: int, value: Node) -> Node:
        self.next()
        negated = self.word == "not"
        if negated:
            self.next()
        self.take("null", "`null` or `not null`")
        return Blank(at, value, negated)

    def value(self) -> Node:
        at, left = self.at, self.term()
        while self.word in ("+", "-"):
            sign: OneOf["+", "-"] = "+" if self.word == "+" else "-"
            self.next()
            left = Sum(at, sign, left, self.term())
        return left

    def term(self) -> Node:
        at, left = self.at, self.factor()
        while self.word == "*":
            self.next()
            left = Sum(at, "*", left, self.factor())
        return left

    def factor(self) -> Node:
        if self.word == "(":
            return self._bracket()
        if self.word == "case":
            return self._case()
        if self.word == "date" and self.follows("("):
            return self._named()
        if self.kind in ("text", "number") or self.word in ("true", "false", "date", "-"):
            return self._literal()
        if self.kind == "name" and self.word not in _WORDS:
            return self._named()
        raise self.misfit("a column, a value or a bracket")

    def _bracket(self) -> Node:
        self.deeper()
        self.next()
        inner = self.condition()
        self.take(")", "`)`")
        self.depth -= 1
        return inner

    def _case(self) -> Node:
        at = self.at
        self.deeper()
        self.next()
        branches: list[tuple[Node, Node]] = []
        while self.word == "when" or not branches:
            self.take("when", "`when` and a condition")
            condition = self.condition()
            self.take("then", "`then` and a value")
            branches.append((condition, self.condition()))
        otherwise = None
        if self.word == "else":
            self.next()
            otherwise = self.condition()
        self.take("end", "`when`, `else` or `end`")
        self.depth -= 1
        return Case(at, tuple(branches), otherwise)

    def _named(self) -> Node:
        at, name = self.at, self.word
        if name.casefold() in self.refused:
            raise self.misfit("a column or a function: an expression is no SQL")
        self.next()
        if self.word != "(":
            return Name(at, name)
        self.next()
        arguments = [] if self.word == ")" else [self.condition()]
        while self.word == ",":
            self.next()
            arguments.append(self.condition())
        self.take(")", "`,` or `)`")
        return Call(at, name, tuple(arguments))

    def _literal(self) -> Node:
        constant = self.constant()
        many = LENGTHS.get(self.word.removesuffix("s"))
        if many and isinstance(constant.value, Decimal):
            if constant.value != int(constant.value):
                raise Misfit(constant.at, str(constant.value), f"a whole number of {many}")
            if abs(constant.value) > LONGEST[many]:
                raise Misfit(constant.at, f"{constant.value} {many}", f"at most {LONGEST[many]:,} {many}")
            self.next()
            return Length(constant.at, int(constant.value), many)
        return constant

    def constant(self) -> Constant:
        """A literal: a text, a number, true or false, or a date."""
        at, kind, word = self.at, self.kind, self.word
        if word == "-":
            self.next()
            number = self.constant()
            if isinstance(number.value, bool) or not isinstance(number.value, Decimal):
                raise Misfit(at, "a minus", "a number after it")
            return Constant(at, -number.value)
        if kind not in ("text", "number") and word not in ("true", "false", "date"):
            raise self.misfit("a text in single quotes, a number, true, false or a date")
        if kind == "number":
            return Constant(at, self.number())
        self.next()
        if kind == "text":
            return Constant(at, word[1:-1].replace("''", "'"))
        return self._day(at) if word == "date" else Constant(at, word == "true")

    def _day(self, at: int) -> Constant:
        try:
            day = dt.date.fromisoformat(self.word[1:-1] if self.kind == "text" else "")
        except ValueError:
            raise self.misfit("a day such as date '2026-04-01'") from None
        self.next()
        return Constant(at, day)
