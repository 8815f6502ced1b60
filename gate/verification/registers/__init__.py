"""Registers of licences: how they are asked and what they answered."""
