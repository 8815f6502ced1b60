"""Pairs captions with pictures and tables: each pair is a slot, which becomes a figure or a table.

Neighbours of one run ("cluster") belong together. Scanned papers put captions above, below, and apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cms.importing.notes import Note, NoteKind
from cms.importing.pieces import Grid, Image, Text, join
from cms.importing.recognition.captions import Kind
from cms.importing.recognition.elements import CaptionLine, Element, SourceLine, in_cluster

# Lines between a thing and its caption; tables drift farther in scanned columns.
_APART: dict[Kind, int] = {"图": 3, "表": 12}


@dataclass
class Slot:
    """A figure or a table while it is put together; `position` is its place among the elements."""

    kind: Kind
    position: int
    line: int
    number: int | None = None
    caption: str = ""
    english: str = ""
    image: Image | None = None
    grids: list[Grid] = field(default_factory=list)
    source: str = ""
    placeholder: bool = False
    key: str = ""


def pair(elements: list[Element], notes: list[Note]) -> tuple[list[Slot], set[int]]:
    slots: list[Slot] = []
    used: set[int] = set()
    numbered = {
        (element.caption.kind, element.caption.number)
        for element in elements
        if isinstance(element, CaptionLine) and not element.caption.english
    }
    strangers: list[CaptionLine] = []
    index = 0
    while index < len(elements):
        if not in_cluster(elements[index]):
            index += 1
            continue
        end = index
        while end < len(elements) and in_cluster(elements[end]):
            end += 1
        for kind in ("图", "表"):
            _cluster(kind, elements, range(index, end), slots, used, strangers, numbered, notes)
        _sources(elements, range(index, end), slots, used)
        index = end
    for element in strangers:  # English captions whose Chinese ones stand elsewhere
        home = next(s for s in slots if (s.kind, s.number) == (element.caption.kind, element.caption.number))
        home.english = join([home.english, element.original])
    slots.sort(key=lambda slot: slot.position)
    _unnumbered_captions(slots, elements, used)
    return _reunited(slots), used


def _reunited(slots: list[Slot]) -> list[Slot]:
    """A picture or table and its caption that a line of running text keeps apart."""
    kept: list[Slot] = []
    for slot in slots:
        before = next((other for other in reversed(kept) if other.kind == slot.kind), None)
        if (
            before is not None
            and (before.image or before.grids)
            and before.number is None
            and not before.caption
            and not slot.image
            and not slot.grids
            and 0 <= slot.line - before.line <= _APART[slot.kind]
        ):
            before.number, before.caption, before.english = slot.number, slot.caption, slot.english
            continue
        kept.append(slot)
    return kept


def _cluster(
    kind: Kind,
    elements: list[Element],
    span: range,
    slots: list[Slot],
    used: set[int],
    strangers: list[CaptionLine],
    numbered: set[tuple[Kind, int]],
    notes: list[Note],
) -> None:
    """Pair the captions and things of one kind in one cluster."""
    things = [i for i in span if isinstance(elements[i], Image if kind == "图" else Grid)]
    units: dict[int, Slot] = {}
    taken = {slot.number for slot in slots if slot.kind == kind}
    for i in span:
        element = elements[i]
        if not isinstance(element, CaptionLine) or element.caption.kind != kind:
            continue
        caption = element.caption
        if caption.number in taken and not caption.english and not things:
            continue  # a second 图3 without a picture is a sentence, not a figure
        used.add(i)
        unit = units.get(caption.number)
        if unit is None and caption.english and (kind, caption.number) in numbered:
            here = any(
                isinstance(other := elements[j], CaptionLine)
                and (other.caption.kind, other.caption.number) == (kind, caption.number)
                and not other.caption.english
                for j in span
            )
            if not here:
                strangers.append(element)
                continue
        if unit is None:
            unit = units[caption.number] = Slot(kind, i, element.line, caption.number)
        if caption.english:
            unit.english = join(
                [unit.english, element.original if (kind, caption.number) in numbered else caption.text]
            )
        elif unit.caption:
            unit.caption = join([unit.caption, caption.text])
        else:
            unit.caption, unit.position, unit.line = caption.text, i, element.line
    ordered = sorted(units.values(), key=lambda slot: slot.position)
    for unit, thing in _matches(ordered, things, before=kind == "图"):
        _give(unit, elements[thing])
        unit.position = min(unit.position, thing)
        used.add(thing)
        things.remove(thing)
    slots += ordered
    for thing in things:
        element = elements[thing]
        used.add(thing)
        previous = next(
            (s for s in ordered if isinstance(element, Grid) and s.grids and _touch(s, thing, elements)), None
        )
        if previous and isinstance(element, Grid) and not element.caption:
            previous.grids.append(element)
            notes.append(Note(NoteKind.TABLE_CONTINUED, previous.caption[:80], element.line))
            continue
        alone = Slot(kind, thing, element.line)
        _give(alone, element)
        slots.append(alone)


def _matches(units: list[Slot], things: list[int], *, before: bool) -> list[tuple[Slot, int]]:
    """Which caption goes with which thing: in order when there are as many, else the nearest on its usual side."""
    if len(units) == len(things):
        return list(zip(units, things, strict=True))
    pairs: list[tuple[Slot, int]] = []
    free = list(things)
    for usual in (True, False):
        for unit in units if before else reversed(units):
            if any(unit is paired for paired, _ in pairs):
                continue
            if before == usual:
                side = [thing for thing in reversed(free) if thing < unit.position]
            else:
                side = [thing for thing in free if thing > unit.position]
            blocked = [u.position for u in units if u is not unit]
            side = [
                t for t in side if not any(min(t, unit.position) < p < max(t, unit.position) for p in blocked)
            ]
            if side:
                pairs.append((unit, side[0]))
                free.remove(side[0])
    return pairs


def _touch(slot: Slot, thing: int, elements: list[Element]) -> bool:
    """Whether only tables stand between a slot's table and another one: the second continues the first."""
    line = max(grid.line for grid in slot.grids)
    start = next(i for i, e in enumerate(elements) if isinstance(e, Grid) and e.line == line)
    return start < thing and all(isinstance(e, Grid) for e in elements[start:thing])


def _give(slot: Slot, thing: Element) -> None:
    if isinstance(thing, Image):
        slot.image = thing
    elif isinstance(thing, Grid):
        slot.grids.append(thing)
        slot.caption = slot.caption or thing.caption


def _sources(elements: list[Element], span: range, slots: list[Slot], used: set[int]) -> None:
    for i in span:
        element = elements[i]
        if isinstance(element, SourceLine):
            owner = [slot for slot in slots if slot.position <= i and slot.position >= span.start]
            if owner:
                owner[-1].source = join([owner[-1].source, element.source])
                used.add(i)


def _unnumbered_captions(slots: list[Slot], elements: list[Element], used: set[int]) -> None:
    """Words in the same paragraph as a picture, without a number, are its caption unless they are a sentence."""
    for slot in slots:
        if slot.image is None or slot.number is not None or slot.position + 1 >= len(elements):
            continue
        after = elements[slot.position + 1]
        if (
            isinstance(after, Text)
            and slot.position + 1 not in used
            and after.line == slot.image.line + 1
            and "。" not in after.text
            and len(after.text) <= 300
        ):
            slot.caption = after.text
            used.add(slot.position + 1)
