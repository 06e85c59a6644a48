"""Database engines: the only rooms that know one. SQL and Arrow tables go in, an Arrow table comes out."""
