"""The environment is read literally; what cannot be read is refused without showing its content."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


@pytest.fixture
def environment(monkeypatch):
    """Set variables for one test and read them through a reader of their own."""

    def reader(**variables: str) -> env.Environment:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return env.Environment()

    return reader


def test_a_value_that_starts_with_a_dollar_is_not_the_name_of_a_variable(environment):
    assert environment(A_SECRET="$tart", tart="other").str("A_SECRET", default="") == "$tart"


def test_an_empty_variable_counts_as_not_set(environment):
    assert environment(A_PORT="").int("A_PORT", default=8000) == 8000


def test_a_secret_can_be_mounted_as_a_file(environment, tmp_path):
    file = tmp_path / "secret"
    file.write_text("from the file\n")
    assert environment(A_MOUNTED_SECRET_FILE=str(file)).str("A_MOUNTED_SECRET", default="") == "from the file"


@pytest.mark.parametrize(("text", "value"), [("true", True), ("On", True), ("0", False), ("False", False)])
def test_the_words_for_yes_and_no(environment, text, value):
    assert environment(A_SWITCH=text).bool("A_SWITCH", default=not value) is value


def test_a_word_that_is_neither_yes_nor_no_is_refused(environment):
    with pytest.raises(ImproperlyConfigured, match="A_SWITCH is neither true nor false"):
        environment(A_SWITCH="flase").bool("A_SWITCH", default=False)


def test_a_number_that_is_none_is_refused_without_quoting_it(environment):
    with pytest.raises(ImproperlyConfigured, match="A_PORT cannot be read as int") as caught:
        environment(A_PORT="hunter2").int("A_PORT", default=1)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("url", ["mysql://u:hunter2@host/name", "postgres://u:hunter2@host:port/name"])
def test_a_database_address_that_is_none_is_refused_without_quoting_it(url):
    with pytest.raises(ImproperlyConfigured) as caught:
        env.database(url)
    assert "hunter2" not in str(caught.value)


def test_a_database_address_is_taken_apart():
    entry = env.database("postgres://reader:p%40ss@db.internal:5433/xinglin?sslmode=require")
    assert entry["ENGINE"] == "django.db.backends.postgresql"
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"], entry["NAME"]) == (
        "reader",
        "p@ss",
        "db.internal",
        5433,
        "xinglin",
    )


def test_a_mail_address_that_is_none_is_refused_without_quoting_it():
    with pytest.raises(ImproperlyConfigured) as caught:
        env.email("pigeon://u:hunter2@host")
    assert "hunter2" not in str(caught.value)
