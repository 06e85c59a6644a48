"""A ledger of texts, such as the definitions: what they said, and from which moment they were known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trigpoint.store.blobs import Blobs
from trigpoint.store.clock import refuse_earlier
from trigpoint.store.durable import canonical_json, damaged, put, read_sealed, sealed, sha256, storing
from trigpoint.store.lock import writing
from trigpoint.terms.errors import NotFound


@dataclass(frozen=True, slots=True)
class Entry:
    """Texts by name, known from ``at`` until the next entry. ``hash`` covers every name and byte."""

    at: dt.datetime
    hash: str
    texts: Mapping[str, bytes]


class Ledger:
    """One named ledger of a workspace. Texts are added to it and never taken away."""

    def __init__(self, workspace: Path, name: str) -> None:
        self.workspace = workspace
        self.folder = workspace / "ledger" / name
        self._texts = Blobs(self.folder / "texts")

    def keep(self, texts: Mapping[str, bytes], at: dt.datetime) -> str:
        """Note that these are the texts from ``at`` on, an instant with its zone; give their hash.

        Nothing is written where they are what the last entry says. Raises TrigpointError where
        the disk refuses, or the clock stands before the last entry.
        """
        hashes = {name: sha256(data) for name, data in sorted(texts.items())}
        whole = sha256(canonical_json(hashes))
        with writing(self.workspace, f"keep {self.folder.name}"), storing(str(self.folder)):
            entries = self._entries()
            if entries and entries[-1]["texts"] == hashes:
                return whole
            if entries:
                refuse_earlier(at, _at(entries[-1]), f"the ledger of {self.folder.name}")
            for data in texts.values():
                self._texts.put(data)
            entry = {"at": at.astimezone(dt.UTC).isoformat(), "texts": hashes}
            add_entry(self.folder / "entries", len(entries) + 1, entry)
        return whole

    def known(self, as_at: dt.datetime | None = None) -> Entry:
        """The texts known at an instant, or now. Raises NotFound where none were known yet."""
        entries = [entry for entry in self._entries() if as_at is None or _at(entry) <= as_at]
        if not entries:
            raise NotFound(f"No {self.folder.name} were kept by {as_at.isoformat() if as_at else 'now'}.")
        hashes = entries[-1]["texts"]
        texts = {name: self._texts.get(sha) for name, sha in hashes.items()}
        return Entry(_at(entries[-1]), sha256(canonical_json(hashes)), texts)

    def _entries(self) -> list[Any]:
        return read_entries(self.folder / "entries")


def read_entries(folder: Path) -> list[Any]:
    """A folder's numbered entries, in order. Raises WorkspaceDamaged where one is missing or altered."""
    if not folder.is_dir():
        return []
    paths = sorted(folder.glob("*.json"))
    if [path.stem for path in paths] != [f"{number:05d}" for number in range(1, len(paths) + 1)]:
        raise damaged(folder, f"{len(paths)} entries", "every entry since the first")
    return [read_sealed(path) for path in paths]


def add_entry(folder: Path, number: int, entry: object) -> None:
    """Show one more entry, by one rename. For the holder of the writer's lock."""
    put(folder / f"{number:05d}.json", sealed(entry))


def _at(entry: Mapping[str, Any]) -> dt.datetime:
    return dt.datetime.fromisoformat(entry["at"])
