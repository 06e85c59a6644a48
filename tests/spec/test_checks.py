"""The named checks: what each finds, and that it blocks, notes or is silent as its source says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.deliveries import source
from trigpoint.definitions.reading import read_catalogue
from trigpoint.definitions.settings import Calendar
from trigpoint.loads.delivered import Delivered
from trigpoint.loads.expectations import Expectations, Ratio, Reach, expect
from trigpoint.loads.receipt import Outcome, Receipt, Refused
from trigpoint.loads.receive import receive
from trigpoint.terms.errors import Fault
from trigpoint.terms.period import Month

HEADER = "Org,Month,Measure,Value\n"
JANUARY = Month(2024, 1)


@pytest.fixture
def check(tmp_path: Path) -> Any:
    def receipt(rows: str, expectations: Expectations = Expectations(), **how: Any) -> Receipt:  # noqa: B008
        path = tmp_path / "file"
        path.write_text((how.pop("header", HEADER)) + rows, encoding="utf-8")
        try:
            return receive(Delivered.at(path), "figures", source(**how), expectations).receipt
        except Refused as refused:
            return refused.receipt

    return receipt


def only(receipt: Receipt) -> Outcome:
    (outcome,) = receipt.outcomes
    return outcome


def fault(receipt: Receipt) -> Fault:
    (found,) = only(receipt).listed
    return found


def test_nothing_to_find(check: Any) -> None:
    receipt = check("RH5,2024-01,A,1\nRDY,2024-01,A,1\n", Expectations(units=frozenset({"RH5", "RDY"})))
    assert receipt.accepted
    assert receipt.outcomes == ()


# ---------------------------------------------------------------------------------------- severities

UNKNOWN = Expectations(units=frozenset({"RH5", "RDY"}))


@pytest.mark.parametrize(
    ("checks", "accepted", "severity"),
    [
        ({}, False, "block"),
        ({"unknown_unit": "block"}, False, "block"),
        ({"unknown_unit": "note"}, True, "note"),
    ],
)
def test_a_check_blocks_or_notes_as_its_source_says(
    checks: dict[str, str], accepted: bool, severity: str, check: Any
) -> None:
    receipt = check("RH5,2024-01,A,1\nRH6,2024-01,A,1\n", UNKNOWN, checks=checks)
    assert (receipt.accepted, only(receipt).severity) == (accepted, severity)


def test_a_check_can_be_turned_off(check: Any) -> None:
    receipt = check("RH6,2024-01,A,1\n", UNKNOWN, checks={"unknown_unit": "off"})
    assert receipt.accepted
    assert receipt.outcomes == ()


def test_what_a_check_only_notes_is_kept(check: Any) -> None:
    assert check("RH6,2024-01,A,1\n", UNKNOWN, checks={"unknown_unit": "note"}).kept == 1


# --------------------------------------------------------------------------------------------- units


def test_an_unknown_unit_is_named_once_with_its_first_row_and_the_nearest_code(check: Any) -> None:
    found = fault(check("RH5,2024-01,A,1\nRH6,2024-01,A,1\nRH6,2024-01,B,1\n", UNKNOWN))
    assert (found.line, found.field, found.check) == (3, "Org", "unknown_unit")
    assert found.found == "'RH6' in 2 rows"
    assert found.remedy == "Nearest: RH5. Or add it to units.csv."


def test_a_missing_unit_is_missed_only_while_it_is_open(check: Any) -> None:
    due = {"RH5": ((Month(2023, 1), Month(2024, 1)),), "RDY": ((Month(2024, 2), Month(2024, 2)),)}
    rows = "RH5,2024-01,A,1\nRBA,2024-02,A,1\nRBA,2024-03,A,1\n"
    receipt = check(rows, Expectations(due=due))
    assert receipt.accepted
    assert [it.found for it in only(receipt).listed] == ["no row for RDY in 2024-02"]


# -------------------------------------------------------------------------------------------- months


def test_a_missing_month_between_the_first_and_the_last(check: Any) -> None:
    found = fault(check("RH5,2024-01,A,1\nRH5,2024-03,A,1\n"))
    assert (found.check, found.found) == ("missing_month", "no row for February 2024")


def test_a_missing_month_at_the_end_that_is_expected(check: Any) -> None:
    receipt = check("RH5,2024-01,A,1\n", Expectations(first=Month(2023, 12), last=Month(2024, 2)))
    assert [it.found for it in only(receipt).listed] == [
        "no row for December 2023",
        "no row for February 2024",
    ]


def test_months_that_are_held_from_before_need_not_come_again(check: Any) -> None:
    held = frozenset({Month(2023, 12), Month(2024, 1)})
    receipt = check("RH5,2024-02,A,1\n", Expectations(first=Month(2023, 11), held=held))
    assert [it.found for it in only(receipt).listed] == ["no row for November 2023"]


def test_another_month_than_the_one_stated(check: Any) -> None:
    found = fault(check("RH5,2024-01,A,1\nRH5,2024-02,A,1\n", Expectations(month=JANUARY)))
    assert (found.line, found.field, found.check, found.found) == (3, "Month", "wrong_month", "February 2024")
    assert found.expected == "January 2024, the month stated"


def test_two_months_where_each_delivery_holds_one(check: Any) -> None:
    rows = "RH5,2024-01,A,1\nRDY,2024-01,A,1\nRH5,2024-02,A,1\n"
    found = fault(check(rows, expects={"one_month": True}))
    assert (found.line, found.check, found.found) == (4, "wrong_month", "February 2024")


def test_a_month_that_has_not_begun(check: Any) -> None:
    receipt = check("RH5,2024-01,A,1\nRH5,2042-01,A,1\n", Expectations(received=dt.date(2024, 1, 9)))
    wrong = receipt.blocking[0].listed[0]
    assert (wrong.line, wrong.check, wrong.found) == (3, "wrong_month", "January 2042")


def test_late_by_the_calendar(check: Any) -> None:
    calendar = Calendar(holidays=(dt.date(2024, 2, 1),))
    for received, late in ((dt.date(2024, 2, 6), False), (dt.date(2024, 2, 7), True)):
        expectations = Expectations(received=received, calendar=calendar)
        receipt = check("RH5,2024-01,A,1\n", expectations, due_working_days=3)
        assert [it.check for it in receipt.outcomes] == (["late"] if late else [])
    assert fault(receipt).found == "January 2024 received on 7 February 2024"
    assert fault(receipt).expected == "it by 6 February 2024"
    again = Expectations(received=dt.date(2024, 2, 7), calendar=calendar, held=frozenset({JANUARY}))
    assert not check("RH5,2024-01,A,1\n", again, due_working_days=3).outcomes  # a correction is not late


# ------------------------------------------------------------------------------------------- windows

DATED = {
    "Org": {"as": "unit"}, "Measure": {"as": "item"}, "Value": {"as": "value"},
    "From": {"as": "start", "format": "%d/%m/%Y"}, "To": {"as": "end", "format": "%d/%m/%Y"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "remedy"),
    [
        ("05/01/2016", "31/05/2016", "With day and month of the start changed round it would fit"),
        ("01/06/2016", "30/05/2016", "The start comes after the end."),
        ("02/05/2016", "31/05/2016", "declare their length in `windows`"),
        ("01/05/2016", "30/05/2016", "declare their length in `windows`"),
        ("01/04/2016", "31/05/2016", "declare their length in `windows`"),
    ],
)
def test_a_period_that_is_no_window(start: str, end: str, remedy: str, check: Any) -> None:
    rows = f"RH5,A,1,01/03/2016,31/05/2016\nRH5,B,1,{start},{end}\n"
    receipt = check(rows, header="Org,Measure,Value,From,To\n", columns=DATED, windows=[1, 3])
    found = fault(receipt)
    assert (found.line, found.field, found.check) == (3, "From", "window")
    assert found.expected == "1 or 3 whole months"
    assert remedy in found.remedy


def test_every_month_but_january_gives_a_date_away_that_was_read_the_wrong_way_round(check: Any) -> None:
    rows = "".join(
        f"RH5,A,1,{Month(2023, m).start:%m/%d/%Y},{Month(2023, m).end:%d/%m/%Y}\n" for m in range(1, 13)
    )
    receipt = check(rows, header="Org,Measure,Value,From,To\n", columns=DATED)
    assert [it.line for it in receipt.blocking[0].listed] == list(range(3, 14))


# ---------------------------------------------------------------------------------------------- keys


def test_a_key_that_comes_again_with_another_figure_always_blocks(check: Any) -> None:
    for severity in ("block", "note", "off"):
        receipt = check("RH5,2024-01,A,1\nRH5,2024-01,A,2\n", checks={"duplicate_key": severity})
        assert not receipt.accepted
        found = fault(receipt)
        assert (found.line, found.field) == (3, "item, unit, cut, start, end")
        assert found.found == (
            "A, RH5, all, 2024-01-01, 2024-01-31 again, with value 2.0; row 2 has value 1.0"
        )


def test_a_row_that_only_says_the_same_again_is_kept_once_where_that_is_noted(check: Any) -> None:
    rows = "RH5,2024-01,A,1\nRH5,2024-01,A,*\nRDY,2024-01,A,1\n".replace("A,*", "A,1")
    assert not check(rows).accepted
    receipt = check(rows, checks={"duplicate_key": "note"})
    assert receipt.accepted
    assert (receipt.rows_taken, receipt.kept, only(receipt).count) == (3, 2, 1)


def test_a_figure_and_a_marker_for_one_key_contradict_each_other(check: Any) -> None:
    receipt = check("RH5,2024-01,A,1\nRH5,2024-01,A,*\n", checks={"duplicate_key": "note"})
    assert not receipt.accepted


def test_figures_of_different_windows_are_different_figures(check: Any) -> None:
    rows = "RH5,A,1,01/03/2016,31/05/2016\nRH5,A,2,01/05/2016,31/05/2016\n"
    assert check(rows, header="Org,Measure,Value,From,To\n", columns=DATED, windows=[1, 3]).accepted


# -------------------------------------------------------------------------------------------- values

SHARE = Ratio(("in_time",), ("seen",), 100, proportion=True, least=None, most=None)


def test_a_numerator_above_its_denominator(check: Any) -> None:
    rows = (
        "RH5,2024-01,in_time,9\nRH5,2024-01,seen,8\nRDY,2024-01,in_time,8\nRDY,2024-01,seen,8\n"
        "R1F,2024-01,in_time,9\nR1F,2024-01,seen,*\nR1F,2024-02,seen,1\n"
    )
    found = fault(check(rows, Expectations(ratios=(SHARE,))))
    assert (found.line, found.field, found.check) == (2, "Value", "numerator_above_denominator")
    assert (found.found, found.expected) == ("in_time 9", "at most seen, 8")


def test_parts_are_added_up_before_they_are_compared_and_only_when_all_are_there(check: Any) -> None:
    ratio = Ratio(("a", "b"), ("c",), 100, proportion=True, least=None, most=None)
    rows = (
        "RH5,2024-01,a,5\nRH5,2024-01,b,6\nRH5,2024-01,c,10\n"
        "RDY,2024-01,a,50\nRDY,2024-01,b,*\nRDY,2024-01,c,10\n"
    )
    found = fault(check(rows, Expectations(ratios=(ratio,))))
    assert (found.line, found.found, found.expected) == (2, "a + b 11", "at most c, 10")


def test_a_rate_may_pass_one_but_not_its_bounds(check: Any) -> None:
    rate = Ratio(("days",), ("beds",), 1, proportion=False, least=0, most=31)
    rows = "RH5,2024-01,days,310\nRH5,2024-01,beds,10\nRDY,2024-01,days,320\nRDY,2024-01,beds,10\n"
    found = fault(check(rows, Expectations(ratios=(rate,))))
    assert (found.line, found.check, found.found) == (4, "out_of_bounds", "days 320")
    assert found.expected == "beds to make at least 0 and at most 31"


def test_a_ratio_without_a_denominator_is_no_fault(check: Any) -> None:
    rate = Ratio(("days",), ("beds",), 1, proportion=False, least=0, most=31)
    assert check("RH5,2024-01,days,0\nRH5,2024-01,beds,0\n", Expectations(ratios=(rate,))).accepted


def test_a_figure_outside_what_its_measure_can_reach(check: Any) -> None:
    rows = "RH5,2024-01,A,100\nRDY,2024-01,A,100.5\nR1F,2024-01,A,-1234567.5\nRBA,2024-01,B,500\n"
    outcome = only(check(rows, Expectations(reaches=(Reach("A", 0, 100),))))
    assert [(it.line, it.found) for it in outcome.listed] == [(3, "A 100.5"), (4, "A -1234567.5")]
    assert outcome.listed[0].expected == "at least 0 and at most 100"


def plausible(**more: Any) -> pa.Table:
    row = {"item": "A", "unit": "RH5", "cut": "all", "months": 1, "low": 90.0, "high": 110.0} | more
    return pa.Table.from_pylist([row, row | {"unit": "RDY", "low": 0.0, "high": 5.0}])


def test_a_jump_is_noted_beyond_the_bounds_of_its_own_series(check: Any) -> None:
    rows = "RH5,2024-01,A,110\nRDY,2024-01,A,6\nRDY,2024-01,B,600\nR1F,2024-01,A,600\nRH5,2024-02,A,*\n"
    receipt = check(rows, Expectations(plausible=plausible()))
    assert receipt.accepted
    found = fault(receipt)
    assert (found.line, found.field, found.check, found.found) == (3, "Value", "jump", "A 6")
    assert found.expected == "about 0.0 to 5.0, by its own series"


def test_a_jump_is_judged_by_a_series_of_the_same_window(check: Any) -> None:
    receipt = check("RH5,2024-01,A,300\n", Expectations(plausible=plausible(months=3)))
    assert receipt.outcomes == ()
    receipt = check("RH5,2024-01,A,300\n", Expectations(plausible=plausible(months=3)), windows=[3])
    assert fault(receipt).found == "A 300"


def test_a_wide_files_finding_names_the_column_of_its_figure(check: Any) -> None:
    wide = {"Org": {"as": "unit"}, "Month": {"as": "month"}, "Seen": {"as": "value", "item": "seen"},
            "In time": {"as": "value", "item": "in_time"}}  # fmt: skip
    rows = "RH5,2024-01,8,9\n"
    receipt = check(
        rows, Expectations(ratios=(SHARE,)), header="Org,Month,Seen,In time\n", columns=wide, layout="wide"
    )
    assert fault(receipt).field == "In time"


# ------------------------------------------------------------------------------------------- records


def test_records_are_checked_for_keys_units_and_months(check: Any) -> None:
    fields = {"Ref": {"type": "code"}, "Team": {"type": "unit"}, "Day": {"type": "date"}}
    rows = "1,T1,2024-01-05\n2,T9,2024-01-06\n1,T1,2024-02-07\n"
    receipt = check(
        rows, Expectations(units=frozenset({"T1"}), month=JANUARY), header="Ref,Team,Day\n",
        columns=fields, holds="records", key=["Ref"], dated="Day",
    )  # fmt: skip
    assert {(it.check, it.listed[0].line, it.listed[0].field) for it in receipt.blocking} == {
        ("duplicate_key", 4, "Ref"), ("unknown_unit", 3, "Team"), ("wrong_month", 4, "Day"),
    }  # fmt: skip


# -------------------------------------------------------------------------- what the catalogue expects

FILES = {
    "trigpoint.yaml": "name: A trust\nhome: RH5\n",
    "definitions/units.csv": (
        "code,name,level,parent,from,to\nENG,England,nation,,,\nRH5,Somerset,trust,ENG,,\n"
        "RA4,Yeovil,trust,ENG,,2023-03-31\n"
    ),
    "definitions/all.yaml": """
