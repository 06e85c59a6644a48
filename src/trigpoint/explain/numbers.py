"""Numbers as an explanation writes them."""

from __future__ import annotations


def exact(value: float) -> str:
    """A number with every digit that it has, up to twelve."""
    return str(int(value)) if float(value).is_integer() else f"{value:.12g}"


def worked_out(value: float) -> str:
    """A number that was worked out, to four decimals."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
