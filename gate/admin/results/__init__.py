"""What readers answered, for staff: numbers, a chart per question, exports. Pseudonymous: never a name."""
