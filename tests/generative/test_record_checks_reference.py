"""Instants and overlaps against a second opinion: each time by itself, each pair of spans by itself."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deliveries import source
from trigpoint.loads.checks.record_times import overlapping_spans
from trigpoint.loads.clocks import told
from trigpoint.loads.expectations import Expectations

# Changes at 01:00 UTC; of half an hour; at midnight, forward and back; and a day that never was.
ZONES = ("Europe/London", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia", "UTC")
YEARS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2030, 1, 1))  # noqa: DTZ001
CHANGES = (
    dt.datetime(2025, 10, 26, 1), dt.datetime(2026, 3, 29, 1),  # noqa: DTZ001
    dt.datetime(2018, 11, 4, 0), dt.datetime(2019, 2, 16, 23), dt.datetime(2011, 12, 30, 12),  # noqa: DTZ001
)  # fmt: skip


@st.composite
def times(draw: st.DrawFn) -> dt.datetime | None:
    near = st.builds(
        lambda at, minutes: at + dt.timedelta(minutes=minutes),
        st.sampled_from(CHANGES),
        st.integers(-200, 200),
    )
    found = draw(st.none() | near | YEARS)
    return None if found is None else found.replace(microsecond=0)


def instant(time: dt.datetime, zone: ZoneInfo, fold: int) -> dt.datetime:
    return time.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC).replace(tzinfo=None)


def exists(time: dt.datetime, zone: ZoneInfo) -> bool:
    """Whether a clock told it: an instant leads back to it."""
    back = time.replace(tzinfo=zone).astimezone(dt.UTC).astimezone(zone)
    return back.replace(tzinfo=None) == time


@pytest.mark.parametrize("name", ZONES)
@given(given_=st.lists(times(), max_size=20), second=st.booleans())
def test_each_time_s_instant_is_as_it_would_be_by_itself(
    name: str, given_: list[dt.datetime | None], second: bool
) -> None:
    zone, column = ZoneInfo(name), pa.chunked_array([pa.array(given_, pa.timestamp("s"))])
    found = told(column, zone, "local", "second" if second else "first")
    for at, time in enumerate(given_):
        if time is None:
            assert found.utc[at].as_py() is None
            continue
        there = exists(time, zone)
        twice = there and instant(time, zone, 0) != instant(time, zone, 1)
        assert (found.twice[at], found.never[at]) == (twice, not there)
        assert found.utc[at].as_py() == instant(time, zone, int(second and twice))
    back = told(found.utc, zone, "utc", "first").local.to_pylist()
    assert [one for one, never in zip(back, found.never, strict=True) if not never] == [
        one for one, never in zip(given_, found.never, strict=True) if not never
    ]


DAYS = st.integers(0, 20)
SPANS = st.lists(
    st.tuples(st.sampled_from(["p1", "p2", None]), DAYS, st.none() | DAYS), min_size=1, max_size=14
)


@pytest.mark.parametrize("to_means", ["first_day_out", "last_day_in"])
@given(spans=SPANS)
def test_a_span_is_told_if_and_only_if_it_overlaps_one_that_started_no_later(
    to_means: str, spans: list[tuple[str | None, int, int | None]]
) -> None:
    start = dt.date(2026, 1, 1)
    of = source(
        {"stay": {"type": "code"}, "who": {"type": "code"}, "a": {"type": "date"}, "b": {"type": "date"}},
        holds="records", key=["stay"], dated="a", subject="who",
        span={"from": "a", "to": "b", "to_means": to_means},
    )  # fmt: skip
    table = pa.table(
        {
            "who": pa.array([who for who, _, _ in spans], pa.string()),
            "a": pa.array([start + dt.timedelta(a) for _, a, _ in spans], pa.date32()),
            "b": pa.array([None if b is None else start + dt.timedelta(b) for _, _, b in spans], pa.date32()),
            "row": pa.array(np.arange(len(spans)) + 2),
        }
    )
    rows = overlapping_spans(table, of, Expectations())["row"].to_pylist()
    assert rows == sorted(_by_pairs(spans, to_means))


def _by_pairs(spans: list[tuple[str | None, int, int | None]], to_means: str) -> set[int]:
    lasting = [
        (who, a, 10**6 if b is None else b + (to_means == "last_day_in"), at + 2)
        for at, (who, a, b) in enumerate(spans)
        if who is not None and (b is None or b >= a)
    ]
    lasting.sort(key=lambda it: it[1:])
    return {
        later[3]
        for earlier, later in combinations(lasting, 2)
        if earlier[0] == later[0] and later[1] < earlier[2]
    }
