"""Whatever a dataset holds, its workbook holds the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.web.documents import document
from tests.workbooks import read_workbook
from trigpoint.publish.document import Dataset
from trigpoint.publish.formats.xlsx import workbook

DOCUMENT = document(1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1) | st.from_regex(
    r"[=+\-@\t']?(_x[0-9A-Fa-f]{4}_|<r>|&amp;|[\x00-\x1f])+", fullmatch=True
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
DAYS = st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31))


@given(st.lists(st.tuples(TEXTS | st.none(), NUMBERS | st.none(), DAYS | st.none()), min_size=1))
def test_any_text_number_and_day_comes_back(
    rows: list[tuple[str | None, float | None, dt.date | None]],
) -> None:
    made = replace(DOCUMENT, datasets=(Dataset("any", ("text", "number", "day"), tuple(rows)),))
    sheet = read_workbook(workbook(made))["any"]
    for number, (text, figure, day) in enumerate(rows, 2):
        days = None if day is None else float((day - dt.date(1899, 12, 30)).days)
        assert sheet.row(number, 3) == [text, figure, days]
    assert sheet.xml.find(".//{*}f") is None
