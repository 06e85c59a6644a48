"""Measures over records: whose they are, when they count, and what is counted."""

from __future__ import annotations

import pytest

from tests.trusts import FEBRUARY, FRAME, JANUARY, MARCH, indicator, observed, stays, trust
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.terms.errors import DefinitionError
from trigpoint.terms.panel import Observation, State
from trigpoint.terms.period import Month


def measured(measure: str, **given: str) -> Catalogue:
    return trust(indicator(measure=f"from: stays, {measure}", measured_in="people", **given))


STAYS = stays(
    "A 2026-01-05 2026-01-20 emergency yes F 100.50",
    "A 2026-01-31 2026-02-02 planned no M 20.25",
    "B 2026-02-10 - emergency no - -",
    "W 2026-03-01 2026-03-20 emergency yes f 1.00",
)

# the measure | the trust's figure in January, February and March 2026
FIGURES = """
month_of: admitted, count: records                                             | 2 | 1 | 1
month_of: discharged, count: records                                           | 1 | 1 | 1
month_of: admitted + 3 days, count: records                                    | 1 | 2 | 1
at: month_end, count: records                                                  | 1 | 1 | 1
during: month, sum: nights_in(month)                                           | 16 | 20 | 50
during: month, sum: days_in(month)                                             | 17 | 21 | 51
month_of: admitted, where: method = 'emergency', count: records                | 1 | 1 | 1
month_of: admitted, except: method = 'emergency', count: records               | 1 | 0 | 0
month_of: admitted, where: urgent, count: records                              | 1 | 0 | 1
month_of: admitted, sum: cost                                                  | 120.75 | 0 | 1
month_of: discharged, where: "days(admitted, discharged) > 2 weeks", count: records | 1 | 0 | 1
at: month_end, where: "discharged is null or discharged > month_end", count: records | 1 | 1 | 1
month_of: discharged, median: "days(admitted, discharged)"                     | 15 | 2 | 19
"""


@pytest.mark.parametrize("line", FIGURES.strip().splitlines())
def test_what_counts_and_when(line: str) -> None:
    measure, *expected = (cell.strip() for cell in line.split("|"))
    for month, figure in zip((JANUARY, FEBRUARY, MARCH), expected, strict=True):
        assert observed(measured(measure), {"stays": STAYS}, [month])["QPT"].value == float(figure)


def test_a_share_has_its_records_below() -> None:
    catalogue = trust(indicator(measure="from: stays, month_of: admitted, count: records, with: urgent"))
    january = observed(catalogue, {"stays": STAYS}, [JANUARY])
    assert (january["QPT"].numerator, january["QPT"].denominator, january["QPT"].value) == (1, 2, 50)
    assert january["B"].state == State.NO_DENOMINATOR


def test_one_quantity_over_another() -> None:
    over = "over: {from: stays, during: month, sum: nights_in(month)}, per: 1000"
    figures = observed(measured(f"month_of: admitted, count: records, {over}"), {"stays": STAYS}, [JANUARY])
    assert (figures["QPT"].numerator, figures["QPT"].denominator) == (2, 16)
    assert figures["QPT"].value == 125


def test_none_is_a_figure_where_records_are_whole() -> None:
    figures = observed(measured("month_of: admitted, count: records"), {"stays": STAYS}, [JANUARY])
    assert (figures["NEW"].value, figures["NEW"].state) == (0, State.VALUE)


def test_a_month_that_the_records_have_not_reached_is_not_due() -> None:
    figures = observed(measured("month_of: admitted, count: records"), {"stays": STAYS}, [MARCH], FEBRUARY)
    assert figures["QPT"].state == State.NOT_DUE


def test_a_window_adds_up_months_and_is_not_due_until_it_is_full() -> None:
    rolling = measured("month_of: admitted, count: records, window: 3 months", more="basis: rolling")
    assert observed(rolling, {"stays": STAYS}, [MARCH])["QPT"].value == 4
    assert observed(rolling, {"stays": STAYS}, [Month(2024, 2)], MARCH)["QPT"].state == State.NOT_DUE


