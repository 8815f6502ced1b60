"""Picture files beside a document: looked up within its folder only, and decoded before they are accepted."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError

from cms.drawing.slots import PATIENT_SECONDS
from cms.pictures import verify_picture

LARGEST = 20 * 1024 * 1024


class PictureFolder:
    """The pictures that one document may show. Results are cached for the time of one import."""

    def __init__(self, document: Path) -> None:
        self.folder = document.parent
        self.refused: dict[str, str] = {}
        self._known: dict[str, Path | None] = {}

    def has(self, source: str) -> bool:
        """Whether the path in a document leads to a picture that can be imported."""
        return self.find(source) is not None

    def find(self, source: str) -> Path | None:
        """The file, or None; the reason why an existing file is no picture is in `refused`."""
        if source not in self._known:
            self._known[source] = self._look(source)
        return self._known[source]

    def read(self, source: str) -> bytes:
        path = self.find(source)
        if path is None:
            raise FileNotFoundError(source)
        return path.read_bytes()

    def digest(self, source: str) -> str:
        """Hex SHA-1 of the file, as Wagtail keeps it in `file_hash`."""
        return hashlib.sha1(self.read(source), usedforsecurity=False).hexdigest()

    def _look(self, source: str) -> Path | None:
        try:
            address = urlsplit(source)
        except ValueError:
            return None
        name = unquote(address.path)
        if address.scheme or address.netloc or not name or "\x00" in name:
            return None
        try:
            root = self.folder.resolve()
            path = (root / name).resolve()
            if Path(name).is_absolute() or not path.is_relative_to(root) or not path.is_file():
                return None
            if path.stat().st_size > LARGEST:
                self.refused[source] = f"{path.stat().st_size:,} > {LARGEST:,}"
                return None
            verify_picture(BytesIO(path.read_bytes()), wait=PATIENT_SECONDS)
        except ValidationError as error:
            self.refused[source] = " ".join(error.messages)
            return None
        except (OSError, RuntimeError):
            return None
        return path
