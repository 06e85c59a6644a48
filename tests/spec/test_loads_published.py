"""Published files as they are: what is in them is what comes out, and their known defects are found."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from tests.deliveries import mhsds, source, talking_therapies
from trigpoint.loads.delivered import Delivered
from trigpoint.loads.expectations import Expectations
from trigpoint.loads.receipt import Refused
from trigpoint.loads.receive import receive

MHSDS = "data/mhsds_time_series/MHSDS_Time_Series_Apr_2016_to_Mar_2021.csv.gz"
TALKING = "data/talking_therapies_monthly/tt_activity_performance_monthly_2021-01_2024-12.parquet"
DORSET = "data/rdy_dorset_healthcare_pack/"


def test_every_mhsds_figure_comes_out_as_it_stands_in_the_file(shared: Path) -> None:
    table = receive(Delivered.at(shared / MHSDS), "mhsds", mhsds(), Expectations()).table
    dates = {name: pc.strftime(table[name], "%d/%m/%Y") for name in ("start", "end")}
    cells = zip(table["value"].to_pylist(), table["state"].to_pylist(), strict=True)
    found = zip(
        table["item"].to_pylist(),
        table["unit"].to_pylist(),
        dates["start"].to_pylist(),
        dates["end"].to_pylist(),
        ["*" if state == "suppressed" else value for value, state in cells],
        table["row"].to_pylist(),
        strict=True,
    )
    with gzip.open(shared / MHSDS, "rt", encoding="utf-8", newline="") as file:
        expected = [
            (
                row["MEASURE_ID"],
                row["PRIMARY_LEVEL"],
                row["REPORTING_PERIOD_START"],
                row["REPORTING_PERIOD_END"],
                row["MEASURE_VALUE"] if row["MEASURE_VALUE"] == "*" else float(row["MEASURE_VALUE"]),
                at,
            )
            for at, row in enumerate(csv.DictReader(file, strict=True), 2)
            if row["BREAKDOWN"] in ("Provider", "PROVIDER", "England")
        ]
    assert len(expected) == 87_286
    assert list(found) == expected


def test_every_talking_therapies_row_is_taken_and_a_third_is_suppressed(shared: Path) -> None:
    receipt = (
        delivery := receive(Delivered.at(shared / TALKING), "tt", talking_therapies(), Expectations())
    ).receipt
    assert (receipt.rows_read, receipt.kept, len(receipt.months)) == (1_433_154, 1_433_154, 48)
    states = {it["values"]: it["counts"] for it in pc.value_counts(delivery.table["state"]).to_pylist()}
    assert states == {"value": 953_652, "suppressed": 479_502}


def test_dates_written_in_two_ways_are_found(shared: Path) -> None:
    file = "performance-april-2026_time_series_MHSDS Time_Series_data_Apr_2016_MarPrf_2023.csv.gz"
    with pytest.raises(Refused) as refused:
        receive(Delivered.at(shared / DORSET / file), "mhsds", mhsds(all_breakdowns=True), Expectations())
    (outcome,) = refused.value.receipt.blocking
    assert (outcome.check, outcome.count) == ("window", 938)
    assert all("changed round it would fit" in fault.remedy for fault in outcome.listed)


def test_a_blank_after_a_status_is_trimmed_only_where_the_source_says_so(shared: Path) -> None:
    path = shared / DORSET / "historic_performance-november-2025_main_data_MHSDS Data_NovPerf_2025.csv.gz"
    assert receive(Delivered.at(path), "mhsds", mhsds(), Expectations()).receipt.accepted
    with pytest.raises(Refused) as refused:
        receive(Delivered.at(path), "mhsds", mhsds(trim=False), Expectations())
    assert {fault.found for fault in refused.value.faults} == {"'Performance '"}


def test_a_file_without_a_header_is_refused(shared: Path) -> None:
    columns: dict[str, dict[str, Any]] = {
        "Start": {"as": "month", "format": "%d/%m/%Y"}, "Provider": {"as": "unit"},
        "Measure": {"as": "item"}, "Value": {"as": "value", "markers": {"*": "suppressed"}},
    }  # fmt: skip
    path = shared / "data/mhsds_restraint_headerless/rstr01_Sep_2021.csv"
    with pytest.raises(Refused, match="If the file has no header, ask for one"):
        receive(Delivered.at(path), "restraint", source(columns), Expectations())
