"""The embedded index on disk: one folder for each generation and a pointer to the one in use.

    <path>/<index>.current          name of the generation in use, replaced in one step
    <path>/<index>.write.lock       held by the one writer
    <path>/<generation>/            tantivy's files and slots.json

Text behind an access key has fields of its own ("slots"): fields that a scope does not hold are not asked,
so their words change neither matches and counts nor the word statistics that rank others.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tantivy

from search.analysis import ANALYSIS_VERSION
from search.errors import IndexUnusable

SLOTS = 128
"""Access keys that one generation can hold, about two for each zone. Each costs three empty fields."""
_SLOTS_FILE = "slots.json"


def slot_prefix(slot: int) -> str:
    return f"g{slot}"


def build_schema() -> tantivy.Schema:
    """Words arrive as tokens separated by spaces: the analysis is ours (`search.analysis`)."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("zone_slug", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("sequence", stored=True)
    builder.add_integer_field("day", fast=True)
    builder.add_integer_field("page_id", fast=True)
    for prefix in ("title", "public", *map(slot_prefix, range(SLOTS))):
        builder.add_text_field(f"{prefix}_uni", tokenizer_name="whitespace", index_option="position")
        builder.add_text_field(f"{prefix}_bi", tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field(f"{prefix}_codes", tokenizer_name="whitespace", index_option="basic")
    return builder.build()


@contextmanager
def damage_reported() -> Iterator[None]:
    """tantivy reports damage as ValueError, OSError or a Rust panic, which is no Exception."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise IndexUnusable(str(error)) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise IndexUnusable(str(error)) from error
        raise


@dataclass
class Generation:
    """One opened generation. `slots`: access key -> slot, only ever extended while it is in use."""

    folder: Path
    index: tantivy.Index
    slots: dict[str, int]
    stamp: tuple[int, ...] = ()

    @classmethod
    def create(cls, folder: Path) -> Generation:
        folder.mkdir(parents=True)
        with damage_reported():
            generation = cls(folder, tantivy.Index(build_schema(), str(folder)), {})
        generation.save_slots()
        return generation

    @classmethod
    def open(cls, folder: Path) -> Generation:
        with damage_reported():
            index = tantivy.Index.open(str(folder))
            index.config_reader("manual")
        generation = cls(folder, index, {})
        generation.refresh()
        return generation

    def refresh(self) -> None:
        """Load what other processes committed. The slots are read last: a writer saves them first."""
        with damage_reported():
            status = (self.folder / "meta.json").stat()
            stamp = (status.st_mtime_ns, status.st_ino, status.st_size)
            if stamp == self.stamp:
                return
            self.index.reload()
            kept = json.loads((self.folder / _SLOTS_FILE).read_text("utf-8"))
            if kept["analysis"] != ANALYSIS_VERSION:
                raise IndexUnusable(f"written by analysis {kept['analysis']}, this is {ANALYSIS_VERSION}")
            self.slots, self.stamp = dict(kept["slots"]), stamp

    def save_slots(self) -> None:
        partial = self.folder / f"{_SLOTS_FILE}.new"
        partial.write_text(json.dumps({"analysis": ANALYSIS_VERSION, "slots": self.slots}), "utf-8")
        partial.replace(self.folder / _SLOTS_FILE)

    def slot_of(self, access_key: str) -> int:
        """The key's slot, a new one if need be. Only the writer calls it. ValueError when all are taken."""
        if access_key not in self.slots:
            if len(self.slots) == SLOTS:
                raise ValueError(f"The embedded index holds {SLOTS} access keys. Use Elasticsearch for more.")
            self.slots[access_key] = len(self.slots)
            self.save_slots()
        return self.slots[access_key]


def current_name(path: Path, index: str) -> str:
    """Raises IndexUnusable when no generation is in use."""
    try:
        name = (path / f"{index}.current").read_text("utf-8").strip()
    except OSError as error:
        raise IndexUnusable(f"no index {index} in {path}") from error
    if not name or name != Path(name).name:
        raise IndexUnusable(f"{index}.current names no generation")
    return name


def current_folder(path: Path, index: str) -> Path:
    """Raises IndexUnusable when no generation is in use, or when its folder is gone."""
    folder = path / current_name(path, index)
    if not folder.is_dir():
        raise IndexUnusable(f"{index}.current names no generation")
    return folder


def point_to(path: Path, index: str, name: str) -> None:
    """One step for every process; then deletes the index's other generations. Processes that still have
    one of them open go on reading it until their next search."""
    partial = path / f"{index}.current.new"
    partial.write_text(name, "utf-8")
    partial.replace(path / f"{index}.current")
    for folder in generations(path, index):
        if folder.name != name:
            shutil.rmtree(folder, ignore_errors=True)


def generations(path: Path, index: str) -> list[Path]:
    return [folder for folder in path.glob(f"{index}-*") if folder.is_dir()] if path.is_dir() else []
