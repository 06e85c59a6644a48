"""Texts that a definition holds, word by word: what expressions and formulas are read from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

DIGITS = 15
"""The longest number that a text may hold: what a float carries without rounding."""
DEEPEST = 30
"""So many brackets may stand within each other."""


class Misfit(Exception):
    """A place in a text that does not hold. ``at`` counts characters from 0."""

    def __init__(self, at: int, found: str, expected: str, remedy: str = "") -> None:
        super().__init__(found)
        self.at, self.found, self.expected, self.remedy = at, found, expected, remedy


class Reader:
    """The state of reading one text from left to right: the word that is next, its kind and place.

    ``kind`` is text, number, name, figure or sign, and ``end`` past the last word. ``refused`` says of
    words that do not belong here what to do instead.
    """

    refused: ClassVar[Mapping[str, str]] = {}
    pattern: ClassVar[re.Pattern[str]] = re.compile(
        r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w.]*)"
        r"|(?P<figure>\[[^\[\]]*\])|(?P<sign><=|>=|<>|!=|==|::|[=<>+\-*/(),%])|(?P<other>\S))"
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.kind = self.word = ""
        self.at = 0
        self.depth = 0
        self.next()

    def next(self) -> None:
        """Go on to the next word. Raises Misfit where a sign is none that is known here."""
        found = self.pattern.match(self.text, self.place)
        if found is None or found.lastgroup is None:
            self.at, self.kind, self.word = len(self.text), "end", ""
            return
        self.kind, self.word = found.lastgroup, found[found.lastgroup]
        self.at, self.place = found.start(found.lastgroup), found.end()
        if self.kind == "other":
            hint = "Texts stand in single quotes: 'attended'." if self.word in "'\"`" else ""
            raise Misfit(self.at, repr(self.word), "a column, a value or a sign", hint)

    def misfit(self, expected: str) -> Misfit:
        """What to raise where the next word is not what is expected."""
        found = repr(self.word) if self.word else "the end"
        return Misfit(self.at, found, expected, self.refused.get(self.word.casefold(), ""))

    def take(self, word: str, expected: str) -> None:
        """Go past a word that must be here."""
        if self.word != word:
            raise self.misfit(expected)
        self.next()

    def deeper(self) -> None:
        """Enter a bracket, or whatever else nests."""
        if self.depth > DEEPEST:
            raise self.misfit(f"at most {DEEPEST} brackets within each other")
        self.depth += 1

    def number(self) -> Decimal:
        """The number that is next."""
        if len(Decimal(self.word).as_tuple().digits) > DIGITS:
            raise Misfit(self.at, f"a number of {len(self.word)} signs", f"at most {DIGITS} digits")
        found = Decimal(self.word)
        self.next()
        return found

    def follows(self, sign: str) -> bool:
        """Whether a sign comes right after the next word."""
        return self.text[self.place :].lstrip().startswith(sign)
