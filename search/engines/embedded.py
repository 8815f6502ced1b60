"""The embedded engine: tantivy, with its files under `settings.XINGLIN_SEARCH["PATH"]`.

One writer at a time (a file lock); before each search every process loads what others have written.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy

from search.analysis import Tokens, codes, fold
from search.documents import SearchDocument
from search.engines.base import Applied, EngineAnswer, EngineHit, EngineQuery
from search.engines.embedded_query import build
from search.engines.generations import (
    Generation,
    current_folder,
    current_name,
    damage_reported,
    generations,
    point_to,
    slot_prefix,
)
from search.errors import IndexUnusable
from search.locks import file_lock
from search.requests import MAX_WINDOW

_HEAP = 30_000_000  # bytes; one thread, so that the same documents make the same segments
_WRITE_WAIT = 30.0  # seconds


def _tokens_into(form: tantivy.Document, prefix: str, text: str) -> None:
    """One field value for each passage: tantivy leaves a gap between values, so no phrase crosses it."""
    for passage in text.split("\n"):
        tokens = Tokens.of(passage)
        form.add_text(f"{prefix}_uni", " ".join(tokens.unigrams))
        form.add_text(f"{prefix}_bi", " ".join(tokens.bigrams))
    form.add_text(f"{prefix}_codes", " ".join(sorted(set(codes(fold(text))))))


def _form_of(document: SearchDocument, generation: Generation) -> tantivy.Document:
    form = tantivy.Document()
    form.add_text("id", document.id)
    form.add_text("zone_slug", document.zone_slug)
    form.add_integer("sequence", document.sequence)
    form.add_integer("day", document.date.toordinal())
    form.add_integer("page_id", document.page_id)
    _tokens_into(form, "title", document.title)
    _tokens_into(form, "public", document.public_text)
    if document.gated_text:
        _tokens_into(form, slot_prefix(generation.slot_of(document.access_key)), document.gated_text)
    return form


def _hit(kept: tantivy.Document, score: float) -> EngineHit:
    return EngineHit(str(kept.get_first("id")), int(kept.get_first("sequence") or 0), score)


class EmbeddedEngine:
    def __init__(self, *, url: str, index: str, path: Path) -> None:
        """`url` is Elasticsearch's and not used here."""
        self.index, self.path = index, path
        self._opened: Generation | None = None
        self._opening = threading.Lock()

    # --- reading ---------------------------------------------------------------------------------

    def _reader(self) -> Generation:
        """The generation in use, refreshed.

        Retries with the next one if a swap deletes it while it is opened.
        """
        with self._opening:
            while True:
                name = current_name(self.path, self.index)
                try:
                    return self._fresh(current_folder(self.path, self.index))
                except IndexUnusable:
                    self._opened = None
                    if current_name(self.path, self.index) == name:
                        raise

    def _fresh(self, folder: Path) -> Generation:
        if self._opened is None or self._opened.folder != folder:
            self._opened = Generation.open(folder)
        else:
            self._opened.refresh()
        return self._opened

    def search(self, query: EngineQuery) -> EngineAnswer:
        """Reads the whole window and orders it here, as tantivy breaks ties by where it stored a document."""
        generation = self._reader()
        allowed = [
            slot_prefix(generation.slots[key]) for key in sorted(query.scope) if key in generation.slots
        ]
        with damage_reported():
            searcher = generation.index.searcher()
            found = searcher.search(build(generation.index.schema, query, allowed), MAX_WINDOW)
            scores, addresses = zip(*found.hits, strict=True) if found.hits else ((), ())
            days = searcher.fast_field_values("day", list(addresses))
            pages = searcher.fast_field_values("page_id", list(addresses))
            order = sorted(zip(scores, days, pages, range(len(scores)), strict=True), reverse=True)
            hits = tuple(
                _hit(searcher.doc(addresses[place]), score)
                for score, _, _, place in order[query.offset : query.offset + query.limit]
            )
        return EngineAnswer(hits, int(found.count))  # type: ignore[attr-defined] # tantivy's stub lacks it

    def inventory(self) -> Iterator[tuple[str, int]]:
        generation = self._reader()
        with damage_reported():
            searcher = generation.index.searcher()
            everything = searcher.search(tantivy.Query.all_query(), max(searcher.num_docs, 1))
            rows = [searcher.doc(address).to_dict() for _, address in everything.hits]
        for row in rows:
            yield row["id"][0], row["sequence"][0]

    # --- writing ---------------------------------------------------------------------------------

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        with file_lock(self.path / f"{self.index}.write.lock", _WRITE_WAIT):
            yield

    def _write(self, folder: Path, write: Iterable[SearchDocument], remove: Collection[str]) -> Applied:
        generation = Generation.open(folder)
        written, failed = 0, {}
        with damage_reported():
            writer = generation.index.writer(_HEAP, 1)
        try:
            for article_id in remove:
                writer.delete_documents_by_term("id", article_id)
            for document in write:
                writer.delete_documents_by_term("id", document.id)
                try:
                    writer.add_document(_form_of(document, generation))
                except ValueError as error:
                    failed[document.id] = str(error)
                else:
                    written += 1
            with damage_reported():
                writer.commit()
        finally:
            writer.wait_merging_threads()
        return Applied(written, len(remove), failed)

    def apply(self, write: Iterable[SearchDocument], remove: Collection[str]) -> Applied:
        with self._one_writer():
            return self._write(current_folder(self.path, self.index), write, remove)

    def create(self, name: str) -> None:
        with self._one_writer():
            Generation.create(self.path / name)

    def load(self, name: str, documents: Iterable[SearchDocument]) -> Applied:
        with self._one_writer():
            return self._write(self.path / name, documents, ())

    def swap(self, name: str) -> None:
        with self._one_writer():
            Generation.open(self.path / name)  # refuses an index that cannot be read
            point_to(self.path, self.index, name)

    def discard(self, name: str) -> None:
        shutil.rmtree(self.path / name, ignore_errors=True)

    def drop(self) -> None:
        with self._one_writer():
            (self.path / f"{self.index}.current").unlink(missing_ok=True)
            for folder in generations(self.path, self.index):
                shutil.rmtree(folder, ignore_errors=True)
