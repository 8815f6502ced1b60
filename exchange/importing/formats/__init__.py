"""One parser per format: source text -> pieces. They know nothing of articles."""
