"""What the trust has declared: its units, indicators, standards, sources, packs and decisions."""
