"""What a workbook's XML says that its reader leaves out: error cells, formulas without a result, merged
and hidden places."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import normpath
from xml.etree import ElementTree

from trigpoint.loads.readers.opening import read_member
from trigpoint.loads.readers.sheet import refuse

_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d+)["']""")
_ERROR = re.compile(rb"""\bt=["']e["']""")
_TEXT = re.compile(rb"""\bt=["']str["']""")
_RESULT = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\b[^>]*\bref=["']([A-Z]+\d+:[A-Z]+(\d+))["']""")
_HIDDEN = re.compile(rb"""<(?:\w+:)?(row|col)\b[^>]*\bhidden=["'](?:1|true)["']""")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True, slots=True)
class WorksheetName:
    """A worksheet as its workbook lists it; ``part`` is its member in the ZIP file."""

    name: str
    visible: bool
    part: str


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell whose figure the reader would leave blank: ``what`` it holds instead."""

    row: int
    column: int
    place: str
    what: str


def worksheets(file: str, archive: zipfile.ZipFile) -> list[WorksheetName]:
    """The sheets that hold cells, in order. Raises DeliveryRefused where the workbook's parts are damaged."""
    relations = {
        it.get("Id"): normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
        for it in _parse(file, archive, "xl/_rels/workbook.xml.rels")
        if (target := it.get("Target"))
    }
    parts = set(archive.namelist())
    return [
        WorksheetName(it.get("name", ""), it.get("state", "visible") == "visible", part)
        for it in _parse(file, archive, "xl/workbook.xml").iterfind(".//{*}sheets/{*}sheet")
        if (part := relations.get(it.get(_RELATION) or it.get(_STRICT_RELATION), "")) in parts
    ]


def _parse(file: str, archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    if part not in archive.namelist():
        raise refuse(file, "workbook", f"a workbook without {part}", "a whole workbook", "Save it again.")
    xml = read_member(file, archive, archive.getinfo(part))
    if b"<!DOCTYPE" in xml:
        raise refuse(file, "workbook", f"a document type in {part}", "a workbook as spreadsheets save it")
    try:
        return ElementTree.fromstring(xml)  # noqa: S314 - entities need a document type, refused above
    except ElementTree.ParseError as error:
        raise refuse(
            file, "workbook", f"damaged XML in {part} ({error})", "a whole workbook", "Save it again."
        ) from error


def bad_cells(xml: bytes) -> Iterator[BadCell]:
    """The error cells and the formulas without a stored result, in the order of the sheet."""
    if not (_ERROR.search(xml) or _FORMULA.search(xml)):
        return
    for found in _CELL.finditer(xml):
        attributes, inner = found[1], found[2] or b""
        place = _PLACE.search(attributes)
        result = _RESULT.search(inner)
        if _ERROR.search(attributes):
            what = result[1].decode() if result else "an error"
        elif _FORMULA.search(inner) and not result and not _TEXT.search(attributes):
            what = "a formula without its result"
        else:
            continue
        letters, row = (place[1].decode(), int(place[2])) if place else ("", 0)
        yield BadCell(row, column_number(letters), f"{letters}{row or ''}", what)


def first_column(xml: bytes) -> int:
    """The number of the leftmost column with a cell that holds something; columns count from 1."""
    places = (_PLACE.search(cell[1]) for cell in _CELL.finditer(xml) if cell[2])
    return min((column_number(place[1].decode()) for place in places if place), default=1)


def merged_below(xml: bytes, row: int) -> list[str]:
    """The merged places that reach below a row."""
    return [found[1].decode() for found in _MERGED.finditer(xml) if int(found[2]) > row]


def hidden(xml: bytes) -> tuple[int, int]:
    """How many rows, and how many runs of columns, are hidden."""
    kinds = [found[1] for found in _HIDDEN.finditer(xml)]
    return kinds.count(b"row"), kinds.count(b"col")


def column_number(letters: str) -> int:
    """``A`` is 1, ``Z`` 26, ``AA`` 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
