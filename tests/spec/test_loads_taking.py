"""What a source makes of a sheet: names mapped, figures read, states told apart, the rest set aside."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.deliveries import COLUMNS, number, rows_xml, source, text, workbook
from trigpoint.loads.delivered import Delivered
from trigpoint.loads.expectations import Expectations
from trigpoint.loads.receipt import Receipt, Refused
from trigpoint.loads.receive import Delivery, receive
from trigpoint.loads.take import FIGURES
from trigpoint.terms.period import Month

START, END = dt.date(2024, 1, 1), dt.date(2024, 1, 31)


@pytest.fixture
def take(tmp_path: Path) -> Any:
    def receive_text(content: str | bytes, **how: Any) -> Delivery:
        path = tmp_path / "file"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return receive(Delivered.at(path), "figures", source(**how), Expectations())

    return receive_text


def columns(**changed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The usual columns, with these changed or added."""
    return {**COLUMNS, **{name: COLUMNS.get(name, {}) | more for name, more in changed.items()}}


def rows(delivery: Delivery, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in delivery.table.to_pylist()]


def test_a_long_file(take: Any) -> None:
    delivery = take("Org,Month,Measure,Value\nRH5,2024-01,MHS01,10.5\nRDY,2024-01,MHS01,*\n")
    assert delivery.table.schema.equals(FIGURES)
    assert delivery.table.to_pylist() == [
        {"item": "MHS01", "unit": "RH5", "cut": "all", "start": START, "end": END, "value": 10.5,
         "state": "value", "status": "final", "row": 2},
        {"item": "MHS01", "unit": "RDY", "cut": "all", "start": START, "end": END, "value": None,
         "state": "suppressed", "status": "final", "row": 3},
    ]  # fmt: skip
    assert delivery.months == (Month(2024, 1),)


def test_a_wide_file_becomes_one_figure_for_each_item_of_each_row(take: Any) -> None:
    wide = {
        "Org": {"as": "unit"}, "Month": {"as": "month"},
        "Seen": {"as": "value", "item": "seen"},
        "In time": {"as": "value", "item": "in_time", "markers": {"": "not_submitted"}},
    }  # fmt: skip
    content = "Org,Month,Seen,In time\nRH5,2024-01,10,9\nRDY,2024-01,20,\n"
    delivery = take(content, columns=wide, layout="wide")
    assert rows(delivery, "item", "unit", "value", "state", "row") == [
        ("seen", "RH5", 10, "value", 2),
        ("seen", "RDY", 20, "value", 3),
        ("in_time", "RH5", 9, "value", 2),
        ("in_time", "RDY", None, "not_submitted", 3),
    ]
    receipt = delivery.receipt
    assert (receipt.rows_read, receipt.rows_taken, receipt.kept) == (2, 2, 4)


def test_each_marker_is_its_own_state_and_zero_is_a_value(take: Any) -> None:
    markers = {"*": "suppressed", "-": "no_denominator", ".": "not_submitted", "": "not_applicable"}
    content = "Org,Month,Measure,Value\n" + "".join(
        f"RH5,2024-01,M{i},{cell}\n" for i, cell in enumerate(["0", "*", "-", ".", ""])
    )
    delivery = take(content, columns=columns(Value={"markers": markers}))
    assert rows(delivery, "value", "state") == [
        (0, "value"), (None, "suppressed"), (None, "no_denominator"), (None, "not_submitted"),
        (None, "not_applicable"),
    ]  # fmt: skip


def test_figures_are_read_to_the_nearest_float(take: Any) -> None:
    cells = ["0.1", "+5", "-5.25", ".5", "5.", "1e-3", "7.379057107641742", "9007199254740991", "00012"]
    content = "Org,Month,Measure,Value\n" + "".join(f"RH5,2024-01,M{i},{it}\n" for i, it in enumerate(cells))
    assert take(content).table["value"].to_pylist() == [float(it) for it in cells]


def test_rows_that_the_source_does_not_take_are_set_aside_and_counted_by_reason(take: Any) -> None:
    content = (
        "Org,Month,Measure,Value,Level\nRH5,2024-01,A,1,Provider\nRH5,2024-01,A,2,CCG\n"
        "RH5,2024-01,B,3,PROVIDER\nX,2024-01,A,oops,CCG\nRH5,2024-01,C,4,STP\n"
    )
    level = {"as": "ignore", "take": ["Provider", "PROVIDER"]}
    delivery = take(content, columns=columns(Level=level))
    assert rows(delivery, "item", "value", "row") == [("A", 1, 2), ("B", 3, 4)]
    receipt = delivery.receipt
    assert [(it.reason, it.rows) for it in receipt.set_aside] == [
        ("Level is 'CCG'", 2),
        ("Level is 'STP'", 1),
    ]
    assert receipt.rows_read == receipt.rows_taken + sum(it.rows for it in receipt.set_aside)


