"""Many units' pages, written by one process or by several."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from trigpoint.month.desk import Desk, Order
from trigpoint.publish.formats.html import write_unit
from trigpoint.terms.progress import Progress

STEP = "Writing scorecards"
BATCH = 10
"""Units written at a time: their series are worked out together."""
WORTH_IT = 24
"""Units from which a second process is sooner done, though it has to read the figures anew."""

_desks: list[Desk] = []
"""A worker's own desk, from its start to its end."""


def each_written(desk: Desk, folder: Path, progress: Progress, processes: int | None) -> None:
    """Write the pages of all units but the first into ``folder``, the same by any number of processes.

    ``processes`` None leaves the number to the machine and to how much there is to do.
    """
    units = desk.order.units[1:]
    batches = [units[start : start + BATCH] for start in range(0, len(units), BATCH)]
    if processes is None:
        processes = min(_processors(), len(batches)) if len(units) >= WORTH_IT else 1
    written = (
        _here(desk, batches, folder) if processes < 2 else _there(desk.order, batches, folder, processes)
    )
    done = 1
    progress(STEP, done, len(desk.order.units))
    for count in written:
        done += count
        progress(STEP, done, len(desk.order.units))


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _here(desk: Desk, batches: Sequence[Sequence[str]], folder: Path) -> Iterator[int]:
    return (_write(desk, batch, folder) for batch in batches)


def _there(order: Order, batches: Sequence[Sequence[str]], folder: Path, processes: int) -> Iterator[int]:
    """By processes of their own, started afresh, as every system can."""
    pool = ProcessPoolExecutor(
        processes, multiprocessing.get_context("spawn"), initializer=_start, initargs=(order,)
    )
    try:
        started = [pool.submit(_write_batch, batch, folder) for batch in batches]
        for one in as_completed(started):
            yield one.result()
    finally:
        # After a fault or Ctrl-C, what is under way is finished, and nothing further is begun.
        pool.shutdown(wait=True, cancel_futures=True)


def _start(order: Order) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one answers it
    _desks.append(Desk(order))


def _write_batch(batch: Sequence[str], folder: Path) -> int:
    return _write(_desks[0], batch, folder)


def _write(desk: Desk, batch: Sequence[str], folder: Path) -> int:
    with _without_sweeps():
        for document in desk.documents(batch):
            write_unit(document, folder)
    return len(batch)


@contextmanager
def _without_sweeps() -> Iterator[None]:
    """No search for circles of dead values: documents have none, and looking takes a sixth of the time."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()
