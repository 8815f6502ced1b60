"""Reads files to text: finds the files of a path, detects encodings, reports files that cannot be read."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from cms.characters import clean_text
from exchange.importing.document import FORMATS

LARGEST = 1024 * 1024
"""Bytes: 350,000 Chinese characters. The longest of 48 papers has 40 kB; what is larger is no article."""


class Trouble(StrEnum):
    """Why a file is not imported; `report.py` has the texts."""

    NO_SUCH_PATH = "no_such_path"
    NOT_SUPPORTED = "not_supported"
    NOT_READABLE = "not_readable"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    BINARY = "binary"
    ENCODING = "encoding"
    TRUNCATED = "truncated"
    NO_TEXT = "no_text"
    NOT_STORED = "not_stored"


class NotImported(Exception):
    """A file was skipped. detail: the system's own message, if any; line: from 1 (0: the whole file)."""

    def __init__(self, trouble: Trouble, detail: str = "", *, line: int = 0) -> None:
        super().__init__(f"{trouble}: {detail}" if detail else str(trouble))
        self.trouble = trouble
        self.detail = detail
        self.line = line


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to import. `name` is its path below the folder that was given: it identifies the file."""

    path: Path
    name: str

    @property
    def form(self) -> str:
        return FORMATS[self.path.suffix.lower()]


@dataclass
class Found:
    """The files of the given paths, those that are ignored, and the paths without any."""

    files: list[SourceFile] = field(default_factory=list)
    ignored: list[Path] = field(default_factory=list)
    troubles: list[tuple[Path, NotImported]] = field(default_factory=list)


def find(paths: Iterable[str | Path]) -> Found:
    """Files by name, folders with all they hold; hidden files and links out of a folder are ignored."""
    found = Found()
    seen: set[Path] = set()
    for given in map(Path, paths):
        if given.is_dir():
            _folder(given, found, seen)
        elif not given.exists():
            found.troubles.append((given, NotImported(Trouble.NO_SUCH_PATH)))
        elif given.suffix.lower() not in FORMATS:
            found.troubles.append((given, NotImported(Trouble.NOT_SUPPORTED, given.suffix)))
        elif given.resolve() not in seen:
            seen.add(given.resolve())
            found.files.append(SourceFile(given, given.name))
    return found


def _folder(folder: Path, found: Found, seen: set[Path]) -> None:
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder)
        if path.is_dir() or any(part.startswith(".") for part in below.parts):
            continue
        inside = path.resolve().is_relative_to(root)
        if path.suffix.lower() not in FORMATS or not inside:
            found.ignored.append(path)
        elif path.resolve() not in seen:
            seen.add(path.resolve())
            found.files.append(SourceFile(path, below.as_posix()))


def read(path: Path) -> str:
    """The text of a file. Raises NotImported."""
    try:
        if path.stat().st_size > LARGEST:
            raise NotImported(Trouble.TOO_LARGE, f"{path.stat().st_size:,} > {LARGEST:,}")
        data = path.read_bytes()
    except OSError as error:
        raise NotImported(Trouble.NOT_READABLE, error.strerror or type(error).__name__) from error
    return decode(data)


def decode(data: bytes) -> str:
    """UTF-8 (with or without a mark), UTF-16 with a mark, or GB18030. Raises NotImported."""
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise NotImported(Trouble.EMPTY)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(data, "utf-16")
    if data.startswith((b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")):
        raise NotImported(Trouble.BINARY)
    if b"\x00" in data:
        raise NotImported(Trouble.BINARY, line=_line(data, data.index(b"\x00")))
    try:
        return _checked(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        if _cut_short(data, error):
            raise NotImported(Trouble.TRUNCATED, line=_line(data, error.start)) from error
        no_utf8 = error.start
    text = _strict(data, "gb18030")
    if not _is_likely_chinese(text):
        raise NotImported(Trouble.ENCODING, line=_line(data, no_utf8))
    return _checked(text)


def _strict(data: bytes, encoding: str) -> str:
    try:
        return clean_text(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise NotImported(
            Trouble.ENCODING, f"{encoding}, byte {error.start}", line=_line(data, error.start)
        ) from error


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def _cut_short(data: bytes, error: UnicodeDecodeError) -> bool:
    """Valid UTF-8 except for the last character, which lacks bytes: the file was cut."""
    return error.reason == "unexpected end of data" and error.start >= len(data) - 3 and error.start > 0


def _checked(text: str) -> str:
    """Raise NotImported when control characters beyond white space show that this is no text."""
    odd = [found.start() for found in re.finditer(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]", text)]
    if len(odd) > max(4, len(text) // 200):
        raise NotImported(Trouble.BINARY, line=text.count("\n", 0, odd[0]) + 1)
    return clean_text(text)


def _is_likely_chinese(text: str) -> bool:
    """GB18030 decodes almost anything; only a text of everyday characters is accepted."""
    beyond = [char for char in text if ord(char) > 0x7F]
    usual = sum(_is_everyday(char) for char in beyond)
    return bool(beyond) and usual / len(beyond) > 0.8


def _is_everyday(char: str) -> bool:
    """Punctuation, letters, and the first level of GB 2312: 3,755 characters 99 % of any text."""
    try:
        return char.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return char in "—…·‘’“”①②③④⑤℃±≤≥αβγδμ"
