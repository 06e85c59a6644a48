"""A figure against its own past: limits, rules, and what they say."""
