"""Checks on records: each finds what was planted, says what becomes of it, and that is what is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.deliveries import source
from tests.trusts import FRAME, indicator, observed, trust
from trigpoint.definitions.model import hash_of
from trigpoint.loads.delivered import Delivered
from trigpoint.loads.expectations import Expectations
from trigpoint.loads.receipt import Receipt, Refused
from trigpoint.loads.receive import Delivery, receive
from trigpoint.store.difference import compare
from trigpoint.store.parquet import plain
from trigpoint.terms.errors import DefinitionError

COLUMNS: dict[str, dict[str, Any]] = {
    "stay": {"type": "code"},
    "patient": {"type": "code"},
    "ward": {"type": "unit"},
    "admitted": {"type": "time", "required": True},
    "discharged": {"type": "time"},
    "beds": {"type": "number"},
}
SPAN = {"from": "admitted", "to": "discharged", "to_means": "first_day_out"}
STAYS: dict[str, Any] = {
    "columns": COLUMNS,
    "holds": "records",
    "key": ["stay"],
    "dated": "admitted",
    "subject": "patient",
    "span": SPAN,
}
TOO_EARLY = "discharged >= admitted"


@pytest.fixture
def deliver(tmp_path: Path) -> Any:
    def delivered(*lines: str, on: dt.date | None = None, **how: Any) -> Delivery:
        """Stays, each written ``stay, patient, ward, admitted, discharged, beds``."""
        path = tmp_path / "stays.csv"
        rows = [",".join(cell.strip() for cell in line.split(",")) for line in lines]
        path.write_text("\n".join([",".join(COLUMNS), *rows, ""]), encoding="utf-8")
        of = source(**(STAYS | how))
        return receive(Delivered.at(path), "stays", of, Expectations(received=on))

    return delivered


def counts(receipt: Receipt) -> Mapping[str, int]:
    return {outcome.check: outcome.count for outcome in receipt.outcomes}


FAULTY = (
    "1, p1, A, 2026-01-05 10:00:00, 2026-01-07 10:00:00, 1",
    "2, p2, A, 2026-01-05 10:00:00, 2026-01-04 10:00:00, 1",
    "3, p3, A, 2026-01-06 10:00:00, , 1",
    "4, p4, A, 2026-01-08 10:00:00, 2026-01-08 09:59:59, 1",
)


def changes(before: Delivery, after: Delivery) -> list[str]:
    return list(compare(plain(before.table), plain(after.table), ["stay"]).words(["stay"], 9))


def own(effect: str) -> dict[str, Any]:
    checks: dict[str, Any] = {"too_early": {"holds": TOO_EARLY, "else": effect}}
    return {"checks": checks | {"ends_before_it_starts": "off"}}


# -------------------------------------------------------------------------------------- one's own


def test_a_check_that_refuses_keeps_nothing_and_says_which_rows(deliver: Any) -> None:
    with pytest.raises(Refused) as refused:
        deliver(*FAULTY, **own("refuse"))
    (outcome,) = refused.value.receipt.outcomes
    assert (outcome.check, outcome.severity, outcome.count) == ("too_early", "block", 2)
    first = outcome.listed[0]
    assert (first.line, first.field, first.expected) == (3, "discharged, admitted", TOO_EARLY)
    assert first.found == "discharged 2026-01-04 10:00:00, admitted 2026-01-05 10:00:00"


def test_a_row_set_aside_is_not_kept_and_is_counted(deliver: Any) -> None:
    delivery = deliver(*FAULTY, **own("set_aside"))
    assert delivery.table["stay"].to_pylist() == ["1", "3"]
    receipt = delivery.receipt
    assert (receipt.rows_read, receipt.rows_taken, receipt.kept) == (4, 2, 2)
    assert [(it.rows, it.reason) for it in receipt.set_aside] == [(2, "too_early does not hold")]
    assert "set aside  2 rows: too_early does not hold" in receipt.words()
    assert "The row is set aside: no figure counts it." in receipt.words()
    assert Receipt.from_json(receipt.to_json()) == receipt


def test_a_cell_made_blank_is_blank_with_its_instant_and_its_place_is_kept(deliver: Any) -> None:
    delivery = deliver(*FAULTY, **own("blank discharged"))
    table = delivery.table
    assert table["discharged"].is_null().to_pylist() == [False, True, True, True]
    assert table["discharged utc"].is_null().to_pylist() == [False, True, True, True]
    assert table["cells blanked"].to_pylist() == [None, "discharged", None, "discharged"]
    assert table["admitted"].null_count == 0
    assert counts(delivery.receipt) == {"too_early": 2}
    assert "discharged is blank in what is kept." in delivery.receipt.words()


def test_a_note_keeps_everything(deliver: Any) -> None:
    delivery = deliver(*FAULTY, **own("note"))
    assert delivery.table.num_rows == 4
    assert delivery.table["discharged"].null_count == 1
    assert counts(delivery.receipt) == {"too_early": 2}


def test_what_is_undecided_for_a_blank_is_no_failure(deliver: Any) -> None:
    assert counts(deliver(FAULTY[2], **own("refuse")).receipt) == {}


def test_conditions_are_asked_of_the_rows_as_they_were_delivered(deliver: Any) -> None:
    """One check blanks what the other asks for: the order in which they stand changes nothing."""
    checks = {
        "too_early": {"holds": TOO_EARLY, "else": "blank discharged"},
        "left": {"holds": "discharged is not null", "else": "note"},
        "ends_before_it_starts": "off",
    }
    for order in (checks, dict(reversed(checks.items()))):
        found = counts(deliver(*FAULTY, checks=order).receipt)
        assert found == {"too_early": 2, "left": 1}


def test_a_row_that_two_checks_set_aside_is_counted_once(deliver: Any) -> None:
    checks = {
        "first": {"holds": TOO_EARLY, "else": "set_aside"},
        "second": {"holds": "discharged >= admitted and beds < 9", "else": "set_aside"},
    }
    receipt = deliver(*FAULTY, "5, p5, A, 2026-01-05 10:00:00, 2026-01-06 10:00:00, 9", checks=checks).receipt
    assert [(it.check, it.rows) for it in receipt.set_aside] == [("first", 2), ("second", 1)]
    assert counts(receipt) == {"first": 2, "second": 3}


def test_a_delivery_of_which_nothing_is_left_is_refused(deliver: Any) -> None:
    with pytest.raises(Refused) as refused:
        deliver(FAULTY[1], FAULTY[3], **own("set_aside"))
    assert [it.check for it in refused.value.receipt.blocking] == ["empty"]


def test_the_meaning_of_a_source_holds_the_checks_that_change_what_is_kept() -> None:
    def meaning(effect: str) -> str:
        return hash_of(source(**(STAYS | own(effect))).meaning())

    assert meaning("note") == meaning("refuse") == hash_of(source(**STAYS).meaning())
    assert len({meaning("note"), meaning("set_aside"), meaning("blank discharged")}) == 3


MISTAKES = {
    "early: {holds: dischargd >= admitted, else: note}": "Nearest: discharged",
    "early: {holds: discharged, else: note}": "found a date; expected a condition",
    "early: {holds: discharged >= month_end, else: note}": "found month_end; expected columns of the record",
    "early: {holds: unit.kind = 'ward', else: note}": "found unit.kind; expected columns of the record",
    "early: {holds: nights_in(month) > 0, else: note}": "nights_in",
    "early: {holds: discharged >= admitted, else: blank discarged}": "Nearest: discharged",
    "early: {holds: discharged >= admitted, else: blank admitted}": "which every record has",
    "early: {holds: discharged >= admitted, else: blank urgent}": "which every record has",
    "early: {holds: discharged >= admitted, else: drop}": "refuse, set_aside, note, or blank and a column",
    "early: {holds: discharged >= admitted}": "found no 'else'",
    "early: {hold: discharged >= admitted, else: note}": "Nearest: holds",
    "early: note": "no check 'early'",
    "duplicate_keys: note": "Nearest: duplicate_key",
    "late: {holds: discharged >= admitted, else: note}": "late is a check that is built in",
    "late: sometimes": "block or note or off",
}


@pytest.mark.parametrize("written", MISTAKES)
def test_a_check_that_does_not_hold_is_refused_with_its_place(written: str) -> None:
    frame = FRAME.replace("    span:", f"    checks: {{{written}}}\n    span:")
    with pytest.raises(DefinitionError, match=r"frame\.yaml:\d+:\d+") as refused:
        trust(frame=frame)
    assert MISTAKES[written] in str(refused.value)


def test_a_figure_counts_what_a_check_leaves(deliver: Any) -> None:
    """Nights from 5 to 7 January are two; a stay without an end lasts to the month's."""
    frame = FRAME.replace("admitted: {type: date}", "admitted: {type: time}")
    frame = frame.replace("discharged: {type: date}", "discharged: {type: time}")
    nights = trust(
        indicator(measure="from: stays, during: month, sum: nights_in(month)", measured_in="days"),
        frame=frame,
    )
    expected = {"note": 2 + 26, "set_aside": 2 + 26, "blank discharged": 2 + 27 + 26 + 24}
    for effect, figure in expected.items():
        rows = {"stays": deliver(*FAULTY, **own(effect)).table}
        assert observed(nights, rows)["QPT"].value == figure


