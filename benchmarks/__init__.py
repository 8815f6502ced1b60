"""Timings of reading, deciding and searching on this machine: `make bench`. Figures, not tests."""
