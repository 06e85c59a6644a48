"""Findings arranged for one unit and month, each with one plain sentence."""