# ------------------------------------------------------------------------------------- built in


def test_days_that_lie_ahead_are_noted_unless_their_column_may_hold_them(deliver: Any) -> None:
    rows = ("1, p1, A, 2026-01-05 10:00:00, 2026-02-01 10:00:00, 1", FAULTY[2])
    found = deliver(*rows, on=dt.date(2026, 1, 31)).receipt.outcomes
    ((first,),) = (outcome.listed for outcome in found if outcome.check == "in_the_future")
    assert (first.line, first.field, first.found) == (2, "discharged", "2026-02-01 10:00:00")
    assert first.expected == "31 January 2026 at the latest, the day of delivery"
    assert counts(deliver(*rows, on=dt.date(2026, 2, 1)).receipt) == {}
    planned = COLUMNS | {"discharged": {"type": "time", "future": True}}
    assert counts(deliver(*rows, on=dt.date(2026, 1, 31), columns=planned).receipt) == {}


def test_a_span_that_ends_before_it_starts_is_noted_and_kept(deliver: Any) -> None:
    delivery = deliver(*FAULTY)
    assert counts(delivery.receipt) == {"ends_before_it_starts": 2}
    assert delivery.table.num_rows == 4
    assert "It lasts no day and no night" in delivery.receipt.words()


def test_overlapping_spans_are_told_with_the_one_that_they_overlap(deliver: Any) -> None:
    delivery = deliver(
        "1, p1, A, 2026-01-01 10:00:00, 2026-01-09 10:00:00, 1",
        "2, p1, A, 2026-01-02 10:00:00, 2026-01-03 10:00:00, 1",  # within the first
        "3, p1, A, 2026-01-08 10:00:00, , 1",  # overlaps the first, not the second
        "4, p1, A, 2026-01-20 10:00:00, 2026-01-21 10:00:00, 1",  # within the third, which goes on
        "5, p2, A, 2026-01-02 10:00:00, 2026-01-03 10:00:00, 1",  # somebody else
        "6, p2, A, 2026-01-03 10:00:00, 2026-01-04 10:00:00, 1",  # begins when the other ends
        "7, , A, 2026-01-01 10:00:00, , 1",
        "8, , A, 2026-01-01 10:00:00, , 1",  # nobody knows whose
    )
    (outcome,) = delivery.receipt.outcomes
    assert (outcome.check, outcome.severity) == ("overlapping_spans", "note")
    assert [fault.line for fault in outcome.listed] == [3, 4, 5]
    assert outcome.listed[1].found == (
        "2026-01-08 10:00:00 to no end; row 2 has 2026-01-01 10:00:00 to 2026-01-09 10:00:00"
    )
    assert "p1" not in delivery.receipt.words()


