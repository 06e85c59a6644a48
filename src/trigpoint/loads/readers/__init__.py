"""Bytes on disk into a sheet: one module a format, and the only rooms that know a file format's library."""
