"""Translatable texts of the import report."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from exchange.importing.notes import NoteKind
from exchange.importing.reading import Trouble
from exchange.importing.writer import Outcome, State

TROUBLES = {
    Trouble.NO_SUCH_PATH: _("there is no such file or folder"),
    Trouble.NOT_SUPPORTED: _("this kind of file cannot be imported; .md and .txt can"),
    Trouble.NOT_READABLE: _("the file cannot be read"),
    Trouble.TOO_LARGE: _("the file is too large for an article"),
    Trouble.EMPTY: _("the file is empty"),
    Trouble.BINARY: _("the file holds no text"),
    Trouble.ENCODING: _("the encoding is none of UTF-8, UTF-16 and GB18030"),
    Trouble.TRUNCATED: _("the file ends in the middle of a character: it is not complete"),
    Trouble.NO_TEXT: _("no article was found in the text"),
    Trouble.NOT_STORED: _("the article could not be stored"),
}
OUTCOMES = {
    Outcome.CREATED: _("newly created"),
    Outcome.UPDATED: _("updated"),
    Outcome.UNCHANGED: _("unchanged"),
    Outcome.EDITED: _("left alone: an editor changed it since the import"),
    Outcome.FAILED: _("not imported"),
}
STATES = {
    State.PUBLISHED: _("published"),
    State.DRAFT: _("draft"),
    State.REFUSED: _("draft, publishing refused"),
    State.TAKEN_OFFLINE: _("taken offline by an editor, not published again"),
    State.NONE: "",
}
NOTES = {
    NoteKind.NOT_ARTICLE: _("Not part of the article, left out"),
    NoteKind.COMMENTS: _("Counts and buttons under the article, left out"),
    NoteKind.RUBRIC: _("Column label over the title, left out"),
    NoteKind.NUMBERS: _("Numbers of headings, replaced by the system's"),
    NoteKind.KEYWORDS: _("Keywords, kept in the text"),
    NoteKind.NO_TITLE: _("No title found, the file's name is used"),
    NoteKind.NO_DATE: _("No date found, today is used"),
    NoteKind.NO_BYLINE: _("No authors found"),
    NoteKind.NO_SUMMARY: _("No summary found; only a text that calls itself one is taken"),
    NoteKind.BYLINE_UNCLEAR: _("Names that could not be separated, kept as text"),
    NoteKind.NO_REFERENCES: _("No list of references found"),
    NoteKind.NOT_A_HEADING: _("Marked as a heading but reads as text, kept as text"),
    NoteKind.TABLE_CONTINUED: _("Table without caption, joined to the one before it"),
    NoteKind.TABLE_BROKEN: _("Half-broken table, its text kept"),
    NoteKind.TABLE_ABSENT: _("Table not in the file, its number kept"),
    NoteKind.FIGURE_ABSENT: _("Figure without caption in the file, its number kept"),
    NoteKind.REFERENCE_ABSENT: _("References missing in the list, their numbers kept"),
    NoteKind.PICTURE_UNCAPTIONED: _("Picture without caption and file, left out"),
    NoteKind.PICTURE_MISSING: _("Picture file missing, shown as not available"),
    NoteKind.PICTURE_REFUSED: _("File that is no picture, not imported"),
    NoteKind.MENTION_UNKNOWN: _("The text speaks of a figure or table that is not there"),
    NoteKind.FORMULA_AS_TEX: _("Formula kept as TeX"),
    NoteKind.MARKUP_DROPPED: _("Markup without meaning here, left out"),
    NoteKind.SECOND_ARTICLE: _("A second abstract: the file may hold another article, kept as text"),
}
COUNTED = {
    "sections": _("sections"),
    "paragraphs": _("paragraphs"),
    "steps": _("steps"),
    "figures": _("figures"),
    "tables": _("tables"),
    "callouts": _("callouts"),
    "references": _("references"),
}