def test_a_ward_that_moves_in_mid_month_splits_its_nights() -> None:
    """Nights 1 to 10 March in North, 11 to 19 in South; with today's tree, all in South."""
    nights = measured("during: month, sum: nights_in(month)")
    as_was = observed(nights, {"stays": stays("W 2026-03-01 2026-03-20")}, [MARCH])
    assert (as_was["NORTH"].value, as_was["SOUTH"].value, as_was["W"].value) == (10, 9, 19)
    today = observed(nights, {"stays": stays("W 2026-03-01 2026-03-20")}, [MARCH], current=MARCH)
    assert (today["NORTH"].value, today["SOUTH"].value) == (0, 19)


def test_a_stay_s_nights_add_up_to_its_length() -> None:
    nights = measured("during: month, sum: nights_in(month)")
    rows = {"stays": stays("A 2026-01-30 2026-03-02")}
    found = [observed(nights, rows, [month])["A"].value for month in (JANUARY, FEBRUARY, MARCH)]
    assert found == [2, 28, 1]


def test_in_and_out_in_one_day_is_no_night_and_one_discharge() -> None:
    rows = {"stays": stays("A 2026-01-30 2026-01-30")}
    assert observed(measured("during: month, sum: nights_in(month)"), rows, [JANUARY])["A"].value == 0
    assert observed(measured("month_of: discharged, count: records"), rows, [JANUARY])["A"].value == 1


def test_medians_are_worked_out_anew_at_each_level() -> None:
    """2 and 3 days in North, 10 and 11 in South: 6.5 in the trust, the middle of all four."""
    rows = [
        f"{ward} 2026-01-01 2026-01-{day}"
        for ward, day in (("A", "03"), ("A", "04"), ("B", "11"), ("B", "12"))
    ]
    median = measured('month_of: discharged, median: "days(admitted, discharged)"')
    figures = observed(median, {"stays": stays(*rows)})
    assert [figures[unit].value for unit in ("NORTH", "SOUTH", "QPT")] == [2.5, 10.5, 6.5]
    assert figures["NEW"].state == State.NO_DENOMINATOR


def test_a_bad_date_never_improves_a_figure() -> None:
    """Discharged before admitted: the days are blank, so it counts below and not above."""
    catalogue = trust(
        indicator(
            measure="from: stays, month_of: admitted, count: records, "
            'with: "days(admitted, discharged) <= 2 weeks"'
        )
    )
    figures = observed(catalogue, {"stays": stays("A 2026-01-20 2026-01-10", "A 2026-01-20 2026-01-21")})
    assert (figures["A"].numerator, figures["A"].denominator) == (1, 2)


def test_records_of_nobody_s_are_unattributed() -> None:
    rows = stays(
        "A 2026-01-01 -", "Q99 2026-01-01 -", "- 2026-01-02 -", "OLD 2026-01-03 -", "XAM 2026-01-03 -"
    )
    figures = observed(measured("month_of: admitted, count: records"), {"stays": rows})
    assert figures["unattributed"].value == 2
    assert figures["NORTH"].value == 2  # team A's, and the closed team's
    assert figures["QPT"].value == 4  # not the other trust's


def test_what_is_recorded_of_a_person_is_their_team_s() -> None:
    """P1 works in team A, of the kind community: never nobody's, and of no wards' measure."""
    rows = stays("P1 2026-01-01 -", "B 2026-01-02 -")
    figures = observed(measured("month_of: admitted, count: records"), {"stays": rows})
    assert {unit: one.value for unit, one in figures.items() if one.value} == {
        "A": 1, "N1": 1, "NORTH": 1, "B": 1, "S1": 1, "SOUTH": 1, "QPT": 2,
    }  # fmt: skip
    wards = measured("month_of: admitted, count: records", more="kinds: [ward]")
    assert observed(wards, {"stays": rows})["QPT"].value == 0
    community = measured("month_of: admitted, count: records", more="kinds: [community]")
    assert observed(community, {"stays": rows})["A"].value == 1


