"""The library for analysts: charts of what they have, told and tabled, without a workspace.

Unless a test says otherwise, figures are 49 and 51 in turn: a mean of 50, moving ranges of 2, and so
limits at 50 ± 2.66 × 2, or 44.68 and 55.32.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import trigpoint.analysis
from trigpoint.analysis import run, spc
from trigpoint.analysis.library import pictures
from trigpoint.analysis.library.answer import Drawn
from trigpoint.analysis.library.charted import Spc
from trigpoint.definitions.profile import SHIPPED, ChartKind
from trigpoint.terms.period import Month

STEADY = [49.0, 51.0] * 8
MONTHS = [str(Month(2023, 1) + step) for step in range(len(STEADY))]


def column(found: Any, name: str) -> list[Any]:
    return list(found.table[name].to_pylist())


def told(found: Any) -> dict[str, Any]:
    """The only row of a summary."""
    (row,) = found.summary.to_pylist()
    return dict(row)


# ---------------------------------------------------------------------------------------- what comes back


def test_a_list_of_figures_is_a_chart() -> None:
    found = spc(STEADY)
    assert column(found, "period") == list(range(1, 17))
    assert column(found, "group") == ["all"] * 16
    row = told(found)
    assert (row["centre"], row["lower"], row["upper"]) == pytest.approx((50, 44.68, 55.32))
    assert (row["points"], row["used"], row["status"], row["variation"]) == (16, 16, "charted", "common")


def test_a_signal_is_named_with_its_rule_and_since_when() -> None:
    found = spc([*STEADY, 60, 61], [*MONTHS, "2024-05", "2024-06"], improvement="up", baseline=16)
    row = told(found)
    assert (row["variation"], row["rule"]) == ("improvement_high", "outside")
    assert row["since"] == dt.date(2024, 5, 1)
    assert row["sentence"].startswith("June 2024: 61. Improvement (high) since May 2024: outside.")


def test_without_a_better_way_a_signal_is_neither_good_nor_bad() -> None:
    assert told(spc([*STEADY, 60], baseline=16))["variation"] == "neutral_high"


def test_every_table_has_the_same_columns_whatever_was_handed_in() -> None:
    assert spc(STEADY).table.schema == spc([50.0, None], ["2024-01", "2024-02"]).table.schema.set(
        1, pa.field("period", pa.int64())
    )
    assert spc(STEADY).summary.column_names == run(STEADY).summary.column_names


def test_many_series_at_once_are_what_each_is_alone() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {"ward": np.repeat(["C", "A", "B"], 30), "month": [*range(1, 31)] * 3, "falls": rng.poisson(6, 90)}
    )
    together = spc(frame, "month", value="falls", group="ward", chart="c", improvement="down")
    assert together.groups == ["C", "A", "B"]
    for ward in "ABC":
        alone = spc(frame[frame.ward == ward], "month", value="falls", chart="c", improvement="down")
        rows, row = together.one(ward)
        assert rows.drop_columns("group").equals(alone.table.drop_columns("group"))
        assert {**row, "group": "all"} == told(alone)


def test_rows_of_different_groups_may_be_mixed() -> None:
    mixed = {"m": ["2024-01", "2024-01", "2024-02", "2024-02"], "w": ["A", "B", "A", "B"], "v": [1, 2, 3, 4]}
    assert column(spc(mixed, "m", value="v", group="w"), "value") == [1, 3, 2, 4]


# ------------------------------------------------------------------------------------- which chart, and why


def test_the_profile_chooses_the_chart_and_says_why() -> None:
    frame = {"seen": [9] * 14, "all": [10] * 14}
    parts: dict[str, Any] = {"numerator": "seen", "denominator": "all"}
    assert spc(frame, **parts).design.kind is ChartKind.I
    by_kind = spc(frame, **parts, profile="nelson")
    assert by_kind.design.kind is ChartKind.P_PRIME
    assert by_kind.design.reason.startswith("a proportion")
    assert spc(frame, **parts, profile="nelson", kind="rate").design.kind is ChartKind.U_PRIME
    assert run(frame, **parts).design.kind is ChartKind.RUN
    assert "no limits" in run(frame, **parts).design.reason


@pytest.mark.parametrize(
    ("name", "kind"), [("XmR", "i"), ("P'", "p_prime"), ("U′", "u_prime"), ("x-bar", "xbar"), ("run", "run")]
)
def test_charts_go_by_the_names_that_the_field_uses(name: str, kind: str) -> None:
    frame = {"m": ["2024-01"] * 2 + ["2024-02"] * 2, "v": [1, 2, 3, 4], "n": [5, 5, 5, 5]}
    sized = kind.endswith("prime")
    data: dict[str, Any] = (
        {"numerator": "v", "denominator": "n", "period": [1, 2, 3, 4]} if sized else {"value": "v"}
    )
    period: dict[str, Any] = {} if sized or kind != "xbar" else {"period": "m"}
    assert spc(frame, chart=name, **data, **period).design.kind == kind


def test_a_profile_of_your_own_draws_the_chart() -> None:
    six = SHIPPED["nhs-england"].model_copy(update={"name": "six", "shift": 6})
    figures = [*STEADY, 52, 52, 52, 52, 52]  # with the 51 before them, six in a row above 50
    assert told(spc(figures, baseline=16))["rule"] is None
    assert told(spc(figures, baseline=16, profile=six))["rule"] == "shift"


def test_shares_are_of_one_unless_per_says_otherwise_and_read_as_per_cent() -> None:
    frame = {"seen": [90, 95], "all": [100, 100]}
    parts: dict[str, Any] = {"numerator": "seen", "denominator": "all"}
    assert column(spc(frame, **parts), "value") == [0.9, 0.95]
    assert column(spc(frame, **parts, per=100), "value") == [90, 95]
    for per in (1, 100):
        assert told(spc(frame, **parts, per=per))["sentence"].startswith("2: 95%.")


def test_days_between_events_come_from_their_dates() -> None:
    dates = [dt.date(2024, 1, 1), dt.date(2024, 1, 11), dt.date(2024, 1, 11), dt.date(2024, 3, 1)]
    found = spc(dates, chart="t")
    assert column(found, "value") == [None, 10, 0, 50]
    assert column(found, "state") == ["not_applicable", "value", "value", "value"]
    assert column(found, "period") == dates


def test_single_figures_make_their_own_subgroups() -> None:
    frame = {"day": ["2024-01-01"] * 3 + ["2024-01-02"] * 2, "stay": [1.0, 2.0, 3.0, 5.0, 7.0]}
    means = spc(frame, "day", value="stay", chart="xbar")
    assert column(means, "value") == [2, 6]
    assert column(means, "size") == [3, 2]
    assert column(spc(frame, "day", value="stay", chart="s"), "value") == pytest.approx([1, 2**0.5])


# ------------------------------------------------------------------------------------------------- periods


@pytest.mark.parametrize(
    ("periods", "kept"),
    [
        (["2024-01", "2024-02"], [dt.date(2024, 1, 1), dt.date(2024, 2, 1)]),
        (["Jan-24", "February 2024"], [dt.date(2024, 1, 1), dt.date(2024, 2, 1)]),
        ([202401, 202402], [dt.date(2024, 1, 1), dt.date(2024, 2, 1)]),
        (["2024-01-31", "2024-02-29"], [dt.date(2024, 1, 31), dt.date(2024, 2, 29)]),
        (["2009-10", "2010-11"], ["2009-10", "2010-11"]),
        (["2022-23", "2023-24"], ["2022-23", "2023-24"]),
        (["before", "after"], ["before", "after"]),
        ([7, 8], [7, 8]),
        (pd.period_range("2024-01", periods=2, freq="M"), [dt.date(2024, 1, 1), dt.date(2024, 2, 1)]),
        (np.array(["2024-01", "2024-02"], dtype="datetime64[M]"), [dt.date(2024, 1, 1), dt.date(2024, 2, 1)]),
        (pd.date_range("2024-01-01 09:00", periods=2, freq="h"), None),
    ],
)
def test_periods_are_read_as_they_are_written(periods: Any, kept: list[Any] | None) -> None:
    assert column(spc([1, 2], periods), "period") == (list(periods) if kept is None else kept)


def test_a_month_without_a_row_is_a_gap_and_said() -> None:
    found = spc([1, 2, 3], ["2024-01", "2024-02", "2024-04"])
    assert column(found, "value") == [1, 2, None, 3]
    assert column(found, "state") == ["value", "value", "not_submitted", "value"]
    assert found.notes == ("1 period has no row, and is shown as a gap: Mar 2024.",)


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA], ids=repr)
def test_a_month_without_a_figure_stays(nothing: object) -> None:
    found = spc([*STEADY[:15], nothing], MONTHS)
    assert column(found, "value")[-1] is None
    assert told(found)["variation"] == "not_assessed"
    assert told(found)["gaps"] == 1


def test_quarters_weeks_and_working_days_have_their_own_step() -> None:
    def gaps(periods: Any) -> int:
        return int(told(spc(np.arange(len(periods)) % 2, periods))["gaps"])

    assert gaps(["2024-01", "2024-04", "2024-07", "2025-01"]) == 1
    weeks = pd.date_range("2024-01-01", periods=10, freq="W-MON")
    assert gaps(weeks) == 0
    assert gaps(weeks.delete(4)) == 1
    assert gaps(pd.bdate_range("2024-01-01", periods=10)) == 0
    assert gaps(pd.date_range("2024-01-01", periods=10, freq="h").delete(3)) == 1


def test_dates_at_no_one_step_are_points_one_after_the_other_and_that_is_said() -> None:
    dates = ["2024-01-01", "2024-01-05", "2024-02-17", "2024-03-02", "2024-03-03"]
    found = spc([1, 2, 3, 4, 5], dates)
    assert len(found.table) == 5
    assert "at no one step" in found.notes[0]


def test_a_group_that_ends_early_shows_what_is_missing() -> None:
    frame = {"m": ["2024-01", "2024-02", "2024-03", "2024-01"], "w": ["A", "A", "A", "B"], "v": [1, 2, 3, 4]}
    rows, row = spc(frame, "m", value="v", group="w").one("B")
    assert rows["value"].to_pylist() == [4, None, None]
    assert row["value"] is None


def test_a_group_that_starts_late_has_no_gap_before() -> None:
    frame = {"m": ["2024-01", "2024-02", "2024-02"], "w": ["A", "A", "B"], "v": [1, 2, 4]}
    assert spc(frame, "m", value="v", group="w").one("B")[0]["value"].to_pylist() == [4]


def test_many_groups_with_a_row_or_two_each_are_laid_out_all_the_same() -> None:
    wards = [f"Ward {number}" for number in range(3_000)]
    months = [str(Month(2015, 1) + number % 120) for number in range(3_000)]
    found = spc({"m": months, "w": wards, "v": range(3_000)}, "m", value="v", group="w")
    assert len(found) == 3_000
    assert found.one("Ward 119")[0].num_rows == 1
    assert found.one("Ward 0")[0].num_rows == 120


def test_the_index_of_a_series_is_its_periods() -> None:
    series = pd.Series([1.0, 2.0], index=pd.date_range("2024-01-01", periods=2, freq="MS"))
    assert column(spc(series), "period") == [dt.date(2024, 1, 1), dt.date(2024, 2, 1)]
    frame = series.to_frame("v")
    assert column(spc(frame, value="v"), "period") == column(spc(series), "period")
    assert column(spc(frame.rename_axis("m"), "m", value="v"), "period") == column(spc(series), "period")


# ------------------------------------------------------------------------------------ what people decide


def test_limits_start_again_at_a_rebase() -> None:
    found = spc([*STEADY, *(v + 10 for v in STEADY)], rebase=17)
    assert column(found, "segment") == [1] * 16 + [2] * 16
    assert column(found, "centre") == pytest.approx([50] * 16 + [60] * 16)


def test_each_group_may_have_a_rebase_of_its_own() -> None:
    frame = {"m": [*MONTHS] * 2, "w": ["A"] * 16 + ["B"] * 16, "v": STEADY * 2}
    found = spc(frame, "m", value="v", group="w", rebase={"B": "2023-03"})
    assert set(found.one("A")[0]["segment"].to_pylist()) == {1}
    assert found.one("B")[0]["segment"].to_pylist() == [1] * 2 + [2] * 14


def test_a_rebase_between_two_dates_takes_effect_at_the_later() -> None:
    dates = ["2024-01-01", "2024-01-05", "2024-02-17"]
    assert column(spc([1, 2, 3], dates, rebase="2024-01-03"), "segment") == [1, 2, 2]


def test_an_excluded_point_is_drawn_and_counts_for_nothing() -> None:
    found = spc([*STEADY, 90], [*MONTHS, "2024-05"], exclude="2024-05")
    assert column(found, "value")[-1] == 90
    assert told(found)["upper"] == pytest.approx(55.32)
    assert told(found)["variation"] == "not_assessed"


def test_a_baseline_is_so_many_points_or_a_stretch_of_periods() -> None:
    figures, months = [*STEADY, 70.0, 71.0], [*MONTHS, "2024-05", "2024-06"]
    for baseline in (16, ("2023-01", "2024-04")):
        row = told(spc(figures, months, baseline=baseline))
        assert (row["used"], row["upper"]) == (16, pytest.approx(55.32))


# ----------------------------------------------------------------------------------------------- standards


def test_a_standard_is_on_the_better_side_unless_it_is_said() -> None:
    assert told(spc(STEADY, standard=40, improvement="up"))["assurance"] == "pass"
    assert told(spc(STEADY, standard=40, improvement="down"))["assurance"] == "fail"
    assert told(spc(STEADY, standard=40, sense="at_most"))["assurance"] == "fail"
    assert told(spc(STEADY, standard=50, improvement="up"))["assurance"] == "hit_or_miss"


def test_a_standard_may_change_from_row_to_row() -> None:
    steps = [40.0] * 8 + [60.0] * 8
    for standard in (steps, "s", pl.Series(steps)):
        found = spc({"v": STEADY, "s": steps}, value="v", standard=standard, improvement="up")
        assert column(found, "attainment") == ["met"] * 8 + ["not_met"] * 8
        assert told(found)["assurance"] == "fail"


def test_a_month_without_a_row_has_the_standard_of_the_row_before() -> None:
    found = spc([1, 2, 3], ["2024-01", "2024-02", "2024-04"], standard=[5, 6, 7], improvement="up")
    assert column(found, "standard") == [5, 6, 6, 7]


def test_groups_have_their_own_standards_and_one_without_has_none() -> None:
    frame = {"w": ["A"] * 16 + ["B"] * 16, "v": STEADY * 2}
    found = spc(frame, value="v", group="w", standard={"A": 40}, improvement="up")
    assert found.summary["assurance"].to_pylist() == ["pass", "no_standard"]


def test_nothing_is_assured_of_a_run_chart_or_without_a_last_figure() -> None:
    assert told(run(STEADY, standard=40, improvement="up"))["assurance"] == "not_assessed"
    gap = spc([*STEADY, None], standard=40, improvement="up")
    assert told(gap)["assurance"] == "not_assessed"


# --------------------------------------------------------------------------------------- advice and bounds


def test_a_process_that_moved_is_said_to_call_for_a_rebase() -> None:
    moved = [*STEADY, *(v + 10 for v in STEADY)]
    row = told(spc(moved, [str(Month(2022, 1) + step) for step in range(32)], improvement="up"))
    assert row["rebase_proposed"] == dt.date(2023, 5, 1)
    assert "Consider a re-base at May 2023." in row["sentence"]


def test_a_limit_that_nothing_can_reach_is_cautioned_about() -> None:
    row = told(spc([97.0, 100.0] * 8, most=100, measured_in="%"))
    assert row["cautions"] == ["upper_limit_out_of_reach"]


def test_a_constant_series_and_too_few_points_are_said() -> None:
    assert "Never varied: 5 throughout." in told(spc([5] * 14))["sentence"]
    assert "3 points are too few: limits from 13." in told(spc([1, 2, 3]))["sentence"]


# ---------------------------------------------------------------------------------------------- in a notebook


def test_words_tell_each_of_a_few_series_and_count_the_others() -> None:
    frame = {"w": [f"Ward {n}" for n in range(20) for _ in range(2)], "v": [1, 2] * 20}
    said = repr(spc(frame, value="v", group="w", title="Falls"))
    assert said.startswith("Falls: XmR chart")
    assert "Ward 0:" in said
    assert "20 series" in said


def test_a_notebook_shows_the_chart_with_its_title_and_description() -> None:
    found = spc(STEADY, MONTHS, title="Seen in time", improvement="up", standard=48)
    html, svg = found._repr_html_(), found._repr_svg_()
    assert html is not None
    assert svg is not None
    for drawn in (html, svg):
        assert "<title " in drawn
        assert ">Seen in time</title>" in drawn
        assert "April 2024: 51." in drawn
    assert svg.startswith("<svg xmlns=")


def test_many_series_show_the_first_and_say_how_many_there_are() -> None:
    frame = {"w": [f"Ward {n}" for n in range(20) for _ in range(14)], "v": [*range(14)] * 20}
    svg = spc(frame, value="v", group="w").svg()
    assert "The first 12 of 20 series" in svg
    assert ">Ward 11<" in svg
    assert ">Ward 12<" not in svg
    assert ">Ward 19<" not in svg
    assert "Ward 19" in spc(frame, value="v", group="w").svg(group="Ward 19")


def test_a_picture_can_be_kept_as_png(tmp_path: Any) -> None:
    kept = spc(STEADY, MONTHS).png(tmp_path / "chart.png")
    assert kept.startswith(b"\x89PNG")
    assert (tmp_path / "chart.png").read_bytes() == kept


@pytest.mark.parametrize(
    "periods",
    [
        pd.date_range("2024-01-01", periods=16, freq="W-MON"),
        pd.date_range("2024-01-01", periods=16, freq="h"),
        [f"{year}-{(year + 1) % 100:02d}" for year in range(2001, 2017)],
        list(range(3, 19)),
        list("abcdefghijklmnop"),
    ],
    ids=["weeks", "hours", "years", "numbers", "labels"],
)
def test_periods_that_are_no_months_are_named_under_the_chart(periods: Any) -> None:
    found = spc(STEADY, periods)
    svg = found.svg()
    assert f">{found.calendar.short(found.places_of('all')[0])}<" in svg
    assert ">Jan<" not in svg
    if found.calendar.counted == "number":
        assert ">18: 51<" in svg


def test_every_picture_that_a_result_asks_for_is_declared_and_there(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = project["entry-points"][pictures.ENTRY_POINTS]
    assert set(declared) == {Spc.picture, *get_args(Drawn)} - {""}
    for name, value in declared.items():
        assert callable(EntryPoint(name, value, pictures.ENTRY_POINTS).load())


def test_without_what_draws_there_are_words_and_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures.drawn_by.cache_clear()
    monkeypatch.setattr(pictures, "entry_points", lambda **_: EntryPoints())
    found = spc(STEADY)
    assert found._repr_html_() is None
    assert found._repr_svg_() is None
    assert found.table.num_rows == 16
    with pytest.raises(pictures.NoPictures, match=r"nothing here draws a spc.*Install trigpoint anew"):
        found.svg()
    pictures.drawn_by.cache_clear()


# ------------------------------------------------------------------------------------- what it leaves alone


def test_the_package_imports_nothing_until_it_is_asked() -> None:
    program = (
        "import sys, trigpoint.analysis;"
        "assert not {'numpy', 'pyarrow', 'scipy'} & set(sys.modules);"
        "from trigpoint.analysis import spc, funnel, ranks, rate, inequality;"
        "assert not {'pandas', 'polars', 'duckdb', 'jinja2', 'trigpoint.publish'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_what_is_promised_is_there() -> None:
    for name in trigpoint.analysis.__all__:
        assert getattr(trigpoint.analysis, name) is not None
        assert name in dir(trigpoint.analysis)
    with pytest.raises(AttributeError, match="no attribute 'spcc'"):
        trigpoint.analysis.spcc  # noqa: B018
