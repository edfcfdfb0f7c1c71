"""The clinical rules against the brief, written down here a second time by reading it."""
