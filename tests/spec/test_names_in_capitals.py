"""Engines tell names apart by more than their capitals, and so must the definitions."""

from __future__ import annotations

import pytest

from tests.measure_tables import Case
from trigpoint.definitions.reading import read_catalogue
from trigpoint.terms.errors import DefinitionError

SEEN = "{any: contacts, match: patient, dated: started}"
UNITS = "code,name,level\nT,A trust,trust\n"


def source(columns: str = "") -> str:
    keys = (
        "title: Posts, holds: records, format: csv, delivery: upsert, key: [post], dated: since, unit: team"
    )
    fields = "post: {type: code}, team: {type: unit}, since: {type: date, required: true}"
    return f"{{{keys}, columns: {{{fields}{columns}}}}}"


def read(sources: str) -> None:
    files = {"trigpoint.yaml": "name: A trust\nhome: T\n", "definitions/units.csv": UNITS}
    read_catalogue({**files, "definitions/sources.yaml": f"sources:\n{sources}\n"})


def refused(sources: str) -> str:
    with pytest.raises(DefinitionError) as error:
        read(sources)
    return str(error.value)


def test_columns() -> None:
    read("  posts: " + source(", wte: {type: number}"))
    said = refused("  posts: " + source(", wte: {type: number}, WTE: {type: number}"))
    assert "columns 'wte' and 'WTE' differ in capitals alone: rename one" in said


def test_sources() -> None:
    said = refused(f"  posts: {source()}\n  Posts: {source()}")
    assert "sources.yaml:3" in said
    assert "'Posts' besides 'posts'" in said


def test_related_records() -> None:
    related = f"related: {{seen: {SEEN}, Seen: {SEEN}}}"
    case = Case("", f"from: stays\n{related}\nmonth_of: admitted\ncount: records", {}, "2026-01 A 0")
    with pytest.raises(DefinitionError, match="related 'seen' and 'Seen' differ in capitals alone"):
        _ = case.catalogue
