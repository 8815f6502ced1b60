"""Questionnaires: drafts and versions, answers and their checks, results."""
