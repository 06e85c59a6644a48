"""A figure against the whole that its unit is part of."""
