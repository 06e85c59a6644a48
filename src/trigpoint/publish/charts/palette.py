"""The colours of the marks, each with one meaning. ``assets/tokens.css`` holds the same values for pages."""

from __future__ import annotations

INK = "#212b32"
INK_2 = "#4c6272"
PAPER = "#fff"
RULE = "#d8dde0"
HEAD = "#e0e7ea"
HATCH = "#7b8790"

COMMON = "#5b5b5b"
PROCESS = "#eef2f4"
PROCESS_SMALL = "#e4eaed"
IMPROVE, IMPROVE_EDGE = "#0079bd", "#003b5c"
CONCERN, CONCERN_EDGE = "#c75000", "#5c2400"
NEUTRAL, NEUTRAL_EDGE = "#5b3fa0", "#2a1760"

MET, MET_EDGE, MET_TINT = "#007f3b", "#00401e", "#e5f2eb"
TOLERANCE, TOLERANCE_EDGE, TOLERANCE_TINT = "#ffb81c", "#5f4300", "#fff4d6"
MISSED, MISSED_EDGE, MISSED_TINT = "#a3161a", "#5c0a0d", "#fbe9e9"

PEER, PEER_TINT = "#12436d", "#e3ebf2"
