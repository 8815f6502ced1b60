"""Test databases are copies of a template, which is made once for each state of the migrations.

The template's name is a hash of everything that a newly migrated database follows from. On SQLite it is a
file in pytest's cache folder, on PostgreSQL a database of the server. An unfinished one has another name.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import os
import re
import sqlite3
import sys
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

import django
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.creation import DatabaseCreation as PostgreSQLCreation
from django.db.backends.sqlite3.creation import DatabaseCreation as SQLiteCreation
from django.db.migrations.loader import MigrationLoader
from django.db.models.signals import post_migrate
from django.utils import translation
from filelock import FileLock

KEPT = 5  # templates: branches with other migrations take turns
# Settings that shape the tables or the first rows, beside those that migrations name.
SETTINGS = (
    "AUTH_USER_MODEL",
    "CACHES",
    "DEFAULT_AUTO_FIELD",
    "INSTALLED_APPS",
    "LANGUAGES",
    "LANGUAGE_CODE",
    "MIGRATION_MODULES",
    "TIME_ZONE",
    "USE_TZ",
    "WAGTAIL_CONTENT_LANGUAGES",
    "XINGLIN_API_DOCS_SIGN_IN",
)
SETTING_NAMED = re.compile(r"\bsettings[.,]\s*[\"']?([A-Z][A-Z0-9_]+)")
FIRST_PARTY = {"api", "cms", "config", "exchange", "frontend_templates", "gate", "search"}
# Threads that parse at once disturb each other in CPython 3.11 ("AST constructor recursion depth mismatch").
PARSING = Lock()
LOCK = int.from_bytes(hashlib.sha256(b"xinglin test templates").digest()[:8], "big", signed=True)


def template_key(engine: str) -> str:
    """The hash: migrations and what of ours they run, the settings they follow, Python and its packages."""
    packages = sorted(path.name for path in Path(django.__path__[0]).parent.glob("*.dist-info"))
    state = hashlib.sha256("\0".join([engine, sqlite3.sqlite_version, sys.version, *packages]).encode())
    named = set(SETTINGS)
    for path in sources():
        text = path.read_text(encoding="utf-8")
        named.update(SETTING_NAMED.findall(text))
        state.update(f"{path.parent.parent.name}/{path.parent.name}/{path.name}\0{text}\0".encode())
    with translation.override(None):
        for name in sorted(named):
            value = getattr(settings, name, None)
            if name == "CACHES":  # only which of them needs a table: the prefix is another in each run
                value = [cache["BACKEND"] for cache in value.values()]
            state.update(f"{name}={json.dumps(value, default=str, sort_keys=True)}\0".encode())
    return state.hexdigest()[:20]


def sources() -> Iterator[Path]:
    """The migrations of every app; of our own modules those that they import and that run after them."""
    for app in apps.get_app_configs():
        name, _ = MigrationLoader.migrations_module(app.label)
        folder = Path(app.path) / "migrations"
        if name and name != f"{app.name}.migrations":
            folder = Path(str(import_module(name).__file__)).parent
        for path in sorted(folder.rglob("*.py")):
            yield path
            if app.name.split(".")[0] in FIRST_PARTY:
                yield from imported(path)
    for _, reference, *_ in post_migrate.receivers:
        receiver = reference() if isinstance(reference, weakref.ReferenceType) else reference
        if inspect.isfunction(receiver) and receiver.__module__.split(".")[0] in FIRST_PARTY:
            yield Path(str(inspect.getsourcefile(receiver)))


def imported(path: Path) -> Iterator[Path]:
    """The files of our modules that the one at `path` imports itself."""
    with PARSING:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        names = [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
        names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            if name and name.split(".")[0] in FIRST_PARTY:
                yield Path(str(import_module(name).__file__))


class FromFile(SQLiteCreation):
    """Fills the test's database, in memory, from a file in `folder`."""

    def __init__(self, connection: Any, folder: Path) -> None:
        super().__init__(connection)
        self.folder = folder

    def create_test_db(
        self, verbosity: int = 1, autoclobber: bool = False, serialize: bool = True, keepdb: bool = False
    ) -> str:
        template = self.folder / f"{template_key('sqlite')}.sqlite3"
        with FileLock(self.folder / "lock"):
            if not template.exists():
                name: str = super().create_test_db(verbosity, autoclobber, serialize, keepdb=False)
                self._keep(template)
                return name
            os.utime(template)
            name = self._create_test_db(verbosity, autoclobber, keepdb=False)
            use_database(self.connection, name)
            with closing(sqlite3.connect(template)) as source:
                source.backup(self.connection.connection)
        if serialize:
            self.connection._test_serialized_contents = self.serialize_db_to_string()
        return name

    def _keep(self, template: Path) -> None:
        """Write the template under another name, then rename it: a killed run leaves none half full."""
        unfinished = template.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        with closing(sqlite3.connect(unfinished)) as target:
            self.connection.connection.backup(target)
        unfinished.rename(template)
        by_age = sorted(self.folder.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in by_age[KEPT:]:
            old.unlink()


class FromDatabase(PostgreSQLCreation):
    """Copies the test's database from one on the server. `--reuse-db` reuses none with other migrations."""

    def create_test_db(
        self, verbosity: int = 1, autoclobber: bool = False, serialize: bool = True, keepdb: bool = False
    ) -> str:
        key = template_key("postgresql")
        name: str = self._get_test_db_name()
        with self._alone() as cursor:
            if not (keepdb and self._comment(cursor, name) == key):
                self._copy_or_migrate(cursor, name, f"xinglin_template_{key}", verbosity)
                cursor.execute(f"COMMENT ON DATABASE {self._quoted(name)} IS '{key}'")
        use_database(self.connection, name)
        if serialize:
            self.connection._test_serialized_contents = self.serialize_db_to_string()
        return name

    def _copy_or_migrate(self, cursor: Any, name: str, template: str, verbosity: int) -> None:
        cursor.execute(f"DROP DATABASE IF EXISTS {self._quoted(name)}")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {self._quoted(name)} TEMPLATE {self._quoted(template)}")
            return
        super().create_test_db(verbosity, autoclobber=True, serialize=False, keepdb=False)
        self.connection.close()
        cursor.execute(f"CREATE DATABASE {self._quoted(template)} TEMPLATE {self._quoted(name)}")
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC OFFSET %s",
            ["xinglin_template_%", KEPT],
        )
        for (old,) in cursor.fetchall():
            cursor.execute(f"DROP DATABASE IF EXISTS {self._quoted(old)}")

    @contextmanager
    def _alone(self) -> Iterator[Any]:
        """A cursor of the maintenance database, for one process of the server at a time."""
        with self._nodb_cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # released with the connection
            yield cursor

    def _comment(self, cursor: Any, name: str) -> str | None:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        )
        found = cursor.fetchone()
        return found[0] if found else None

    def _quoted(self, name: str) -> str:
        return str(self.connection.ops.quote_name(name))


def use_database(connection: Any, name: str) -> None:
    """Connect to this database from now on, as Django's create_test_db() does."""
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, pytestconfig: pytest.Config
) -> None:
    """pytest-django asks for this before it makes the databases. Without pytest's cache there is no file."""
    connection = connections["default"]
    if connection.vendor == "postgresql":
        connection.creation = FromDatabase(connection)
    elif pytestconfig.pluginmanager.hasplugin("cacheprovider"):
        folder = pytestconfig.cache.mkdir("template-databases")  # type: ignore[union-attr]
        connection.creation = FromFile(connection, folder)
