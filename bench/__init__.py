"""Measures Footwell: `python3 -m bench`."""
