"""Recovers numbers that captions lost, from the text's mentions and the gaps between the other numbers."""

from __future__ import annotations

from exchange.importing.notes import Note, NoteKind
from exchange.importing.pieces import Heading, Markup, Text
from exchange.importing.recognition import captions
from exchange.importing.recognition.captions import Kind
from exchange.importing.recognition.elements import Element
from exchange.importing.recognition.slots import Slot

# More missing numbers than this are no accident of scanning: the numbers were misread.
MOST_PLACEHOLDERS = 6


def recover(slots: list[Slot], elements: list[Element], notes: list[Note], *, english: bool) -> None:
    """Assign lost numbers: to figures and tables where the number belongs, else to placeholders."""
    mentioned = {
        index: captions.mentions(element.text, english=english)
        for index, element in enumerate(elements)
        if isinstance(element, Text | Markup | Heading)
    }
    for kind in ("图", "表"):
        known = {slot.number for slot in slots if slot.kind == kind and slot.number is not None}
        top = max(known, default=0)
        spoken = {number for found in mentioned.values() for k, number in found if k == kind}
        wanted = sorted({number for number in spoken if 0 < number <= top + 8} | set(range(1, top)))
        missing = [number for number in wanted if number not in known]
        if len([number for number in missing if number < top]) > MOST_PLACEHOLDERS:
            notes.append(Note(NoteKind.FIGURE_ABSENT, f"{kind}{missing[0]}–{kind}{missing[-1]}"))
            continue
        for number in missing:
            places = [index for index, found in mentioned.items() if (kind, number) in found]
            _recover(kind, number, slots, places, notes, elements)


def _recover(
    kind: Kind, number: int, slots: list[Slot], places: list[int], notes: list[Note], elements: list[Element]
) -> None:
    """places: indexes of the elements that mention the number."""
    same = [slot for slot in slots if slot.kind == kind]
    lower = [s.position for s in same if s.number is not None and s.number < number]
    higher = [s.position for s in same if s.number is not None and s.number > number]
    start, end = max(lower, default=-1), min(higher, default=10**9)
    for slot in same:
        if slot.number is None and start < slot.position < end:
            slot.number = number
            return
    if not higher:
        return  # the text mentions it, nothing after it needs its number: it stays a word
    position, line = end, next(slot.line for slot in same if slot.position == end)
    # After the paragraph that mentions it first.
    place = next((i for i in places if start < i < end and not isinstance(elements[i], Heading)), None)
    if place is not None:
        position, line = place + 1, elements[place].line
    slots.append(Slot(kind, position, line, number, placeholder=True))
    slots.sort(key=lambda s: (s.position, s.number or 0))
    notes.append(
        Note(NoteKind.FIGURE_ABSENT if kind == "图" else NoteKind.TABLE_ABSENT, f"{kind}{number}", line)
    )
