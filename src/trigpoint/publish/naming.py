"""Names of files for codes: safe on every system, and different where codes differ."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

_RESERVED = re.compile(r"(?i)scorecard|comparison|records|(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def stems(codes: Iterable[str]) -> dict[str, str]:
    """The name, without its ending, for each code.

    A code is its own name, unless a file system would refuse it, or read two of them as one
    (``a`` and ``A``), or it is the name of a file that is there already: then it gets a hash.
    """
    given = list(dict.fromkeys(codes))
    folded = Counter(code.casefold() for code in given)
    return {code: code if _plain(code) and folded[code.casefold()] == 1 else _hashed(code) for code in given}


def _plain(code: str) -> bool:
    return bool(_SAFE.fullmatch(code)) and not _RESERVED.fullmatch(code) and not code.endswith(".")


def _hashed(code: str) -> str:
    start = re.sub(r"[^A-Za-z0-9]+", "-", code)[:40].strip("-")
    return f"{start}_{hashlib.sha256(code.encode()).hexdigest()[:10]}"
