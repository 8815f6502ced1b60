"""Registers of licences: asking them and storing their results."""
