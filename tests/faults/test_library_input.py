"""What an analyst may hand in by mistake: each is refused by its argument, its row, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from trigpoint.analysis import compare, funnel, inequality, mean, proportion, ranks, rate, spc

FRAME: dict[str, Any] = {
    "month": ["2024-01", "2024-02", "2024-03"],
    "ward": ["A", "A", "B"],
    "seen": [3, 4, 5],
    "all": [5, 5, 5],
    "text": ["3", "*", None],
}
PARTS: dict[str, Any] = {"numerator": "seen", "denominator": "all"}


def chart(**asked: Any) -> Callable[[], object]:
    return lambda: spc(FRAME, **{"value": "seen", **asked})


def changed(**columns: list[Any]) -> Callable[[], object]:
    return lambda: spc({**FRAME, **columns}, "month", **PARTS)


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    # figures
    "unequal lengths": (
        lambda: spc([1, 2, 3], ["2024-01", "2024-02"]),
        "data has 3 rows and period 2: there is no period[2]",
    ),
    "unequal columns": (
        lambda: spc(FRAME, value=[1, 2, 3, 4], period="month"),
        "value has 4 rows and period 3: there is no period[3]",
    ),
    "text": (
        chart(value="text"),
        "value[0] (column 'text') is '3', not a number. Read the column as numbers",
    ),
    "text among numbers": (lambda: spc([1, 2, "n/a"]), "data[2] is 'n/a', unlike those before it"),
    "infinite": (lambda: spc([1, np.inf]), "data[1] is inf, infinite. Leave a period without a figure empty"),
    "negative numerator": (changed(seen=[3, -1, 2]), "numerator[1] (column 'seen') is -1, below zero"),
    "negative denominator": (changed(all=[5, -5, 5]), "denominator[1] (column 'all') is -5, below zero"),
    "negative count": (
        lambda: spc([1, -2], chart="c"),
        "data[1] is -2, below zero, which a c chart cannot show",
    ),
    "half an event": (lambda: spc([1, 2.5], chart="c"), "data[1] is 2.5, not a whole number"),
    "numerator above denominator": (
        changed(seen=[3, 4, 6]),
        "numerator[2] (column 'seen') is 6, above denominator, which is 5. A share cannot pass its whole",
    ),
    "events among nobody": (
        lambda: spc(numerator=[3], denominator=[0], chart="u"),
        "numerator[0] is 3, counted where denominator is 0. Nothing can happen to nobody.",
    ),
    "share above the whole": (
        lambda: spc(value=[0.9, 91], denominator=[5, 5], chart="p"),
        "value[1] is 91, above 1, which is all of the whole. If figures are per cent, say per=100.",
    ),
    "beyond what can be reached": (
        lambda: spc([50, 101], most=100),
        "data[1] is 101, above most, which is 100",
    ),
    "two dimensions": (lambda: spc(np.ones((2, 3))), "data has 2 dimensions: give one column, with group="),
    "one number": (lambda: spc(3), "data is 3: expected a sequence, an array or a series"),
    "no rows": (lambda: spc([]), "data has no rows"),
    # where they are
    "nothing": (spc, "say where the figures are: value=, or numerator= and denominator="),
    "no column named": (
        lambda: spc(FRAME, "month"),
        "say where the figures are: value=, or numerator= and denominator=. Columns: month, ward, seen",
    ),
    "a column that is not there": (
        chart(value="sen"),
        "value is 'sen', which is no column of data. Nearest: seen.",
    ),
    "a period that is not there": (chart(period="mnth"), "period is 'mnth', which is no column of data"),
    "a name without a frame": (lambda: spc([1, 2], "month"), "period is 'month', the name of a column"),
    "a column in the index": (
        lambda: spc(pd.DataFrame(FRAME).set_index(["ward", "month"]), "month", value="seen"),
        "period is 'month', which is in the index: pass data.reset_index()",
    ),
    "an unordered set": (lambda: spc({1, 2}), "data is {1, 2}: expected a sequence, an array or a series"),
    "figures twice": (chart(numerator="seen", denominator="all"), "figures are given twice"),
    "half a ratio": (lambda: spc(FRAME, numerator="seen"), "numerator= needs denominator="),
    "a lazy frame": (
        lambda: spc(pl.LazyFrame(FRAME), value="seen"),
        "data is a frame that is not worked out yet: pass data.collect()",
    ),
    "two columns of one name": (
        lambda: spc(pd.DataFrame([[1, 2]], columns=["v", "v"]), value="v"),
        "value is 'v', and data has more than one column of that name",
    ),
    # periods
    "out of order": (
        lambda: spc([1, 2, 3], ["2024-01", "2024-03", "2024-02"]),
        "period[2] is February 2024, after March 2024. Sort the rows by period",
    ),
    "out of order in a group": (
        lambda: spc({"m": [1, 2, 3, 2], "w": [*"AABB"], "v": [1, 2, 3, 4]}, "m", value="v", group="w"),
        "period[3] (column 'm') is 2, after 3 (group 'B'). Sort the rows by period.",
    ),
    "repeated": (
        lambda: spc([1, 2, 3], ["2024-01", "2024-02", "2024-02"]),
        "period[2] is February 2024 again, as in row 1. Give one row for each period, or say group=.",
    ),
    "missing": (
        lambda: spc([1, 2], ["2024-01", None]),
        "period[1] is None, missing. Each row needs its period.",
    ),
    "a date in two ways": (
        lambda: spc([1, 2], ["01/02/2024", "01/03/2024"]),
        "period[0] is '01/02/2024', a date that can be read in two ways. Make it one, such as 2024-04-30",
    ),
    "a row of totals": (
        lambda: spc([1, 2, 3], ["2024-01", "2024-02", "Total"]),
        "period[2] is 'Total', and most others are dates. Leave the row out, or mend it.",
    ),
    "a slip in a year": (
        lambda: spc([1, 2, 3], ["2024-01", "2024-02", "9204-03"]),
        "period[2] is March 9204, after February 2024: nearly every period between is empty",
    ),
    "half a period": (lambda: spc([1, 2], [1, 1.5]), "period[1] is 1.5, not a whole number"),
    "a group without a name": (
        lambda: spc([1, 2], group=["A", None]),
        "group[1] is None, missing. Give each row its own.",
    ),
    "events out of order": (
        lambda: spc(pd.to_datetime(["2024-02-01", "2024-01-01"]), chart="t"),
        "data[1] is",
    ),
    # what is asked
    "no such chart": (chart(chart="pp"), "chart is 'pp', which is no kind of chart: run, i, mr, p, p_prime"),
    "no such profile": (
        chart(profile="nhs-englnd"),
        "profile is 'nhs-englnd', which does not ship with Trigpoint",
    ),
    "no such way": (chart(improvement="increase"), "improvement is 'increase': expected up, down, neutral"),
    "no such kind": (chart(kind="ratio"), "kind is 'ratio': expected proportion, rate"),
    "per nothing": (lambda: spc(FRAME, **PARTS, per=0), "per is 0, not above zero"),
    "per text": (lambda: spc(FRAME, **{**PARTS, "per": "x"}), "per is 'x', not a number"),
    "limits of run charts": (
        chart(chart="i", profile="anhoej"),
        "chart is 'i', and the profile 'anhoej' has no rules for limits",
    ),
    "sizes needed": (chart(chart="p"), "a p chart needs denominator="),
    "subgroups of one": (
        lambda: spc([1, 2, 3], ["2024-01", "2024-01", "2024-02"], chart="xbar"),
        "data[2] is the only figure of February 2024",
    ),
    "subgroups without a period": (lambda: spc([1, 2], chart="s"), "a s chart needs period="),
    "a standard on no side": (chart(standard=3), "standard= needs sense='at_least' or 'at_most'"),
    "a standard that no share reaches": (
        lambda: spc(FRAME, "month", **PARTS, standard=95, improvement="up"),
        "standard[0] is 95, above 1, which is all that a figure can reach. Figures are shares of 1: write",
    ),
    "standards too few": (
        chart(standard=[1, 2], improvement="up"),
        "standard has 2 numbers and the data 3 rows: give one, or one for each row",
    ),
    "a standard of no group": (
        chart(standard={"X": 1}, group="ward", improvement="up"),
        "standard names 'X', which is no group",
    ),
    "a rebase that never comes": (
        chart(period="month", rebase="2030-01"),
        "rebase[0] is '2030-01': no series has figures both before and from then on",
    ),
    "a rebase that is no period": (
        chart(period="month", rebase=["2024-02", "soon"]),
        "rebase[1] is 'soon': expected a date, as the periods of the data are",
    ),
    "an exclusion of nothing": (
        chart(period="month", exclude="2024-07"),
        "exclude[0] is '2024-07', which is no period of the data",
    ),
    "a baseline of one": (chart(baseline=1), "baseline is 1: limits need at least 2 points"),
    "half a baseline": (
        chart(period="month", baseline="2024-01"),
        "baseline is '2024-01': expected a number of points, or the first and the last period",
    ),
    "a baseline of nothing": (
        chart(period="month", baseline=("2020-01", "2020-12")),
        "baseline is '2020-01' to '2020-12', in which there are fewer than 2 points",
    ),
    "no such group": (
        lambda: spc(FRAME, value="seen", group="ward").svg(group="C"),
        "group is 'C', which is none of the 2. Valid: A, B.",
    ),
    "no such size": (lambda: spc([1, 2]).svg(size="huge"), "size is 'huge': expected wide, middle, narrow"),
    # units beside each other
    "funnel above": (
        lambda: funnel(FRAME, numerator="all", denominator="seen"),
        "numerator[0] (column 'all') is 5",
    ),
    "funnel of nothing": (
        lambda: funnel(numerator=[None], denominator=[0]),
        "no unit has both a numerator and a denominator above 0",
    ),
    "funnel of no kind": (
        lambda: funnel(FRAME, **{**PARTS, "kind": "share"}),
        "kind is 'share': expected proportion",
    ),
    "a unit twice": (
        lambda: ranks(FRAME, **PARTS, unit="ward"),
        "unit[1] (column 'ward') is 'A', which is there twice. Give one row for each unit.",
    ),
    "no such unit": (lambda: ranks(FRAME, **PARTS, ours="Z"), "ours is 'Z', which is no unit with a figure"),
    "no denominator": (
        lambda: proportion(FRAME, numerator="seen"),
        "denominator is missing: name a column, or give one. Columns: month, ward",
    ),
    "infinite events": (lambda: rate(events=[np.inf], population=[5]), "events[0] is inf, infinite"),
    "one unit alone": (
        lambda: compare(numerator=[1], denominator=[2]),
        "fewer than two units have both counts",
    ),
    "missing in a mean": (lambda: mean([1, None]), "data[1] is None, missing. Give a number in each row"),
    "inequality twice": (
        lambda: inequality(band=[1, 1], population=[1, 1], value=[1, 1], lower=[0.5, 0.5], upper=[2, 2]),
        "band[1] of area 'all' is there already",
    ),
    "no picture": (
        lambda: inequality(
            band=[*range(1, 7)], population=[9] * 6, value=[1] * 6, lower=[0.5] * 6, upper=[2] * 6
        ).svg(),
        "Inequality has no picture: its figures are in .table",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_each_mistake_is_named_with_its_place_and_what_to_do(case: str) -> None:
    ask, words = REFUSED[case]
    with pytest.raises(ValueError, match=re.escape(words)):
        ask()
