"""The library for analysts: units and areas beside each other, in tidy tables and in pictures."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import polars as pl
import pytest

from trigpoint.analysis import (
    EUROPEAN_2013,
    compare,
    directly_standardised,
    directly_standardised_repeats,
    funnel,
    indirectly_standardised,
    inequality,
    mean,
    proportion,
    ranks,
    rate,
    standardised_ratio,
)
from trigpoint.analysis.peers.funnel import funnel as limits_of
from trigpoint.analysis.peers.ranks import likely_ranks
from trigpoint.analysis.rates import crude

SIZES = [400, 900, 150, 2500, 60, 1200, 700, 0, 300]
SEEN: list[int | None] = [330, 700, 140, 2010, 31, 960, None, 0, 200]
TRUSTS = [f"Trust {letter}" for letter in "ABCDEFGHI"]
FRAME = pl.DataFrame({"trust": TRUSTS, "seen": SEEN, "all": SIZES})
ASKED: dict[str, Any] = {"numerator": "seen", "denominator": "all", "unit": "trust"}
KNOWN = [at for at, (seen, size) in enumerate(zip(SEEN, SIZES, strict=True)) if seen is not None and size]
PART = np.array([SEEN[at] for at in KNOWN], dtype=float)
WHOLE = np.array([SIZES[at] for at in KNOWN], dtype=float)


def column(found: Any, name: str) -> list[Any]:
    return list(found.table[name].to_pylist())


def known(found: Any, name: str) -> list[Any]:
    """A column at the units that have both counts."""
    return [cell for at, cell in enumerate(column(found, name)) if at in KNOWN]


def test_units_stay_in_their_order_and_those_without_a_figure_stay_too() -> None:
    for front in (funnel, ranks, proportion, compare):
        found = front(FRAME, **ASKED)
        assert column(found, "unit") == TRUSTS
        assert column(found, "state") == [None] * 6 + ["no figure", "out of nobody", None]
        assert column(found, "value")[6:8] == [None, None]


def test_a_funnel_has_the_limits_of_the_statistics_and_says_where_each_unit_lies() -> None:
    found, limits = funnel(FRAME, **ASKED, per=100), limits_of(PART, WHOLE, per=100)
    assert known(found, "value") == pytest.approx(limits.value)
    assert known(found, "lower_95") == pytest.approx(limits.lower[0])
    assert known(found, "upper_99.8") == pytest.approx(limits.upper[1])
    assert "inside" in known(found, "verdict")
    assert {code != 0 for code in limits.verdict.tolist()} == {
        word != "inside" for word in known(found, "verdict")
    }
    assert re.fullmatch(
        r"7 units about 79\.\d%: \d above the limits, \d below\. Limits allow for .+ \(phi \d+\.\d\d\)\.",
        found.sentence,
    )


def test_a_funnel_may_have_levels_a_target_and_a_method_of_its_own() -> None:
    found = funnel(
        observed_over_expected(), numerator="deaths", denominator="expected", kind="standardised",
        confidence=(0.9,), method="cqc",
    )  # fmt: skip
    assert {"lower_90", "upper_90"} <= set(found.table.column_names)
    assert found.sentence.startswith("4 units about 1.0")
    assert funnel(FRAME, **ASKED, target=0.5).sentence.startswith("7 units about 50.0%")


def observed_over_expected() -> dict[str, list[Any]]:
    return {"deaths": [30, 41, 22, 60], "expected": [31.2, 38.0, 25.5, 58.0]}


def test_ranks_come_with_their_likely_range() -> None:
    found, likely = ranks(FRAME, **ASKED), likely_ranks(PART, WHOLE)
    for name in ("rank", "lower", "upper"):
        assert known(found, name) == getattr(likely, name).tolist()
    down = ranks(FRAME, **ASKED, improvement="down")
    assert known(down, "rank") == [8 - rank for rank in known(found, "rank")]
    assert column(ranks(FRAME, **ASKED, improvement="neutral"), "quarter") == [None] * 9


@pytest.mark.parametrize(
    ("front", "parts", "per"),
    [
        (proportion, ("numerator", "denominator"), 1),
        (rate, ("events", "population"), 100_000),
        (standardised_ratio, ("observed", "expected"), 100),
    ],
)
def test_figures_have_the_intervals_of_the_statistics(front: Any, parts: tuple[str, str], per: float) -> None:
    room = getattr(crude, front.__name__)(PART, WHOLE, per)
    found = front(FRAME, **dict(zip(parts, ("seen", "all"), strict=True)), unit="trust")
    for name in ("value", "lower", "upper"):
        assert known(found, name) == pytest.approx(getattr(room, name))
    assert known(found, "method") == room.method.tolist()


def test_units_are_compared_with_the_rest_and_said_to_differ_only_beyond_chance() -> None:
    found = compare(FRAME, **ASKED, improvement="up")
    assert sum(known(found, "share")) == pytest.approx(1)
    verdicts = dict(zip(TRUSTS, column(found, "verdict"), strict=True))
    assert verdicts["Trust C"] == "better"
    assert verdicts["Trust E"] == "worse"
    assert verdicts["Trust A"] == "no_different"
    assert verdicts["Trust G"] is None
    assert compare(FRAME, **ASKED).table["verdict"].to_pylist()[4] == "lower"


def test_a_total_among_units_is_no_unit() -> None:
    part, size = int(PART.sum()), int(WHOLE.sum())
    with_total = pl.concat([FRAME, pl.DataFrame({"trust": ["England"], "seen": [part], "all": [size]})])
    for front in (funnel, ranks, proportion, compare):
        with pytest.raises(
            ValueError, match=r"unit\[9\], England, is all the others together: 4,371 of 5,510"
        ):
            front(with_total, **ASKED)


# --------------------------------------------------------------------------------------- areas and bands


def bands() -> dict[str, list[Any]]:
    rows = [
        (area, age, 30 + 7 * at, 20_000 - 700 * at)
        for area in ("East", "West")
        for at, age in enumerate(EUROPEAN_2013)
    ]
    area, age, events, people = (list(column) for column in zip(*rows, strict=True))
    events[-3:] = [0, 1, 2]
    return {"area": area, "age": age, "events": events, "people": people}


ROWS: dict[str, Any] = {"area": "area", "band": "age", "population": "people"}


def test_rates_are_standardised_directly_and_indirectly() -> None:
    direct = directly_standardised(bands(), **ROWS, events="events")
    assert column(direct, "area") == ["East", "West"]
    east, west = column(direct, "value")
    assert east > west
    reference = {age: (30.0 + 7 * at, 20_000.0 - 700 * at) for at, age in enumerate(EUROPEAN_2013)}
    indirect = indirectly_standardised(bands(), **ROWS, events="events", reference=reference)
    assert column(indirect, "ratio")[0] == pytest.approx(100)
    assert column(indirect, "ratio")[1] < 100


def test_what_happens_again_and_again_to_some_has_wider_limits() -> None:
    thrice = {**bands(), "times": [3] * 38, "all": [3 * count for count in bands()["events"]]}
    again = directly_standardised_repeats(thrice, **ROWS, people="events", frequency="times")
    apart = directly_standardised(thrice, **ROWS, events="all")
    assert column(again, "value") == pytest.approx(column(apart, "value"))
    width_again, width_apart = (
        np.array(column(it, "upper")) - np.array(column(it, "lower")) for it in (again, apart)
    )
    assert width_again == pytest.approx(3**0.5 * width_apart, rel=0.01)


def test_an_area_that_cannot_be_answered_says_why() -> None:
    few = {**bands(), "events": [1, 1] + [0] * 36}
    found = directly_standardised(few, **ROWS, events="events")
    assert column(found, "value") == [None, None]
    assert column(found, "status") == ["too_few_events"] * 2
    assert "Fewer than 10 events" in column(found, "note")[0]
    assert found.sentence == "2 areas, 2 of them not answered in full: note says why."


def test_inequality_is_a_slope_and_a_ratio_over_bands() -> None:
    tenths = np.arange(1, 11)
    value = 100 - 5.0 * tenths
    asked: dict[str, Any] = {"band": tenths, "population": [1000] * 10, "kind": "mean"}
    asked |= {"value": value, "lower": value - 1, "upper": value + 1}
    found, again = inequality(**asked), inequality(**asked)
    assert column(found, "area") == ["all"]
    assert column(found, "slope") == pytest.approx([-50], abs=1e-9)
    assert column(found, "slope_lower") == column(again, "slope_lower")  # the seed is the same


def test_means_have_their_t_interval() -> None:
    found = mean({"stay": [1.0, 2.0, 3.0, 9.0], "ward": ["A", "A", "A", "B"]}, value="stay", group="ward")
    assert column(found, "value") == [2, 9]
    assert column(found, "lower")[0] == pytest.approx(2 - 4.302653 / 3**0.5, abs=1e-5)
    assert column(found, "lower")[1] is None
    assert column(mean([1, 2, 3]), "group") == ["all"]


# ------------------------------------------------------------------------------------------ in a notebook


@pytest.mark.parametrize("front", [funnel, ranks, proportion, compare])
@pytest.mark.parametrize("size", ["wide", "middle", "narrow"])
def test_units_are_drawn_with_our_own_marked(front: Any, size: str) -> None:
    svg = front(FRAME, **ASKED, ours="Trust E", title="Seen in time").svg(size=size)
    assert svg.startswith("<svg xmlns=")
    assert ">Seen in time</title>" in svg
    assert "Trust E" in svg
    assert "Trust G" not in svg


def test_a_share_is_drawn_between_nothing_and_all() -> None:
    for front in (funnel, proportion):
        svg = front({"n": [2, 190, 3, 400], "d": [40, 200, 3, 405]}, numerator="n", denominator="d").svg()
        ticks = [float(tick) for tick in re.findall(r">(−?\d+)%</text>", svg)]
        assert max(ticks) <= 100
        assert "−" not in "".join(re.findall(r">(−\d+)%", svg))


def test_differences_are_signed_and_in_points() -> None:
    svg = compare(FRAME, **ASKED).svg()
    assert ">+14.0<" in svg
    assert ">−27.7<" in svg
    assert "Differences are in percentage points." in svg


def test_words_tell_the_first_units_that_have_a_figure_and_count_the_rest() -> None:
    told = repr(proportion(FRAME, **ASKED, title="Seen in time"))
    assert told.startswith("Seen in time: 7 units; all together 79.3%.")
    assert "Trust A  330" in told
    assert "Trust G" not in told
    assert told.endswith("… 2 more rows in .table")


def test_what_has_no_picture_shows_its_table() -> None:
    tenths = np.arange(1, 11)
    found = inequality(
        band=tenths, population=[1000] * 10, value=tenths, lower=tenths - 0.5, upper=tenths + 0.5
    )
    html = found._repr_html_()
    assert html is not None
    assert "<caption>Inequality. 1 area</caption>" in html
    assert "<th scope='col'>slope</th>" in html
    assert found._repr_svg_() is None
