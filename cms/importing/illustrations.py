"""Pairs captions with pictures and tables, and keeps the source's numbers true.

The CMS numbers figures in reading order. Where the source lost one (a caption that the scan swallowed, a table that is not
in the file), a placeholder takes its number, so that 图3 of the text stays 图3 of the article. What carries no number and
cannot be shown (a picture without caption whose file is missing) is left out and reported.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass, field

from cms.importing import captions, html_tables
from cms.importing.captions import Kind
from cms.importing.draft import Cell, Figure, Note, NoteKind, Row, Table
from cms.importing.elements import CaptionLine, Element, SourceLine, in_cluster, split
from cms.importing.pieces import Grid, Heading, Image, Markup, Piece, Placed, Text, join, text_of

# More missing numbers than this are no accident of scanning: the numbers were misread.
MOST_PLACEHOLDERS = 6
# Lines between a thing and its caption; tables drift farther in scanned columns.
_APART: dict[Kind, int] = {"图": 3, "表": 12}


@dataclass(frozen=True, slots=True)
class Words:
    """What stands where the source has nothing, in the language of the article."""

    no_caption: str = "(no caption in the source file)"
    no_table: str = "(this table is not in the source file)"
    no_reference: str = "(missing in the source file)"


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


@dataclass
class Illustrated:
    """The answer: pieces with figures and tables placed, the key of each number, and remarks."""

    pieces: list[Piece]
    keys: dict[tuple[Kind, int], str]
    notes: list[Note]


def place(pieces: list[Piece], *, has_picture: Callable[[str], bool], words: Words) -> Illustrated:
    """Find every figure and table among the pieces. `has_picture(path)` says whether the file can be imported."""
    elements = split(pieces)
    notes: list[Note] = []
    slots, used = _pair(elements, notes)
    _number(slots, elements, notes)
    slots = [slot for slot in slots if _worth_showing(slot, has_picture, notes)]
    keys = _name(slots)
    at: dict[int, list[Slot]] = {}
    for slot in slots:
        at.setdefault(slot.position, []).append(slot)
    out: list[Piece] = []
    for index, element in enumerate(elements):
        out += [Placed(slot.line, _block(slot, has_picture, words, notes)) for slot in at.get(index, ())]
        if index not in used and not isinstance(element, CaptionLine | SourceLine):
            out.append(element)
        elif index not in used and isinstance(element, CaptionLine | SourceLine):
            out.append(_as_text(element))
    return Illustrated(out, keys, notes)


def _pair(elements: list[Element], notes: list[Note]) -> tuple[list[Slot], set[int]]:
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


def _number(slots: list[Slot], elements: list[Element], notes: list[Note]) -> None:
    """Give lost numbers back: to things without a number that stand where it belongs, else to placeholders."""
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


def _worth_showing(slot: Slot, has_picture: Callable[[str], bool], notes: list[Note]) -> bool:
    if slot.kind == "表" or slot.number is not None or slot.caption:
        return True
    image = slot.image
    if image and (image.alt or image.title or has_picture(image.src)):
        return True
    notes.append(Note(NoteKind.PICTURE_UNCAPTIONED, image.src if image else "", slot.line))
    return False


def _name(slots: list[Slot]) -> dict[tuple[Kind, int], str]:
    keys: dict[tuple[Kind, int], str] = {}
    for index, slot in enumerate(slots, 1):
        letter = "f" if slot.kind == "图" else "t"
        if slot.number is None:
            slot.key = f"{letter}x{index}"
        elif (slot.kind, slot.number) in keys:
            slot.key = f"{letter}{slot.number}-{index}"
        else:
            slot.key = keys[slot.kind, slot.number] = f"{letter}{slot.number}"
    return keys


def _block(slot: Slot, has_picture: Callable[[str], bool], words: Words, notes: list[Note]) -> Figure | Table:
    caption = f"{slot.caption} {slot.english}".strip()
    if slot.kind == "表":
        return _table(slot, caption, words, notes)
    image = slot.image
    src = image.src if image else ""
    missing = not (src and has_picture(src))
    caption = caption or (image.title if image else "")
    if missing and not caption and not (image and image.alt):
        caption = words.no_caption
    if missing and not slot.placeholder:
        notes.append(Note(NoteKind.PICTURE_MISSING, src or caption[:80], slot.line))
    alt = (image.alt if image else "") or slot.caption or caption
    return Figure(slot.key, slot.number, caption, alt, slot.source, src, slot.placeholder)


def _table(slot: Slot, caption: str, words: Words, notes: list[Note]) -> Table:
    if not slot.grids:
        if not slot.placeholder:
            notes.append(Note(NoteKind.TABLE_ABSENT, f"表{slot.number} {caption}"[:80], slot.line))
        empty = ((Cell(words.no_table),),)
        return Table(slot.key, slot.number, caption or words.no_caption, rows=empty, placeholder=True)
    rows: tuple[Row, ...] = sum((grid.rows for grid in slot.grids), ())
    if any(grid.broken for grid in slot.grids):
        notes.append(Note(NoteKind.TABLE_BROKEN, caption[:80], slot.line))
    heads = html_tables.leading_heads(slot.grids[0].rows, slot.grids[0].head)
    note = join([*(grid.note for grid in slot.grids), slot.source])
    return Table(slot.key, slot.number, caption, rows[:heads], rows[heads:], note)


def _as_text(element: CaptionLine | SourceLine) -> Piece:
    return text_of(element.line, element.original, html.escape(element.original, quote=False))
