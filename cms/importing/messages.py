"""The words of the report."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

from cms.importing.notes import NoteKind
from cms.importing.reading import Trouble
from cms.importing.writer import Outcome, State

TROUBLES = {
    Trouble.NO_SUCH_PATH: lazy("there is no such file or folder"),
    Trouble.NOT_SUPPORTED: lazy("this kind of file cannot be imported; .md and .txt can"),
    Trouble.NOT_READABLE: lazy("the file cannot be read"),
    Trouble.TOO_LARGE: lazy("the file is too large for an article"),
    Trouble.EMPTY: lazy("the file is empty"),
    Trouble.BINARY: lazy("the file holds no text"),
    Trouble.ENCODING: lazy("the encoding is none of UTF-8, UTF-16 and GB18030"),
    Trouble.TRUNCATED: lazy("the file ends in the middle of a character: it is not complete"),
    Trouble.NO_TEXT: lazy("no article was found in the text"),
    Trouble.NOT_STORED: lazy("the article could not be stored"),
}
OUTCOMES = {
    Outcome.CREATED: lazy("created"),
    Outcome.UPDATED: lazy("updated"),
    Outcome.UNCHANGED: lazy("unchanged"),
    Outcome.EDITED: lazy("left alone: an editor changed it since the import"),
    Outcome.FAILED: lazy("not imported"),
}
STATES = {
    State.PUBLISHED: lazy("published"),
    State.DRAFT: lazy("draft"),
    State.REFUSED: lazy("draft, publishing refused"),
    State.TAKEN_OFFLINE: lazy("taken offline by an editor, not published again"),
    State.NONE: "",
}
NOTES = {
    NoteKind.NOT_ARTICLE: lazy("Not part of the article, left out"),
    NoteKind.COMMENTS: lazy("Counts and buttons under the article, left out"),
    NoteKind.RUBRIC: lazy("Column label over the title, left out"),
    NoteKind.NUMBERS: lazy("Numbers of headings, replaced by the system's"),
    NoteKind.KEYWORDS: lazy("Keywords, kept in the text"),
    NoteKind.NO_TITLE: lazy("No title found, the file's name is used"),
    NoteKind.NO_DATE: lazy("No date found, today is used"),
    NoteKind.NO_BYLINE: lazy("No authors found"),
    NoteKind.BYLINE_UNCLEAR: lazy("Names that could not be told apart, kept as text"),
    NoteKind.NO_REFERENCES: lazy("No list of references found"),
    NoteKind.NOT_A_HEADING: lazy("Marked as a heading but reads as text, kept as text"),
    NoteKind.TABLE_CONTINUED: lazy("Table without caption, joined to the one before it"),
    NoteKind.TABLE_BROKEN: lazy("Half-broken table, its text kept"),
    NoteKind.TABLE_ABSENT: lazy("Table not in the file, its number kept"),
    NoteKind.FIGURE_ABSENT: lazy("Figure without caption in the file, its number kept"),
    NoteKind.REFERENCE_ABSENT: lazy("References missing in the list, their numbers kept"),
    NoteKind.PICTURE_UNCAPTIONED: lazy("Picture without caption and file, left out"),
    NoteKind.PICTURE_MISSING: lazy("Picture file missing, shown as not available"),
    NoteKind.PICTURE_REFUSED: lazy("File that is no picture, not imported"),
    NoteKind.MENTION_UNKNOWN: lazy("The text speaks of a figure or table that is not there"),
    NoteKind.FORMULA_AS_TEX: lazy("Formula kept as TeX"),
    NoteKind.MARKUP_DROPPED: lazy("Markup without meaning here, left out"),
    NoteKind.SECOND_ARTICLE: lazy("A second abstract: the file may hold another article, kept as text"),
}
COUNTED = {
    "sections": lazy("sections"),
    "paragraphs": lazy("paragraphs"),
    "steps": lazy("steps"),
    "figures": lazy("figures"),
    "tables": lazy("tables"),
    "callouts": lazy("callouts"),
    "references": lazy("references"),
}
