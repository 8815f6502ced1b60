"""Turns pieces into an article by a list of recognisers, functions that each take part of the `Work`.

A new recogniser is a module with `recognise(work)` and one line in RECOGNISERS. The order matters: what
stands around the text first, the text last. `scanned` is optional: it does nothing unless the file is a
scanned paper (docs/adr/0034-scanned-papers-apart.md).
"""

from __future__ import annotations

from collections.abc import Callable

from exchange.importing.recognition import (
    byline,
    front_matter,
    headings,
    illustrations,
    page_frame,
    references,
    scanned,
    sections,
    steps,
    summaries,
    title,
)
from exchange.importing.recognition.work import Work

Recogniser = Callable[[Work], None]

RECOGNISERS: tuple[Recogniser, ...] = (
    front_matter.recognise,
    page_frame.recognise,
    scanned.recognise,
    references.recognise,
    title.recognise,
    summaries.recognise,
    byline.recognise,
    headings.recognise,
    steps.recognise,
    illustrations.recognise,
    sections.recognise,
)