def test_a_last_day_in_overlaps_a_span_that_starts_on_it(deliver: Any) -> None:
    rows = (
        "1, p1, A, 2026-01-01 00:00:00, 2026-01-03 00:00:00, 1",
        "2, p1, A, 2026-01-03 00:00:00, 2026-01-04 00:00:00, 1",
    )
    assert counts(deliver(*rows).receipt) == {}
    assert counts(deliver(*rows, span=SPAN | {"to_means": "last_day_in"}).receipt) == {"overlapping_spans": 1}


def test_each_check_of_records_can_block_or_be_off(deliver: Any) -> None:
    assert counts(deliver(*FAULTY, checks={"ends_before_it_starts": "off"}).receipt) == {}
    with pytest.raises(Refused, match="refused for 2 things that are wrong"):
        deliver(*FAULTY, checks={"ends_before_it_starts": "block"})


def test_whole_rows_that_come_twice_are_told_from_those_that_contradict(deliver: Any) -> None:
    other = FAULTY[0].replace("p1", "p9")
    with pytest.raises(Refused) as refused:
        deliver(FAULTY[0], FAULTY[0], other)
    found = [fault for outcome in refused.value.receipt.outcomes for fault in outcome.listed]
    assert {fault.line: (fault.found, fault.remedy.split(":")[0]) for fault in found} == {
        4: ("1 again, with patient p9; row 2 has patient p1", "Rows that contradict one another"),
        3: ("1 again, the same in all as row 2", "Whole rows that say the same"),
    }


