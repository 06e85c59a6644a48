"""A text file's bytes as UTF-8: by its byte-order mark or its source's declaration, and never by a guess."""

from __future__ import annotations

import codecs
import re

from trigpoint.loads.readers.sheet import Malformed, refuse

_UTF8_MARK = codecs.BOM_UTF8
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF8_IN_WINDOWS = re.compile(rb"[\xc2\xc3][\x80-\xbf]|\xe2[\x80-\x84][\x80-\xbf]")
"""A letter or mark as UTF-8 writes it. In Windows-1252 these bytes read as rubbish (``Ã©``, ``â€™``)."""
_CONTROL = re.compile(rb"[\x80-\x9f]")


def to_utf8(file: str, content: bytes, declared: str | None) -> tuple[bytes, tuple[str, ...]]:
    """``content`` as UTF-8 without a byte-order mark, and what there is to say about it.

    Raises DeliveryRefused where the bytes are not what the source declares, or, where it declares
    nothing, are neither UTF-8 nor marked as UTF-16; and for a NUL or a second byte-order mark.
    """
    if content in (b"", _UTF8_MARK, *_UTF16_MARKS):
        raise refuse(file, "empty", "an empty file", "a header and rows", "Fetch or export the file again.")
    if declared is None or codecs.lookup(declared).name in ("utf-8", "utf-8-sig", "utf-16"):
        text, notes = _by_mark(file, content, declared)
    else:
        text, notes = _as_declared(file, content, declared), ()
    _no_strays(file, text)
    return text, notes


def encoding_of(file: str, start: bytes, declared: str | None) -> str:
    """The encoding, as Python names it, of a text that starts with these bytes, at least three.

    Raises DeliveryRefused where its byte-order mark is not what the source declares.
    """
    if declared is not None and codecs.lookup(declared).name not in ("utf-8", "utf-8-sig", "utf-16"):
        return declared
    _check_mark(file, start, declared)
    if start.startswith(_UTF16_MARKS):
        return "utf-16"
    return "utf-8-sig" if start.startswith(_UTF8_MARK) else "utf-8"


def _check_mark(file: str, content: bytes, declared: str | None) -> None:
    if content.startswith(_UTF16_MARKS):
        if declared is not None and codecs.lookup(declared).name != "utf-16":
            raise refuse(
                file,
                "encoding",
                "the byte-order mark of UTF-16",
                f"{declared}, as the source declares",
                "Declare `encoding: utf-16`.",
                line=1,
            )
    elif declared is not None and codecs.lookup(declared).name == "utf-16":
        raise refuse(
            file,
            "encoding",
            "no byte-order mark",
            "utf-16, as the source declares",
            "Declare utf-16-le or utf-16-be, or leave `encoding` out for UTF-8.",
            line=1,
        )


def _by_mark(file: str, content: bytes, declared: str | None) -> tuple[bytes, tuple[str, ...]]:
    _check_mark(file, content, declared)
    if content.startswith(_UTF16_MARKS):
        return _as_declared(file, content, "utf-16"), ("read as UTF-16, by its byte-order mark",)
    text = content.removeprefix(_UTF8_MARK)
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(file, text, error) from error
    return text, ()


def _not_utf8(file: str, text: bytes, error: UnicodeDecodeError) -> Malformed:
    where = f"bytes {text[error.start : error.start + 4].hex(' ')} at offset {error.start:,}"
    line = _line(text, error.start)
    others = text.decode("utf-8", "replace").replace("\ufffd", "")
    if not others.isascii():
        return refuse(
            file,
            "encoding",
            f"{where}, which are not UTF-8, while other characters are",
            "one encoding throughout",
            "Two files of different encodings seem to be joined: ask for the file in one.",
            line,
        )
    try:
        shown = text[error.start - 10 if error.start > 10 else 0 : error.start + 10].decode("cp1252")
    except UnicodeDecodeError:
        return refuse(
            file,
            "encoding",
            f"{where}, which are not UTF-8",
            "UTF-8",
            "Ask the sender for the encoding and declare it: `encoding: ...`.",
            line,
        )
    return refuse(
        file,
        "encoding",
        f"{where}, which are not UTF-8",
        "UTF-8",
        f"These bytes read as Windows-1252 ({shown!r}): declare `encoding: cp1252` if that is right.",
        line,
    )


def _as_declared(file: str, content: bytes, declared: str) -> bytes:
    name = codecs.lookup(declared).name
    if content.startswith((_UTF8_MARK, *_UTF16_MARKS)) and not name.startswith("utf"):
        raise refuse(
            file,
            "encoding",
            "the byte-order mark of Unicode",
            f"{declared}, as the source declares",
            "Leave `encoding` out of the source, or ask for the file as declared.",
            line=1,
        )
    if name in ("cp1252", "iso8859-1", "iso8859-15") and (mixed := _UTF8_IN_WINDOWS.search(content)):
        raise refuse(
            file,
            "encoding",
            f"{mixed[0].decode('utf-8')!r} as UTF-8 writes it at offset {mixed.start():,}",
            f"{declared} throughout, as the source declares",
            "Leave `encoding` out if the file is UTF-8; if only parts are, ask for it in one encoding.",
            _line(content, mixed.start()),
        )
    if name.startswith("iso8859") and (control := _CONTROL.search(content)):
        raise refuse(
            file,
            "encoding",
            f"byte {control[0].hex()} at offset {control.start():,}, a control character",
            f"text in {declared}",
            "Windows-1252 has a letter or mark there: declare `encoding: cp1252`.",
            _line(content, control.start()),
        )
    try:
        return content.decode(declared).encode("utf-8")
    except UnicodeDecodeError as error:
        found = f"bytes {content[error.start : error.end].hex(' ')} at offset {error.start:,}"
        raise refuse(
            file,
            "encoding",
            found,
            f"{declared}, as the source declares",
            "Declare the encoding that the file has, or leave it out for UTF-8.",
            _line(content, error.start),
        ) from error


def _no_strays(file: str, text: bytes) -> None:
    nul = text.find(b"\0")
    if nul >= 0:
        wide = text.count(b"\0") * 3 > len(text)
        raise refuse(
            file,
            "nul",
            f"a NUL byte at offset {nul:,}",
            "text",
            "These bytes read as UTF-16 without its mark: declare `encoding: utf-16-le` (or `-be`)."
            if wide
            else "The file is damaged or no CSV: fetch or export it again.",
            _line(text, nul),
        )
    mark = text.find(_UTF8_MARK)
    if mark >= 0:
        raise refuse(
            file,
            "encoding",
            f"a second byte-order mark at offset {mark:,}",
            "one, at the start",
            "Two files seem to be joined: deliver each by itself.",
            _line(text, mark),
        )


def _line(content: bytes, offset: int) -> int:
    return content.count(b"\n", 0, offset) + 1
