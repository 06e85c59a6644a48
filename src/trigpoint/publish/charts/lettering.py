"""How wide words are, so that they can be placed, wrapped and cut without meeting anything.

Advance widths of Arial in thousandths of its size; Helvetica and Liberation Sans have the same.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

ASCENT, DESCENT = 0.905, 0.212
"""How far letters reach above and below their baseline, as shares of their size."""

_PLAIN = {
    556: "#$0123456789?L_abdeghnopqu¢£¤¥§«»ðþđħ–†€",
    667: "&ABEKPSVXYÞ",
    722: "CDHNRUwÐĐĦď",
    278: " !,./:;I[\\]ft·ıìíîïĩīĭ",
    500: "Jcksvxyz",
    333: "()-`r¡‐‑“”„ľ",
    778: "GOQØ",
    611: "FTZ¿ßø",
    222: "ijlł‘’‚",
    584: "+<=>~−×",
    1000: "ÆŒ—…™",
    549: "±÷≤≥≈≠",
    944: "Wœ",
    889: "%æ",
    833: "Mm",
    334: "{}",
    834: "½¼¾",
    191: "'",
    355: '"',
    260: "|",
    389: "*ť",
    1015: "@",
    469: "^",
    400: "°",
    350: "•",
}
_BOLD = {
    556: "#$0123456789J_aceksvxy¢£¤¥§«»–†€",
    611: "?FLTZbdghnopqu¿ßðøþđħ",
    722: "&ABCDHKNRUÐĐĦď",
    278: " ,./I\\ijl·ıł‘’‚",
    667: "EPSVXYÞ",
    333: "!()-:;[]`ft¡‐‑",
    778: "GOQwØ",
    584: "+<=>^~−×",
    500: "z“”„ľť",
    1000: "ÆŒ—…™",
    389: "*r{}",
    549: "±÷≤≥≈≠",
    889: "%mæ",
    944: "Wœ",
    834: "½¼¾",
    833: "M",
    238: "'",
    474: '"',
    280: "|",
    975: "@",
    400: "°",
    350: "•",
}


class _Advances(dict[str, int]):
    """The advance of each letter, found by its base where it has an accent; of an unknown one, a whole em."""

    def __init__(self, groups: Mapping[int, str]) -> None:
        super().__init__({letter: advance for advance, letters in groups.items() for letter in letters})

    def __missing__(self, letter: str) -> int:
        base = unicodedata.normalize("NFD", letter)[0]
        self[letter] = found = self.get(base, 1000)
        return found


_ADVANCES = {False: _Advances(_PLAIN), True: _Advances(_BOLD)}


def width(words: str, size: float = 14, *, bold: bool = False) -> float:
    """The px that words take."""
    return sum(map(_ADVANCES[bold].__getitem__, words)) * size / 1000


def cut(words: str, room: float, size: float = 14, *, bold: bool = False) -> str:
    """The words, or as many of their letters as there is room for, and an ellipsis."""
    if width(words, size, bold=bold) <= room:
        return words
    advances, left = _ADVANCES[bold], room * 1000 / size - 1000
    kept = 0
    while kept < len(words) - 1 and left >= advances[words[kept]]:
        left -= advances[words[kept]]
        kept += 1
    return f"{words[:kept].rstrip()}…"


def wrapped(words: str, room: float, size: float = 14, *, bold: bool = False, lines: int = 2) -> list[str]:
    """The words in so many lines at most, broken between words; what does not fit is cut."""
    found: list[str] = []
    rest = words.split()
    while rest and len(found) < lines - 1:
        taken = 1
        while taken < len(rest) and width(" ".join(rest[: taken + 1]), size, bold=bold) <= room:
            taken += 1
        found.append(cut(" ".join(rest[:taken]), room, size, bold=bold))
        rest = rest[taken:]
    return [*found, cut(" ".join(rest), room, size, bold=bold)] if rest else found