def test_a_text_in_a_number_is_told_with_row_and_column(deliver: Any) -> None:
    with pytest.raises(Refused) as refused:
        deliver(FAULTY[0], FAULTY[2].replace(", 1", ", 1 bed"))
    (fault,) = refused.value.receipt.outcomes[0].listed
    assert (fault.check, fault.line, fault.field, fault.found) == ("not_a_number", 3, "beds", "'1 bed'")


# ------------------------------------------------------------------------------------------ clocks

# Clocks went back at 01:00 UTC on 26 October 2025, and forward at 01:00 UTC on 29 March 2026.
CLOCKS = (
    "1, p1, A, 2025-10-26 00:59:59, 2025-10-26 01:00:00, 1",
    "2, p2, A, 2025-10-26 01:59:59, 2025-10-26 02:00:00, 1",
    "3, p3, A, 2026-03-29 00:59:59, 2026-03-29 01:00:00, 1",
    "4, p4, A, 2026-03-29 01:59:59, 2026-03-29 02:00:00, 1",
    "5, p5, A, 2026-01-01 12:00:00, 2026-07-01 12:00:00, 1",
)


def utc(delivery: Delivery, column: str) -> list[str]:
    return [f"{time:%d %H:%M:%S}" for time in delivery.table[f"{column} utc"].to_pylist()]


def test_local_times_are_kept_with_their_instants_and_those_told_twice_or_never_are_counted(
    deliver: Any,
) -> None:
    delivery = deliver(*CLOCKS, checks={"missing_month": "off"})
    assert utc(delivery, "admitted") == [
        "25 23:59:59", "26 00:59:59", "29 00:59:59", "29 01:59:59", "01 12:00:00",
    ]  # fmt: skip
    assert utc(delivery, "discharged") == [
        "26 00:00:00", "26 02:00:00", "29 01:00:00", "29 01:00:00", "01 11:00:00",
    ]  # fmt: skip
    outcomes = {outcome.check: outcome for outcome in delivery.receipt.outcomes}
    places = {
        check: [(f.line, f.field, f.found) for f in outcome.listed] for check, outcome in outcomes.items()
    }
    assert places == {
        "ambiguous_time": [
            (2, "discharged", "2025-10-26 01:00:00"),
            (3, "admitted", "2025-10-26 01:59:59"),
        ],
        "missing_time": [(4, "discharged", "2026-03-29 01:00:00"), (5, "admitted", "2026-03-29 01:59:59")],
    }


def test_a_time_that_came_twice_takes_the_side_that_its_source_declares(deliver: Any) -> None:
    assert utc(deliver(*CLOCKS[:2], ambiguous="second"), "admitted") == ["25 23:59:59", "26 01:59:59"]


def test_a_wall_clock_knows_no_summer(deliver: Any) -> None:
    delivery = deliver(*CLOCKS, clock="wall", checks={"missing_month": "off"})
    assert delivery.table["admitted utc"].to_pylist() == delivery.table["admitted"].to_pylist()
    assert counts(delivery.receipt) == {}


def test_a_clock_in_utc_gives_the_local_time_and_its_day(deliver: Any) -> None:
    delivery = deliver(
        "1, p1, A, 2026-06-30 23:30:00, , 1", "2, p2, A, 2026-01-31 23:30:00, , 1", clock="utc"
    )
    assert [str(time) for time in delivery.table["admitted"].to_pylist()] == [
        "2026-07-01 00:30:00",
        "2026-01-31 23:30:00",
    ]
    assert utc(delivery, "admitted") == ["30 23:30:00", "31 23:30:00"]
    assert [str(month) for month in delivery.months] == ["2026-01", "2026-07"]


def test_no_column_can_stand_where_an_instant_is_kept() -> None:
    with pytest.raises(ValueError, match="'admitted utc' would be taken"):
        source(**(STAYS | {"columns": COLUMNS | {"admitted utc": {"type": "time"}}}))


def test_a_time_that_changes_is_listed_once(deliver: Any) -> None:
    later = deliver(FAULTY[0].replace("2026-01-07 10", "2026-01-07 11"))
    (said,) = changes(deliver(FAULTY[0]), later)
    assert said == "changed: 1: discharged 2026-01-07 10:00:00 -> 2026-01-07 11:00:00"


def test_an_instant_that_changes_alone_is_listed(deliver: Any) -> None:
    (said,) = changes(deliver(CLOCKS[1]), deliver(CLOCKS[1], ambiguous="second"))
    assert said == "changed: 2: admitted utc 2025-10-26 00:59:59 -> 2025-10-26 01:59:59"
