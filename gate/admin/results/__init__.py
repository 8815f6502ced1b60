"""Readers' answers, for staff: numbers, a chart per question, exports. Pseudonymous: never a name."""
