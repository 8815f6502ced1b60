"""Pairs captions with pictures and tables: each pair is a slot, which becomes a figure or a table.

Neighbours of one run ("cluster") belong together. Scanned papers put captions above, below, and apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from exchange.importing.notes import Note, NoteKind
from exchange.importing.pieces import Grid, Image, Text, join
from exchange.importing.recognition.captions import Kind
from exchange.importing.recognition.elements import CaptionLine, Element, SourceLine, in_cluster

# Lines between a picture or table and its caption; tables drift farther in scanned columns.
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
    """Every figure and table in reading order, and the indexes of the elements that are part of one."""
    slots: list[Slot] = []
    used: set[int] = set()
    strangers: list[int] = []  # indexes of English captions whose Chinese ones stand elsewhere
    numbered = {
        (element.caption.kind, element.caption.number)
        for element in elements
        if isinstance(element, CaptionLine) and not element.caption.english
    }
    for span in _runs(elements):
        for kind in ("图", "表"):
            cluster = _Cluster(kind, elements, span, numbered)
            slots += cluster.slots({slot.number for slot in slots if slot.kind == kind})
            used |= cluster.used
            strangers += cluster.strangers
            notes += cluster.notes
        _sources(elements, span, slots, used)
    for index in strangers:
        element = elements[index]
        if isinstance(element, CaptionLine):
            wanted = (element.caption.kind, element.caption.number)
            home = next((slot for slot in slots if (slot.kind, slot.number) == wanted), None)
            if home is None:
                used.discard(index)
            else:
                home.english = join([home.english, element.original])
    slots.sort(key=lambda slot: slot.position)
    _unnumbered_captions(slots, elements, used)
    return _reunited(slots), used


def _runs(elements: list[Element]) -> Iterator[range]:
    """The clusters: runs of elements that belong to figures and tables by their form."""
    start = 0
    while start < len(elements):
        end = start
        while end < len(elements) and in_cluster(elements[end]):
            end += 1
        if end > start:
            yield range(start, end)
        start = end + 1


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
            before.source = join([before.source, slot.source])
            continue
        kept.append(slot)
    return kept


@dataclass
class _Cluster:
    """The neighbours of one run, of one kind, while captions are paired."""

    kind: Kind
    elements: list[Element]
    span: range
    numbered: set[tuple[Kind, int]]
    units: dict[int, Slot] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    strangers: list[int] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def slots(self, taken: set[int | None]) -> list[Slot]:
        """One slot for each caption, picture and table that is not paired.

        `taken`: numbers of slots before this run.
        """
        things = [i for i in self.span if isinstance(self.elements[i], Image if self.kind == "图" else Grid)]
        for index in self.span:
            element = self.elements[index]
            if isinstance(element, CaptionLine) and element.caption.kind == self.kind:
                second = element.caption.number in taken and not element.caption.english
                if things or not second:  # a second 图3 without a picture is a sentence, not a figure
                    self.used.add(index)
                    self._caption(element, index)
        captioned = sorted(self.units.values(), key=lambda slot: slot.position)
        for unit, thing in _matches(captioned, things, before=self.kind == "图"):
            _give(unit, self.elements[thing])
            unit.position = min(unit.position, thing)
            self.used.add(thing)
            things.remove(thing)
        alone = [slot for thing in things if (slot := self._alone(thing, captioned))]
        return captioned + alone

    def _caption(self, element: CaptionLine, index: int) -> None:
        caption = element.caption
        repeats = caption.english and (self.kind, caption.number) in self.numbered
        unit = self.units.get(caption.number)
        if unit is None and repeats and not self._has_chinese(caption.number):
            self.strangers.append(index)
            return
        if unit is None:
            unit = self.units[caption.number] = Slot(self.kind, index, element.line, caption.number)
        if caption.english:
            unit.english = join([unit.english, element.original if repeats else caption.text])
        elif unit.caption:
            unit.caption = join([unit.caption, caption.text])
        else:
            unit.caption, unit.position, unit.line = caption.text, index, element.line

    def _has_chinese(self, number: int) -> bool:
        captions = [e.caption for i in self.span if isinstance(e := self.elements[i], CaptionLine)]
        return any((c.kind, c.number, c.english) == (self.kind, number, False) for c in captions)

    def _alone(self, thing: int, captioned: list[Slot]) -> Slot | None:
        """A slot without caption; None for a table that continues the one before it."""
        element = self.elements[thing]
        self.used.add(thing)
        if isinstance(element, Grid) and not element.caption:
            for slot in captioned:
                if slot.grids and _touch(slot, thing, self.elements):
                    slot.grids.append(element)
                    self.notes.append(Note(NoteKind.TABLE_CONTINUED, slot.caption[:80], element.line))
                    return None
        alone = Slot(self.kind, thing, element.line)
        _give(alone, element)
        return alone


def _matches(units: list[Slot], things: list[int], *, before: bool) -> list[tuple[Slot, int]]:
    """Which caption belongs to which picture or table: in order when counts are equal, else the nearest."""
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
        if thing.caption not in slot.caption:
            slot.caption = join([slot.caption, thing.caption])


def _sources(elements: list[Element], span: range, slots: list[Slot], used: set[int]) -> None:
    for i in span:
        element = elements[i]
        if isinstance(element, SourceLine):
            owner = [slot for slot in slots if slot.position <= i and slot.position >= span.start]
            if owner:
                owner[-1].source = join([owner[-1].source, element.source])
                used.add(i)


def _unnumbered_captions(slots: list[Slot], elements: list[Element], used: set[int]) -> None:
    """Words without a number in a picture's own paragraph are its caption, unless they are a sentence."""
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
