"""What it costs to receive the two large publications, and to read a wide workbook."""

from __future__ import annotations

import os
from pathlib import Path

from tests.benchmarks.harness import ROOT, Clock, Figures, Skipped, benchmark
from tests.deliveries import mhsds, number, rows_xml, source, talking_therapies, text, workbook
from trigpoint.definitions.source import Source
from trigpoint.loads.delivered import Delivered
from trigpoint.loads.expectations import Expectations, Ratio
from trigpoint.loads.readers.reading import read_sheet
from trigpoint.loads.receive import receive

MHSDS = "data/mhsds_time_series/MHSDS_Time_Series_Apr_2016_to_Mar_2021.csv.gz"
TALKING = "data/talking_therapies_monthly/tt_activity_performance_monthly_2021-01_2024-12.parquet"


def received(clock: Clock, file: str, taken_as: Source, expectations: Expectations) -> Figures:
    path = Path(os.environ.get("TRIGPOINT_SHARED", ROOT.parent / "shared")) / file
    if not path.exists():
        raise Skipped(f"no {path}")
    for _ in range(3):
        with clock:
            delivery = receive(Delivered.at(path), "figures", taken_as, expectations)
    return {"rows": delivery.receipt.rows_read, "us a row": clock.seconds / delivery.receipt.rows_read * 1e6}


@benchmark(aim="3 s, under 500 MB")
def receive_mhsds_time_series(clock: Clock) -> Figures:
    return received(clock, MHSDS, mhsds(), Expectations())


@benchmark(aim="15 s, under 1,200 MB")
def receive_talking_therapies(clock: Clock) -> Figures:
    """With a dozen proportions checked, as a full scorecard has."""
    pairs = [(f"M{i:03}", f"M{i + 1:03}") for i in range(400, 424, 2)]
    ratios = tuple(Ratio((a,), (b,), 1, proportion=False, least=0, most=None) for a, b in pairs)
    return received(clock, TALKING, talking_therapies(), Expectations(ratios=ratios))


@benchmark(aim="2 s")
def read_workbook_of_50_000_rows_by_10(clock: Clock) -> Figures:
    names = [f"C{i}" for i in range(10)]
    row = [text("RH5"), text("2024-01"), text("MHS01"), *[number("12.5")] * 7]
    content = workbook({"Data": rows_xml([[text(name) for name in names], *[row] * 50_000])})
    roles = {"C0": {"as": "unit"}, "C1": {"as": "month"}, "C2": {"as": "item"}, "C3": {"as": "value"}}
    columns = {name: roles.get(name, {"as": "ignore"}) for name in names}
    taken_as = source(columns, format="xlsx")
    for _ in range(3):
        with clock:
            read_sheet("file", content, taken_as)
    return {"us a cell": clock.seconds / 500_000 * 1e6}
