"""Verifications: form, submission, decisions, credential files, registers."""
