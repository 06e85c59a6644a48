"""Formulas for the slow second opinion: a tree walked over figures that are already made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from trigpoint.definitions import formula as f
from trigpoint.measures.reference_said import Said, worst
from trigpoint.terms.panel import Observation

_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class Inputs(NamedTuple):
    """What a formula's names stand for at one unit: other figures by code and months before, and parts."""

    figures: Mapping[tuple[str, int], Observation | None]
    parts: Mapping[str, Said]

    def states(self) -> list[str]:
        """The state of each; a figure that is not offered here is not applicable."""
        others = [it.state if it is not None else "not_applicable" for it in self.figures.values()]
        own = [
            "no_denominator" if it.state == "value" and _alone(it) is None else it.state
            for it in self.parts.values()
        ]
        return [*others, *own]

    def provisional(self) -> bool:
        """Whether anyone may still change one of them."""
        return any(it is not None and it.status == "provisional" for it in self.figures.values())


def worked_out(tree: f.Node, inputs: Inputs) -> Said:
    """What a formula comes to. Its last division gives two sides; dividing by nothing gives no figure."""
    state = worst(inputs.states())
    provisional = inputs.provisional()
    if state != "value":
        return Said(None, None, state, provisional)
    if isinstance(tree, f.Arithmetic) and tree.sign == "/":
        above, below = _value(tree.left, inputs), _value(tree.right, inputs)
        if above is None or below is None:
            return Said(None, None, "no_denominator", provisional)
        return Said(above, below, "value", provisional)
    found = _value(tree, inputs)
    return Said(None, None, "no_denominator" if found is None else "value", provisional, alone=found)


def _alone(said: Said) -> float | None:
    """A part's value: it is no ratio, but may be a mean."""
    if said.alone is not None or said.above is None or said.below is None:
        return said.alone if said.alone is not None else said.above
    return said.above / said.below if said.below else None


def _value(node: f.Node, inputs: Inputs) -> float | None:  # noqa: PLR0911 - a case a kind
    """A value; None where something was divided by nothing, or no branch was taken."""
    match node:
        case f.Number(value=number):
            return float(number)
        case f.Figure(code=code, before=before):
            found = inputs.figures[code, before]
            return found.value if found is not None else None
        case f.Part(name=name):
            return _alone(inputs.parts[name])
        case f.Arithmetic(sign=sign, left=left, right=right):
            return _joined(sign, _value(left, inputs), _value(right, inputs))
        case f.Function(name=name, arguments=arguments):
            return _called(name, [_value(one, inputs) for one in arguments])
        case f.Choice(branches=branches, otherwise=otherwise):
            for condition, then in branches:
                if _holds(condition, inputs):
                    return _value(then, inputs)
            return None if otherwise is None else _value(otherwise, inputs)


def _joined(sign: str, left: float | None, right: float | None) -> float | None:
    if left is None or right is None or (sign == "/" and right == 0):
        return None
    if sign == "/":
        return left / right
    return left + right if sign == "+" else left - right if sign == "-" else left * right


def _called(name: str, given: list[float | None]) -> float | None:
    known = [one for one in given if one is not None]
    if len(known) < len(given):
        return None
    if name == "mean":
        return sum(known) / len(known)
    if name == "round":
        return _rounded(known[0], int(known[1]) if len(known) > 1 else 0)
    return abs(known[0]) if name == "abs" else min(known) if name == "min" else max(known)


def _rounded(number: float, decimals: int) -> float:
    """Half away from zero, as people round: of the number as it is written, and not as a float holds it."""
    return float(Decimal(repr(number)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def _holds(node: f.Condition, inputs: Inputs) -> bool | None:
    """Whether a condition is true; None where it cannot be told."""
    match node:
        case f.Test(sign=sign, left=left, right=right):
            a, b = _value(left, inputs), _value(right, inputs)
            return None if a is None or b is None else _COMPARED[sign](a, b)
        case f.Reverse(test=test):
            found = _holds(test, inputs)
            return None if found is None else not found
        case f.Tests(word=word, tests=tests):
            answers = [_holds(test, inputs) for test in tests]
            decides = word == "or"
            return decides if decides in answers else None if None in answers else not decides
