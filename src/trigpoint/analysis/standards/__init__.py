"""A figure against what is required of it."""
