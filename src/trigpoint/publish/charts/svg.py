"""The few SVG elements that the charts and icons are made of. Words are escaped here, and only here."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

FONT = 'font-family="Arial,Helvetica,sans-serif"'
HALO = ' stroke="#fff" stroke-width="4" paint-order="stroke"'
"""Sets words off from the lines beneath them."""


def path(
    d: str, stroke: str, width: float = 1, *, fill: str = "none", dashes: str = "", more: str = ""
) -> str:
    """A path drawn by ``d``; ``more`` holds further attributes as they are to be written."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="{d}" fill="{fill}" stroke="{stroke}" stroke-width="{width}"{dashed}{more}/>'


def rect(x: float, y: float, width: float, height: float, paint: str) -> str:
    """A rectangle; ``paint`` holds its fill and stroke as attributes."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" {paint}/>'


def circle(x: float, y: float, r: float, fill: str, stroke: str, width: float = 1, dashes: str = "") -> str:
    """A circle about (x, y)."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{fill}" stroke="{stroke}" '
        f'stroke-width="{width}"{dashed}/>'
    )


def text(
    words: str,
    x: float,
    y: float,
    fill: str,
    *,
    size: float = 0,
    anchor: str = "",
    bold: bool = False,
    more: str = "",
) -> str:
    """Words at (x, y); ``more`` holds further attributes, such as ``HALO``."""
    style = f' font-size="{size}"' if size else ""
    if anchor:
        style += f' text-anchor="{anchor}"'
    if bold:
        style += ' font-weight="700"'
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}"{style}{more}>{_content(words)}</text>'


def words_at(
    places: Iterable[tuple[str, float, float]],
    fill: str,
    *,
    size: float = 0,
    anchor: str = "",
    bold: bool = False,
) -> str:
    """Words at many places, written alike: each with its x and y."""
    style = f' font-size="{size}"' if size else ""
    style += f' text-anchor="{anchor}"' if anchor else ""
    style += ' font-weight="700"' if bold else ""
    drawn = [f'<text x="{x:.1f}" y="{y:.1f}">{_content(words)}</text>' for words, x, y in places]
    return f'<g fill="{fill}"{style}>{"".join(drawn)}</g>' if drawn else ""


def _content(words: str) -> str:
    """Words as the content of an element. Most have nothing to escape, and a chart has many."""
    return escape(words, quote=False) if "&" in words or "<" in words or ">" in words else words


def picture(key: str, kind: str, width: int, height: int, title: str, description: str, body: str) -> str:
    """A whole picture with a voice: its title and its description."""
    return (
        f'<svg class="tp-chart tp-chart--{kind}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{key}-t {key}-d" {FONT} font-size="14">'
        f'<title id="{key}-t">{_content(title)}</title>'
        f'<desc id="{key}-d">{_content(description)}</desc>{body}</svg>'
    )


def silent(kind: str, width: float, height: float, box: str, body: str) -> str:
    """A small picture that says nothing, because words stand beside it."""
    return (
        f'<svg class="{kind}" width="{width:g}" height="{height:g}" viewBox="{box}" '
        f'aria-hidden="true" focusable="false">{body}</svg>'
    )


def standing_alone(svg: str) -> str:
    """A picture as a file of its own: in a page it needs no namespace, elsewhere it does."""
    namespace = 'xmlns="http://www.w3.org/2000/svg"'
    return svg if namespace in svg[:200] else svg.replace("<svg ", f"<svg {namespace} ", 1)
