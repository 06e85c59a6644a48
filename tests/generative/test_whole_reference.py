"""Against the whole, many figures at once are as the slow reference has them one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracle import intervals
from tests.wholes import Figure, catalogue, panel
from trigpoint.analysis.assess import assess
from trigpoint.analysis.finding import Difference
from trigpoint.analysis.whole.cuts import cuts
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.terms.panel import Panel, State
from trigpoint.terms.period import Month

MONTHS = [Month(2024, 4) + step for step in range(4)]
PER = {"proportion": 100.0, "rate": 1000.0}
DEFINITIONS: dict[tuple[str, str], Catalogue] = {
    (method, direction): catalogue(
        f"{{source: returns, numerator: done, denominator: due, per: {PER[method]:g}}}",
        direction=direction,
        compared_as=method,
    )
    for method in PER
    for direction in ("up", "down", "neutral")
}
Figures = Mapping[str, tuple[int, int] | State]


@st.composite
def months(draw: st.DrawFn) -> tuple[str, str, list[Figures]]:
    """Months of divisions and their trust, each sometimes without a figure; often a division alone."""
    method = draw(st.sampled_from(sorted(PER)))
    direction = draw(st.sampled_from(["up", "down", "neutral"]))
    missing = st.sampled_from([State.SUPPRESSED, State.INCOMPLETE, State.NOT_SUBMITTED])

    def group() -> tuple[int, int]:
        size = draw(st.sampled_from([1, 8, 9, 10, 11, 60, 300, 5_000]))
        return draw(st.integers(0, size if method == "proportion" else 60)), size

    def month() -> Figures:
        divisions = {f"D{at}": group() for at in range(1, draw(st.integers(1, 3)) + 1)}
        trust = sum(above for above, _ in divisions.values()), sum(below for _, below in divisions.values())
        figures = {"T": trust, **divisions}
        return {unit: draw(missing) if draw(st.integers(0, 9)) == 9 else it for unit, it in figures.items()}

    return method, direction, [month() for _ in MONTHS]


@given(months())
def test_each_verdict_is_that_of_the_reference(drawn: tuple[str, str, list[Figures]]) -> None:
    method, direction, figures = drawn
    by_month: list[Mapping[str, Figure]] = [dict(month) for month in figures]
    panels = [panel(month, at, per=PER[method]) for month, at in zip(by_month, MONTHS, strict=True)]
    found = assess(Panel.concat(panels), DEFINITIONS[method, direction], (), MONTHS)
    for finding in found:
        if finding.unit == "T":
            continue
        month = figures[MONTHS.index(finding.month)]
        unit, whole = _parts(month[finding.unit]), _parts(month["T"])
        bearing = finding.whole
        assert (bearing.reason or bearing.verdict) == intervals.verdict(unit, whole, method, direction)
        if not bearing.reason:
            assert unit is not None
            assert whole is not None
            expected = [PER[method] * it for it in intervals.against_rest(unit, whole, method)]
            given_ = [bearing.difference, bearing.lower, bearing.upper]
            assert given_ == pytest.approx(expected, rel=1e-9, abs=1e-9)
            assert bearing.share == pytest.approx(float(unit[1] / whole[1]))


def _parts(figure: tuple[int, int] | State) -> intervals.Parts | None:
    return None if isinstance(figure, State) else (Fraction(figure[0]), Fraction(figure[1]))


BY_AGE = {
    method: catalogue(
        f"{{source: returns, numerator: done, denominator: due, per: {per:g}}}",
        compared_as=method,
        cuts="[age_band]",
    )
    for method, per in PER.items()
}
GROUPS = ("Under 18", "18 to 64", "65 and over", "Not known")


@st.composite
def groups_by_month(draw: st.DrawFn) -> tuple[str, list[dict[str, tuple[int, int]]]]:
    """Months of groups, some of which are without a row in some."""
    method = draw(st.sampled_from(sorted(PER)))

    def group() -> tuple[int, int]:
        size = draw(st.sampled_from([0, 1, 5, 60, 300]))
        return draw(st.integers(0, size if method == "proportion" else 9 * (size > 0))), size

    return method, [{name: group() for name in GROUPS if draw(st.integers(0, 5))} for _ in MONTHS]


@given(groups_by_month())
def test_each_group_is_beside_everyone_else_as_the_reference_has_it(
    drawn: tuple[str, list[dict[str, tuple[int, int]]]],
) -> None:
    method, figures = drawn
    rows: list[Mapping[str, Figure]] = [dict(month) for month in figures]
    panels = [
        panel(month, at, per=PER[method], cut="age_band")
        for month, at in zip(rows, MONTHS, strict=True)
        if month
    ]
    [found] = cuts(Panel.concat(panels), BY_AGE[method], "X", "T", MONTHS[-1])
    shown = [month for month in figures if any(size for _, size in month.values())]
    for group in found.groups if shown else ():
        own = _total([month.get(group.name, (0, 0)) for month in shown])
        others = _total([it for month in shown for name, it in month.items() if name != group.name])
        assert [group.numerator, group.denominator] == [float(own[0]), float(own[1])]
        assert group.state is (State.VALUE if own[1] else State.NO_DENOMINATOR)
        if not own[1] or not others[1]:
            assert (group.gap, group.verdict) == (None, Difference.NOT_COMPARED)
            continue
        whole = own[0] + others[0], own[1] + others[1]
        assert group.verdict == intervals.verdict(own, whole, method, "up")
        expected = [PER[method] * it for it in intervals.apart(own, others, method)]
        assert [group.gap, group.lower, group.upper] == pytest.approx(expected, rel=1e-9, abs=1e-9)


def _total(groups: list[tuple[int, int]]) -> intervals.Parts:
    return Fraction(sum(above for above, _ in groups)), Fraction(sum(below for _, below in groups))
