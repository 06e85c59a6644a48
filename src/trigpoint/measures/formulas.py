"""Formulas over other indicators' figures, on a grid of places and months."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from trigpoint.definitions import formula as f
from trigpoint.measures.grid import Flags, Floats, Ints
from trigpoint.measures.observed import NO_DENOMINATOR, STATES, VALUE
from trigpoint.terms.panel import State


@dataclass(frozen=True, slots=True, eq=False)
class Valued:
    """Values on a grid, each with its state (a place in ``observed.STATES``). NaN where it is no value."""

    value: Floats
    state: Ints


Figures = Callable[[str, int], Valued]
"""Another indicator's figures, so many months before."""


def evaluate(node: f.Node, figures: Figures, parts: Mapping[str, Valued], shape: tuple[int, int]) -> Valued:
    """A formula's values. Of several inputs' states the first in precedence is the result's."""
    match node:
        case f.Number(value=value):
            return Valued(np.full(shape, float(value)), np.full(shape, VALUE))
        case f.Figure(code=code, before=before):
            return figures(code, before)
        case f.Part(name=name):
            return parts[name]
        case f.Arithmetic(sign=sign, left=left, right=right):
            one, other = (evaluate(side, figures, parts, shape) for side in (left, right))
            return _joined(sign, one, other)
        case f.Function(name=name, arguments=arguments):
            return _function(name, [evaluate(it, figures, parts, shape) for it in arguments], node)
        case f.Choice(branches=branches, otherwise=otherwise):
            return _chosen(branches, otherwise, figures, parts, shape)
    raise AssertionError(node)


_WORST_FIRST = [
    STATES.index(state)
    for state in (
        *(State.SUPPRESSED, State.NOT_SUBMITTED, State.INCOMPLETE, State.NOT_DUE),
        *(State.NOT_APPLICABLE, State.NO_DENOMINATOR, State.VALUE),
    )
]
_RANK = np.argsort(_WORST_FIRST)


def _worst(states: Sequence[Ints]) -> Ints:
    """Of several states the first in precedence, cell by cell."""
    ranks = np.minimum.reduce([_RANK[one] for one in states])
    return np.asarray(np.array(_WORST_FIRST)[ranks], dtype=np.int64)


def _joined(sign: f.Sign, one: Valued, other: Valued) -> Valued:
    state = _worst([one.state, other.state])
    with np.errstate(divide="ignore", invalid="ignore"):
        value = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}[sign](
            one.value, other.value
        )
    if sign == "/":
        state = np.where((state == VALUE) & (other.value == 0), NO_DENOMINATOR, state)
    return _kept(value, state)


def _function(name: str, of: list[Valued], node: f.Function) -> Valued:
    values, state = [it.value for it in of], _worst([it.state for it in of])
    if name == "mean":
        return _kept(np.add.reduce(values) / len(values), state)
    if name in ("min", "max"):
        return _kept((np.minimum if name == "min" else np.maximum).reduce(values), state)
    if name == "abs":
        return _kept(np.abs(values[0]), state)
    places = (
        node.arguments[1].value if len(node.arguments) > 1 and isinstance(node.arguments[1], f.Number) else 0
    )
    return _kept(half_up(values[0], int(places)), state)


def half_up(value: Floats, places: int) -> Floats:
    """Rounded half away from zero, as people do."""
    scaled = np.abs(value) * 10.0**places
    return np.copysign(np.floor(np.round(scaled + 0.5, 9)), value) / 10.0**places


def _chosen(
    branches: tuple[tuple[f.Condition, f.Node], ...],
    otherwise: f.Node | None,
    figures: Figures,
    parts: Mapping[str, Valued],
    shape: tuple[int, int],
) -> Valued:
    """The first branch whose condition is true. What is no value anywhere in it leaves its state."""
    value, waiting = np.full(shape, np.nan), np.ones(shape, dtype=bool)
    states = []
    for test, then in branches:
        true, tested = _condition(test, figures, parts, shape)
        it = evaluate(then, figures, parts, shape)
        states += [tested, it.state]
        value = np.where(waiting & true, it.value, value)
        waiting &= ~true
    if otherwise is not None:
        it = evaluate(otherwise, figures, parts, shape)
        states.append(it.state)
        value, waiting = np.where(waiting, it.value, value), np.zeros(shape, dtype=bool)
    state = _worst(states)
    return _kept(value, np.where((state == VALUE) & waiting, NO_DENOMINATOR, state))


def _condition(
    node: f.Condition, figures: Figures, parts: Mapping[str, Valued], shape: tuple[int, int]
) -> tuple[Flags, Ints]:
    """Where a condition is true, and the state of what it was asked of."""
    match node:
        case f.Test(sign=sign, left=left, right=right):
            one, other = (evaluate(side, figures, parts, shape) for side in (left, right))
            with np.errstate(invalid="ignore"):
                return _SIGNS[sign](one.value, other.value), _worst([one.state, other.state])
        case f.Reverse(test=test):
            true, state = _condition(test, figures, parts, shape)
            return ~true, state
        case f.Tests(word=word, tests=tests):
            found = [_condition(test, figures, parts, shape) for test in tests]
            join = np.logical_and if word == "and" else np.logical_or
            return join.reduce([true for true, _ in found]), _worst([state for _, state in found])
    raise AssertionError(node)


_SIGNS: Mapping[str, Callable[[Floats, Floats], Flags]] = {
    "=": np.equal,
    "<>": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def _kept(value: Floats, state: Ints) -> Valued:
    return Valued(np.where(state == VALUE, value, np.nan), state)
