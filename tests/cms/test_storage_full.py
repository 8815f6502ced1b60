"""A full disk is recognised from every error that means one, and from no other."""

from __future__ import annotations

import errno
import sqlite3

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection

from cms.storage_full import is_storage_full


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (psycopg.errors.DiskFull("could not extend file"), True),
        (ValueError("An IO error occurred: 'No space left on device (os error 28)'"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (psycopg.errors.UniqueViolation("duplicate key"), False),
        (sqlite3.OperationalError("no such table"), False),
        (None, False),
    ],
)
def test_by_its_number_or_words(error, full):
    assert is_storage_full(error) is full


def test_below_other_errors():
    outer = OperationalError("could not extend file")
    outer.__cause__ = psycopg.errors.DiskFull("could not extend file")
    around = RuntimeError("while saving")
    around.__context__ = outer
    around.__cause__ = None
    assert is_storage_full(around)
    outer.__cause__ = outer.__context__ = around  # a circle ends
    assert not is_storage_full(outer)


def test_sqlite_says_it_itself(tmp_path):
    with sqlite3.connect(tmp_path / "small.sqlite3") as small:
        small.execute("CREATE TABLE t (text)")
        small.execute("PRAGMA max_page_count = 2")
        with pytest.raises(sqlite3.OperationalError) as refused:
            small.execute("INSERT INTO t VALUES (?)", ["x" * 100_000])
    small.close()
    assert is_storage_full(refused.value)


@pytest.mark.django_db
def test_an_ordinary_error_of_the_database_is_none():
    with pytest.raises(DatabaseError) as refused, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
    assert not is_storage_full(refused.value)
