"""Receiving a delivery: the file read, taken and checked, and all of it accepted or none."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from trigpoint.definitions.source import Source
from trigpoint.loads.checks.coverage import months_of, months_of_rows, placed
from trigpoint.loads.checks.own import own_checks
from trigpoint.loads.checks.record_times import with_instants
from trigpoint.loads.checks.running import run_checks, run_record_checks, without_repeats
from trigpoint.loads.delivered import Delivered
from trigpoint.loads.expectations import Expectations
from trigpoint.loads.findings import Findings, all_findings, findings_table
from trigpoint.loads.identifiers import Key
from trigpoint.loads.readers.answer import read_answer
from trigpoint.loads.readers.reading import read_sheet
from trigpoint.loads.readers.sheet import Malformed, Sheet
from trigpoint.loads.receipt import Outcome, Receipt, Refused, outcomes
from trigpoint.loads.set_aside import SetAside
from trigpoint.loads.take import KEY, Taken, plain, take_figures
from trigpoint.loads.take_records import take_records
from trigpoint.loads.withheld import without_quotes
from trigpoint.terms.period import Month
from trigpoint.terms.progress import Progress, silent


@dataclass(frozen=True, slots=True, eq=False)
class Delivery:
    """A delivery that nothing blocks.

    ``table`` has the columns of ``take.FIGURES``, in the file's order, or for records their typed
    fields and ``row``; ``months`` are those that its rows end in; ``findings`` has every finding.
    """

    source: str
    delivered: Delivered
    table: pa.Table
    months: tuple[Month, ...]
    receipt: Receipt
    findings: pa.Table


def receive(
    delivered: Delivered,
    code: str,
    source: Source,
    expectations: Expectations,
    progress: Progress = silent,
    key: Key | None = None,
) -> Delivery:
    """What was delivered, taken as the source ``code`` says it is to be.

    ``key`` is the workspace's, which a source with hashed columns needs. Raises Refused, with the
    receipt, where anything blocks it.
    """
    file, sha256 = delivered.name, delivered.sha256
    progress(f"reading {file}", 0, 3)
    try:
        sheet = _sheet(delivered, source)
    except Malformed as error:
        if source.identifying:
            raise _unreadable(file, sha256, code, without_quotes(error)) from None
        raise _unreadable(file, sha256, code, error) from error
    progress(f"taking {file}", 1, 3)
    taken = take_figures(sheet, source) if source.holds == "figures" else take_records(sheet, source, key)
    progress(f"checking {file}", 2, 3)
    checked = _check(taken, source, expectations)
    receipt = _receipt(file, sha256, code, source, sheet, taken, checked)
    findings = all_findings(checked.findings)
    if not receipt.accepted:
        raise Refused(receipt, findings)
    progress(f"checked {file}", 3, 3)
    table = plain(checked.table) if source.holds == "figures" else checked.table
    return Delivery(code, delivered, table, receipt.months, receipt, findings)


def _sheet(delivered: Delivered, source: Source) -> Sheet:
    if delivered.unread is not None:
        raise delivered.unread
    if delivered.answer is not None:
        return read_answer(delivered.name, delivered.answer, source)
    return read_sheet(delivered.name, delivered.content, source)


@dataclass(frozen=True, slots=True, eq=False)
class _Checked:
    """The rows that are kept, each key once, and everything that was found, misread cells first."""

    table: pa.Table
    findings: tuple[Findings, ...]
    set_aside: tuple[SetAside, ...] = ()


def _check(taken: Taken, source: Source, expectations: Expectations) -> _Checked:
    if not taken.rows:
        return _Checked(taken.table, (_nothing_taken(source),))
    key = KEY if source.holds == "figures" else source.key
    table, repeated = without_repeats(taken.table, key, source)
    before = (*taken.findings, *repeated)
    if source.holds == "records":
        return _check_records(table, before, source, expectations)
    return _Checked(table, (*before, *run_checks(table, source, expectations)))


def _check_records(
    table: pa.Table, before: tuple[Findings, ...], source: Source, expectations: Expectations
) -> _Checked:
    """Records with the instants of their times, held to their source's own checks and then to ours."""
    timed, of_clocks = with_instants(table, source, expectations.zone)
    held = own_checks(timed, source)
    found = (*before, *of_clocks, *held.findings)
    if held.set_aside and not held.table.num_rows:
        return _Checked(held.table, (*found, _nothing_taken(source)), held.set_aside)
    found += run_checks(placed(held.table, source), source, expectations)
    found += run_record_checks(held.table, source, expectations)
    return _Checked(held.table, found, held.set_aside)


def _nothing_taken(source: Source) -> Findings:
    """Another publication, most likely, or one whose words have changed. Taken, it would withdraw all."""
    columns = ", ".join(name for name, column in source.columns.items() if column.take is not None)
    remedy = "Check that this is the right file, and the texts that the source takes."
    table = findings_table([None], columns, ["no row that the source takes"], "one row at least", remedy)
    return Findings("empty", "block", table)


def _receipt(
    file: str, sha256: str, code: str, source: Source, sheet: Sheet, taken: Taken, checked: _Checked
) -> Receipt:
    found = outcomes(file, checked.findings, months_of_rows(placed(taken.table, source)))
    blank = (SetAside("", "", sheet.blank),) if sheet.blank else ()
    return Receipt(
        file=file,
        sha256=sha256,
        source=code,
        accepted=all(outcome.severity != "block" for outcome in found),
        rows_read=sheet.table.num_rows + sheet.blank,
        rows_taken=taken.rows - sum(it.rows for it in checked.set_aside),
        kept=checked.table.num_rows,
        months=months_of(placed(checked.table, source)),
        set_aside=blank + taken.set_aside + checked.set_aside,
        outcomes=found,
        notes=sheet.notes,
    )


def _unreadable(file: str, sha256: str, code: str, error: Malformed) -> Refused:
    """The refusal of a file of which nothing could be read."""
    check = error.faults[0].check
    found = (Outcome(check, "block", error.count, error.faults),)
    receipt = Receipt(file, sha256, code, False, 0, 0, 0, (), (), found, ())
    rows = [fault.line for fault in error.faults]
    table = findings_table(
        rows,
        [fault.field for fault in error.faults],
        [fault.found for fault in error.faults],
        [fault.expected for fault in error.faults],
        [fault.remedy for fault in error.faults],
    )
    return Refused(receipt, all_findings([Findings(check, "block", table)]))
