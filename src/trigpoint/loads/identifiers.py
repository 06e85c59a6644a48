"""Identifiers hashed under the workspace's key, so that people can be counted and linked, and not named.

A hash is HMAC-SHA-256 (RFC 2104) of the kind of identifier and its text, cut to 96 bits and written as
24 hexadecimal digits. Of n people of one kind, the chance that any two share a hash is below n^2 / 2^97:
for a thousand million, 7 in 10^12.
"""

from __future__ import annotations

import hmac
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from trigpoint.definitions.column import NHS_NUMBER, Column
from trigpoint.loads.cells import text_of
from trigpoint.loads.coded import Misread

LENGTH = 24
"""Hexadecimal digits of a hash: 4 bits each."""
_BLANKS = re.compile(r"[\s-]+")
_TEN_DIGITS = re.compile(r"\d{10}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Key:
    """The workspace's secret key. It shows itself to nobody; ``fingerprint`` is what it is known by."""

    secret: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """The hash of a constant under the key: it tells two keys apart, and nothing about either."""
        return self._hash(b"fingerprint\0")

    def hashed(self, kind: str, text: str) -> str:
        """What is kept in place of an identifier of a kind: the same for the same text, in any source."""
        return self._hash(b"identifier\0" + kind.encode() + b"\0" + text.encode())

    def _hash(self, message: bytes) -> str:
        return hmac.digest(self.secret, message, "sha256").hex()[:LENGTH]


def identifier_reader(column: Column, kind: str, key: Key) -> Callable[[object], str | None]:
    """Reads an identifier as its hash; a blank is None. What it cannot read, it never quotes."""

    def read(value: object) -> str | None:
        text = _text(value, column)
        if not text.strip():
            if column.required:
                raise Misread("blank", "an empty cell", "a value: the field is required")
            return None
        return key.hashed(kind, _checked(text) if column.format == NHS_NUMBER else text)

    return read


def _text(value: object, column: Column) -> str:
    """A whole number is written as one, whether its file keeps it as text or as a number."""
    if isinstance(value, float | Decimal):
        if not math.isfinite(value) or value != int(value):
            raise Misread("not_an_identifier", "a number that is not whole", "a text or a whole number")
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int | None):
        found = f"a value of the type {type(value).__name__}, which is not quoted"
        raise Misread("not_an_identifier", found, "a text or a whole number", "Have it written as text.")
    text = text_of(value, column) or ""
    text = _BLANKS.sub("", text) if column.format == NHS_NUMBER else text
    return column.rename.get(text, text)


def _checked(digits: str) -> str:
    """An NHS number: ten digits, of which the last checks the others (modulus 11).

    The algorithm is the NHS Data Dictionary's, under NHS NUMBER.
    """
    if not _TEN_DIGITS.fullmatch(digits):
        raise _no_nhs_number("a text that is no NHS number")
    check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    if check % 11 != int(digits[9]) or check == 10:
        raise _no_nhs_number("ten digits whose check digit is wrong")
    if len(set(digits)) == 1:
        raise _no_nhs_number("one digit ten times: a placeholder, which would count as one person")
    return digits


def _no_nhs_number(found: str) -> Misread:
    remedy = "Have it put right at its source. `rename` makes a placeholder a blank: {'0000000000': ''}."
    return Misread("not_an_identifier", f"{found}; it is not quoted", "an NHS number", remedy)
