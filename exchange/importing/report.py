"""Import reports: one per file, as lines of text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from exchange.importing.messages import COUNTED, NOTES, OUTCOMES, STATES, TROUBLES
from exchange.importing.notes import Note, NoteKind
from exchange.importing.reading import Trouble
from exchange.importing.writer import Outcome, State

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
    line: int = 0
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
            "line": self.line,
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
        """Outcome, state and reason as a sentence."""
        parts = [str(OUTCOMES[self.outcome]), str(STATES[self.state])]
        if self.trouble:
            place = _("line %(line)d: ") % {"line": self.line} if self.line else ""
            parts = [str(OUTCOMES[self.outcome]), f"{place}{TROUBLES[self.trouble]}", self.detail]
        return _(", ").join(part for part in parts if part)

    def lines(self) -> Iterator[str]:
        """The report as lines of text."""
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
            "%(files)d files: %(created)d created, %(updated)d updated, %(unchanged)d unchanged, "
            "%(edited)d left alone, %(failed)d not imported; %(published)d published, %(refused)d refused"
        )
        % counted
    )
