"""What a workbook holds, read from its XML cell by cell, so that nothing is rounded, guessed or left out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import normpath
from xml.etree import ElementTree

Cell = str | float | None
_DATE_FORMATS = range(14, 23)


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A worksheet: cells by (row, column) from 1, those in a date's format, and its XML."""

    cells: dict[tuple[int, int], Cell]
    dates: frozenset[tuple[int, int]]
    xml: ElementTree.Element
    part: str

    def row(self, number: int, width: int) -> list[Cell]:
        return [self.cells.get((number, column)) for column in range(1, width + 1)]

    @property
    def last_row(self) -> int:
        return max(row for row, _ in self.cells)


def read_workbook(content: bytes) -> dict[str, ReadSheet]:
    """The sheets by name, in order."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    related = {
        it.get("Id"): normpath(f"xl/{it.get('Target')}") for it in _xml(archive, "xl/_rels/workbook.xml.rels")
    }
    texts = _texts(archive)
    dated = _dated_styles(_xml(archive, "xl/styles.xml"))
    sheets = {}
    for it in _xml(archive, "xl/workbook.xml").iterfind("{*}sheets/{*}sheet"):
        relation = next(value for name, value in it.attrib.items() if name.endswith("}id"))
        part = related[relation]
        sheets[str(it.get("name"))] = _sheet(_xml(archive, part), texts, dated, part)
    return sheets


def _sheet(xml: ElementTree.Element, texts: list[str], dated: set[int], part: str) -> ReadSheet:
    cells: dict[tuple[int, int], Cell] = {}
    dates = set()
    for cell in xml.iterfind("{*}sheetData/{*}row/{*}c"):
        place, value = _place(str(cell.get("r"))), cell.findtext("{*}v")
        if value is not None:
            cells[place] = texts[int(value)] if cell.get("t") == "s" else float(value)
        if int(cell.get("s", 0)) in dated:
            dates.add(place)
    return ReadSheet(cells, frozenset(dates), xml, part)


def _texts(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [
        re.sub(r"_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), "".join(it.itertext()))
        for it in _xml(archive, "xl/sharedStrings.xml")
    ]


def _dated_styles(styles: ElementTree.Element) -> set[int]:
    own = {
        int(it.get("numFmtId", 0))
        for it in styles.iterfind("{*}numFmts/{*}numFmt")
        if "yy" in it.get("formatCode", "")
    }
    formats = [int(it.get("numFmtId", 0)) for it in styles.iterfind("{*}cellXfs/{*}xf")]
    return {i for i, number in enumerate(formats) if number in own or number in _DATE_FORMATS}


def _place(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([A-Z]+)(\d+)", text)
    assert found
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


def _xml(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(part))


def fill(content: bytes, part: str, values: dict[str, str]) -> bytes:
    """The workbook as it is after someone typed into cells (``{"D5": "12"}``) and saved it."""
    source = zipfile.ZipFile(io.BytesIO(content))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name).decode() if name == part else source.read(name)
            if isinstance(data, str):
                for place, value in values.items():
                    data, found = re.subn(rf'<c r="{place}"( s="\d+")?/>', _typed(place, value), data)
                    assert found == 1, f"no empty cell {place}"
            target.writestr(name, data)
    return buffer.getvalue()


def _typed(place: str, value: str) -> str:
    try:
        float(value)
    except ValueError:
        return rf'<c r="{place}"\1 t="inlineStr"><is><t>{value}</t></is></c>'
    return rf'<c r="{place}"\1><v>{value}</v></c>'


def tables(content: bytes) -> Iterator[ElementTree.Element]:
    """The Excel tables of a workbook."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    for name in archive.namelist():
        if name.startswith("xl/tables/"):
            yield _xml(archive, name)
