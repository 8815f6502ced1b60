"""The vault of credentials: sealed files under XINGLIN_CREDENTIALS_ROOT, never among Wagtail's media.

Inside a transaction the ciphertext is stored in the row (`Credential.sealed`), so a rollback leaves nothing.
After the commit it is stored in its file; store_all_in_files() stores what a crash in between left.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import transaction
from django.utils import timezone

from gate import sealing
from gate.models import Credential, Verification
from gate.verification.files.uploads import CleanFile

STORAGE_ALIAS = "credentials"


def vault() -> Storage:
    """The storage named "credentials", or a folder that only its owner can read."""
    if STORAGE_ALIAS in settings.STORAGES:
        return storages[STORAGE_ALIAS]
    return FileSystemStorage(
        location=settings.XINGLIN_CREDENTIALS_ROOT,
        base_url=None,
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
        allow_overwrite=True,
    )


def store(file: CleanFile, *, verification: Verification) -> Credential:
    """Add a checked file to a case; must run inside the transaction that creates the case."""
    row = Credential(
        verification=verification,
        content_type=file.content_type,
        size=len(file.data),
        content_hash=sealing.keyed_hash(file.data, purpose="credential"),
        created_at=timezone.now(),
    )
    row.sealed = sealing.seal(file.data, context=_context(row))
    row.save()
    transaction.on_commit(partial(store_in_file, row.pk))
    return row


def read(row: Credential) -> bytes:
    """The plain bytes; the caller has checked and recorded who looks (files.credentials)."""
    if row.deleted_at is not None:
        raise FileNotFoundError("this credential was deleted on schedule")
    return sealing.open_sealed(_sealed_bytes(row), context=_context(row))


def store_in_file(pk: int) -> None:
    """Move a committed row's ciphertext to its file. Doing it twice is harmless."""
    row = Credential.objects.filter(pk=pk, sealed__isnull=False).first()
    if row is None:
        return
    vault().save(row.name, ContentFile(bytes(row.sealed or b"")))
    Credential.objects.filter(pk=pk).update(sealed=None)


def store_all_in_files() -> int:
    """Move what a crash left in its row. Returns the number."""
    waiting = list(Credential.objects.filter(sealed__isnull=False).values_list("pk", flat=True))
    for pk in waiting:
        store_in_file(pk)
    return len(waiting)


def rotate(row: Credential) -> bool:
    """Re-wrap one file under the current key; False when it already is."""
    sealed = _sealed_bytes(row)
    fresh = sealing.rewrap(sealed, context=_context(row))
    if sealing.key_id_of(fresh) == sealing.key_id_of(sealed):
        return False
    # By way of the row, as when it was stored: an interruption while the file is written loses nothing.
    Credential.objects.filter(pk=row.pk, deleted_at=None).update(sealed=fresh)
    store_in_file(row.pk)
    return True


def discard(row: Credential) -> None:
    """Delete the content for good; the row and its keyed hash stay."""
    name = row.name
    Credential.objects.filter(pk=row.pk).update(sealed=None, deleted_at=timezone.now())
    transaction.on_commit(lambda: vault().delete(name))


def delete_orphans() -> int:
    """Delete files whose row is marked as deleted: a crash between commit and deletion leaves them."""
    try:
        names = set(vault().listdir("")[1])
    except FileNotFoundError:  # nothing was ever stored
        return 0
    left = [row for row in Credential.objects.exclude(deleted_at=None).iterator() if row.name in names]
    for row in left:
        vault().delete(row.name)
    return len(left)


def _sealed_bytes(row: Credential) -> bytes:
    # BinaryField gives memoryview on PostgreSQL.
    waiting: Any = row.sealed
    if waiting is not None:
        return bytes(waiting)
    with vault().open(row.name) as file:
        return bytes(file.read())


def _context(row: Credential) -> bytes:
    return row.uuid.bytes
