"""The month's run, told as a story: deliveries in, a snapshot made, a site published."""
