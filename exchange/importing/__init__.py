"""Files -> structured draft articles (Markdown and plain text).

    path -> reading (bytes, encoding) -> formats (text -> pieces) -> recognition (pieces -> DraftArticle)
         -> writer (one transaction per file) -> report

Everything up to `DraftArticle` (see `draft.py`) is pure: no Django, no database, no settings. A new format
needs one parser that returns a list of pieces (`pieces.py`); recognition, writing and reporting stay as they
are. Rule of the package: no visible character of a source is lost. What is no recognised form becomes a
paragraph; what is not part of the article (dialogs, navigation, comment counts) is quoted in a note of the
report.
"""
