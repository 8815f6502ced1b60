"""Pieces -> blocks of an article: title page, references, figures and tables, steps, sections; in this order."""
