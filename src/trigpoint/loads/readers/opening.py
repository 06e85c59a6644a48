"""A delivery's bytes out of the gzip or ZIP file that it came in; sizes are checked before unpacking."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from trigpoint.loads.readers.sheet import Malformed, refuse

MOST_UNPACKED = 2 * 1024**3
"""Bytes. The longest national file, unpacked, is about a tenth of this."""
MOST_RATIO = 200
"""Unpacked to packed. Published CSV files pack to a tenth or a thirtieth; a zip bomb to a thousandth."""
SMALL = 64 * 1024**2
"""Bytes below which a ratio does no harm: a short file of one repeated line packs very well."""

_GZIP, _ZIP, _EMPTY_ZIP = b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"
_BLOCK = 1024**2
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)
"""What zipfile raises for damaged bytes, wherever in a ZIP file they are."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's data and what was passed over on the way to it."""

    content: bytes
    notes: tuple[str, ...] = ()


def unpack(file: str, content: bytes) -> Opened:
    """The data within a gzip or ZIP file, else ``content`` itself; its first bytes tell, never its name.

    A workbook is a ZIP file too, and comes back whole. Raises DeliveryRefused for a damaged,
    encrypted, nested or oversized archive, and for one that does not hold exactly one file of data.
    """
    if content.startswith(_GZIP):
        return _one_layer(file, Opened(_gunzip(file, content), ("unpacked from gzip",)))
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        archive = open_zip(file, content)
        if not is_package(archive):
            return _one_layer(file, _only_member(file, archive))
    return Opened(content)


def _one_layer(file: str, opened: Opened) -> Opened:
    within = opened.content
    if within.startswith(_GZIP) or (within.startswith(_ZIP) and not is_package(open_zip(file, within))):
        raise refuse(
            file,
            "archive",
            "an archive within an archive",
            "one layer of gzip or ZIP",
            "Unpack it once and deliver what it holds.",
        )
    return opened


def _too_large(file: str, packed: int) -> Malformed:
    return refuse(
        file,
        "archive",
        f"{packed:,} bytes that unpack to more than they may",
        f"at most {MOST_UNPACKED:,} bytes unpacked, and at most {MOST_RATIO} times the packed size",
        "If the file is genuine, unpack it and deliver it as it is.",
    )


def _allowed(packed: int) -> int:
    return min(MOST_UNPACKED, max(SMALL, packed * MOST_RATIO))


def _gunzip(file: str, content: bytes) -> bytes:
    """Every member of a gzip file, one after another, stopping as soon as it grows too large."""
    allowed, parts, size = _allowed(len(content)), [], 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            while part := stream.read(_BLOCK):
                size += len(part)
                if size > allowed:
                    raise _too_large(file, len(content))
                parts.append(part)
    except EOFError as error:
        raise refuse(
            file,
            "archive",
            "gzip data that stops short",
            "a whole gzip file",
            "The download was cut off: fetch the file again.",
        ) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise refuse(
            file, "archive", f"damaged gzip data ({error})", "a whole gzip file", "Fetch the file again."
        ) from error
    return b"".join(parts)


def open_zip(file: str, content: bytes) -> zipfile.ZipFile:
    """The ZIP file in ``content``, its declared sizes within the limits. Raises DeliveryRefused."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _DAMAGE as error:
        raise refuse(
            file,
            "archive",
            f"a ZIP file without its directory ({error})",
            "a whole ZIP file",
            "The download was cut off or damaged: fetch the file again.",
        ) from error
    if sum(member.file_size for member in archive.infolist()) > _allowed(len(content)):
        raise _too_large(file, len(content))
    return archive


def is_package(archive: zipfile.ZipFile) -> bool:
    """Whether a ZIP file is an office document."""
    names = set(archive.namelist())
    return "[Content_Types].xml" in names or "content.xml" in names


def read_member(file: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """One member's bytes. Raises DeliveryRefused where they are encrypted, damaged or packed strangely."""
    name = member.filename
    if member.flag_bits & 1:
        remedy = "Ask the sender for one without, or unpack it and deliver what it holds."
        found = f"{name!r}, locked with a password"
        raise refuse(file, "archive", found, "a file without a password", remedy)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        found = f"{name!r}, packed by method {member.compress_type}"
        remedy = "Unpack it and deliver what it holds."
        raise refuse(file, "archive", found, "ZIP by the usual method (deflate)", remedy)
    try:
        return archive.read(member)
    except _DAMAGE as error:
        found = f"damaged data in {name!r} ({error})"
        raise refuse(file, "archive", found, "a whole ZIP file", "Fetch the file again.") from error


def _is_litter(name: str) -> bool:
    """What macOS and Windows leave beside the data."""
    path = PurePosixPath(name)
    return path.parts[0] == "__MACOSX" or path.name in (".DS_Store", "Thumbs.db", "desktop.ini")


def _only_member(file: str, archive: zipfile.ZipFile) -> Opened:
    files = [member for member in archive.infolist() if not member.is_dir()]
    litter = [member.filename for member in files if _is_litter(member.filename)]
    data = [member for member in files if not _is_litter(member.filename)]
    if len(data) != 1:
        names = ", ".join(repr(member.filename) for member in data[:8]) + (", ..." if len(data) > 8 else "")
        raise refuse(
            file,
            "archive",
            f"a ZIP file with {len(data)} files: {names}" if data else "an empty ZIP file",
            "a ZIP file with one file of data",
            "Deliver each file by itself." if data else "",
        )
    passed = (f"passed over {', '.join(litter)}",) if litter else ()
    return Opened(read_member(file, archive, data[0]), (f"unpacked {data[0].filename!r} from ZIP", *passed))
