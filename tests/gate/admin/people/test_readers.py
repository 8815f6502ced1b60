"""Closing a zone for one reader and opening it again, by screen; and the mails to the reader."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gate.decision.access import Access
from gate.decision.facts import Reason
from gate.models import AuditEvent, User, ZoneUserObjectPermission
from gate.notify.signals import gate_changed
from gate.people import grants
from gate.steps.admissions import revoke_admission
from tests.factories.gate import UserFactory, admitted_reader, gated_zone, permit, take_steps

pytestmark = pytest.mark.django_db
REASON = "账号共享"


def manager(zone, **kwargs):
    """Who manages the gate of that zone and gets into the admin."""
    user = permit(UserFactory(**kwargs), "wagtailadmin.access_admin")
    grants.grant(user=user, zone_id=zone.pk, right="manage_gate", reason="专区负责人", by=None)
    return user


def signed_in(user):
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def address(act, reader, zone=None):
    return reverse(f"gate_readers:{act}", args=[reader.uuid, *([zone.pk] if zone else [])])


@pytest.fixture
def zone(db):
    return gated_zone("agreement", audience="registered", title="消化专区")


@pytest.fixture
def heard():
    events = []

    def hear(sender, event, ids, **kwargs):
        events.append((event, ids.get("zone")))

    gate_changed.connect(hear)
    yield events
    gate_changed.disconnect(hear)


class TestDoors:
    def test_from_the_person_to_a_closed_zone_and_back(self, zone, heard, django_capture_on_commit_callbacks):
        reader, by = admitted_reader(zone, locale="en"), manager(zone)
        client = signed_in(by)
        page = client.get(address("reader", reader)).content.decode()
        assert address("close", reader, zone) in page
        assert "消化专区" in client.get(address("close", reader, zone)).content.decode()
        heard.clear()
        with django_capture_on_commit_callbacks(execute=True):
            client.post(address("close", reader, zone), {"reason": REASON})
        decision = Access(reader).decide(zone.pk, zone.audience)
        assert (decision.allowed, decision.reason) == (False, Reason.REVOKED)
        row = AuditEvent.objects.get(action="admission_revoked")
        assert (row.actor, row.subject, row.reason) == (by, reader, REASON)
        assert "消化专区" in mail.outbox[-1].body
        assert REASON not in mail.outbox[-1].body

        page = client.get(address("reader", reader)).content.decode()
        assert REASON in page
        assert address("reopen", reader, zone) in page
        with django_capture_on_commit_callbacks(execute=True):
            client.post(address("reopen", reader, zone), {"reason": "已澄清"})
        assert Access(reader).decide(zone.pk, zone.audience).allowed
        assert AuditEvent.objects.get(action="admission_reopened").reason == "已澄清"
        assert "消化专区" in mail.outbox[-1].body
        assert "You can read it until" in mail.outbox[-1].body
        assert heard == [
            ("admission.revoked", str(zone.pk)),
            ("admission.granted", str(zone.pk)),
            ("admission.reopened", str(zone.pk)),
        ]

    def test_a_person_is_found_by_address_and_that_is_on_record(self, zone):
        reader, client = admitted_reader(zone), signed_in(manager(zone))
        answer = client.post(reverse("gate_readers:index"), {"email": reader.email.upper()})
        assert answer["Location"] == address("reader", reader)
        assert reader.email not in answer["Location"]
        assert AuditEvent.objects.filter(action="people_searched").count() == 1
        client.get(address("reader", reader))
        assert AuditEvent.objects.get(action="person_viewed").subject == reader
        answer = client.post(reverse("gate_readers:index"), {"email": "none@example.org"})
        assert answer.context["form"].errors

    @pytest.mark.parametrize("act", ["close", "reopen"])
    def test_each_needs_a_reason(self, zone, act):
        reader, client = admitted_reader(zone), signed_in(manager(zone))
        answer = client.post(address(act, reader, zone), {"reason": "  "})
        assert answer.context["form"].errors
        assert Access(reader).decide(zone.pk, zone.audience).allowed

    def test_what_cannot_be_done_is_said_and_changes_nothing(self, zone):
        reader, client = admitted_reader(zone), signed_in(manager(zone))
        answer = client.post(address("reopen", reader, zone), {"reason": "x"}, follow=True)
        assert "messages" in answer.content.decode()
        assert Access(reader).decide(zone.pk, zone.audience).allowed
        assert not AuditEvent.objects.filter(action="admission_reopened").exists()

    def test_a_grant_that_still_opens_the_zone_is_pointed_out(self, zone):
        reader, client = admitted_reader(zone), signed_in(manager(zone))
        grants.grant(user=reader, zone_id=zone.pk, right="read_zone", reason="试读", by=None)
        answer = client.post(address("close", reader, zone), {"reason": REASON}, follow=True)
        assert "A grant still opens the zone" in answer.content.decode()

    def test_the_case_and_the_account_lead_there(self, zone):
        reader = admitted_reader(gated_zone("verification"))
        boss = permit(
            manager(zone),
            "gate.review_verification",
            "gate.change_zonegate",
            "gate.view_user",
            "gate.change_user",
        )
        client = signed_in(boss)
        case = reader.verifications.get()
        assert address("reader", reader) in (
            client.get(reverse("gate_desk:case", args=[case.uuid])).content.decode()
        )
        page = client.get(reverse("wagtailusers_users:edit", args=[reader.pk])).content.decode()
        assert address("reader", reader) in page
        assert reverse("gate_desk:case", args=[case.uuid]) in (
            client.get(address("reader", reader)).content.decode()
        )


class TestWho:
    def test_managers_see_and_change_their_zones_only(self, zone):
        other = gated_zone("agreement", audience="registered", title="心脏专区")
        reader, client = admitted_reader(other), signed_in(manager(zone))
        page = client.get(address("reader", reader)).content.decode()
        assert ("消化专区" in page, "心脏专区" in page) == (True, False)
        assert client.post(address("close", reader, other), {"reason": "x"}).status_code == 404
        assert Access(reader).decide(other.pk, other.audience).allowed

    @pytest.mark.parametrize("permission", ["gate.review_verification", "wagtailadmin.access_admin"])
    def test_others_find_no_door(self, zone, permission):
        reader = admitted_reader(zone)
        client = signed_in(permit(UserFactory(), "wagtailadmin.access_admin", permission))
        for act in ("close", "reopen"):
            assert client.post(address(act, reader, zone), {"reason": "x"}).status_code == 302
        assert client.get(address("reader", reader)).status_code == 302
        assert client.get(reverse("gate_readers:index")).status_code == 302
        assert Access(reader).decide(zone.pk, zone.audience).allowed

    @pytest.mark.parametrize("act", ["close", "reopen"])
    def test_nobody_does_it_for_themselves(self, zone, act):
        by = manager(zone)
        take_steps(by, zone)
        if act == "reopen":
            boss = permit(UserFactory(), "gate.change_zonegate")
            revoke_admission(user=by, zone=zone, by=boss, reason="x")
        before = Access(by).decide(zone.pk, zone.audience).allowed
        client = signed_in(by)
        client.post(address(act, by, zone), {"reason": "x"})
        assert Access(by).decide(zone.pk, zone.audience).allowed is before
        assert address(act, by, zone) not in client.get(address("reader", by)).content.decode()


class TestGrants:
    def given(self, reader, zone, **kwargs):
        return grants.grant(user=reader, zone_id=zone.pk, right="read_zone", reason="试读", by=None, **kwargs)

    def test_the_reader_is_told_which_zone_and_until_when(self, zone, django_capture_on_commit_callbacks):
        reader = UserFactory(locale="en")
        ends = timezone.now() + timedelta(days=30)
        with django_capture_on_commit_callbacks(execute=True):
            self.given(reader, zone, expires_at=ends)
        (message,) = mail.outbox
        assert message.to == [reader.email]
        assert "消化专区" in message.body
        assert f"{timezone.localtime(ends):%Y}" in message.body
        assert "试读" not in message.body
        page = signed_in(reader).get("/me/").content.decode()
        assert "Our staff opened this zone for you." in page

    def test_members_of_a_group_are_told_and_others_not(self, zone, django_capture_on_commit_callbacks):
        from django.contrib.auth.models import Group

        member, former, group = UserFactory(), UserFactory(), Group.objects.create(name="合作媒体")
        group.user_set.add(member, former)
        User.objects.filter(pk=former.pk).update(is_active=False)
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            grants.grant(group=group, zone_id=zone.pk, right="read_zone", reason="试读", by=None)
        assert [m.to for m in mail.outbox if "消化专区" in m.body] == [[member.email]]

    def test_a_grant_taken_back_is_told_unless_another_still_opens(
        self, zone, django_capture_on_commit_callbacks
    ):
        reader = UserFactory(locale="en")
        with django_capture_on_commit_callbacks(execute=True):
            self.given(reader, zone)
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            grants.revoke_grant(ZoneUserObjectPermission.objects.get(user=reader), by=None)
        assert ["took back" in message.body for message in mail.outbox] == [True]
        assert not Access(reader).decide(zone.pk, zone.audience).allowed

    def test_what_has_ended_before_the_mail_left_is_not_announced(self, zone):
        from gate.notify.send import send_due

        reader = UserFactory()
        self.given(reader, zone, expires_at=timezone.now() + timedelta(days=1))
        ZoneUserObjectPermission.objects.update(expires_at=timezone.now())
        send_due()
        assert not mail.outbox
