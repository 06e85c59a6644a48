"""A workspace on disk: where its parts are, and its definitions and journal as text."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trigpoint.definitions.profile import PROFILES
from trigpoint.definitions.reading import DECISIONS, FOLDER, SETTINGS
from trigpoint.store.durable import make_folder, show, storing, write
from trigpoint.terms.errors import DefinitionError, Fault, NotFound, TrigpointError

READ = (".yaml", ".yml", ".csv")
IGNORED = b"""\
# Made by Trigpoint. Only the definitions and decisions belong under git.
/archive/
/laid/
/ledger/
/secrets/
/snapshots/
/spill/
/site*/
/.writer.*
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with ``trigpoint.yaml`` in it."""

    root: Path

    @classmethod
    def at(cls, folder: Path) -> Workspace:
        """The workspace in a folder. Raises NotFound where there is none."""
        if not (folder / SETTINGS).is_file():
            raise NotFound(
                f"{folder} is not a workspace: it has no {SETTINGS}. `trigpoint new DIR` makes one."
            )
        return cls(folder)

    @property
    def site(self) -> Path:
        return self.root / "site"

    def texts(self) -> dict[str, bytes]:
        """The files that define the workspace: path below it, with ``/`` -> bytes, in order of path."""
        named = [
            path for path in (self.root / name for name in (SETTINGS, DECISIONS, PROFILES)) if path.is_file()
        ]
        found = [
            path for path in (self.root / FOLDER).rglob("*") if path.suffix.lower() in READ and path.is_file()
        ]
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes() for path in sorted([*named, *found])
        }

    def with_decision(self, fields: Mapping[str, str | Mapping[str, str]]) -> dict[str, bytes]:
        """The workspace's files with an entry at the end of the journal, indented as those before it.

        Nothing is written. Every value stands in quotes that YAML and JSON share.
        """
        texts = self.texts()
        journal = texts.get(DECISIONS, b"").decode("utf-8-sig").rstrip()
        if not re.search(r"^decisions:", journal, re.MULTILINE):
            journal += "\ndecisions:" if journal else "decisions:"
        journal = re.sub(r"^decisions:[ ]*\[[ ]*\]", "decisions:", journal, count=1, flags=re.MULTILINE)
        indents: list[str] = re.findall(r"^([ ]*)- ", journal, re.MULTILINE)
        indent = indents[-1] if indents else "  "
        lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
        entry = f"{indent}- " + f"\n{indent}  ".join(lines)
        return texts | {DECISIONS: f"{journal}\n{entry}\n".encode()}

    def write_journal(self, journal: bytes) -> None:
        """Put a longer journal in the place of the one that is there, by one rename."""
        beside = self.root / f".{DECISIONS}.new"
        with storing("the decision"):
            beside.unlink(missing_ok=True)
            write(beside, journal)
            show(beside, self.root / DECISIONS)


def decoded(texts: Mapping[str, bytes]) -> dict[str, str]:
    """The same files as text. Raises DefinitionError for bytes that are not UTF-8, with their place."""
    read: dict[str, str] = {}
    faults: list[Fault] = []
    for file, data in texts.items():
        try:
            read[file] = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            faults.append(
                Fault(
                    file, f"the byte {data[error.start]:#04x}", "UTF-8", "Save the file as UTF-8.", line=line
                )
            )
    if faults:
        raise DefinitionError("Definitions that cannot be read:", faults)
    return read


def create(folder: Path, texts: Mapping[str, bytes]) -> None:
    """Make a workspace of these files and a ``.gitignore``, whole or not at all.

    Raises TrigpointError where the folder holds something already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fault = Fault(str(folder), "something already there", "a new or empty folder", "Give another name.")
        raise TrigpointError("No workspace was made.", [fault])
    folder = folder.resolve()
    beside = folder.with_name(f".{folder.name}.new")
    with storing(str(folder)):
        shutil.rmtree(beside, ignore_errors=True)
        for name, data in {".gitignore": IGNORED, **texts}.items():
            make_folder((beside / name).parent)
            write(beside / name, data)
        if folder.exists():
            folder.rmdir()
        show(beside, folder)
