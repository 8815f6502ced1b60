"""Template databases: never stale, never half made, made once for processes that start together."""

from __future__ import annotations

import sqlite3
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import ConnectionHandler, connection
from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.migrations.executor import MigrationExecutor

from tests import template_database
from tests.template_database import FromDatabase, FromFile, template_key


@pytest.fixture
def extra(tmp_path, monkeypatch, settings):
    """A package with migrations, of which one imports `extra.first_rows` and reads a setting."""
    folder = tmp_path / "extra"
    (folder / "migrations").mkdir(parents=True)
    (folder / "migrations" / "__init__.py").touch()
    (folder / "__init__.py").touch()
    (folder / "first_rows.py").write_text("ROWS = 1\n")
    (folder / "migrations" / "0001_first.py").write_text(
        "from django.conf import settings\nfrom django.db import migrations\n"
        "from extra.first_rows import ROWS\n\n\nclass Migration(migrations.Migration):\n"
        "    initial = bool(settings.XINGLIN_MARK_PATH)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(template_database, "FIRST_PARTY", {"extra", "taggit"})
    settings.MIGRATION_MODULES = {"taggit": "extra.migrations"}
    yield folder
    for name in [each for each in sys.modules if each.split(".")[0] == "extra"]:
        del sys.modules[name]


class TestTheKey:
    def test_it_is_the_same_for_the_same_state(self):
        assert template_key("sqlite") == template_key("sqlite") != template_key("postgresql")

    @pytest.mark.parametrize("changed", ["migrations/0001_first.py", "first_rows.py"])
    def test_it_follows_each_migration_and_what_that_imports(self, extra, changed):
        before = template_key("sqlite")
        (extra / changed).write_text((extra / changed).read_text() + "# changed\n")
        assert template_key("sqlite") != before

    def test_it_follows_a_migration_more(self, extra):
        before = template_key("sqlite")
        (extra / "migrations" / "0002_more.py").write_text("class Migration: pass\n")
        assert template_key("sqlite") != before

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("TIME_ZONE", "Europe/Berlin"),
            ("LANGUAGE_CODE", "en"),
            ("XINGLIN_MARK_PATH", "/named/by/the/migration/"),
            ("CACHES", {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}}),
            ("INSTALLED_APPS", ["cms"]),
        ],
    )
    def test_it_follows_settings(self, extra, monkeypatch, name, value):
        before = template_key("sqlite")
        monkeypatch.setattr(configured, name, value)
        assert template_key("sqlite") != before


@pytest.mark.django_db
def test_the_copy_has_every_migration_and_nothing_more():
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert set(executor.loader.applied_migrations) <= set(executor.loader.disk_migrations)


@pytest.fixture
def migrating(monkeypatch, django_db_blocker):
    """In the place of Django's slow way: one table. A list with an entry for each time."""
    made: list[str] = []

    def create(self: Any, *args: Any, **kwargs: Any) -> str:
        made.append("migrated")
        time.sleep(0.05)
        name = self._create_test_db(0, True)
        template_database.use_database(self.connection, name)
        with self.connection.cursor() as cursor:
            cursor.execute("CREATE TABLE made (number integer)")
        return str(name)

    for creation in (template_database.SQLiteCreation, template_database.PostgreSQLCreation):
        monkeypatch.setattr(creation, "create_test_db", create)
    with django_db_blocker.unblock():
        yield made


def tables(database: sqlite3.Connection) -> list[tuple[str]]:
    return database.execute("SELECT name FROM sqlite_master").fetchall()