PRESENT = FRAME.replace(
    "expects: {from: 2024-01}", "expects: {from: 2024-01, level: team}\n    covers: units_present"
)


def where_silence_is_no_zero(*lines: str, months: tuple[Month, ...] = (JANUARY,)) -> dict[str, Observation]:
    """Stays of a source in which a team without a record in a month has not sent anything."""
    measure = "from: stays, month_of: admitted, where: urgent, count: records"
    given = trust(indicator(measure=measure, measured_in="people"), frame=PRESENT)
    return observed(given, {"stays": stays(*lines)}, months)


def test_a_team_that_sent_nothing_is_no_zero_where_silence_is_none() -> None:
    """A sent a record that does not count: none. The others sent nothing: nobody knows."""
    figures = where_silence_is_no_zero("A 2026-01-01 - - no", "A 2026-01-02 - - no", "NEW 2026-01-03 - - yes")
    said = {unit: (one.state, one.value, one.present, one.parts) for unit, one in figures.items()}
    assert said == {
        "A": (State.VALUE, 0, None, None),
        "NEW": (State.VALUE, 1, None, None),
        "B": (State.NOT_SUBMITTED, None, None, None),
        "W": (State.NOT_SUBMITTED, None, None, None),
        "N1": (State.INCOMPLETE, None, 1, 2),
        "NORTH": (State.INCOMPLETE, None, 1, 2),
        "S1": (State.INCOMPLETE, None, 1, 2),
        "SOUTH": (State.INCOMPLETE, None, 1, 2),
        "QPT": (State.INCOMPLETE, None, 2, 4),
    }


def test_what_is_recorded_of_a_person_shows_that_their_team_sent() -> None:
    assert where_silence_is_no_zero("P1 2026-01-01 - - yes")["A"].value == 1


def test_each_month_has_its_own_silence() -> None:
    figures = where_silence_is_no_zero("B 2026-01-01 - - yes", "A 2026-02-01 - - no", months=(FEBRUARY,))
    assert (figures["A"].state, figures["B"].state) == (State.VALUE, State.NOT_SUBMITTED)


def test_records_of_units_of_other_kinds_are_not_concerned() -> None:
    """Wards alone: what nobody knows may be one, and stays."""
    wards = measured("month_of: admitted, count: records", more="kinds: [ward]")
    figures = observed(wards, {"stays": stays("A 2026-01-01 -", "W 2026-01-01 -", "Q99 2026-01-02 -")})
    assert {unit: one.value for unit, one in figures.items()} == {
        "W": 1, "N1": 1, "NORTH": 1, "QPT": 2, "unattributed": 1,
    }  # fmt: skip


def test_groups_cover_everyone_the_unknown_included() -> None:
    catalogue = trust(
        indicator(measure="from: stays, month_of: admitted, count: records, with: urgent", more="cuts: [sex]")
    )
    figures = observed(catalogue, {"stays": STAYS}, [JANUARY, FEBRUARY, MARCH])
    march = {name: (o.numerator, o.denominator) for name, o in figures.items() if "=" in name}
    assert march == {"QPT sex=Women": (1, 1), "QPT sex=Men": (0, 0), "QPT sex=Not known": (0, 0)}
    assert figures["QPT sex=Men"].state == State.NO_DENOMINATOR