def test_values_are_closed_and_renames_open(take: Any) -> None:
    content = (
        "Org,Month,Measure,Value,Group,Kind\nRH5,2024-01,A,1,NONE,Performance \nRH5,2024-01,A,1,White,Final\n"
    )
    how = columns(
        Group={"as": "cut", "rename": {"NONE": "all"}},
        Kind={"as": "status", "trim": True, "values": {"Performance": "provisional", "Final": "final"}},
    )
    assert rows(take(content, columns=how), "cut", "status") == [("all", "provisional"), ("White", "final")]
    with pytest.raises(Refused) as refused:
        take(content.replace("Final", "Fnal"), columns=how)
    (fault,) = refused.value.faults
    assert (fault.line, fault.field, fault.check, fault.found) == (3, "Kind", "unknown_value", "'Fnal'")
    assert fault.remedy == "Nearest: Final. Or add it to `values`."


def test_dates_are_read_as_each_column_declares(take: Any) -> None:
    dated = {
        "Org": {"as": "unit"}, "Measure": {"as": "item"}, "Value": {"as": "value"},
        "From": {"as": "start", "format": "%d/%m/%Y"}, "To": {"as": "end"},
    }  # fmt: skip
    content = "Org,Measure,Value,From,To\nRH5,A,1,01/11/2023,2024-01-31\nRH5,A,1,01/01/2024,2024-01-31\n"
    delivery = take(content, columns=dated, windows=[1, 3])
    assert rows(delivery, "start", "end") == [(dt.date(2023, 11, 1), END), (START, END)]


def test_a_month_column_stands_for_the_declared_window(take: Any) -> None:
    content = "Org,Month,Measure,Value\nRH5,Jan-24,A,1\n"
    delivery = take(content, columns=columns(Month={"format": "%b-%y"}), windows=[12])
    assert rows(delivery, "start", "end") == [(dt.date(2023, 2, 1), END)]


def test_a_workbooks_own_dates_need_no_format(take: Any) -> None:
    head = [text(name) for name in ("Org", "Month", "Measure", "Value")]
    days = [number("45322", style=1), text("31/01/2024")]
    sheet = rows_xml([head, *([text("RH5"), day, text(f"M{i}"), number("1")] for i, day in enumerate(days))])
    how = columns(Month={"format": "%d/%m/%Y"})
    delivery = take(workbook({"Data": sheet}), format="xlsx", columns=how)
    assert rows(delivery, "start", "end") == [(START, END), (START, END)]


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        ("31/01/2024", "It would read as %d/%m/%Y"),
        ("Jan-24", "It would read as %b-%y"),
        ("2024-13", "Have it put right at its source."),
        ("", "Have it put right at its source."),
    ],
)
def test_a_date_that_is_written_otherwise_is_not_guessed(cell: str, remedy: str, take: Any) -> None:
    with pytest.raises(Refused) as refused:
        take(f"Org,Month,Measure,Value\nRH5,{cell},A,1\n")
    (fault,) = refused.value.faults
    assert (fault.line, fault.field, fault.check) == (2, "Month", "not_a_date")
    assert remedy in fault.remedy


def test_a_time_of_day_is_no_date(take: Any) -> None:
    for hour, accepted in ((0, True), (9, False)):
        content = parquet(Value=[1.0], Month=[dt.datetime.combine(END, dt.time(hour))])
        if accepted:
            assert take(content, format="parquet").table["end"].to_pylist() == [END]
            continue
        with pytest.raises(Refused, match="a date without a time of day"):
            take(content, format="parquet")


def test_a_row_that_nobody_can_place_is_refused(take: Any) -> None:
    with pytest.raises(Refused) as refused:
        take("Org,Month,Measure,Value\n,2024-01,A,1\n")
    (fault,) = refused.value.faults
    assert (fault.line, fault.field, fault.check, fault.found) == (2, "Org", "blank", "''")


