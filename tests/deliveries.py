"""Deliveries for tests: sources in a line, and workbooks made by hand, as no library would write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from trigpoint.definitions.source import Source

COLUMNS: dict[str, dict[str, Any]] = {
    "Org": {"as": "unit"},
    "Month": {"as": "month"},
    "Measure": {"as": "item"},
    "Value": {"as": "value", "markers": {"*": "suppressed"}},
}


def source(columns: Mapping[str, Mapping[str, Any]] = COLUMNS, **fields: Any) -> Source:
    """A source of figures in CSV, unless told otherwise."""
    given = {"title": "Figures", "format": "csv", "delivery": "replace", "columns": columns}
    return Source.model_validate(given | fields)


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def text(value: str) -> str:
    """A cell's inside for a text."""
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is>'


def number(value: str, style: int = 0) -> str:
    """A cell's inside for a number as the workbook stores it; style 1 is a date."""
    return f' s="{style}"><v>{value}</v>'


def error(value: str) -> str:
    return f' t="e"><v>{value}</v>'


def formula(written: str) -> str:
    """A formula whose result was never stored."""
    return f"><f>{written}</f>"


def rows_xml(rows: Sequence[Sequence[str | None]], left: str = "A", hidden: Sequence[int] = ()) -> str:
    """Rows of cells from row 1 on; None leaves a cell out."""
    lines = []
    for number_, row in enumerate(rows, 1):
        cells = "".join(
            f'<c r="{chr(ord(left) + i)}{number_}"{inside}</c>' for i, inside in enumerate(row) if inside
        )
        lines.append(
            f'<row r="{number_}"{" hidden=" + quoteattr("1") if number_ in hidden else ""}>{cells}</row>'
        )
    return f"<sheetData>{''.join(lines)}</sheetData>"


def workbook(
    sheets: Mapping[str, str], hidden: Sequence[str] = (), drop: Sequence[str] = (), prologue: str = ""
) -> bytes:
    """A workbook of sheets: name -> the XML within ``worksheet``. ``drop`` leaves parts out."""
    states = {name: ' state="hidden"' if name in hidden else "" for name in sheets}
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{i}"{states[name]} r:id="r{i}"/>'
        for i, name in enumerate(sheets, 1)
    )
    related = "".join(
        f'<Relationship Id="r{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{i}.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    book = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{book}"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{prologue}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}'
        f'<Relationship Id="rs" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        **{
            f"xl/worksheets/sheet{i}.xml": f'<worksheet xmlns="{MAIN}">{inside}</worksheet>'
            for i, inside in enumerate(sheets.values(), 1)
        },
    }
    return zipped({name: xml.encode() for name, xml in parts.items() if name not in drop})


def zipped(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def mhsds(all_breakdowns: bool = False, trim: bool = True) -> Source:
    """The MHSDS time series as published: England and providers, unless all breakdowns are asked for."""
    day = {"format": "%d/%m/%Y"}
    taken = {} if all_breakdowns else {"take": ["Provider", "PROVIDER", "England"]}
    columns: dict[str, dict[str, Any]] = {
        "REPORTING_PERIOD_START": {"as": "start"} | day,
        "REPORTING_PERIOD_END": {"as": "end"} | day,
        "STATUS": {"as": "status", "trim": trim, "values": {"Final": "final", "Performance": "provisional"}},
        "BREAKDOWN": {"as": "ignore"} | taken,
        "PRIMARY_LEVEL": {"as": "unit"},
        "PRIMARY_LEVEL_DESCRIPTION": {"as": "ignore"},
        "SECONDARY_LEVEL": {"as": "cut", "rename": {"NONE": "all"}},
        "SECONDARY_LEVEL_DESCRIPTION": {"as": "ignore"},
        "MEASURE_ID": {"as": "item"},
        "MEASURE_NAME": {"as": "ignore"},
        "MEASURE_VALUE": {"as": "value", "markers": {"*": "suppressed"}},
    }
    return source(columns, windows=[1, 3, 12])


def talking_therapies() -> Source:
    """The monthly figures of NHS Talking Therapies, as Parquet."""
    ignored = (
        "reporting_period",
        "group_type",
        "org_name1",
        "org_name2",
        "measure_name",
        "measure_statistic",
    )
    columns: dict[str, dict[str, Any]] = {
        "start_date": {"as": "start"},
        "end_date": {"as": "end"},
        "org_code1": {"as": "ignore", "take": ["all"]},
        "org_code2": {"as": "unit", "rename": {"all": "England"}},
        "measure_id": {"as": "item"},
        "value": {"as": "value", "markers": {"null": "suppressed"}},
        **{name: {"as": "ignore"} for name in ignored},
    }
    return source(columns, format="parquet")
