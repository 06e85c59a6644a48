"""The library for analysts: what `from trigpoint.analysis import spc` and its siblings bring."""
