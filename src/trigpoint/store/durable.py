"""Bytes that outlive a crash: written beside, synced to disk, and shown by one rename."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trigpoint.terms.errors import Fault, TrigpointError, WorkspaceDamaged

INCOMING = ".incoming"
"""The folder, inside each store, where things are built before they are shown. No code starts with a dot."""
RESTORE = "Put the file back from a backup."


def sha256(data: bytes) -> str:
    """The hash that names and checks everything stored, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def canonical_json(value: object) -> bytes:
    """One text for one value, readable by people: sorted keys, two spaces, UTF-8, a newline at the end."""
    return (json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def write(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a new file and wait until the disk has it. Raises FileExistsError rather than write over one.

    ``mode`` says who may read it, as far as the system's own mask lets them.
    """
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Wait until the disk has the folder's list of names."""
    if os.name != "posix":  # Windows keeps the list of names in the file system's own journal
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def show(built: Path, place: Path) -> None:
    """Give what was built its place: a file in place of one that is there, or a folder where none is."""
    built.replace(place)
    sync(place.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, so that a crash cannot lose the way to what is put there."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir()
    sync(folder.parent)


@contextmanager
def staging(store: Path) -> Iterator[Path]:
    """An empty folder to build in, on the store's own disk. Clears what a killed writer left there.

    For the holder of the writer's lock.
    """
    folder = store / INCOMING
    if folder.exists():
        shutil.rmtree(folder)
    make_folder(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put(place: Path, data: bytes, mode: int = 0o666) -> None:
    """Give a file these bytes by one rename, whether or not it was there; ``mode`` as ``write`` has it.

    For the holder of the writer's lock.
    """
    with staging(place.parent) as beside:
        write(beside / place.name, data, mode)
        show(beside / place.name, place)


def remove(paths: Iterable[Path]) -> None:
    """Take files away, those that are there, and wait until the disk has forgotten their names."""
    folders = set()
    for path in paths:
        if path.exists():
            path.unlink()
            folders.add(path.parent)
    for folder in sorted(folders):
        sync(folder)


@contextmanager
def storing(what: str) -> Iterator[None]:
    """Say in plain words that the disk refused. Whatever is stored is shown last and whole, or not at all."""
    try:
        yield
    except OSError as error:
        fault = Fault(
            file=str(error.filename or what),
            found=error.strerror or str(error),
            expected="a folder that can be written to, with room to spare",
            remedy="Free some space or mend the permissions, then run the same command again.",
        )
        raise TrigpointError(f"{what} could not be stored. Nothing half stored is kept.", [fault]) from error


def read(path: Path, sha: str, remedy: str = RESTORE) -> bytes:
    """The bytes of a file, hashed at some 1.5 GB a second.

    Raises WorkspaceDamaged, with the remedy, where there is none or its SHA-256 is not ``sha``.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise damaged(path, "no file", f"the one with SHA-256 {sha[:12]}", remedy) from None
    if sha256(data) != sha:
        raise damaged(path, f"SHA-256 {sha256(data)[:12]}", f"{sha[:12]}, as it was stored", remedy)
    return data


def sealed(value: object) -> bytes:
    """JSON that carries its own hash, for a file whose name does not."""
    return canonical_json({"content": value, "seal": sha256(canonical_json(value))})


def read_sealed(path: Path) -> Any:
    """What ``sealed`` was given. Raises WorkspaceDamaged where the seal does not fit."""
    try:
        data = json.loads(path.read_bytes())
        value, seal = data["content"], data["seal"]
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        raise damaged(path, "no sealed JSON", "the JSON that was stored") from None
    if sha256(canonical_json(value)) != seal:
        raise damaged(path, "content that its seal does not fit", "the JSON that was stored")
    return value


def add_line(path: Path, value: object) -> None:
    """Add a value to a journal, as a line that carries its own hash, and wait until the disk has it."""
    line = json.dumps({"content": value, "seal": sha256(canonical_json(value))}, ensure_ascii=False)
    with path.open("ab") as file:
        file.write(f"\n{line}".encode())  # a line that a crash cut short stays alone
        file.flush()
        os.fsync(file.fileno())


def whole_lines(path: Path) -> Iterator[Any]:
    """What was added to a journal, but for lines that were cut short or altered."""
    for line in path.read_bytes().splitlines() if path.is_file() else ():
        try:
            data = json.loads(line)
            value, seal = data["content"], data["seal"]
        except (ValueError, TypeError, KeyError):
            continue
        if sha256(canonical_json(value)) == seal:
            yield value


def damaged(path: Path, found: str, expected: str, remedy: str = RESTORE) -> WorkspaceDamaged:
    """The error for a file that is not what was stored."""
    fault = Fault(file=str(path), found=found, expected=expected, remedy=remedy, check="sha256")
    return WorkspaceDamaged("The workspace holds bytes that are not those that were stored.", [fault])
