"""Privacy at the door: who a person is reaches nothing that is kept, and nothing that is shown."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.deliveries import source
from tests.private import (
    COLUMNS,
    CONTACTS,
    FORMATS,
    HEADER,
    INDICATORS,
    SETTINGS,
    UNITS,
    contacts,
    kept,
    load,
    made,
    noon,
)
from trigpoint.definitions.reading import read_catalogue
from trigpoint.loads.identifiers import LENGTH, Key
from trigpoint.loads.receipt import Refused
from trigpoint.month.known import known
from trigpoint.month.snapshots import take_snapshot
from trigpoint.store.archive import Archive
from trigpoint.store.manifest import OBSERVATIONS
from trigpoint.store.secret import VARIABLE
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace
from trigpoint.terms.errors import DefinitionError, DeliveryRefused, TrigpointError

ANN, BOB, CAT = "943 476 5919", "401 023 2137", "450 557 7104"
CANARIES = ["Xanthippe-Quill", "Zephaniah-Vole", "Ysolde-Marrow", "9434765919", "943 476 5919", "4010232137"]
SURNAMES = CANARIES[:3]
GOOD = (
    f"c1,A,2026-08-03,{ANN},{SURNAMES[0]}",
    f"c2,B,2026-08-04,9434765919,{SURNAMES[1]}",
    f"c3,B,2026-09-04,4010232137,{SURNAMES[2]}",
)
MISREAD = (*GOOD, f"c4,A,2026-09-05,{SURNAMES[1]},x", f"c5,A,2026-09-31,{ANN},{SURNAMES[0]}")
DOUBLE = (*GOOD, f"c3,A,2026-09-05,9434765919,{SURNAMES[0]}")


def rows(workspace: Workspace, code: str = "contacts") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Archive(workspace.root).rows(code).to_pylist()
    return found


# ------------------------------------------------------------------------------------------- hashing


def test_a_dropped_column_is_not_kept_and_a_hashed_one_is_kept_as_its_hash(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w")
    load(workspace, contacts(*GOOD))
    first, second, third = rows(workspace)
    assert sorted(first) == ["cells blanked", "contact", "day", "nhs", "row", "team"]
    assert len(first["nhs"]) == LENGTH
    assert first["nhs"] == second["nhs"], "the same number, with and without blanks"
    assert third["nhs"] != first["nhs"]


def test_one_kind_of_identifier_hashes_alike_in_every_source_and_another_kind_does_not(
    tmp_path: Path,
) -> None:
    workspace = made(tmp_path / "w", stays=True)
    load(workspace, contacts(*GOOD))
    stays = "stay,ward,admitted,discharged,nhs_number\n9434765919,A,2026-08-01,,943-476-5919\n"
    load(workspace, stays, "stays", day=2)
    (stay,) = rows(workspace, "stays")
    assert stay["nhs_number"] == rows(workspace)[0]["nhs"]
    assert stay["stay"] != stay["nhs_number"], "the same text, and another kind"


def test_the_same_key_gives_the_same_hash_and_another_key_another() -> None:
    one, other = Key(b"1" * 32), Key(b"2" * 32)
    assert one.hashed("patient", "9434765919") == Key(b"1" * 32).hashed("patient", "9434765919")
    assert len({key.hashed(kind, "1") for key in (one, other) for kind in ("patient", "stay")}) == 4
    assert one.fingerprint != other.fingerprint
    assert "1" * 32 not in repr(one)


def test_the_hash_is_hmac_sha_256_as_rfc_2104_writes_it() -> None:
    block = bytes(range(32)) + bytes(32)
    inner, outer = (bytes(byte ^ pad for byte in block) for pad in (0x36, 0x5C))
    message = b"identifier\0patient\0009434765919"
    digest = hashlib.sha256(outer + hashlib.sha256(inner + message).digest()).hexdigest()
    assert Key(bytes(range(32))).hashed("patient", "9434765919") == digest[:LENGTH]


def test_a_number_is_the_same_person_however_its_file_keeps_it(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w")
    load(workspace, contacts("c1,A,2026-08-03, 943-476 5919 ,x"))
    load(workspace, contacts("c2,A,2026-08-03,9434765919,x"), day=2)
    assert len({row["nhs"] for row in rows(workspace)}) == 1


def test_a_blank_is_nobody_and_so_is_a_placeholder_that_was_renamed(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w")
    load(workspace, contacts("c1,A,2026-08-03,,x", "c2,A,2026-08-03,000 000 0000,x"))
    assert [row["nhs"] for row in rows(workspace)] == [None, None]


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("9434765918", "ten digits whose check digit is wrong"),
        ("943476591", "a text that is no NHS number"),
        ("94347659190", "a text that is no NHS number"),
        ("943476591x", "a text that is no NHS number"),
        ("9999999999", "one digit ten times"),
    ],
)
def test_what_is_no_nhs_number_is_told_by_row_and_column_and_not_quoted(
    tmp_path: Path, number: str, found: str
) -> None:
    with pytest.raises(Refused) as refused:
        load(made(tmp_path / "w"), contacts(*GOOD, f"c9,A,2026-08-03,{number},x"))
    (fault,) = refused.value.faults
    assert (fault.line, fault.field, fault.check) == (5, "nhs", "not_an_identifier")
    assert fault.found.startswith(found)
    assert number not in str(refused.value)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([9434765919], None),
        ([9434765919.0], None),
        ([9434765919.5], "a number that is not whole"),
        ([b"9434765919"], "a value of the type bytes"),
        ([dt.date(1943, 4, 7)], "a value of the type date"),
    ],
)
def test_a_typed_cell_is_a_text_or_a_whole_number(
    tmp_path: Path, values: list[object], found: str | None
) -> None:
    workspace = made(tmp_path / "w", kind="parquet")
    columns = {"contact": ["c1"], "team": ["A"], "day": ["2026-08-03"], "nhs": values, "surname": ["x"]}
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    if found is None:
        load(workspace, sink.getvalue())
        as_text = made(tmp_path / "text")
        (tmp_path / "text" / "secrets").mkdir(mode=0o700)
        shutil.copy2(workspace.root / "secrets" / "identifiers.key", tmp_path / "text" / "secrets")
        load(as_text, contacts("c1,A,2026-08-03,943 476 5919,x"), day=2)
        assert rows(as_text)[0]["nhs"] == rows(workspace)[0]["nhs"]
        return
    with pytest.raises(Refused, match=found) as refused:
        load(workspace, sink.getvalue())
    assert "943476" not in str(refused.value)


def test_a_key_of_identifiers_that_comes_twice_is_told_by_its_hash(tmp_path: Path) -> None:
    columns = COLUMNS.replace("contact: {type: code}", "contact: {identifying: hash}")
    with pytest.raises(Refused) as refused:
        load(made(tmp_path / "w", columns=columns), contacts(*GOOD, GOOD[2].replace("B,", "A,")))
    (fault,) = refused.value.faults
    assert (fault.line, fault.field, fault.check) == (5, "contact", "duplicate_key")
    assert not re.search(r"\bc3\b", fault.found)


# ------------------------------------------------------------------------------------------- the key


def test_the_key_is_made_once_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w")
    secret = workspace.root / "secrets" / "identifiers.key"
    assert not secret.exists()
    load(workspace, contacts(*GOOD))
    written = secret.read_text(encoding="ascii")
    load(workspace, contacts("c9,A,2026-09-07,,x"), day=2)
    assert secret.read_text(encoding="ascii") == written
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700
    assert kept(workspace.root / "archive", [written.strip()]) == []
    assert kept(workspace.root / "ledger", [written.strip()]) == []


def test_git_is_told_to_leave_the_key_out(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w")
    load(workspace, contacts(*GOOD))
    subprocess.run(["git", "init", "-q", workspace.root], check=True)
    seen = subprocess.run(
        ["git", "-C", workspace.root, "status", "--short", "-uall"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "definitions/units.csv" in seen.stdout
    assert "secrets" not in seen.stdout
    (workspace.root / ".gitignore").unlink()
    seen = subprocess.run(
        ["git", "-C", workspace.root, "status", "--short", "-uall"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "secrets" not in seen.stdout, "the folder says so itself"


def test_a_source_that_hashes_nothing_needs_no_key(tmp_path: Path) -> None:
    workspace = made(
        tmp_path / "w",
        columns=COLUMNS.replace("hashed_as: patient, ", "").replace(
            "identifying: hash, format: nhs_number, rename: {'0000000000': ''}", "identifying: drop"
        ),
    )
    load(workspace, contacts(*GOOD))
    assert not (workspace.root / "secrets").exists()


def test_a_delivery_under_another_key_is_refused_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = made(tmp_path / "w", stays=True)
    load(workspace, contacts(*GOOD))
    monkeypatch.setenv(VARIABLE, "ab" * 32)
    stays = "stay,ward,admitted,discharged,nhs_number\n1,A,2026-08-01,,\n"
    with pytest.raises(TrigpointError, match="Put the key back") as refused:
        load(workspace, stays, "stays", day=2)
    assert "ab" * 32 not in str(refused.value)
    assert Archive(workspace.root).loads("stays") == ()


def test_a_lost_key_is_not_made_anew_in_silence(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w")
    load(workspace, contacts(*GOOD))
    (workspace.root / "secrets" / "identifiers.key").unlink()
    with pytest.raises(TrigpointError, match="found no key; expected the key"):
        load(workspace, contacts("c9,A,2026-09-07,,x"), day=2)


def test_a_key_from_the_environment_is_written_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "cd" * 32)
    workspace = made(tmp_path / "w")
    load(workspace, contacts(*GOOD))
    assert not (workspace.root / "secrets").exists()
    assert kept(workspace.root, ["cd" * 32]) == []


def test_a_key_that_is_none_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "hunter2")
    with pytest.raises(TrigpointError, match="no key, and is not shown") as refused:
        load(made(tmp_path / "w"), contacts(*GOOD))
    assert "hunter2" not in str(refused.value)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w")
    load(workspace, contacts(*GOOD))
    (workspace.root / "secrets" / "identifiers.key").chmod(0o644)
    with pytest.raises(TrigpointError, match="chmod 600"):
        load(workspace, contacts("c9,A,2026-09-07,,x"), day=2)


def test_what_was_kept_before_a_column_was_hashed_has_to_go_first(tmp_path: Path) -> None:
    workspace = made(
        tmp_path / "w",
        columns=COLUMNS.replace("identifying: hash", "type: code").replace(
            "hashed_as: patient, format: nhs_number, ", ""
        ),
    )
    load(workspace, contacts(*GOOD))
    (workspace.root / "definitions/sources.yaml").write_text(
        (made(tmp_path / "other").root / "definitions/sources.yaml").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    with pytest.raises(
        DeliveryRefused, match=r"no column hashed, as load 1 was kept.*purge contacts --load 1"
    ):
        load(workspace, contacts("c9,A,2026-09-07,,x"), day=2)


# -------------------------------------------------------------------------------------- definitions


WRONG = """
surname: {identifying: drop, required: true}     | a column that is dropped is not read; leave out required
surname: {identifying: hash, take: [a]}          | a column that is hashed takes .*; not take
surname: {identifying: hash, values: {a: b}}     | a column that is hashed takes .*; not values
surname: {identifying: hash, type: date}         | a code or a text; not a date
surname: {identifying: hash, format: "%Y"}       | no format but nhs_number
surname: {type: code, hashed_as: patient}        | hashed_as belongs to a column that is `identifying: hash`
contact: {identifying: drop}                     | a key needs its columns; contact is not kept
"""


@pytest.mark.parametrize("line", WRONG.strip().splitlines())
def test_a_column_that_cannot_be_so_is_refused(line: str) -> None:
    given, expected = (part.strip() for part in line.split("|"))
    name = given.split(":")[0]
    lines = [it for it in COLUMNS.splitlines() if not it.strip().startswith(f"{name}:")]
    with pytest.raises(DefinitionError, match=expected):
        declared("\n".join([*lines, f"      {given}"]))


def declared(columns: str, more: str = "", indicator: str = "") -> None:
    sources = CONTACTS.format(format="csv", delivery="upsert", more=more, columns=columns)
    read_catalogue(
        {
            "trigpoint.yaml": SETTINGS,
            "definitions/units.csv": UNITS,
            "definitions/sources.yaml": f"sources:{sources}",
            "definitions/indicators.yaml": indicator or INDICATORS,
        }
    )


def test_an_original_is_not_kept_where_people_are_named() -> None:
    with pytest.raises(DefinitionError, match="keep_original would keep nhs, surname as they came"):
        declared(COLUMNS, more="keep_original: yes")


def test_figures_name_nobody() -> None:
    columns = {"u": {"as": "unit"}, "m": {"as": "month"}, "v": {"as": "value", "item": "x"}}
    with pytest.raises(ValueError, match="identifying belongs to columns of records"):
        source({**columns, "nhs": {"identifying": "drop"}}, layout="wide")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [("surname = 'x'", "no column 'surname'"), ("nhs = '9434765919'", "nhs has no '9434765919'")],
)
def test_an_indicator_can_ask_for_no_name_and_no_number(condition: str, expected: str) -> None:
    asked = INDICATORS.replace("count: records", f'where: "{condition}", count: records')
    with pytest.raises(DefinitionError, match=expected):
        declared(COLUMNS, indicator=asked)


def test_an_identifying_column_that_is_not_there_is_missed(tmp_path: Path) -> None:
    short = "contact,team,day,nhs\nc1,A,2026-08-03,\n"
    with pytest.raises(Refused, match="no column 'surname'"):
        load(made(tmp_path / "w"), short)


# ------------------------------------------------------------------------------------------- canaries


def trigpoint(*arguments: object) -> str:
    """All that a command says, well or ill."""
    done = subprocess.run(
        [sys.executable, "-m", "trigpoint", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=os.environ,
    )
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def nothing_told(workspace: Workspace, said: str) -> None:
    assert kept(workspace.root, CANARIES) == []
    assert [one for one in CANARIES if one in said] == []


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_kept_or_said_holds_who_a_person_is(tmp_path: Path, kind: str) -> None:
    workspace, write = made(tmp_path / "w", kind=kind), FORMATS[kind]
    said = ""
    for name, given, outcome in (
        ("good", GOOD, "accepted"),
        ("misread", MISREAD, "refused"),
        ("double", DOUBLE, "refused"),
        ("revised", (GOOD[0].replace("c1,A", "c1,B"),), "accepted"),
    ):
        file = tmp_path / f"{name}.{kind}"
        file.write_bytes(write(*given))
        assert [one for one in CANARIES if one.encode() in contacts(*given).encode()]
        answer = trigpoint("load", "contacts", file, "-w", workspace.root)
        assert outcome in answer, answer
        said += answer
    said += trigpoint("load", "contacts", tmp_path / f"misread.{kind}", "-w", workspace.root, "--json")
    said += trigpoint("month", "-w", workspace.root) + trigpoint("verify", "-w", workspace.root)
    said += trigpoint("receipt", "contacts", 1, "-w", workspace.root, "--json")
    said += trigpoint("explain", "SEEN", "-w", workspace.root)
    assert "Every stored byte is as it was" in said
    assert len(Archive(workspace.root).loads("contacts")) == 2
    nothing_told(workspace, said)


def test_every_finding_of_a_refused_delivery_is_free_of_it(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        load(made(tmp_path / "w"), contacts(*MISREAD))
    told = repr(refused.value.findings.to_pylist()) + refused.value.receipt.to_json()
    assert {(it["row"], it["column"]) for it in refused.value.findings.to_pylist()} == {
        (5, "nhs"),
        (6, "day"),
    }
    assert [one for one in CANARIES if one in told] == []
    assert "2026-09-31" in told, "what names nobody is quoted"


MALFORMED: dict[str, Callable[[], bytes]] = {
    "no header": lambda: "\n".join(GOOD).encode(),
    "a title above the header": lambda: (
        "\n".join([",".join(["", *SURNAMES, ""]), contacts(*GOOD)])
    ).encode(),
    "a stray quote": lambda: contacts(*GOOD, f'c4,A,2026-09-05,,{SURNAMES[0]}"x').encode(),
    "text after a quote": lambda: contacts(*GOOD, f'c4,A,2026-09-05,,"{SURNAMES[0]}"x').encode(),
    "a quote never closed": lambda: contacts(*GOOD, f'c4,A,2026-09-05,,"{SURNAMES[0]}').encode(),
    "a carriage return alone": lambda: contacts(*GOOD, f"c4,A,2026-09-05,,{SURNAMES[0]}\rx").encode(),
    "a ragged row": lambda: contacts(*GOOD, f"c4,A,2026-09-05,,x,{SURNAMES[0]}").encode(),
    "another encoding": lambda: contacts(*GOOD, f"c4,A,2026-09-05,,{SURNAMES[0]}Zoë").encode("cp1252"),
    "two encodings": lambda: contacts(*GOOD, f"c4,A,2026-09-05,,{SURNAMES[0]}Zoë").encode() + b"\xff",
    "a NUL": lambda: contacts(*GOOD, f"c4,A,2026-09-05,,{SURNAMES[0]}\0").encode(),
    "the header again": lambda: contacts(*GOOD, ",".join(HEADER), *GOOD).encode(),
    "one name twice": lambda: contacts(*GOOD, header=(*HEADER[:4], "nhs")).encode(),
    "another delimiter": lambda: contacts(*GOOD).replace(",", ";").encode(),
    "another format": lambda: FORMATS["parquet"](*GOOD),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_file_is_refused_without_a_word_of_what_it_holds(tmp_path: Path, what: str) -> None:
    workspace = made(tmp_path / "w")
    with pytest.raises(Refused) as refused:
        load(workspace, MALFORMED[what]())
    told = f"{refused.value}{refused.value.receipt.words()}{refused.value.findings.to_pylist()}"
    assert [one for one in CANARIES if one in told] == []
    assert all(one[:8] not in told for one in SURNAMES), "nor a part of it"
    assert refused.value.__suppress_context__ or refused.value.__cause__ is None
    assert kept(workspace.root, CANARIES) == []


def test_a_database_tells_nobody_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pyodbc = pytest.importorskip("pyodbc", exc_type=ImportError)
    if "SQLite3" not in pyodbc.drivers():
        pytest.skip("no ODBC driver SQLite3; scripts/setup --dev brings it")
    file = tmp_path / "warehouse.db"
    monkeypatch.setenv("TRIGPOINT_ODBC_LITE", f"Driver=SQLite3;Database={file};BigInt=1")
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE c (contact text, team text, day date, nhs text, surname text)")
        connection.executemany("INSERT INTO c VALUES (?, ?, ?, ?, ?)", [row.split(",") for row in GOOD])
    connection.close()
    query = "connection: LITE\n    query: SELECT * FROM c"
    workspace = made(tmp_path / "w", kind="odbc", delivery="full_refresh", more=query)
    said = trigpoint("load", "contacts", "-w", workspace.root)
    assert "accepted" in said
    said += trigpoint("month", "-w", workspace.root)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE c SET nhs = surname WHERE contact = 'c1'")
    connection.close()
    refused = trigpoint("load", "contacts", "-w", workspace.root)
    assert "not an identifier: 1" in refused or "found a text that is no NHS number" in refused
    nothing_told(workspace, said + refused)


def test_people_are_counted_by_hashes_as_they_would_be_by_names(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w")
    load(workspace, contacts(*GOOD))
    named = {one.split(",")[3].replace(" ", "") for one in GOOD}
    assert len({row["nhs"] for row in rows(workspace)}) == len(named)
    observed = take_snapshot(workspace, known(workspace), at=noon(2))
    panel = Snapshots(workspace.root).read(observed, OBSERVATIONS).to_pylist()
    assert {(it["unit"], it["end"].month): it["value"] for it in panel} == {
        ("QPT", 8): 2,
        ("A", 8): 1,
        ("B", 8): 1,
        ("QPT", 9): 1,
        ("A", 9): 0,
        ("B", 9): 1,
    }
