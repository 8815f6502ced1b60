"""The steps of a gate: their order, taking one, and admission at the end."""
