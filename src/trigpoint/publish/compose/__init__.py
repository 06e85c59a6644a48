"""From a scorecard to the document: each page's words and numbers, formatted once."""
