"""The workspace's secret: the key that identifiers are hashed under, made once and shown to nobody."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from trigpoint.loads.identifiers import Key
from trigpoint.store.durable import make_folder, put, storing, write
from trigpoint.store.lock import writing
from trigpoint.terms.errors import Fault, TrigpointError

FOLDER, FILE = "secrets", "identifiers.key"
VARIABLE = "TRIGPOINT_KEY_IDENTIFIERS"
"""The environment variable that may hold the key in place of the file."""
_BYTES = 32
_WRITTEN = re.compile(r"[0-9a-f]{64}")
_IGNORED = b"# Made by Trigpoint. What is here belongs under no version control.\n*\n"
_OTHERS = 0o077
_LOST = (
    "Put the key back from where it is kept safe. If it is lost for good, nothing links old records with "
    "new ones: `trigpoint purge` every load that was hashed under it, then load the deliveries `--again`."
)


def key_of(workspace: Path, fingerprint: str | None) -> Key:
    """The workspace's key: the variable's, else the file's; made where there is neither and none is known.

    ``fingerprint`` is that of the key under which what is kept was hashed, None where nothing was.
    Raises TrigpointError where the key is another or is missing, is no key, or can be read by others.
    """
    place = workspace / FOLDER / FILE
    key = _in_environment() or _in_file(place)
    if key is None and fingerprint is None:
        return _made(workspace, place)
    if key is None or fingerprint not in (None, key.fingerprint):
        found = "no key" if key is None else f"the key {key.fingerprint}"
        raise _refused(
            str(place), found, f"the key {fingerprint}, under which what is kept was hashed", _LOST
        )
    return key


def _in_environment() -> Key | None:
    text = os.environ.get(VARIABLE, "").strip()
    return _read(text, VARIABLE) if text else None


def _in_file(place: Path) -> Key | None:
    if not place.is_file():
        return None
    if os.name == "posix" and place.stat().st_mode & _OTHERS:
        raise _refused(str(place), "a key that others can read", "one for its owner", f"chmod 600 {place}")
    return _read(place.read_text(encoding="ascii", errors="replace").strip(), str(place))


def _read(text: str, where: str) -> Key:
    if not _WRITTEN.fullmatch(text):
        raise _refused(where, "something that is no key, and is not shown", "64 digits from 0 to f", _LOST)
    return Key(bytes.fromhex(text))


def _made(workspace: Path, place: Path) -> Key:
    key = Key(secrets.token_bytes(_BYTES))
    with writing(workspace, "make a key"), storing(FOLDER):
        make_folder(place.parent)
        place.parent.chmod(0o700)
        ignored = place.parent / ".gitignore"
        if not ignored.exists():
            write(ignored, _IGNORED)
        put(place, f"{key.secret.hex()}\n".encode("ascii"), 0o600)
    return key


def _refused(where: str, found: str, expected: str, remedy: str) -> TrigpointError:
    fault = Fault(where, found, expected, remedy, check="key")
    return TrigpointError("The identifiers of the delivery were not hashed; nothing was kept.", [fault])
