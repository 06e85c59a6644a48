"""Trigpoint: an NHS trust's performance management. Every figure gets its bearings."""
