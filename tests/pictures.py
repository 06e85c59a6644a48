"""What a picture is made of, read back from its SVG: its words and its marks, with the room they take."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

from trigpoint.publish.charts.lettering import ASCENT, DESCENT, width
from trigpoint.publish.charts.room import Box
from trigpoint.publish.charts.svg import standing_alone

SVG = "{http://www.w3.org/2000/svg}"
STYLE = ("font-size", "font-weight", "text-anchor")
"""What words have from the group that they stand in, unless they say otherwise."""
SLACK = 0.6
"""Words may come so near, in px: they are placed to the tenth, and lines of a name stand close."""


@dataclass(frozen=True)
class Said:
    """Words of a picture, and the box from the tallest letter they could have to the deepest."""

    words: str
    box: Box
    bold: bool
    size: float


def parsed(svg: str) -> ET.Element:
    """The picture's root. Raises where it is not well formed."""
    return ET.fromstring(standing_alone(svg))


def number(node: ET.Element, name: str) -> float:
    return float(node.get(name, "nan"))


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in parsed(svg).iter(f"{SVG}text")]


def size(svg: str) -> tuple[float, float]:
    """The picture's width and height."""
    _, _, across, deep = map(float, (parsed(svg).get("viewBox") or "").split())
    return across, deep


def said(svg: str) -> list[Said]:
    """All words that are drawn, save the letters within icons."""
    return list(_said(parsed(svg), 0.0, 0.0, {}))


def _said(node: ET.Element, x: float, y: float, style: dict[str, str]) -> Iterator[Said]:
    style = style | {name: node.attrib[name] for name in STYLE if name in node.attrib}
    for child in node:
        moved = re.match(r"translate\((-?[\d.]+) (-?[\d.]+)\)", child.get("transform", ""))
        if child.tag == f"{SVG}text":
            yield _one(child, x, y, style | child.attrib)
        elif child.tag == f"{SVG}g":
            across, down = (float(moved[1]), float(moved[2])) if moved else (0.0, 0.0)
            yield from _said(child, x + across, y + down, style)


def _one(node: ET.Element, left: float, top: float, style: dict[str, str]) -> Said:
    words, letter = "".join(node.itertext()), float(style["font-size"])
    bold = style.get("font-weight") == "700"
    x, y, wide = left + number(node, "x"), top + number(node, "y"), width(words, letter, bold=bold)
    back = {"end": wide, "middle": wide / 2}.get(style.get("text-anchor", ""), 0.0)
    above, below = ASCENT * letter, DESCENT * letter
    if node.get("transform", "").startswith("rotate(-90"):
        box = Box(x - above, y - wide + back, x + below, y + back)
    else:
        box = Box(x - back, y - above, x - back + wide, y + below)
    return Said(words, box, bold, letter)


def overlaps(svg: str) -> list[tuple[str, str]]:
    """The words that meet each other."""
    return [
        (one.words, other.words)
        for one, other in itertools.combinations(said(svg), 2)
        if one.box.left < other.box.right - SLACK
        and other.box.left < one.box.right - SLACK
        and one.box.top < other.box.bottom - SLACK
        and other.box.top < one.box.bottom - SLACK
    ]


def outside(svg: str) -> list[str]:
    """The words that leave the picture."""
    across, deep = size(svg)
    return [
        it.words
        for it in said(svg)
        if it.box.left < -SLACK
        or it.box.right > across + SLACK
        or it.box.top < -SLACK
        or it.box.bottom > deep + SLACK
    ]


def marks(svg: str) -> list[tuple[float, float]]:
    """The middle of each mark of a figure: round points, circles, squares, diamonds and triangles."""
    found = set()
    for node in parsed(svg).iter():
        if node.tag == f"{SVG}path" and node.get("stroke-linecap") == "round":
            found |= {(float(x), float(y)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)h0", node.get("d", ""))}
        elif node.tag == f"{SVG}path" and node.get("fill", "none") != "none" and node.get("stroke") != "none":
            start = re.match(r"M([\d.]+) ([\d.]+)([lh])([\d.]+)", node.get("d", ""))
            if start is not None:  # a diamond starts at its top, a triangle at its left
                x, y, reach = float(start[1]), float(start[2]), float(start[4])
                found.add((x, y + reach) if start[3] == "l" else (x + reach / 2, y))
    return sorted(found)


def covered(svg: str) -> list[tuple[str, tuple[float, float]]]:
    """The words that are written across the middle of a mark."""
    return [
        (it.words, (x, y))
        for it in said(svg)
        for x, y in marks(svg)
        if it.box.left < x < it.box.right and it.box.top < y < it.box.bottom
    ]
