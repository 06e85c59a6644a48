"""Deliveries: reading a file as it stands, taking its figures, checking them, and the receipt for it."""