class TestOnSQLite:
    @pytest.fixture
    def wrapper(self, monkeypatch):
        """wrapper(alias) -> a connection to a database in memory of its own."""

        def make(alias: str) -> SQLite:
            engine = {"ENGINE": "django.db.backends.sqlite3"}
            facts = ConnectionHandler({"default": {}, alias: engine}).settings[alias]
            monkeypatch.setitem(configured.DATABASES, alias, facts)
            made = SQLite(facts, alias)
            made.inc_thread_sharing()
            return made

        return make

    def test_processes_that_start_together_make_one(self, migrating, wrapper, tmp_path):
        databases = [wrapper(f"other_{number}") for number in range(4)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda each: FromFile(each, tmp_path).create_test_db(serialize=False), databases))
        assert migrating == ["migrated"]
        for each in databases:
            assert tables(each.connection) == [("made",)]
            each._close()

    def test_what_a_killed_run_left_is_not_used(self, migrating, wrapper, tmp_path, monkeypatch):
        first, second = wrapper("other_1"), wrapper("other_2")
        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                FromFile(first, tmp_path).create_test_db(serialize=False)
        assert [path.suffix for path in tmp_path.iterdir() if path.name != "lock"] == [".new"]
        FromFile(second, tmp_path).create_test_db(serialize=False)
        assert migrating == ["migrated", "migrated"]
        for each in (first, second):
            each._close()

    def test_a_database_changed_afterwards_leaves_the_template_alone(self, migrating, wrapper, tmp_path):
        first, second = wrapper("other_1"), wrapper("other_2")
        FromFile(first, tmp_path).create_test_db(serialize=False)
        first.connection.execute("DROP TABLE made")
        FromFile(second, tmp_path).create_test_db(serialize=False)
        assert tables(second.connection) == [("made",)]
        for each in (first, second):
            each._close()

    def test_old_ones_go(self, migrating, wrapper, tmp_path, monkeypatch):
        databases = [wrapper(f"other_{number}") for number in range(template_database.KEPT + 2)]
        for number, each in enumerate(databases):
            monkeypatch.setattr(template_database, "template_key", lambda engine, key=number: str(key))
            FromFile(each, tmp_path).create_test_db(serialize=False)
            each._close()
        kept = sorted(path.stem for path in tmp_path.glob("*.sqlite3"))
        assert kept == [str(number) for number in range(2, template_database.KEPT + 2)]


@pytest.mark.postgres
class TestOnPostgreSQL:
    @pytest.fixture
    def wrapper(self, migrating, monkeypatch):
        """A connection whose test database no other test uses. It and its templates are dropped."""
        monkeypatch.setattr(template_database, "KEPT", 1000)  # those of the runs are not counted here
        name = f"{configured.DATABASES['default']['NAME']}_other"
        facts = configured.DATABASES["default"] | {"NAME": name}
        facts["TEST"] = facts["TEST"] | {"NAME": name}
        monkeypatch.setitem(configured.DATABASES, "other", facts)
        made = PostgreSQL(facts, "other")
        yield made
        made.close()
        with made.creation._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'xinglin_template_key%'")
            for old in [name, *(row[0] for row in cursor.fetchall())]:
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')

    def make(self, wrapper: PostgreSQL, *, keepdb: bool) -> list[str]:
        FromDatabase(wrapper).create_test_db(serialize=False, keepdb=keepdb)
        with wrapper.cursor() as cursor:
            names = wrapper.introspection.table_names(cursor)
            cursor.execute("CREATE TABLE IF NOT EXISTS left_behind (number integer)")
        wrapper.close()
        return sorted(names)

    def test_only_a_database_of_the_same_migrations_is_reused(self, wrapper, migrating, monkeypatch):
        prefix = f"key{configured.DATABASES['default']['NAME']}"[-40:]
        monkeypatch.setattr(template_database, "template_key", lambda engine: f"{prefix}1")
        assert self.make(wrapper, keepdb=True) == ["made"]
        assert self.make(wrapper, keepdb=True) == ["left_behind", "made"]
        assert self.make(wrapper, keepdb=False) == ["made"]
        assert migrating == ["migrated"]
        monkeypatch.setattr(template_database, "template_key", lambda engine: f"{prefix}2")
        assert self.make(wrapper, keepdb=True) == ["made"]
        assert migrating == ["migrated", "migrated"]
