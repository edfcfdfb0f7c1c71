"""Everything that shows Footwell works; `python3 -m tests` runs it."""
