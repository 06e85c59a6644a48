"""Blobs: files that are kept under the SHA-256 of their bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trigpoint.store.durable import RESTORE, put, read, sha256


@dataclass(frozen=True, slots=True)
class Blobs:
    """A folder of them. ``remedy`` is what to do where one was altered."""

    folder: Path
    suffix: str = ""
    remedy: str = RESTORE

    def path(self, sha: str) -> Path:
        return self.folder / f"{sha}{self.suffix}"

    def get(self, sha: str) -> bytes:
        """The bytes. Raises WorkspaceDamaged where they are missing or altered."""
        return read(self.path(sha), sha, self.remedy)

    def whole(self, sha: str) -> bool:
        """Whether the bytes are there, as they were kept."""
        path = self.path(sha)
        return path.is_file() and sha256(path.read_bytes()) == sha

    def put(self, data: bytes) -> str:
        """Keep the bytes, and give their SHA-256. What is there already stays; what was altered is mended.

        For the holder of the writer's lock.
        """
        sha = sha256(data)
        if not self.whole(sha):
            put(self.path(sha), data)
        return sha
