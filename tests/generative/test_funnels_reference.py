"""Funnels of any units are as plain Python has them, and keep what any funnel keeps."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.oracle import funnels_by_hand as by_hand
from trigpoint.analysis.peers.funnel import Fitted, fit, funnel
from trigpoint.analysis.peers.kinds import Kind
from trigpoint.analysis.peers.methods import METHODS
from trigpoint.analysis.peers.ranks import likely_ranks
from trigpoint.analysis.peers.standing import quantiles

NEVER, ALWAYS = (replace(METHODS["exact"], adjust=when) for when in ("never", "always"))
KINDS: st.SearchStrategy[Kind] = st.sampled_from(("proportion", "rate", "counts"))
SIZES = st.sampled_from([1, 2, 3, 7, 15, 30, 41, 80, 150, 400, 1_200])
TARGETS = st.sampled_from([0.001, 0.03, 0.1, 0.25, 0.5, 0.77, 0.98])
LEVELS = (0.8, 0.95, 0.998)
Z = by_hand.NORMAL.inv_cdf(0.975)
Units = tuple[Kind, list[int], list[int]]


@st.composite
def groups(draw: st.DrawFn, least: int = 1, most: int = 9) -> Units:
    """Units of one kind, of all sizes, with events in plenty or none at all."""
    kind: Kind = draw(KINDS)
    sizes = draw(st.lists(SIZES, min_size=least, max_size=most))
    tops = [size if kind == "proportion" else min(2 * size + 3, 600) for size in sizes]
    counts = [draw(st.integers(0, top)) for top in tops]
    return kind, counts, sizes


@given(groups(), TARGETS)
def test_each_unit_is_where_adding_up_probabilities_puts_it(drawn: Units, target: float) -> None:
    kind, counts, sizes = drawn
    found = funnel(counts, sizes, kind, target=target, confidence=LEVELS, method=NEVER)
    for at, (count, size) in enumerate(zip(counts, sizes, strict=True)):
        sides = [by_hand.side(kind, count, size, target, level) for level in LEVELS]
        if min(near for _, near in sides) < 0.05:  # within the expansion's error of a limit
            continue
        assert found.verdict[at] == sum(side for side, _ in sides)


@given(groups(least=2, most=8), TARGETS, st.booleans())
def test_phi_and_tau2_are_those_of_plain_python(drawn: Units, target: float, given_target: bool) -> None:
    """Units differ from each other by as much, whatever they are held against."""
    kind, counts, sizes = drawn
    aim = sum(counts) / sum(sizes)
    assume(aim > 0 and (kind != "proportion" or aim < 1))
    found = fit(counts, sizes, kind, target=target if given_target else None, method=ALWAYS)
    scores = by_hand.scores(kind, counts, sizes, aim)
    judged = int((~np.isnan(found.dispersion.trimmed)).sum())
    assert judged == len(scores)
    if len(scores) < 2:
        return
    squares = by_hand.trimmed_squares(scores, 0.1)
    usual = by_hand.usual_squares(len(scores), 0.1) - 1
    assert found.dispersion.phi == pytest.approx(squares / usual, rel=2e-3, abs=1e-9)
    weights = [size * (1 + aim) if kind == "counts" else size for size in sizes]
    kept = [it for it, one in zip(weights, found.dispersion.trimmed, strict=True) if not math.isnan(one)]
    tau2 = by_hand.between(found.dispersion.phi, kept, len(kept) - 1)
    assert found.dispersion.tau2 == pytest.approx(tau2, rel=1e-9, abs=1e-15)


def steady(ratio: float, kind: Kind) -> float:
    root = math.sqrt(ratio)
    return root if kind == "rate" else math.asin(min(root, 1)) if kind == "proportion" else math.atan(root)


@given(groups(least=3))
def test_chance_and_what_units_differ_by_beyond_it_are_added_as_variances(drawn: Units) -> None:
    kind, counts, sizes = drawn
    overall = fit(counts, sizes, kind, method=ALWAYS)
    assume(overall.target > 0 and (kind != "proportion" or overall.target < 1))
    given_target = replace(overall, total=math.inf, method=NEVER)
    [low], [high] = overall.limits(sizes, [0.95])
    [plain_low], [plain_high] = given_target.limits(sizes, [0.95])
    centre = steady(overall.target, kind)
    for at, size in enumerate(sizes):
        error = math.sqrt(size * overall.target * (1 + _bend(kind) * overall.target) * size / sum(sizes))
        enough = round(by_hand.fewest(kind, size, overall.target) + error) >= by_hand.MANY
        if enough != (round(by_hand.fewest(kind, size, overall.target)) >= by_hand.MANY):
            continue  # the plain limits are of the other sort
        share = size / sum(sizes) if enough else 0
        ends = {"rate": math.inf, "proportion": math.pi / 2, "counts": math.pi / 2}[kind]
        for ours, plain, sense in ((low[at], plain_low[at], -1), (high[at], plain_high[at], 1)):
            squares = (1 - share) * (steady(plain, kind) - centre) ** 2 + Z**2 * overall.dispersion.tau2
            expected = min(max(centre + sense * math.sqrt(squares), 0), ends)
            assert steady(ours, kind) == pytest.approx(expected, rel=1e-7, abs=1e-7)


def _bend(kind: Kind) -> int:
    return {"proportion": -1, "rate": 0, "counts": 1}[kind]


@given(KINDS, TARGETS, st.lists(st.floats(1, 1e6), min_size=2, max_size=20), st.floats(0, 0.02))
def test_limits_narrow_and_nest_and_hold_the_target(
    kind: Kind, target: float, sizes: list[float], tau2: float
) -> None:
    rising = sorted(sizes)
    fitted: Fitted = fit([0], [1], kind, target=target, method=ALWAYS)
    fitted = replace(fitted, dispersion=replace(fitted.dispersion, tau2=tau2))
    low, high = fitted.limits(rising, LEVELS)
    assert (np.diff(low, axis=1) >= -1e-9).all()
    assert (np.diff(high, axis=1) <= 1e-9 * high[:, 1:] + 1e-9).all()
    assert (np.diff(low, axis=0) <= 1e-12).all()
    assert (np.diff(high, axis=0) >= -1e-12).all()
    assert (low >= 0).all()
    assert (low <= target * (1 + 1e-9)).all()
    assert (high >= target * (1 - 1e-9)).all()
    assert kind != "proportion" or (high <= 1).all()


@given(groups(least=2), st.data())
def test_those_who_miss_are_the_mirror_of_those_who_meet(drawn: Units, data: st.DataObject) -> None:
    _, counts, sizes = drawn
    counts = [min(count, size) for count, size in zip(counts, sizes, strict=True)]
    meet = funnel(counts, sizes)
    miss = funnel([size - count for count, size in zip(counts, sizes, strict=True)], sizes)
    np.testing.assert_allclose(miss.upper, 1 - meet.lower, atol=1e-7)
    np.testing.assert_allclose(miss.curve_lower, 1 - meet.curve_upper, atol=1e-7)
    assert miss.phi == pytest.approx(meet.phi, rel=1e-9, nan_ok=True)
    order = data.draw(st.permutations(range(len(sizes))))
    turned = funnel([counts[at] for at in order], [sizes[at] for at in order], per=1_000)
    np.testing.assert_allclose(turned.upper, 1_000 * meet.upper[:, order], rtol=1e-9)
    assert turned.verdict.tolist() == meet.verdict[order].tolist()


HOSTILE = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-5, 10**12),
    st.text(max_size=3),
    st.none(),
    st.booleans(),
)


@given(st.lists(HOSTILE, max_size=6), st.lists(HOSTILE, max_size=6), st.sampled_from(sorted(METHODS)), KINDS)
def test_anything_is_a_funnel_without_holes_or_a_named_fault(
    counts: list[Any], sizes: list[Any], method: str, kind: Kind
) -> None:
    fault, found = "", None
    try:
        found = funnel(counts, sizes, kind, method=method)
    except ValueError as raised:
        fault = str(raised)
    if found is None:
        assert any(name in fault for name in ("numerator", "denominator", "method", "target"))
        return
    for limits in (found.lower, found.upper, found.curve_lower, found.curve_upper):
        assert not np.isnan(limits).any()
    assert (np.abs(found.verdict) <= 2).all()


@given(groups(least=1, most=12), st.sampled_from(["up", "down", "neutral"]))
def test_a_likely_range_holds_the_rank_and_is_the_same_each_time(drawn: Units, direction: Any) -> None:
    kind, counts, sizes = drawn
    found, again = (likely_ranks(counts, sizes, kind, direction=direction, draws=200) for _ in range(2))
    assert (found.lower >= 1).all()
    assert (found.lower <= found.rank).all()
    assert (found.rank <= found.upper).all()
    assert (found.upper <= len(counts)).all()
    assert found.lower.tolist() == again.lower.tolist()
    assert found.upper.tolist() == again.upper.tolist()


@given(st.lists(st.one_of(st.integers(0, 9), st.none()), max_size=40), st.integers(1, 10), st.booleans())
def test_quantiles_are_the_published_formula(
    values: list[int | None], groups_of: int, highest_first: bool
) -> None:
    held = [value for value in values if value is not None]
    found = quantiles(
        [math.nan if it is None else it for it in values], groups_of, highest_first=highest_first
    )
    for value, group in zip(values, found, strict=True):
        if value is None or len(held) < groups_of:
            assert group == 0
            continue
        rank = 1 + sum((other > value) if highest_first else (other < value) for other in held)
        steps = -(-((len(held) + 1 - rank) * groups_of) // len(held))  # a ceiling, in whole numbers
        assert group == groups_of + 1 - steps
