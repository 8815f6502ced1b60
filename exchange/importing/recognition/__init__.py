"""Pieces -> blocks: references, title page, steps, figures and tables, sections; in this order."""
