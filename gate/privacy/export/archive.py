"""Builds the ZIP: `data.json`, `data.html` and the credential files, written while it is sent.

At no moment is the plain archive on a disk or whole in memory.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from gate.models import Credential, User
from gate.privacy.export.document import document_of, file_name
from gate.privacy.export.page import readable
from gate.sealing import CannotOpen
from gate.verification.files import vault

CONTENT_TYPE = "application/zip"


class _Outbox:
    """A file that can only be written to; its content is taken out again and again."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, data: Any) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        taken, self.waiting = b"".join(self.waiting), []
        return taken


def archive_of(user: User) -> Iterator[bytes]:
    """The archive in pieces, in the user's language. The document is built before the first piece."""
    with translation.override(user.locale):
        document = document_of(user)
        page = render_to_string(
            "gate/own_data/export.html", {"data": readable(document), "locale": user.locale}
        )
    files = list(_files(user))
    return _pieces(document, page, files)


def _files(user: User) -> Iterator[tuple[str, Credential]]:
    cases = user.verifications.order_by("pk").prefetch_related("credentials")
    for number, case in enumerate(cases, start=1):
        for position, row in enumerate(case.credentials.all(), start=1):
            if row.deleted_at is None:
                yield file_name(number, row, position), row


def _pieces(document: dict[str, Any], page: str, files: list[tuple[str, Credential]]) -> Iterator[bytes]:
    outbox = _Outbox()
    missing = []
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # it needs write() and flush() only
        archive.writestr("data.html", page)
        yield outbox.take()
        for name, row in files:
            try:
                content = vault.read(row)
            except (CannotOpen, OSError):
                missing.append(name)
                continue
            archive.writestr(zipfile.ZipInfo(name), content)
            yield outbox.take()
        # Last, so that it can name the files that could not be opened.
        archive.writestr(
            "data.json", json.dumps(document | {"missing_files": missing}, ensure_ascii=False, indent=2)
        )
        yield outbox.take()
    yield outbox.take()
