"""Stores uploaded files whole: an upload that fails on a full disk leaves no file behind."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Django's storage of files in MEDIA_ROOT, but a file gets its name when all of it is written.

    Django's own writes under the name, and a full disk leaves the beginning of a picture there.
    """

    def _save(self, name: str, content: File[Any]) -> str:
        Path(self.location).mkdir(parents=True, exist_ok=True)
        # In the same folder tree, so that naming it is a rename and copies nothing.
        descriptor, part = tempfile.mkstemp(dir=self.location, prefix=".part-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk.encode() if isinstance(chunk, str) else chunk)
            return super()._save(name, _Written(part))  # type: ignore[misc]
        finally:
            Path(part).unlink(missing_ok=True)


class _Written(File[Any]):
    """An upload that Django moves instead of copying: it reads `temporary_file_path`."""

    def __init__(self, path: str) -> None:
        super().__init__(None, name=path)
        self.path = path

    def temporary_file_path(self) -> str:
        return self.path
