"""The meaning wing: statistics on panels. It knows no file, no database and no page."""