def test_a_status_is_final_or_provisional(take: Any) -> None:
    content = "Org,Month,Measure,Value,Kind\nRH5,2024-01,A,1,draft\n"
    with pytest.raises(Refused, match="found 'draft'; expected final or provisional"):
        take(content, columns=columns(Kind={"as": "status"}))


def parquet(**values: Any) -> bytes:
    length = len(values["Value"])
    table = {
        "Org": ["RH5"] * length,
        "Month": ["2024-01"] * length,
        "Measure": [f"M{i}" for i in range(length)],
    }
    buffer = io.BytesIO()
    pq.write_table(pa.table(table | values), buffer)
    return buffer.getvalue()


def test_empty_and_nan_in_parquet_are_a_state_only_if_the_source_says_so(take: Any) -> None:
    content = parquet(Value=[1.5, None, float("nan"), 0.0, -9.0])
    markers = {"null": "suppressed", "-9": "not_submitted"}
    delivery = take(content, format="parquet", columns=columns(Value={"markers": markers}))
    assert rows(delivery, "value", "state") == [
        (1.5, "value"), (None, "suppressed"), (None, "suppressed"), (0.0, "value"), (None, "not_submitted"),
    ]  # fmt: skip
    with pytest.raises(Refused) as refused:
        take(content, format="parquet")
    assert [(it.line, it.check) for it in refused.value.faults] == [
        (2, "unknown_marker"),
        (3, "unknown_marker"),
    ]


@pytest.mark.parametrize("value", [float("inf"), 2**53 + 1])
def test_numbers_that_would_lose_digits_are_refused(value: float, take: Any) -> None:
    with pytest.raises(Refused, match=r"figure with too many digits|infinity"):
        take(parquet(Value=[value]), format="parquet")


def test_more_decimals_than_declared_are_refused_not_rounded(take: Any) -> None:
    how = columns(Value={"decimals": 2})
    for content, form in (
        ("Org,Month,Measure,Value\nRH5,2024-01,A,1.25\n", "csv"),
        (parquet(Value=[1.25]), "parquet"),
    ):
        assert take(content, columns=how, format=form).table["value"].to_pylist() == [1.25]
    for content, form in (
        ("Org,Month,Measure,Value\nRH5,2024-01,A,1.256\n", "csv"),
        (parquet(Value=[1.256]), "parquet"),
    ):
        with pytest.raises(Refused, match="at most 2 decimals"):
            take(content, columns=how, format=form)


def test_dictionaries_and_dates_of_parquet(take: Any) -> None:
    content = parquet(
        Value=pa.array([1, 2], pa.int32()),
        Org=pa.array(["RH5", "RDY"]).dictionary_encode(),
        Month=pa.array([END, END]),
    )
    assert rows(take(content, format="parquet"), "unit", "end", "value") == [("RH5", END, 1), ("RDY", END, 2)]


def test_every_misread_cell_is_found_at_once_and_all_of_them_kept(take: Any) -> None:
    bad = "".join(f"RH5,2024-13,M{i},x\n" for i in range(30))
    with pytest.raises(Refused) as refused:
        take("Org,Month,Measure,Value\nRH5,2024-01,A,1\n" + bad)
    counts = {it.check: (it.count, len(it.listed)) for it in refused.value.receipt.outcomes}
    assert counts == {"not_a_date": (30, 20), "unknown_marker": (30, 20)}
    assert refused.value.findings.num_rows == 60
    assert "refused for 60 things" in str(refused.value)


# --------------------------------------------------------------------------------------------- records

RECORDS = {
    "Ref": {"type": "code"}, "Team": {"type": "unit"}, "Received": {"type": "date", "format": "%d/%m/%Y"},
    "Cost": {"type": "money"}, "Hours": {"type": "number", "decimals": 2}, "Urgent": {"type": "boolean",
    "values": {"Y": "true", "N": "false"}}, "Seen": {"type": "time"}, "Secret": {"as": "ignore"},
}  # fmt: skip
RECORD_FIELDS = {"holds": "records", "key": ["Ref"], "dated": "Received", "columns": RECORDS}


