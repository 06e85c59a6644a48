"""Many units' pages, written by one process or by several."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

from trigpoint.month.desk import Desk, Order
from trigpoint.publish.formats.html import write_unit
from trigpoint.terms.progress import Progress

STEP = "Writing scorecards"
BATCH = 10
"""Units written at a time: their series are worked out together."""
WORTH_IT = 24
"""Units from which a second process is sooner done, though it has to read the figures anew."""

Written = Generator[int, None, None]
"""The number of units of each batch, once it is written."""
_workers: list[tuple[Desk, Event]] = []
"""In a process of its own: its desk, and whether it is to stop."""


def each_written(desk: Desk, folder: Path, progress: Progress, processes: int | None) -> None:
    """Write the pages of all units but the first into ``folder``, the same by any number of processes.

    ``processes`` None leaves the number to the machine and to how much there is to do.
    """
    units = desk.order.units[1:]
    batches = [units[start : start + BATCH] for start in range(0, len(units), BATCH)]
    if processes is None:
        processes = min(_processors(), len(batches)) if len(units) >= WORTH_IT else 1
    try:
        written = (
            _here(desk, batches, folder) if processes < 2 else _there(desk.order, batches, folder, processes)
        )
        _told(written, len(units), progress)
    except BrokenProcessPool:  # a system that starts no further process, or has ended one: all by this one
        _told(_here(desk, batches, folder), len(units), progress)


def _told(written: Written, count: int, progress: Progress) -> None:
    """``written`` gives the units of each batch as it is done; the first unit was written before them all."""
    done = 1
    progress(STEP, done, count + 1)
    with closing(written):  # whatever happens, at once
        for batch in written:
            done += batch
            progress(STEP, done, count + 1)


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _here(desk: Desk, batches: Sequence[Sequence[str]], folder: Path) -> Written:
    return (_write(desk, batch, folder) for batch in batches)


def _there(order: Order, batches: Sequence[Sequence[str]], folder: Path, processes: int) -> Written:
    """By processes of their own, started afresh, as every system can."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    pool = ProcessPoolExecutor(processes, context, initializer=_start, initargs=(order, stop))
    try:
        started = [pool.submit(_write_batch, batch, folder) for batch in batches]
        for one in as_completed(started):
            yield one.result()
    finally:
        # After a fault or Ctrl-C, the unit under way is finished, and nothing further is begun.
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _start(order: Order, stop: Event) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one answers it
    _workers.append((Desk(order), stop))


def _write_batch(batch: Sequence[str], folder: Path) -> int:
    desk, stop = _workers[0]
    return 0 if stop.is_set() else _write(desk, batch, folder, stop.is_set)


def _write(
    desk: Desk, batch: Sequence[str], folder: Path, stopped: Callable[[], bool] = lambda: False
) -> int:
    with _without_sweeps():
        for document in desk.documents(batch):
            if stopped():
                break
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
