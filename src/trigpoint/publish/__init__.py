"""From a scorecard to bytes: one document, its charts, and the formats it is laid out in."""
