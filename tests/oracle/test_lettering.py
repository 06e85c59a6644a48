"""The widths that words are placed by agree with a font whose letters are as wide as Arial's."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from trigpoint.publish.charts.lettering import cut, width, wrapped

FONTS = {False: "LiberationSans-Regular.ttf", True: "LiberationSans-Bold.ttf"}
FOLDER = Path("/usr/share/fonts/truetype/liberation")
WRITTEN = [*map(chr, range(32, 127)), *map(chr, range(0xC0, 0x180)), *"£§°±·½×‐‑–—‘’“”†•…€™−≤≥≈≠"]


def advances(file: Path) -> dict[str, float]:
    """The advance of each letter in thousandths of the size, from the font's own tables."""
    font = file.read_bytes()
    tables = {
        tag: offset
        for tag, _, offset, _ in struct.iter_unpack(
            ">4sIII", font[12 : 12 + 16 * int.from_bytes(font[4:6], "big")]
        )
    }

    def short(table: bytes, at: int) -> int:
        return int.from_bytes(font[tables[table] + at : tables[table] + at + 2], "big")

    units, measured = short(b"head", 18), short(b"hhea", 34)
    wide = [short(b"hmtx", 4 * at) * 1000 / units for at in range(measured)]
    found: dict[str, float] = {}
    for at in range(short(b"cmap", 2)):
        start = int.from_bytes(font[tables[b"cmap"] + 8 + 8 * at :][:4], "big")
        if short(b"cmap", start) != 4:  # a map of the letters up to U+FFFF
            continue
        count = short(b"cmap", start + 6) // 2
        parts = [start + 14, start + 16 + 2 * count, start + 16 + 4 * count, start + 16 + 6 * count]
        for one in range(count):
            end, first, delta, offset = (short(b"cmap", part + 2 * one) for part in parts)
            for letter in range(first, min(end, 0xFFFE) + 1):
                glyph = letter + delta
                if offset:
                    glyph = short(b"cmap", parts[3] + 2 * one + offset + 2 * (letter - first)) + delta
                found[chr(letter)] = wide[min(glyph & 0xFFFF, measured - 1)]
    return found


@pytest.mark.parametrize("bold", [False, True])
def test_no_letter_is_wider_than_it_is_taken_for(bold: bool) -> None:
    file = FOLDER / FONTS[bold]
    if not file.exists():
        pytest.skip(f"no {file}; scripts/setup --dev brings it with Chromium")
    theirs = advances(file)
    ours = {letter: width(letter, 1000, bold=bold) for letter in WRITTEN if letter in theirs}
    assert len(ours) > 250
    assert {it: (ours[it], theirs[it]) for it in ours if ours[it] < theirs[it] - 1} == {}
    plain = [it for it in ours if it.isascii()]
    assert {it: (ours[it], theirs[it]) for it in plain if abs(ours[it] - theirs[it]) > 1} == {}


def test_words_are_as_wide_as_their_letters() -> None:
    assert width("80%", 10) == pytest.approx((556 + 556 + 889) / 100)
    assert width("ŵ") == width("w")
    assert width("中", 10) == 10


@pytest.mark.parametrize("room", [0, 20, 60, 100, 1000])
def test_what_is_cut_fits_and_says_so(room: float) -> None:
    words = "Followed up within 72 hours of leaving hospital"
    short = cut(words, room)
    assert width(short) <= max(room, 14)
    assert (short == words) is (width(words) <= room)
    assert short == words or short.endswith("…")


def test_words_are_broken_between_words_and_lose_none_that_fit() -> None:
    words = "Followed up within 72 hours of leaving hospital"
    lines = wrapped(words, 130, lines=9)
    assert " ".join(lines) == words
    assert all(width(line) <= 130 for line in lines)
    assert len(wrapped(words, 130, lines=2)) == 2
    assert wrapped(words, 130, lines=2)[1].endswith("…")
    assert wrapped("", 130) == []
    assert wrapped("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", 60)[0].endswith("…")
