"""Fifty indicators over ten million contacts (``TRIGPOINT_CONTACTS`` for more), 600 teams and 60 months."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from tests import sparks
from tests.benchmarks import referrals
from tests.benchmarks.contacts import MONTHS, ROWS, catalogue, counts, laid_out, shares
from tests.benchmarks.harness import Clock, Figures, Skipped, benchmark
from trigpoint.engines import spark
from trigpoint.engines.duckdb import Session, Settings, session
from trigpoint.measures.compute import observe
from trigpoint.month.kept_partials import KeptPartials
from trigpoint.store.laid import Files
from trigpoint.store.snapshot import Snapshots
from trigpoint.terms.period import Month

USED = (
    "team",
    "started",
    "status",
    "medium",
    "kind",
    "care_coordinator",
    "ethnicity",
    "days_waited",
    "minutes",
)
AT_ONCE = 12
"""Months that are worked out at once; a run of the product divides its months too, by how many figures."""
MEMORY = "600MB"
"""What DuckDB may use, so that the whole process stays below 1 GB."""


@contextmanager
def _engine(held: Files) -> Iterator[Session]:
    with tempfile.TemporaryDirectory() as spill:
        settings = Settings(threads=2, memory=MEMORY, spill=Path(spill))
        with session(settings, reachable=held.paths.values()) as opened:
            yield opened


def _scan(engine: Session, held: Files, clock: Clock) -> None:
    counts = ", ".join(f"count({name})" for name in USED)
    with clock:
        engine.query(f"SELECT {counts} FROM contacts", parquet={"contacts": list(held.paths.values())})


def _measure(measures: list[str], months: tuple[Month, ...], clock: Clock) -> tuple[float, int]:
    """Seconds of scanning the columns that are used; and how many observations were made."""
    held, of, scan = laid_out(), catalogue(measures), Clock()
    with _engine(held) as engine:
        for _ in range(2):
            _scan(engine, held, scan)
        for month in months:
            held.whole(month)  # hashed beforehand, so that the same is timed of both
        with clock:
            count = sum(
                len(observe(of, some, {"contacts": held}, {"contacts": MONTHS[-1]}, engine=engine))
                for some in (months[at : at + AT_ONCE] for at in range(0, len(months), AT_ONCE))
            )
    return scan.seconds, count


@benchmark(aim="printed: each month's rows come in no order, and are laid out once")
def contacts_laid_out(clock: Clock) -> Figures:
    held = laid_out(clock)
    if not clock.laps:
        with clock:
            held.whole(MONTHS[0])
        return {"months that were there": len(held.paths)}
    clock.laps = [sum(clock.laps)]
    return {"rows a second": ROWS / clock.seconds}


@benchmark(aim="at most 6 times the scan; under 1 GB")
def contacts_fifty_counts(clock: Clock) -> Figures:
    scan, count = _measure(counts(50), MONTHS, clock)
    return {"times the scan": clock.seconds / scan, "rows a second": ROWS / clock.seconds, "figures": count}


@benchmark(aim="printed: a share is two sums; under 1 GB")
def contacts_fifty_shares(clock: Clock) -> Figures:
    scan, _ = _measure(shares(50), MONTHS, clock)
    return {"times the scan": clock.seconds / scan, "rows a second": ROWS / clock.seconds}


@benchmark(aim="at most 2.2 times fifty")
def contacts_hundred_counts(clock: Clock) -> Figures:
    fifty = Clock()
    _measure(counts(50), MONTHS, fifty)
    _measure(counts(100), MONTHS, clock)
    return {"times fifty": clock.seconds / fifty.seconds}


@benchmark(aim="at most 0.05 of all sixty months")
def contacts_one_new_month(clock: Clock) -> Figures:
    every = Clock()
    _measure(counts(50), MONTHS, every)
    for _ in range(3):
        _measure(counts(50), MONTHS[-1:], clock)
    return {"of the whole": clock.seconds / every.seconds}


@benchmark(aim="printed: time and bytes shuffled of a master and two workers on this machine")
def contacts_fifty_counts_on_spark(clock: Clock) -> Figures:
    if absent := sparks.missing():
        raise Skipped(absent)
    held, of = laid_out(), catalogue(counts(50))
    config = {name: value for name, value in sparks.lean().items() if "JavaOptions" not in name}
    config["spark.driver.maxResultSize"] = "100m"  # 36,000 rows of fifty counts
    config["spark.executor.extraJavaOptions"] = "-XX:-DontCompileHugeMethods"  # one pass is one long method
    with (
        sparks.running() as cluster,
        spark.session(spark.Settings(cluster.master, config=config)) as engine,
    ):
        for _ in range(2):  # the first starts the workers
            with clock:
                observe(of, MONTHS, {"contacts": held}, {"contacts": MONTHS[-1]}, engine=engine)
        work = engine.statistics().work
    return {"rows a second": ROWS / clock.seconds, "bytes shuffled": work.shuffled if work else 0}


@benchmark(aim="printed; under 1 GB")
def referrals_within_18_weeks_at_month_end(clock: Clock) -> Figures:
    stock = '{from: referrals, at: month_end, count: records, with: "days(received, month_end) <= 126"}'
    of = catalogue([stock])
    with tempfile.TemporaryDirectory() as folder:
        held = referrals.laid_in(Path(folder))
        with _engine(held) as engine, clock:
            found = observe(of, MONTHS, {"referrals": held}, {"referrals": MONTHS[-1]}, engine=engine)
    return {"rows a second": len(MONTHS) * referrals.EACH / clock.seconds, "figures": len(found)}


@benchmark(aim="printed; under 1 GB")
def contacts_distinct_people(clock: Clock) -> Figures:
    people = "{from: contacts, month_of: started, where: \"status = 'attended'\", people: any}"
    scan, _ = _measure([people], MONTHS, clock)
    return {"times the scan": clock.seconds / scan}


@benchmark(aim="printed; under 1 GB")
def contacts_people_over_twelve_months(clock: Clock) -> Figures:
    people = "{from: contacts, month_of: started, people: any, window: 12 months}"
    scan, _ = _measure([people], MONTHS[-12:], clock)
    return {"times the scan": clock.seconds / scan}


@benchmark(aim="printed; under 1 GB")
def contacts_medians(clock: Clock) -> Figures:
    scan, _ = _measure(["{from: contacts, month_of: started, median: minutes}"], MONTHS, clock)
    return {"times the scan": clock.seconds / scan}


@benchmark(aim="the second run reads no record")
def contacts_with_partials_kept(clock: Clock) -> Figures:
    held, of, first = laid_out(), catalogue(counts(50)), Clock()
    with tempfile.TemporaryDirectory() as folder, _engine(held) as engine:
        rows: dict[str, pa.Table | Files] = {"contacts": held}
        for laps in (first, clock):
            cache = KeptPartials(Snapshots(Path(folder)), rows, "benchmark")
            with laps:
                observe(of, MONTHS, rows, {"contacts": MONTHS[-1]}, engine=engine, cache=cache)
    return {"of the first": clock.seconds / first.seconds}
