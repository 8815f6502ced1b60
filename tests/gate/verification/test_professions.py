"""The table of professions: complete, checked alike everywhere, described to front ends."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from frontend_templates.verification_form import profession_words, verification_fields
from gate.models import Profession
from gate.verification.form import clean_application
from gate.verification.professions import FORMS, form_of, professions_that_need
from gate.verification.status import INPUT_FIELDS
from tests.api.golden import assert_shape
from tests.factories.gate import UserFactory, application

WHOLE = {
    "physician": application(),
    "pharmacist": application(profession="pharmacist", licence_number="ZY2026-0001", department=""),
    "nurse": application(profession="nurse", licence_number="202611000001"),
    "technician": application(profession="technician", licence_number="JS第0001号", department=""),
    "student": application(profession="student", licence_number="", department="", professional_title=""),
    "other": application(profession="other", licence_number="", department="", professional_title="营养师"),
}


def test_every_profession_has_every_column():
    assert set(FORMS) == set(Profession.values) == set(WHOLE)
    for fields in FORMS.values():
        assert {field.name for field in fields} == set(INPUT_FIELDS) - {"profession"}


@pytest.mark.parametrize("profession", Profession.values)
def test_what_is_complete_is_taken(profession):
    assert clean_application(WHOLE[profession])[1] == {}


@pytest.mark.parametrize("profession", Profession.values)
def test_each_asks_for_its_own(profession):
    required = {field.name for field in form_of(profession) if field.required}
    _values, problems = clean_application({"profession": profession})
    assert set(problems) == required
    assert {"full_name", "institution"} <= required


@pytest.mark.parametrize(
    ("profession", "number", "fits"),
    [
        ("physician", "110110000000001", True),
        ("physician", "１１０１１０００ ０００００１", False),  # fourteen
        ("physician", "１１０１１０００ ００００００１", True),
        ("physician", "A" * 15, False),
        ("nurse", "2" * 11, True),
        ("nurse", "2" * 19, False),
        ("pharmacist", "zy-01", True),
        ("pharmacist", "<b>", False),
        ("student", "1", False),
        ("student", "", True),
    ],
)
def test_numbers(profession, number, fits):
    problems = clean_application({**WHOLE[profession], "licence_number": number})[1]
    assert ("licence_number" not in problems) is fits


def test_patterns_are_of_the_syntax_that_javascript_shares():
    for fields in FORMS.values():
        for field in fields:
            if field.pattern:
                assert re.compile(field.pattern)
                assert not re.search(r"\(\?[^:=!]|\\[AZdDwW]|\*\+|\+\+", field.pattern)
                assert field.wrong


def test_nobody_knows_an_unknown_profession():
    assert clean_application(application(profession="wizard"))[1].keys() == {"profession"}


@pytest.mark.django_db
def test_the_api_describes_the_form(client):
    client.force_login(UserFactory())
    answer = client.get("/api/v1/gate/verification", headers={"Accept-Language": "en"}).json()
    assert_shape(answer, "VerificationAnswer")
    described = {one["value"]: {f["name"]: f for f in one["fields"]} for one in answer["form"]["professions"]}
    assert described["student"]["licence_number"]["label"] == "Student number"
    assert described["student"]["licence_number"]["required"] is False
    assert described["nurse"]["licence_number"]["pattern"] == "[0-9]{11,18}"
    assert described["physician"]["department"]["required"] is True


def test_the_site_names_fields_as_the_chosen_profession_has_them():
    with translation.override("en"):
        open_form = {field.name: field for field in verification_fields(None)}
        chosen = {field.name: field for field in verification_fields(None, {"profession": "student"}, {})}
        words = profession_words()
        needing = professions_that_need("department")
    assert needing == ["physician", "nurse"]
    assert "physician, nurse" in open_form["department"].hint
    assert open_form["department"].sometimes
    assert (chosen["licence_number"].label, chosen["licence_number"].required) == ("Student number", False)
    assert words["other"]["professional_title"] == {
        "label": "Occupation",
        "hint": "What you work as.",
        "required": True,
    }
