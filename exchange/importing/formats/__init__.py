"""One parser per format: source text to pieces. Parsers do not depend on articles."""
