"""Processes that die at the worst moment, and what the next one finds."""
