"""Formulas over other indicators' figures and over parts of one's own: their text into a tree.

value     := term { ("+" | "-") term }
term      := factor { ("*" | "/") factor }
factor    := number | "[" code "]" | part | function "(" values ")" | "(" value ")" | "-" factor | case
function  := "mean" | "min" | "max" | "abs" | "round" | "before"
case      := "case" { "when" condition "then" value } [ "else" value ] "end"
condition := test { "and" test } | test { "or" test }        (mixing needs brackets)
test      := "not" test | "(" condition ")" | value comparison value
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from typing import ClassVar, Literal, TypeAlias

from trigpoint.definitions.expression import COMPARISONS, Comparison
from trigpoint.definitions.tokens import Misfit, Reader
from trigpoint.terms.errors import nearest

MOST_BEFORE = 120
"""So many months back at most may another figure be."""
Sign = Literal["+", "-", "*", "/"]
_SIGNS: Mapping[str, Sign] = {"+": "+", "-": "-", "*": "*", "/": "/"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands."""

    at: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Figure:
    """Another indicator's figure at the same unit, so many months ``before``, in its own measure."""

    at: int
    code: str
    before: int


@dataclass(frozen=True, slots=True)
class Part:
    """One of the measure's own quantities."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two values added, taken away, multiplied or divided."""

    at: int
    sign: Sign
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Function:
    """mean, min, max or abs of values; round of one, to so many decimals."""

    at: int
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The value of the first branch whose condition is true; else ``otherwise``, or none without one."""

    at: int
    branches: tuple[tuple[Condition, Node], ...]
    otherwise: Node | None


@dataclass(frozen=True, slots=True)
class Test:
    """Two values compared."""

    at: int
    sign: Comparison
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Reverse:
    """A condition turned round."""

    at: int
    test: Condition


@dataclass(frozen=True, slots=True)
class Tests:
    """Conditions that must all hold (``and``), or of which one must (``or``)."""

    at: int
    word: Literal["and", "or"]
    tests: tuple[Condition, ...]


Node: TypeAlias = Number | Figure | Part | Arithmetic | Function | Choice
Condition: TypeAlias = Test | Reverse | Tests

FUNCTIONS: Mapping[str, tuple[int, int]] = {
    "mean": (2, 50),
    "min": (2, 50),
    "max": (2, 50),
    "abs": (1, 1),
    "round": (1, 2),
    "before": (2, 2),
}
"""The functions, each with the fewest and the most values that it takes."""
RESERVED = frozenset({*FUNCTIONS, "case", "when", "then", "else", "end", "and", "or", "not"})


def within(node: Node | Condition) -> Iterator[Node | Condition]:
    """A node and every node in it."""
    yield node
    for field in fields(node):
        yield from _in(getattr(node, field.name))


def _in(value: object) -> Iterator[Node | Condition]:
    if isinstance(value, tuple):
        for part in value:
            yield from _in(part)
    elif isinstance(value, Node | Condition):
        yield from within(value)


def references(tree: Node) -> tuple[Figure, ...]:
    """Every figure of another indicator that a formula uses."""
    return tuple(node for node in within(tree) if isinstance(node, Figure))


def parts(tree: Node) -> tuple[Part, ...]:
    """Every part of its own that a formula uses."""
    return tuple(node for node in within(tree) if isinstance(node, Part))


def sides(tree: Node) -> tuple[Node, Node] | None:
    """The numerator and the denominator, where the last thing done is a division; else None."""
    return (tree.left, tree.right) if isinstance(tree, Arithmetic) and tree.sign == "/" else None


@cache
def parse(text: str) -> Node:
    """The tree of a text. Raises Misfit at the first place that cannot be read."""
    parser = _Parser(text)
    found = parser.value()
    if parser.word:
        raise parser.misfit("the end, or a sign before more")
    return found


class _Parser(Reader):
    """Reads one formula. A bracket may hold a value or a condition: which of them is known at its end."""

    refused: ClassVar[Mapping[str, str]] = {
        "%": "There is no remainder here; per cent is what the indicator is measured in.",
        "!=": "Write `<>`.",
        "==": "Write `=`.",
        "is": "A figure that is not there keeps its state, and so does what is worked out from it.",
        "between": "Write two comparisons, joined with `and`.",
        "in": "Write comparisons, joined with `or`.",
    }

    def value(self) -> Node:
        return _as_value(self._sum())

    def condition(self) -> Condition:
        return _as_condition(self._either())

    def _either(self) -> Node | Condition:
        at, first, word = self.at, self._test(), self.word
        if word not in ("and", "or"):
            return first
        tests = [_as_condition(first)]
        while self.word == word:
            self.next()
            tests.append(_as_condition(self._test()))
        if self.word in ("and", "or"):
            expected = f"`{word}`, or brackets that say what goes first"
            raise Misfit(self.at, f"`{self.word}` after `{word}`", expected)
        return Tests(at, "and" if word == "and" else "or", tuple(tests))

    def _test(self) -> Node | Condition:
        at = self.at
        if self.word == "not":
            self.deeper()
            self.next()
            inner = _as_condition(self._test())
            self.depth -= 1
            return Reverse(at, inner)
        left = self._sum()
        for sign in COMPARISONS:
            if self.word == sign:
                self.next()
                return Test(at, sign, _as_value(left), self.value())
        return left

    def _sum(self) -> Node | Condition:
        left = self._term()
        while self.word in ("+", "-"):
            left = self._joined(left, self._term)
        return left

    def _term(self) -> Node | Condition:
        left = self._factor()
        while self.word in ("*", "/"):
            left = self._joined(left, self._factor)
        return left

    def _joined(self, left: Node | Condition, following: Callable[[], Node | Condition]) -> Node:
        at, sign = self.at, _SIGNS[self.word]
        self.next()
        return Arithmetic(at, sign, _as_value(left), _as_value(following()))

    def _factor(self) -> Node | Condition:  # noqa: PLR0911 - a way to begin each
        if self.word == "(":
            return self._bracket()
        if self.word == "-":
            return self._negative()
        if self.kind == "number":
            return Number(self.at, self.number())
        if self.kind == "figure":
            return self._figure()
        if self.word == "case":
            return self._choice()
        if self.kind == "name" and self.follows("("):
            return self._function()
        if self.kind == "name" and self.word not in RESERVED:
            at, name = self.at, self.word
            self.next()
            return Part(at, name)
        raise self.misfit("a number, the code of an indicator in [ ], a part or a bracket")

    def _bracket(self) -> Node | Condition:
        self.deeper()
        self.next()
        inner = self._either()
        self.take(")", "`)`")
        self.depth -= 1
        return inner

    def _negative(self) -> Node:
        at = self.at
        self.deeper()
        self.next()
        inner = _as_value(self._factor())
        self.depth -= 1
        return Arithmetic(at, "-", Number(at, Decimal(0)), inner)

    def _figure(self) -> Figure:
        at, code = self.at, self.word[1:-1].strip()
        self.next()
        return Figure(at, code, 0)

    def _function(self) -> Node:
        at, name = self.at, self.word
        if name not in FUNCTIONS:
            raise Misfit(at, f"no function {name!r}", "a function of a formula", nearest(name, FUNCTIONS))
        self.deeper()
        self.next()
        self.next()
        found = self._before() if name == "before" else self._called(at, name)
        self.take(")", "`,` or `)`")
        self.depth -= 1
        return found

    def _called(self, at: int, name: str) -> Function:
        values = [self.value()]
        while self.word == ",":
            self.next()
            values.append(self.value())
        least, most = FUNCTIONS[name]
        if not least <= len(values) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            raise Misfit(at, f"{len(values)} value{'s' * (len(values) > 1)}", f"{wanted} in {name}()")
        digits = values[1] if name == "round" and len(values) == 2 else None
        if digits is not None and not (isinstance(digits, Number) and digits.value in range(10)):
            raise Misfit(digits.at, "decimals that are no number from 0 to 9", "such as round([CODE], 1)")
        return Function(at, name, tuple(values))

    def _before(self) -> Figure:
        if self.kind != "figure":
            raise self.misfit("the code of an indicator, such as before([CODE], 12)")
        figure = self._figure()
        self.take(",", "`,` and a number of months, such as before([CODE], 12)")
        at, months = self.at, self.number() if self.kind == "number" else Decimal(0)
        if months not in range(1, MOST_BEFORE + 1):
            raise Misfit(at, "no such number of months", f"1 to {MOST_BEFORE}, such as before([CODE], 12)")
        return Figure(figure.at, figure.code, int(months))

    def _choice(self) -> Node:
        at = self.at
        self.deeper()
        self.next()
        branches: list[tuple[Condition, Node]] = []
        while self.word == "when" or not branches:
            self.take("when", "`when` and a condition")
            condition = self.condition()
            self.take("then", "`then` and a value")
            branches.append((condition, self.value()))
        otherwise = None
        if self.word == "else":
            self.next()
            otherwise = self.value()
        self.take("end", "`when`, `else` or `end`")
        self.depth -= 1
        return Choice(at, tuple(branches), otherwise)


def _as_value(found: Node | Condition) -> Node:
    if isinstance(found, Condition):
        raise Misfit(found.at, "a condition", "a value; a condition belongs to `case when`")
    return found


def _as_condition(found: Node | Condition) -> Condition:
    if isinstance(found, Node):
        raise Misfit(found.at, "a value", "a comparison, such as [CODE] >= 80")
    return found
