"""Rates, ratios and measures of inequality, each with its interval."""
