"""Uploaded files are whole or not there."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cms.storage_full import is_storage_full
from cms.whole_files import WholeFileStorage


@pytest.fixture
def storage(tmp_path):
    return WholeFileStorage(location=tmp_path / "media")


def files(storage) -> list[str]:
    root = Path(storage.location)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_it_is_the_storage_of_uploads():
    assert isinstance(default_storage._wrapped, WholeFileStorage)


@pytest.mark.parametrize("content", [b"bytes", "文字"])
def test_saves_under_a_free_name(storage, content):
    first = storage.save("pictures/a.png", ContentFile(content))
    second = storage.save("pictures/a.png", ContentFile(content))
    assert first == "pictures/a.png"
    assert files(storage) == sorted([first, second])
    expected = content.encode() if isinstance(content, str) else content
    assert (Path(storage.location) / second).read_bytes() == expected
    assert (Path(storage.location) / first).stat().st_mode & 0o777 == 0o644


def test_a_file_that_finds_no_room_leaves_nothing(storage):
    class TooMuch(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"x" * 100
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError) as refused:  # noqa: PT011 - its number is looked at
        storage.save("pictures/a.png", TooMuch(b""))
    assert is_storage_full(refused.value)
    assert files(storage) == []
