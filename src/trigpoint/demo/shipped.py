"""The files of a workspace that ship with the package."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def shipped(*folder: str) -> dict[str, bytes]:
    """Path below a folder of the package, with ``/`` -> bytes, in order of path."""
    return dict(sorted(_below(files("trigpoint").joinpath(*folder), "")))


def _below(folder: Traversable, path: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        name = f"{path}{entry.name}"
        found += _below(entry, f"{name}/") if entry.is_dir() else [(name, entry.read_bytes())]
    return found