# a measure | the place and the fault
FAULTS = [
    ("month_of: admited, count: records", "no column 'admited'.*Nearest: admitted"),
    ("month_of: method, count: records", "found a text; expected a date or a time"),
    ("month_of: admitted, where: methd = 'x', count: records", "no column 'methd'.*Nearest: method"),
    ("month_of: admitted, where: method, count: records", "found a text; expected a condition"),
    ("month_of: admitted, where: method > 'x', count: records", "a text in an order"),
    ("month_of: admitted, where: cost = 'x', count: records", "a number, as on the other side"),
    ('month_of: admitted, where: "method <> \'x\'", count: records', "method, which may be blank.*silently"),
    ('month_of: admitted, where: "not (method = \'x\')", count: records', "which may be blank"),
    ("month_of: admitted, where: urgent and method = 'a' or sex = 'F', count: records", "`or` after `and`"),
    ("month_of: admitted, where: cost / 2 > 1, count: records", "division belongs to"),
    ("month_of: admitted, where: day(admitted) > 1, count: records", "no function 'day'.*Nearest: days"),
    (
        'month_of: admitted, where: "hours(admitted, discharged) > 1", count: records',
        r"hours\(\) of admitted, which is a date; expected times. Use days\(admitted",
    ),
    ("month_of: admitted, where: days(admitted, discharged) > 1, count: records", "stands in quotes"),
    ("month_of: admitted, sum: nights_in(month)", "it only with `during: month`"),
    ("month_of: admitted, sum: method", "found a text; expected a number"),
    ("month_of: admitted, where: select cost, count: records", "an expression is no SQL"),
    ("month_of: admitted, where: urgent; drop, count: records", "a column, a value or a sign"),
    ('month_of: admitted, where: \'method = "x"\', count: records', "Texts stand in single quotes"),
    ("month_of: admitted, at: month_end, count: records", "a record needs one of month_of"),
    ("month_of: admitted", "one of `count: records`, sum, mean, people, median"),
    ("at: month_end, count: records, window: 3 months", "cannot add a month-end stock"),
    ("during: month, count: records", "takes a record in part"),
    (
        "month_of: admitted, count: records, with: urgent, over: {from: stays, at: month_end, sum: cost}",
        "one of them",
    ),
    ("month_of: admitted, count: records, wiht: urgent", "'wiht'.*Nearest: with"),
    ("month_of: month_end, count: records", "a day that is the same for every record"),
    ("month_of: date '2026-01-01' + 3 days, count: records", "a day that is the same for every record"),
    ("month_of: admitted + 999999999 months, count: records", "at most 1,200 months"),
    ("month_of: admitted, sum: cost * 1234567890123456", "at most 15 digits"),
    ("month_of: admitted, where: unit.kind = 'wrad', count: records", "no 'wrad'.*Nearest: ward"),
    ("month_of: admitted, where: \"(method <> 'x') = true\", count: records", "a condition beside a sign"),
    ("month_of: admitted, where: \"false = (method = 'x')\", count: records", "a condition beside a sign"),
    ("month_of: admitted, where: \"(method = 'x') in (false)\", count: records", "a condition beside a sign"),
]  # fmt: skip


@pytest.mark.parametrize(("measure", "expected"), FAULTS)
def test_a_measure_that_does_not_hold_is_refused_with_its_place(measure: str, expected: str) -> None:
    with pytest.raises(DefinitionError, match=expected) as refused:
        measured(measure)
    assert all(fault.file == "definitions/indicators.yaml" and fault.line for fault in refused.value.faults)


def test_a_fault_within_a_text_has_its_own_column() -> None:
    with pytest.raises(DefinitionError) as refused:
        measured("month_of: admitted, where: \"urgent and methd = 'x'\", count: records")
    line = next(iter(refused.value.faults))
    whole = indicator(
        measure="from: stays, month_of: admitted, where: \"urgent and methd = 'x'\", count: records"
    )
    text = next(row for row in whole.splitlines() if "methd" in row)
    assert line.column == text.index("methd") + 1


def test_no_text_of_a_definition_reaches_the_engine_as_it_stands() -> None:
    """A quote within a text stays a text."""
    catalogue = measured("month_of: admitted, where: \"method = 'x'' OR 1=1 --'\", count: records")
    assert observed(catalogue, {"stays": STAYS}, [JANUARY])["QPT"].value == 0


def test_a_guarded_condition_is_taken() -> None:
    keeping = measured("month_of: admitted, where: \"method is null or method <> 'planned'\", count: records")
    assert observed(keeping, {"stays": STAYS}, [JANUARY])["QPT"].value == 1


def test_a_measure_says_itself() -> None:
    version = measured("month_of: discharged, where: urgent, count: records").indicators["X"].versions[0]
    assert version.measure.words == "Of stays, by month of discharged, where urgent: the number"
