"""Users export and correct what is held about them."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gate.audit.export import staff_code
from gate.errors import InvalidAnswers, TooOften
from gate.models import AuditEvent, CaseMessage, Credential
from gate.people.grants import Right, grant
from gate.privacy.export.accesses import accesses_of
from gate.privacy.export.document import document_of
from gate.privacy.own_data import EXPORTS_AN_HOUR, correct_account, export_own_data
from gate.verification.casework import add_note
from gate.verification.decisions import claim
from gate.verification.files.credentials import record_look
from gate.verification.replies import give_information
from tests.factories.gate import (
    UserFactory,
    admitted_reader,
    gated_zone,
    reject,
    reviewer,
    submitted,
    verification_in,
)

pytestmark = pytest.mark.django_db


def archive(user) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(export_own_data(user=user, surface="test"))))


def test_the_archive_holds_everything_as_data_page_and_files():
    zone = gated_zone(title="消化专区")
    user = admitted_reader(zone, display_name="林一", email="lin@example.org", locale="zh-hans")
    grant(user=user, zone_id=zone.pk, right=Right.READ, reason="press", by=None)
    licence = user.verifications.get().licence_number
    with archive(user) as found:
        assert found.testzip() is None
        assert sorted(found.namelist()) == ["credentials/1-1.jpg", "data.html", "data.json"]
        data = json.loads(found.read("data.json"))
        page = BeautifulSoup(found.read("data.html"), "html.parser")
        picture = found.read("credentials/1-1.jpg")
    assert picture.startswith(b"\xff\xd8")
    assert len(picture) == Credential.objects.get().size
    assert data["missing_files"] == []
    assert data["account"]["email"] == "lin@example.org"
    *in_zone, credentials = data["consents"]
    assert [row["decision"] for row in data["consents"]] == ["agreed", "agreed", "agreed"]
    assert {row["zone"]["title"] for row in in_zone} == {"消化专区"}
    assert (credentials["kind"], credentials["zone"]) == ("sensitive", None)
    assert data["answers"][0]["answers"][0]["answer"] == "消化内科"
    assert data["verifications"][0]["licence_number"] == licence
    assert data["verifications"][0]["credentials"][0]["file"] == "credentials/1-1.jpg"
    assert len(data["admissions"]) == len(data["grants"]) == 1
    for word in ("lin@example.org", licence, "消化内科", "消化专区"):
        assert word in page.text
    assert page.find("a")["href"] == "credentials/1-1.jpg"
    assert not page.find_all(["script", "img", "link"]), "the page asks the network for nothing"


def test_reviewers_are_codes_and_their_notes_stay_inside():
    case = submitted()
    boss = reviewer(display_name="审核员甲", email="boss@example.org")
    claim(case=case, reviewer=boss)
    reject(case=case, reviewer=boss, reason="照片不清晰")
    AuditEvent.record(AuditEvent.Action.GRANT_GIVEN, boss, case.user, "zone:1", "内部备注")
    text = json.dumps(document_of(case.user), ensure_ascii=False)
    assert "审核员甲" not in text
    assert "boss@example.org" not in text
    assert "内部备注" not in text
    assert "照片不清晰" in text, "what the person was told is theirs"
    assert staff_code(boss) in text


def test_questions_and_answers_are_in_it_and_notes_of_reviewers_are_not():
    case = verification_in("needs_answer")
    give_information(user=case.user, answer="见附件。")
    add_note(case=case, reviewer=case.reviewer, text="疑似转让证书")
    (told,) = document_of(case.user)["verifications"]
    assert [(row["kind"], row["text"]) for row in told["messages"]] == [
        ("question", "请补充进修证明。"),
        ("answer", "见附件。"),
    ]
    assert "疑似转让证书" not in json.dumps(told, ensure_ascii=False)


def test_nobody_elses_data_is_in_it():
    one, other = (admitted_reader(gated_zone(), display_name=name) for name in ("甲某人", "乙某人"))
    text = json.dumps(document_of(one), ensure_ascii=False)
    assert "乙某人" not in text
    assert str(other.uuid) not in text
    assert other.email not in text


def test_a_file_that_is_gone_is_named_and_the_rest_arrives():
    case = verification_in("approved")
    Credential.objects.update(sealed=b"broken")
    with archive(case.user) as found:
        assert json.loads(found.read("data.json"))["missing_files"] == ["credentials/1-1.jpg"]


def test_each_export_is_on_record_before_a_byte_and_there_is_a_limit():
    user = UserFactory()
    pieces = export_own_data(user=user, surface="test")
    assert AuditEvent.objects.filter(action="data_exported", actor=user, subject=user).count() == 1
    b"".join(pieces)
    for _number in range(EXPORTS_AN_HOUR - 1):
        export_own_data(user=user, surface="test")
    with pytest.raises(TooOften):
        export_own_data(user=user, surface="test")
    export_own_data(user=UserFactory(), surface="test")


def test_the_document_costs_the_same_for_one_request_as_for_many():
    user = verification_in("rejected").user
    document_of(user)
    with CaptureQueriesContext(connection) as few:
        document_of(user)
    for _number in range(3):
        case = verification_in("rejected", user)
        assert case.user == user
    with CaptureQueriesContext(connection) as many:
        document_of(user)
    assert len(many) == len(few)


def test_accesses_say_who_in_kind_newest_first():
    case = submitted()
    boss = reviewer()
    claim(case=case, reviewer=boss)
    record_look(credential=case.credentials.get(), case=case, reviewer=boss, reason="deciding the case")
    entries = accesses_of(case.user)
    assert [(entry.action, entry.by) for entry in entries] == [
        ("credential_viewed", "staff"),
        ("case_changed", "staff"),
    ]
    assert entries[0].code == entries[1].code == staff_code(boss)
    assert accesses_of(boss) == []


def test_names_and_languages_are_corrected_and_on_record():
    user = UserFactory(display_name="旧名", locale="zh-hans")
    correct_account(user=user, display_name="  新\u202e 名\x00 ", locale="en")
    user.refresh_from_db()
    assert (user.display_name, user.locale) == ("新 名", "en")
    assert AuditEvent.objects.get(action="data_corrected").detail == {"fields": ["display_name", "locale"]}
    correct_account(user=user, display_name="新 名")
    assert AuditEvent.objects.filter(action="data_corrected").count() == 1
    with pytest.raises(InvalidAnswers) as refusal:
        correct_account(user=user, display_name="长" * 121, locale="xx")
    assert set(refusal.value.fields) == {"display_name", "locale"}
    user.refresh_from_db()
    assert user.locale == "en"


def test_questions_and_answers_are_theirs_and_notes_are_not():
    case = submitted()
    boss = reviewer()
    for kind, author, words in (
        ("note", boss, "内部的怀疑"),
        ("question", boss, "请补充执业地点"),
        ("answer", case.user, "在示例医院"),
    ):
        CaseMessage.objects.create(verification=case, kind=kind, author=author, text=words, at=timezone.now())
    told = document_of(case.user)["verifications"][0]["messages"]
    assert [(row["by"], row["text"]) for row in told] == [("staff", "请补充执业地点"), ("you", "在示例医院")]
