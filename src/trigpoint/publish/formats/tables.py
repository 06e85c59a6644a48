"""Tables and marks as HTML, without a template: they are by far the most of a site."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup, escape

from trigpoint.publish.charts.icons import icon
from trigpoint.publish.charts.whole import BROAD, WIDTH, whole_glyph
from trigpoint.publish.mark import Link, Mark, Table, WholeMark

# Every word goes through ``escape`` here; drawings escape their words themselves (charts/svg.py).


def table(it: Table, label: str, hidden: bool, root: str) -> Markup:
    """A table in a region of its own, named ``label``, which scrolls where the page is too narrow for it.

    ``hidden`` keeps its caption from sight; ``root`` leads from the page to the site's root.
    """
    numeric = [' class="tp-num"' if place in it.numeric else "" for place in range(len(it.head))]
    opening = [f"<td{kind}>" for kind in numeric]
    rows = [
        f'<tr><th scope="row">{_cell(row[0], root)}</th>'
        + "".join([f"{opening[at]}{_cell(cell, root)}</td>" for at, cell in enumerate(row) if at])
        + "</tr>\n"
        for row in it.rows
    ]
    unseen = ' class="nhsuk-u-visually-hidden"' if hidden else ""
    return Markup(  # noqa: S704
        f'<div class="tp-scroll" role="region" aria-label="{escape(label)}" tabindex="0">\n'
        f'<table class="tp-table">\n<caption{unseen}>{escape(it.caption)}</caption>\n'
        f"<thead><tr>{''.join(map(_head, it.head, numeric))}</tr></thead>\n"
        f"<tbody>\n{''.join(rows)}</tbody>\n</table>\n</div>\n"
    )


@lru_cache(maxsize=4096)
def marked(it: Mark, size: int = 22) -> Markup:
    """An icon with its words."""
    drawn = icon(it.icon, size) if it.icon else ""
    return Markup(f'<span class="tp-mark">{drawn}<span>{escape(it.words)}</span></span>')  # noqa: S704


@lru_cache(maxsize=4096)
def status(it: Mark) -> Markup:
    """The standard's icon with its words, on its tint."""
    words = f"{icon(it.icon, 18)}<span>{escape(it.words)}</span>"
    return Markup(f'<span class="tp-status tp-{escape(it.icon)}">{words}</span>')  # noqa: S704


@lru_cache(maxsize=4096)
def against(it: WholeMark, broad: int = WIDTH) -> Markup:
    """A figure against the whole: the glyph where the two are compared, so ``broad``, and the words."""
    if it.bearing is None:
        return Markup(f'<span class="tp-against"><span>{escape(it.words)}</span></span>')  # noqa: S704
    drawn = whole_glyph(it.bearing, it.direction, it.reach, broad, broad)
    detail = f' <span class="tp-second">{escape(it.detail)}</span>' if it.detail else ""
    words = f"<span><b>{escape(it.words)}</b>{detail}</span>"
    return Markup(f'<span class="tp-against">{drawn}{words}</span>')  # noqa: S704


def _head(words: str, kind: str) -> str:
    return f'<th scope="col"{kind}>{escape(words)}</th>' if words else "<td></td>"


@lru_cache(maxsize=65_536)
def _cell(it: str | Mark | Link | WholeMark, root: str) -> str:
    if isinstance(it, str):
        return str(escape(it))
    if isinstance(it, Link):
        return f'<a href="{escape(root + it.address)}">{escape(it.words)}</a>'
    if isinstance(it, WholeMark):
        return against(it, BROAD)
    return status(it) if it.icon.startswith("standard") else marked(it)
