"""A picture as PNG: rendered from its SVG, with the system's own fonts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import resvg_py

from trigpoint.publish.charts.svg import standing_alone
from trigpoint.terms.errors import NotFound

SCALE = 2.0
"""The pixels of each px where nothing else is asked for: sharp on paper at half of the width of a page."""
FONTS = {
    "Arial": ("arial.ttf",),
    "Helvetica": ("helvetica.ttc", "helvetica.ttf", "helvetica.dfont"),
    "Liberation Sans": ("liberationsans-regular.ttf", "liberationsans-regular.otf"),
    "DejaVu Sans": ("dejavusans.ttf",),
}
"""The families that pictures may be lettered in, the first the best, by the files that hold them.

The first three have letters of the same width, for which words were placed; DejaVu's are wider.
"""
_ENDINGS = frozenset({".ttf", ".ttc", ".otf", ".dfont"})


def png(svg: str, *, width: int | None = None, scale: float = SCALE) -> bytes:
    """A picture as the bytes of a PNG on white: ``width`` pixels wide, or ``scale`` times its own size."""
    if width is not None and width < 1:
        raise ValueError(f"width is {width}; expected a number of pixels from 1")
    if not 0 < scale <= 20:
        raise ValueError(f"scale is {scale}; expected a number above 0, and 20 at most")
    drawn: bytes = resvg_py.svg_to_bytes(
        svg_string=standing_alone(svg),
        background="#ffffff",
        width=width,
        zoom=None if width is not None else scale,
        sans_serif_family=lettering(),
    )
    return drawn


@cache
def lettering() -> str:
    """The best of the families that this system has. Raises NotFound where it has none of them.

    Without one, a renderer leaves out every word, or sets it in letters of another width.
    """
    there = {file.name.lower() for folder in font_folders() for file in _files(folder)}
    found = next((family for family, files in FONTS.items() if there.intersection(files)), None)
    if found is None:
        sought = ", ".join(map(str, font_folders()))
        raise NotFound(
            f"No font to write a picture's words in: found none of {', '.join(FONTS)} in {sought}. "
            "Install one: on Debian or Ubuntu, apt-get install fonts-liberation; on Fedora or Red Hat, "
            "dnf install liberation-sans-fonts; on Alpine, apk add font-liberation."
        )
    return found


def font_folders() -> tuple[Path, ...]:
    """Where systems keep their fonts: Linux, macOS and Windows, for everybody and for one person."""
    home = Path.home()
    folders = (
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".fonts",
        Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share") / "fonts",
        Path("/System/Library/Fonts"),
        Path("/Library/Fonts"),
        home / "Library/Fonts",
        Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
        Path(os.environ.get("LOCALAPPDATA") or home) / "Microsoft/Windows/Fonts",
    )
    return tuple(folder for folder in folders if folder.is_dir()) or folders[:1]


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.suffix.lower() in _ENDINGS)
