"""Wrong search settings fail `manage.py check` with an id and a hint."""

from __future__ import annotations

import pytest
from django.conf import settings as configured

from search.checks import ENGINES, check_search


def ids(settings, **changes):
    settings.XINGLIN_SEARCH = configured.XINGLIN_SEARCH | {"ENGINE": ENGINES[0], "INDEX": "xinglin"} | changes
    found = check_search(None)
    assert all(message.hint for message in found)
    return [message.id for message in found]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"ENGINE": ENGINES[1], "URL": "https://search.example:9200"}, []),
        ({"ENGINE": "search.engines.none.Engine"}, ["search.E002"]),
        ({"ENGINE": "search.engines.base.EngineHit"}, ["search.E003"]),
        ({"ENGINE": ENGINES[1], "URL": ""}, ["search.E004"]),
        ({"ENGINE": ENGINES[1], "URL": "search:9200"}, ["search.E004"]),
        ({"INDEX": "Xinglin"}, ["search.E006"]),
        ({"INDEX": "../x"}, ["search.E006"]),
        ({"INDEX": ""}, ["search.E006"]),
    ],
)
def test_ids(settings, changes, expected):
    assert ids(settings, **changes) == expected


def test_a_file_in_the_place_of_the_folder(settings, tmp_path):
    (tmp_path / "search").write_text("")
    assert ids(settings, PATH=tmp_path / "search") == ["search.E005"]


@pytest.mark.parametrize("value", [None, "embedded", {"ENGINE": ENGINES[0]}])
def test_a_setting_of_another_shape(settings, value):
    settings.XINGLIN_SEARCH = value
    assert [message.id for message in check_search(None)] == ["search.E001"]
