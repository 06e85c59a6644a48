"""A figure beside those of its peers."""