perspectives: {p: {title: P}}
objectives: {o: {title: O, perspective: p}}
sources:
  figures:
    title: Figures
    format: csv
    delivery: replace
    expects: {level: trust, from: 2023-01}
    columns: {Org: {as: unit}, Month: {as: month}, Measure: {as: item}, Value: {as: value}}
indicators:
  SHARE:
    {title: S, objective: o, direction: up, measured_in: per cent, owner: x, versions: [
      {from: 2023-01, measure: {source: figures, numerator: in_time, denominator: seen, per: 100}}]}
  RATE:
    {title: R, objective: o, direction: up, measured_in: days, owner: x, bounds: {least: 0}, versions: [
      {from: 2023-01, measure: {source: figures, numerator: [a, b], denominator: seen}}]}
  COUNT:
    {title: C, objective: o, direction: up, measured_in: people, owner: x, bounds: {least: 0}, versions: [
      {from: 2023-01, measure: {source: figures, count: seen}}]}
""",
}


def test_the_catalogue_says_what_is_expected_of_a_source() -> None:
    catalogue = read_catalogue(FILES)
    expected = expect(catalogue, "figures", month=JANUARY)
    assert expected.units == frozenset({"ENG", "RH5", "RA4"})
    assert expected.due["RA4"][0][1] == Month(2023, 3)
    assert set(expected.due) == {"RH5", "RA4"}
    assert (expected.first, expected.last, expected.month) == (Month(2023, 1), None, JANUARY)
    assert expected.reaches == (Reach("seen", 0, None),)
    assert expected.ratios == (
        Ratio(("in_time",), ("seen",), 100, proportion=True, least=None, most=None),
        Ratio(("a", "b"), ("seen",), 1, proportion=False, least=0, most=None),
    )


def test_a_closed_unit_that_still_sends_is_noted_once(check: Any) -> None:
    rows = "RDY,2024-02,A,1\nRDY,2024-03,A,1\nRDY,2024-04,A,1\nRH5,2024-04,A,1\n"
    found = fault(check(rows, Expectations(closed={"RDY": Month(2024, 2)})))
    assert (found.line, found.field) == (3, "Org")
    assert found.found == "RDY in 2 rows after it closed"
    assert found.expected == "none after February 2024"
