"""Numbers that captions lost: found again by what the text speaks of and by the gaps between the others."""

from __future__ import annotations

from exchange.importing.notes import Note, NoteKind
from exchange.importing.pieces import Heading, Markup, Text
from exchange.importing.recognition import captions
from exchange.importing.recognition.captions import Kind
from exchange.importing.recognition.elements import Element
from exchange.importing.recognition.slots import Slot

# More missing numbers than this are no accident of scanning: the numbers were misread.
MOST_PLACEHOLDERS = 6


def recover(slots: list[Slot], elements: list[Element], notes: list[Note]) -> None:
    """Give lost numbers back: to things that stand where the number belongs, else to placeholders."""
    said = [m for e in elements if isinstance(e, Text | Markup | Heading) for m in captions.mentions(e.text)]
    for kind in ("图", "表"):
        known = {slot.number for slot in slots if slot.kind == kind and slot.number is not None}
        top = max(known, default=0)
        wanted = sorted({n for k, n in said if k == kind and 0 < n <= top + 8} | set(range(1, top)))
        missing = [n for n in wanted if n not in known]
        if len([n for n in missing if n < top]) > MOST_PLACEHOLDERS:
            notes.append(Note(NoteKind.FIGURE_ABSENT, f"{kind}{missing[0]}–{kind}{missing[-1]}"))
            continue
        for number in missing:
            _recover(kind, number, slots, elements, notes)


def _recover(kind: Kind, number: int, slots: list[Slot], elements: list[Element], notes: list[Note]) -> None:
    same = [slot for slot in slots if slot.kind == kind]
    lower = [s.position for s in same if s.number is not None and s.number < number]
    higher = [s.position for s in same if s.number is not None and s.number > number]
    start, end = max(lower, default=-1), min(higher, default=10**9)
    for slot in same:
        if slot.number is None and start < slot.position < end:
            slot.number = number
            return
    if not higher:
        return  # the text speaks of it, nothing after it needs its number: it stays a word
    position, line = min(higher), next(slot.line for slot in same if slot.position == min(higher))
    for index in range(start + 1, min(higher)):  # after the paragraph that speaks of it first
        element = elements[index]
        if isinstance(element, Text | Markup) and (kind, number) in captions.mentions(element.text):
            position, line = index + 1, element.line
            break
    slots.append(Slot(kind, position, line, number, placeholder=True))
    slots.sort(key=lambda s: (s.position, s.number or 0))
    notes.append(
        Note(NoteKind.FIGURE_ABSENT if kind == "图" else NoteKind.TABLE_ABSENT, f"{kind}{number}", line)
    )
