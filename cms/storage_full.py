"""Recognises errors that mean a full disk: of the file system, SQLite, PostgreSQL and Elasticsearch."""

from __future__ import annotations

import errno
import sqlite3

_ERRNO = (errno.ENOSPC, errno.EDQUOT)
_SQLSTATE = "53100"  # PostgreSQL's disk_full
# tantivy raises plain ValueErrors, and Elasticsearch closes an index for writing before its disk is full.
_WORDS = ("No space left on device", "flood-stage watermark")


def is_storage_full(error: BaseException | None) -> bool:
    """Whether `error`, or an error that it was raised from or during, means that the disk is full."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if _is_about_space(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _is_about_space(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    if isinstance(error, OSError):
        return error.errno in _ERRNO
    if getattr(error, "sqlstate", None) == _SQLSTATE:
        return True
    return isinstance(error, Exception) and any(word in str(error) for word in _WORDS)
