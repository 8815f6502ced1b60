"""What an import tells: one report per file, as lines for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from cms.importing.draft import Note, NoteKind
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
_LONGEST_QUOTE = 100
_MOST_QUOTES = 3


@dataclass(slots=True)
class FileReport:
    """One file of one run. counts: as DraftArticle.counts(); empty where nothing was recognised."""

    path: str
    outcome: Outcome
    state: State = State.NONE
    trouble: Trouble | None = None
    detail: str = ""
    title: str = ""
    article_id: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: tuple[Note, ...] = ()
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "outcome": str(self.outcome),
            "state": str(self.state),
            "trouble": str(self.trouble or ""),
            "message": self.message(),
            "title": self.title,
            "article_id": self.article_id,
            "counts": self.counts,
            "problems": self.problems,
            "notes": [
                {
                    "kind": str(note.kind),
                    "message": str(NOTES[note.kind]),
                    "line": note.line,
                    "text": note.text,
                }
                for note in self.notes
            ],
            "seconds": round(self.seconds, 3),
        }

    def message(self) -> str:
        """Outcome, state and reason in words."""
        parts = [str(OUTCOMES[self.outcome]), str(STATES[self.state])]
        if self.trouble:
            parts = [str(OUTCOMES[self.outcome]), str(TROUBLES[self.trouble]), self.detail]
        return _(", ").join(part for part in parts if part)

    def lines(self) -> Iterator[str]:
        """The report for people."""
        yield f"{self.path}: {self.message()}"
        if self.title:
            yield f"    {self.title}"
        if self.counts:
            yield "    " + _(", ").join(
                _("%(count)d %(what)s") % {"count": count, "what": COUNTED[name]}
                for name, count in self.counts.items()
                if count
            )
        for problem in self.problems:
            yield "    ! " + problem
        for kind in dict.fromkeys(note.kind for note in self.notes):
            yield from self._notes(kind)

    def _notes(self, kind: NoteKind) -> Iterator[str]:
        notes = [note for note in self.notes if note.kind == kind]
        quotes = [_quote(note) for note in notes[:_MOST_QUOTES] if note.text]
        if len(notes) > _MOST_QUOTES:
            quotes.append("…")
        number = f" ({len(notes)})" if len(notes) > 1 else ""
        yield f"    - {NOTES[kind]}{number}" + (": " + "; ".join(quotes) if quotes else "")


def _quote(note: Note) -> str:
    text = " / ".join(note.text.split("\n"))
    if len(text) > _LONGEST_QUOTE:
        text = text[:_LONGEST_QUOTE] + "…"
    return (_("line %(line)d: ") % {"line": note.line} if note.line else "") + text


def totals(reports: list[FileReport]) -> dict[str, int]:
    """How many files had each outcome and state."""
    counted = {str(outcome): 0 for outcome in Outcome} | {str(state): 0 for state in State if state}
    for report in reports:
        counted[str(report.outcome)] += 1
        if report.state:
            counted[str(report.state)] += 1
    return {"files": len(reports)} | counted


def summary(reports: list[FileReport]) -> str:
    """The last line of a run."""
    counted = totals(reports)
    return (
        _(
            "%(files)d files: %(created)d created, %(updated)d updated, %(unchanged)d unchanged, %(edited)d left alone, "
            "%(failed)d not imported; %(published)d published, %(refused)d refused"
        )
        % counted
    )
