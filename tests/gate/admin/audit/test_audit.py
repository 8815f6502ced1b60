"""The audit log: everything that should be in it, its screen, its export, and who may see it."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from gate.audit.export import as_text, object_label, staff_code
from gate.models import AppendOnlyModel, AuditEvent
from gate.sealing import keyed_hash
from gate.verification.decisions import claim
from tests.factories.gate import UserFactory, approve, permit, reviewer, submitted

pytestmark = pytest.mark.django_db
Action = AuditEvent.Action


@pytest.fixture
def administrator(client):
    user = UserFactory(display_name="管理者")
    user.groups.add(Group.objects.get(name="管理员"))
    client.force_login(user)
    return user


def actions(**wanted) -> list[str]:
    return list(AuditEvent.objects.filter(**wanted).order_by("pk").values_list("action", flat=True))


def rows_of(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def test_opening_a_case_and_searching_at_the_desk_are_on_record(client):
    case = submitted()
    boss = reviewer()
    client.force_login(boss)
    client.get(reverse("gate_desk:case", args=[case.uuid]))
    row = AuditEvent.objects.get(action=Action.CASE_OPENED)
    assert (row.actor, row.subject, row.target) == (boss, case.user, f"verification:{case.pk}")
    client.get(reverse("gate_desk:queue"), {"q": "林一"})
    row = AuditEvent.objects.get(action=Action.PEOPLE_SEARCHED)
    assert row.detail == {"sought": keyed_hash("林一", purpose="search")}
    assert row.actor == boss
    client.get(reverse("gate_desk:queue"))
    assert len(actions(actor=boss)) == 2


def test_working_on_a_case_is_on_record_for_staff_and_not_for_its_person():
    case = submitted()
    boss = reviewer()
    claim(case=case, reviewer=boss)
    approve(case=case, reviewer=boss)
    rows = AuditEvent.objects.filter(subject=case.user, action=Action.CASE_CHANGED).order_by("pk")
    assert [row.detail["act"] for row in rows] == ["claimed", "approved"]
    assert {row.actor for row in rows} == {boss}


def test_looking_at_people_in_the_admin_is_on_record(client, administrator):
    user = UserFactory(display_name="被查看的人")
    client.get(reverse("wagtailusers_users:index"))
    client.get(reverse("wagtailusers_users:index"), {"q": "被查看"})
    edit = reverse("wagtailusers_users:edit", args=[user.pk])
    client.get(edit)
    client.post(edit, {"email": user.email, "display_name": "新名", "locale": "zh-hans", "is_active": "on"})
    assert actions(actor=administrator) == [
        "people_listed",
        "people_searched",
        "person_viewed",
        "person_changed",
    ]
    changed = AuditEvent.objects.get(action=Action.PERSON_CHANGED)
    assert (changed.subject, changed.detail["fields"]) == (user, ["display_name"])
    values = " ".join(str(row) for row in AuditEvent.objects.values_list("reason", "detail", "target"))
    assert "被查看" not in values
    assert user.email not in values


def test_reading_takes_a_right_and_exporting_another(client):
    log = reverse("gate_audit:log")
    client.force_login(permit(UserFactory(), "wagtailadmin.access_admin"))
    assert client.get(log).status_code == 302
    client.force_login(permit(UserFactory(), "wagtailadmin.access_admin", "gate.view_auditevent"))
    page = client.get(log)
    assert page.status_code == 200
    assert "export=csv" not in page.content.decode()
    assert client.get(log, {"export": "csv"}).status_code == 302
    assert not AuditEvent.objects.filter(action=Action.AUDIT_EXPORTED).exists()
    client.force_login(reviewer())
    assert client.get(log).status_code == 302


def test_the_log_is_searched_by_person_object_and_reason(client, administrator):
    lin, wang = UserFactory(display_name="林某"), UserFactory(display_name="王某")
    AuditEvent.record(Action.GRANT_GIVEN, wang, lin, "zone:7", "媒体合作")
    AuditEvent.record(Action.CASE_OPENED, wang, None, "verification:9")
    log = reverse("gate_audit:log")

    def found(**query) -> set[str]:
        page = client.get(log, query)
        assert "no-store" in page["Cache-Control"]
        return {row.target for row in page.context_data["object_list"]}

    assert found(q="林某") == {"zone:7"}
    assert found(q="verification:9") == {"verification:9"}
    assert found(q="合作") == {"zone:7"}
    assert found(actor="王某") == {"zone:7", "verification:9"}
    assert found(subject=lin.email) == {"zone:7"}
    assert found(action="case_opened") == {"verification:9"}
    assert found(at_from="2000-01-01", at_to="2000-01-02") == set()
    assert found(actor="没有这个人") == set()
    page = client.get(log, {"q": "林某"}).content.decode()
    assert "媒体合作" in page


def test_an_export_is_safe_complete_and_itself_on_record(client, administrator):
    evil = UserFactory(display_name='=HYPERLINK("http://evil.example","x")')
    AuditEvent.record(Action.GRANT_GIVEN, evil, evil, "zone:7", " +1+1")
    response = client.get(reverse("gate_audit:log"), {"export": "csv"})
    rows = rows_of(response)
    row = next(row for row in rows if "zone:7" in row.values())
    assert not any(value.lstrip().startswith(("=", "+", "-", "@")) for row in rows for value in row.values())
    assert staff_code(evil) in row.values()
    own = AuditEvent.objects.get(action=Action.AUDIT_EXPORTED)
    assert (own.actor, own.detail) == (administrator, {"rows": 1, "format": "csv"})


def test_plain_text_and_unknown_objects_stay_as_they_are():
    assert as_text({}) == ""
    assert object_label("webhook:3") == "webhook:3"
    assert object_label("credential:12").endswith(" 12")


def subclasses(model):
    for child in model.__subclasses__():
        yield from subclasses(child) if child._meta.abstract else [child]


def test_every_append_only_table_has_its_triggers():
    """A migration that makes a table anew on SQLite would lose them without a word."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT event_object_table, event_manipulation FROM information_schema.triggers")
        found = {(table, name.rsplit("_", 1)[-1].lower()) for table, name in cursor.fetchall()}
    for model in subclasses(AppendOnlyModel):
        table = model._meta.db_table
        assert {(table, "update"), (table, "delete")} <= found, table


def test_the_database_refuses_to_rewrite_the_log():
    AuditEvent.record(Action.CASE_OPENED)
    for statement in ("UPDATE gate_auditevent SET reason = 'x'", "DELETE FROM gate_auditevent"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db
def test_characters_that_break_exports_do_not_get_in():
    row = AuditEvent.record(
        AuditEvent.Action.PEOPLE_LISTED, target="user\x0b:1", reason="一\x0b二\x1b三", act="x\x00y", rows=3
    )
    row.refresh_from_db()
    assert (row.target, row.reason) == ("user\n:1", "一\n二三")
    assert row.detail == {"act": "xy", "rows": 3}


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_old_row_with_a_vertical_tab_is_exported(client, administrator, form):
    """As rows were written until November 2026; nobody can mend them."""
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(
                at=timezone.now(),
                action=Action.GRANT_GIVEN,
                target="zone:7",
                reason="媒体\x0b合作",
                detail={},
            )
        ]
    )
    response = client.get(reverse("gate_audit:log"), {"export": form})
    content = b"".join(response.streaming_content)
    if form == "csv":
        assert "媒体合作" in content.decode()
        return
    rows = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    assert any("媒体合作" in row for row in rows)