def test_records_are_typed_exactly(take: Any) -> None:
    content = (
        "Ref,Team,Received,Cost,Hours,Urgent,Seen,Secret\n"
        "007,A1,31/01/2024,12.5,7.25,Y,2024-02-01 09:30:00,x\n008,A1,01/02/2024,,0,N,,x\n"
    )
    delivery = take(content, **RECORD_FIELDS)
    assert delivery.table.to_pylist() == [
        {"Ref": "007", "Team": "A1", "Received": dt.date(2024, 1, 31), "Cost": Decimal("12.50"),
         "Hours": Decimal("7.25"), "Urgent": True, "Seen": dt.datetime.fromisoformat("2024-02-01T09:30"),
         "row": 2, "Seen utc": dt.datetime.fromisoformat("2024-02-01T09:30"), "cells blanked": None},
        {"Ref": "008", "Team": "A1", "Received": dt.date(2024, 2, 1), "Cost": None,
         "Hours": Decimal("0.00"), "Urgent": False, "Seen": None, "row": 3,
         "Seen utc": None, "cells blanked": None},
    ]  # fmt: skip
    assert delivery.months == (Month(2024, 1), Month(2024, 2))


def test_a_record_without_its_key_or_its_date_is_refused(take: Any) -> None:
    head = "Ref,Team,Received,Cost,Hours,Urgent,Seen,Secret\n"
    with pytest.raises(Refused) as refused:
        take(head + ",A1,,1,1,Y,,x\n008,A1,01/02/2024,1.234,1,N,,x\n", **RECORD_FIELDS)
    found = {(it.line, it.field, it.check) for it in refused.value.faults}
    assert found >= {(2, "Ref", "blank"), (2, "Received", "blank"), (3, "Cost", "not_a_number")}


def test_fields_that_are_not_of_their_type(take: Any) -> None:
    head = "Ref,Team,Received,Cost,Hours,Urgent,Seen,Secret\n"
    with pytest.raises(Refused) as refused:
        take(head + "1,A1,31/01/2024,x,1,Maybe,noon,x\n2,A1,31/01/2024,1,1,Y,,x\n", **RECORD_FIELDS)
    found = {(it.field, it.check) for it in refused.value.faults if it.check != "several_headers"}
    assert found == {("Cost", "unknown_marker"), ("Urgent", "unknown_value"), ("Seen", "not_a_time")}


# -------------------------------------------------------------------------------------------- receipts


def test_a_receipt_comes_back_from_its_json_and_reads_as_words(take: Any) -> None:
    content = "Org,Month,Measure,Value\nRH5,2024-01,A,1\nRH5,2024-03,A,1\n"
    receipt = take(content).receipt
    assert Receipt.from_json(receipt.to_json()) == receipt
    assert receipt.to_json() == take(content).receipt.to_json()
    assert receipt.words().splitlines() == [
        "file: accepted",
        "  source     figures",
        f"  SHA-256    {receipt.sha256}",
        "  rows       2 read, 2 taken",
        "  kept       2 figures or records",
        "  months     January 2024 to March 2024 (2)",
        "  noted      missing month: 1",
        "    the file, Month: found no row for February 2024; expected every month from 2024-01 to 2024-03",
    ]


def test_a_refused_receipt_says_what_blocks_first_and_is_brief(take: Any) -> None:
    levels = "".join(f"RH5,2024-01,X{i},1,L{i:02}\n" for i in range(10))
    rows = "".join(f"RH5,2024-01,A{i},n/a,Provider\n" for i in range(22))
    how = columns(Level={"as": "ignore", "take": ["Provider"]})
    with pytest.raises(Refused) as refused:
        take("Org,Month,Measure,Value,Level\n" + levels + rows, columns=how)
    lines = refused.value.receipt.words().splitlines()
    assert lines[0] == "file: refused; nothing of it was kept"
    assert lines[3:5] == ["  rows       32 read, 22 taken", "  kept       0 figures or records"]
    assert lines[5] == "  set aside  1 row: Level is 'L00'"
    assert lines[13] == "  set aside  2 rows for 2 more reasons"
    assert lines[14] == "  blocks     unknown marker: 22"
    assert lines[15] == "    row 12, Value: found 'n/a'; expected a number, or a declared marker ('*')"
    assert sum("If it stands for a state" in line for line in lines) == 1
    assert lines[-1] == "    and 2 more"


def test_progress_is_told_and_ends(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("Org,Month,Measure,Value\nRH5,2024-01,A,1\n", encoding="utf-8")
    told: list[tuple[str, int, int]] = []
    receive(Delivered.at(tmp_path / "file"), "f", source(), Expectations(), lambda *step: told.append(step))
    assert [(done, total) for _, done, total in told] == [(0, 3), (1, 3), (2, 3), (3, 3)]
