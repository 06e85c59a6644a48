"""Any purge after any sequence of deliveries leaves a month as it was, or says that it cannot be read."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.generative.test_archive import MONTHS, RECORDS, Delivery, deliveries, incoming
from tests.stored import noon
from trigpoint.store.accept import accept
from trigpoint.store.archive import Archive
from trigpoint.store.load import FIGURES, Shape
from trigpoint.store.purge import Which, purge
from trigpoint.terms.errors import NotFound
from trigpoint.terms.period import Month

PURGES = st.lists(st.integers(1, 4) | st.sampled_from(MONTHS), min_size=1, max_size=3)


def held(archive: Archive) -> dict[Month, list[dict[str, object]]]:
    return {
        month: archive.month("beds", parts).to_pylist() for month, parts in archive.effective("beds").items()
    }


def take(archive: Archive, which: int | Month, day: int) -> bool:
    """Whether there was anything to take."""
    chosen = Which("beds", before=which) if isinstance(which, Month) else Which("beds", load=which)
    try:
        purge(archive, chosen, at=noon(day), by=("A", "B"), reason="Because")
    except NotFound:
        return False
    return True


@given(
    st.sampled_from([FIGURES, RECORDS]).flatmap(
        lambda shape: st.tuples(st.just(shape), st.lists(deliveries(shape), min_size=1, max_size=4))
    ),
    PURGES,
)
def test_a_month_is_as_it_was_or_says_that_it_cannot_be_read(
    delivered: tuple[Shape, list[Delivery]], purges: list[int | Month]
) -> None:
    shape, given_ = delivered
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder))
        for day, one in enumerate(given_, start=1):
            accept(archive, incoming(day, one, shape), at=noon(day), by="Alice")
        for day, which in enumerate(purges, start=10):
            before, loads = held(archive), archive.loads("beds")
            if not take(archive, which, day):
                continue
            archive.verify()
            after, gone = held(archive), archive.purged("beds")
            assert {month for month in before if month not in after} <= gone.keys()
            assert not after.keys() & gone.keys()
            assert all(rows == before[month] for month, rows in after.items())
            touched = {
                part.month
                for load in loads
                for part in load.parts
                if (part.month < which if isinstance(which, Month) else load.seq == which)
            }
            assert before.keys() - after.keys() <= touched, "nothing else is lost"
            assert len(archive.loads("beds")) == len(loads)


@given(st.lists(deliveries(FIGURES), min_size=1, max_size=3), deliveries(FIGURES), PURGES)
def test_a_full_refresh_makes_everything_whole_again(
    given_: list[Delivery], last: Delivery, purges: list[int | Month]
) -> None:
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as other:
        archive, fresh = Archive(Path(folder)), Archive(Path(other))
        for day, one in enumerate(given_, start=1):
            accept(archive, incoming(day, one, FIGURES), at=noon(day), by="Alice")
        for day, which in enumerate(purges, start=10):
            take(archive, which, day)
        refresh = incoming(9, last._replace(mode="full_refresh"), FIGURES)
        accept(archive, refresh, at=noon(20), by="Alice")
        accept(fresh, refresh, at=noon(20), by="Alice")
        assert held(archive) == held(fresh)
        assert archive.purged("beds") == {}
        archive.verify()
