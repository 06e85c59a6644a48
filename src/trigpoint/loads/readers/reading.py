"""A delivery's bytes into its sheet, by the format that its source declares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from trigpoint.definitions.source import Source
from trigpoint.loads.readers.delimited import read_delimited
from trigpoint.loads.readers.opening import open_zip, unpack
from trigpoint.loads.readers.parquet import read_parquet
from trigpoint.loads.readers.sheet import Sheet, refuse
from trigpoint.loads.readers.workbook import read_workbook

_OLE, _PARQUET = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1"
_PACKAGES = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}

READERS: dict[str, Callable[[str, bytes, Source], Sheet]] = {
    "csv": read_delimited,
    "xlsx": read_workbook,
    "parquet": read_parquet,
}


def read_sheet(file: str, content: bytes, source: Source) -> Sheet:
    """The table in ``content``, unpacked where it is packed; ``file`` names it in faults.

    Raises DeliveryRefused where it is not what the source declares, or is damaged or malformed.
    """
    opened = unpack(file, content)
    _check_format(file, opened.content, source.format)
    sheet = READERS[source.format](file, opened.content, source)
    return replace(sheet, notes=opened.notes + sheet.notes)


_NAMES = {
    "csv": "a CSV file",
    "xlsx": "an .xlsx workbook",
    "parquet": "a Parquet file",
    "xls": "an old workbook (.xls), or a new one locked with a password",
    "xlsb": "a binary workbook (.xlsb)",
    "ods": "an OpenDocument workbook (.ods)",
    "package": "an office document that is no workbook",
}
_SAVE_AS = "Open it in a spreadsheet and save it as .xlsx, without a password."
_REMEDIES = {"xls": _SAVE_AS, "xlsb": _SAVE_AS, "ods": _SAVE_AS}


def _check_format(file: str, content: bytes, declared: str) -> None:
    """Raises DeliveryRefused where the first bytes are those of another format than the source declares."""
    actual = _format_of(file, content)
    if actual == declared:
        return
    found = f"bytes that are not those of {_NAMES[declared]}" if actual == "csv" else _NAMES[actual]
    remedy = "Check that this is the right file."
    if actual in ("xlsx", "parquet"):
        remedy = f"If that is right, declare `format: {actual}` in the source."
    remedy = _REMEDIES.get(actual, remedy)
    raise refuse(file, "format", found, f"{_NAMES[declared]}, as the source declares", remedy)


def _format_of(file: str, content: bytes) -> str:
    if content.startswith(_PARQUET):
        return "parquet"
    if content.startswith(_OLE):
        return "xls"
    if not content.startswith(b"PK\x03\x04"):
        return "csv"
    names = set(open_zip(file, content).namelist())
    return next((kind for name, kind in _PACKAGES.items() if name in names), "package")
