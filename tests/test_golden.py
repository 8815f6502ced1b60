"""The golden helper: it shows what differs, and writes only when asked to."""

from __future__ import annotations

import pytest

from tests import golden as helper


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(helper, "ROOT", tmp_path)
    monkeypatch.setattr(helper, "_written", [])
    return tmp_path


def test_a_difference_names_the_line_and_the_file_and_the_command(folder):
    (folder / "a.json").write_text(helper.as_text({"title": "旧", "same": 1}))
    with pytest.raises(pytest.fail.Exception) as failed:
        helper.compare("a.json", {"title": "新", "same": 1}, write=False)
    text = str(failed.value)
    assert '- "title": "旧",' in text
    assert '+ "title": "新",' in text
    assert "a.json" in text
    assert "make golden" in text
    assert (folder / "a.json").read_text() == helper.as_text({"title": "旧", "same": 1})


def test_the_order_of_members_counts(folder):
    (folder / "a.json").write_text(helper.as_text({"a": 1, "b": 2}))
    helper.compare("a.json", {"a": 1, "b": 2}, write=False)
    with pytest.raises(pytest.fail.Exception):
        helper.compare("a.json", {"b": 2, "a": 1}, write=False)


def test_a_missing_file_fails_until_it_is_written(folder):
    with pytest.raises(pytest.fail.Exception):
        helper.compare("a.yaml", "a: 1\n", write=False)
    helper.compare("a.yaml", "a: 1\n", write=True)
    helper.compare("a.yaml", "a: 1\n", write=False)
    assert helper._written == [folder / "a.yaml"]


def test_what_is_the_same_is_not_written(folder):
    (folder / "a.yaml").write_text("a: 1\n")
    helper.compare("a.yaml", "a: 1\n", write=True)
    assert helper._written == []


def test_a_long_difference_is_cut(folder):
    shown = helper.difference("", "\n".join(str(number) for number in range(500)), "a.txt").splitlines()
    assert len(shown) == helper.SHOWN + 1
    assert "lines more" in shown[-1]
