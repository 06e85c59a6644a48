"""Named checks on what was taken: each blocks a delivery or notes on it, as its source says."""
