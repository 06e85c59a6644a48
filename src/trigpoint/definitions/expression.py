"""Expressions over a record's columns: their text into a tree. What the tree may mean is checked elsewhere.

condition := test { "and" test } | test { "or" test }        (mixing needs brackets)
test      := "not" test | value [ comparison | "between" … | "in" … | "is" … ]
value     := term { ("+" | "-") term }
term      := factor { "*" factor }
factor    := literal | length | column | function "(" values ")" | "(" condition ")"
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from typing import Literal as OneOf
from typing import TypeAlias

Comparison = OneOf["=", "<>", "<", "<=", ">", ">="]
LENGTHS = {"hour": "hours", "day": "days", "week": "weeks", "month": "months"}
"""The units of a length, one and many."""
LONGEST = {"hours": 876_600, "days": 36_525, "weeks": 5_218, "months": 1_200}
"""A hundred years: what is longer is a slip of the pen, and leaves the calendar of any engine."""
DIGITS = 15
"""The longest number that an expression may hold: what a float carries without rounding."""


class Misfit(Exception):
    """A place in an expression that does not hold. ``at`` counts characters from 0."""

    def __init__(self, at: int, found: str, expected: str, remedy: str = "") -> None:
        super().__init__(found)
        self.at, self.found, self.expected, self.remedy = at, found, expected, remedy


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
    """A column of the record, or a word that stands for one: ``unit.kind``, ``month_end``."""

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


Node: TypeAlias = Constant | Length | Name | Call | Sum | Compare | Between | Member | Blank | Not | Chain


def within(node: Node) -> Iterator[Node]:
    """A node and every node in it."""
    yield node
    for field in fields(node):
        value = getattr(node, field.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Node):
                yield from within(part)


@cache
def parse(text: str) -> Node:
    """The tree of a text. Raises Misfit at the first place that cannot be read."""
    parser = _Parser(text)
    found = parser.condition()
    if parser.word:
        raise parser.misfit("the end, or `and` or `or` before more")
    return found


_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w.]*)"
    r"|(?P<sign><=|>=|<>|!=|==|[=<>+\-*/(),%])|(?P<other>\S))"
)
_COMPARISONS: tuple[Comparison, ...] = ("=", "<>", "<", "<=", ">", ">=")
_KEYWORDS = frozenset({"and", "or", "not", "in", "is", "null", "between", "true", "false", "date"})
_REFUSED = {
    "/": "a share is `with` or `over`; division belongs to a measure of two quantities",
    "%": "there is no remainder here",
    "!=": "write `<>`",
    "==": "write `=`",
}
_LATER = frozenset({"select", "case", "like", "cast", "join", "exists", "having", "group"})


class _Parser:
    """The state of reading one text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.kind = self.word = ""
        self.at = 0
        self.depth = 0
        self.next()

    def next(self) -> None:
        """Go on to the next word."""
        found = _TOKEN.match(self.text, self.place)
        if found is None or found.lastgroup is None:
            self.at, self.kind, self.word = len(self.text), "end", ""
            return
        self.kind, self.word = found.lastgroup, found[found.lastgroup]
        self.at, self.place = found.start(found.lastgroup), found.end()
        if self.kind == "other":
            raise Misfit(self.at, repr(self.word), "a column, a value or a sign", self._quote_hint())

    def _quote_hint(self) -> str:
        return "Texts stand in single quotes: 'attended'." if self.word in "'\"`" else ""

    def misfit(self, expected: str) -> Misfit:
        found = repr(self.word) if self.word else "the end"
        return Misfit(self.at, found, expected, _REFUSED.get(self.word, "").capitalize())

    def take(self, word: str, expected: str) -> None:
        if self.word != word:
            raise self.misfit(expected)
        self.next()

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
        for sign in _COMPARISONS:
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
        self.take("(", "a list such as ('a', 'b')")
        options = [self.constant()]
        while self.word == ",":
            self.next()
            options.append(self.constant())
        self.take(")", "`,` or `)`")
        return Member(at, value, tuple(options), negated)

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
        if self.kind in ("text", "number") or self.word in ("true", "false", "date", "-"):
            return self._literal()
        if self.kind == "name" and self.word not in _KEYWORDS:
            return self._named()
        raise self.misfit("a column, a value or a bracket")

    def _bracket(self) -> Node:
        if self.depth > 30:
            raise self.misfit("at most 30 brackets within each other")
        self.depth += 1
        self.next()
        inner = self.condition()
        self.take(")", "`)`")
        self.depth -= 1
        return inner

    def _named(self) -> Node:
        at, name = self.at, self.word
        if name.casefold() in _LATER:
            raise self.misfit("a column or a function: an expression is no SQL")
        self.next()
        if self.word != "(":
            return Name(at, name)
        self.next()
        arguments = [self.value()]
        while self.word == ",":
            self.next()
            arguments.append(self.value())
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
        self.next()
        if kind == "text":
            return Constant(at, word[1:-1].replace("''", "'"))
        if kind == "number":
            if len(Decimal(word).as_tuple().digits) > DIGITS:
                raise Misfit(at, f"a number of {len(word)} signs", f"at most {DIGITS} digits")
            return Constant(at, Decimal(word))
        return self._day(at) if word == "date" else Constant(at, word == "true")

    def _day(self, at: int) -> Constant:
        try:
            day = dt.date.fromisoformat(self.word[1:-1] if self.kind == "text" else "")
        except ValueError:
            raise self.misfit("a day such as date '2026-04-01'") from None
        self.next()
        return Constant(at, day)
