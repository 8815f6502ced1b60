"""The second factor of staff: whose rights demand it, and that no door of theirs opens without it."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from cms.roles import ADMINISTRATORS, EDITORS, HCP_REVIEWERS, MEDICAL_REVIEWERS
from config.checks import check_configuration, check_second_factor
from gate.models import AuditEvent, Notice, User
from gate.people.grants import Right, grant
from gate.people.signin.changes import SECOND_FACTOR_CHANGED
from gate.people.signin.second_factor import demands_second_factor
from tests.factories.gate import PASSWORD, UserFactory, gated_zone, permit
from tests.factories.second_factors import TOTP, hotp_value, yield_hotp_counters_from_time
from tests.frontend_templates.pages import ENGLISH, form_of, main_of

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"
ENROL = "/accounts/mfa/totp/activate/"


def code_of(secret: str = SECRET) -> str:
    return f"{hotp_value(secret, next(iter(yield_hotp_counters_from_time()))):06}"


def member_of(group: str) -> User:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def boss():
    return member_of(ADMINISTRATORS)


@pytest.fixture
def required(settings):
    settings.XINGLIN_SECOND_FACTOR = "required"


@pytest.fixture
def offered(settings):
    settings.XINGLIN_SECOND_FACTOR = "offered"


def signing_in(user: User, next_path: str = "/admin/") -> tuple[Client, str]:
    """A browser that typed the password, and where it was led."""
    client = Client(headers=ENGLISH)
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD, "next": next_path})
    assert answer.status_code == 302
    return client, answer["Location"]


class TestWhoNeedsIt:
    @pytest.mark.parametrize(
        ("group", "needed"),
        [(ADMINISTRATORS, True), (HCP_REVIEWERS, True), (MEDICAL_REVIEWERS, True), (EDITORS, False)],
    )
    def test_by_role(self, group, needed):
        assert demands_second_factor(member_of(group)) is needed

    def test_readers_do_not(self):
        assert not demands_second_factor(UserFactory())

    def test_superusers_do(self):
        assert demands_second_factor(UserFactory(is_superuser=True))

    @pytest.mark.parametrize(
        "permission",
        [
            "gate.review_verification",
            "gate.see_any_credential",
            "gate.change_user",
            "auth.change_group",
            "gate.publish_agreement",
            "gate.view_auditevent",
        ],
    )
    def test_each_right_over_others_demands_it(self, permission):
        assert demands_second_factor(permit(UserFactory(), "wagtailadmin.access_admin", permission))

    @pytest.mark.parametrize("right", [right for right in Right if right != Right.READ])
    def test_so_does_each_right_on_one_zone(self, right):
        user = UserFactory()
        grant(user=user, zone_id=gated_zone().pk, right=right, reason="r", by=None)
        assert demands_second_factor(user)

    def test_reading_by_a_grant_does_not(self):
        user = UserFactory()
        grant(user=user, zone_id=gated_zone().pk, right=Right.READ, reason="r", by=None)
        assert not demands_second_factor(user)


class TestAtTheDoor:
    def test_without_one_signing_in_leads_to_enrolment_and_not_to_the_desk(self, boss, required):
        client, there = signing_in(boss)
        assert there == "/admin/"
        for path in ("/admin/", "/admin/review/", "/admin/users/", "/media/original_images/x.png"):
            answer = client.get(path)
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/accounts/second-factor/?next="), path
        assert main_of(client.get("/admin/", follow=True)).find("a", href=ENROL)

    def test_a_script_and_a_form_get_no_further(self, boss, required):
        client, _there = signing_in(boss)
        answer = client.get("/admin/api/main/pages/", headers={"X-Requested-With": "XMLHttpRequest"})
        assert answer.status_code == 403
        answer = client.post("/admin/users/new/", {"email": "x@example.org"})
        assert answer["Location"].startswith("/accounts/second-factor/")
        assert not User.objects.filter(email="x@example.org").exists()

    def test_it_cannot_be_put_off_where_it_is_required(self, boss, required):
        client, _there = signing_in(boss)
        client.get("/accounts/second-factor/?next=/admin/")
        client.post("/accounts/second-factor/", {"next": "/admin/"})
        assert client.get("/admin/").status_code == 302

    def test_enrolling_opens_the_door_without_the_password_again(self, boss, required):
        client, _there = signing_in(boss, "/admin/review/")
        page = client.get("/admin/review/", follow=True)
        page = client.get(ENROL)
        assert page.status_code == 200
        assert form_of(page)
        secret = page.context["form"].secret
        answer = client.post(ENROL, {"code": code_of(secret)})
        assert answer["Location"] == "/accounts/mfa/recovery-codes/"
        page = client.get(answer["Location"])
        assert len(main_of(page).select(".codes code")) == 10
        onwards = client.get("/accounts/second-factor/")
        assert onwards["Location"] == "/admin/review/"
        assert client.get("/admin/").status_code == 200

    def test_who_is_enrolled_is_asked_for_a_code_when_signing_in(self, boss, required):
        TOTP.activate(boss, SECRET)
        client, there = signing_in(boss)
        assert there == "/accounts/mfa/authenticate/"
        assert "_auth_user_id" not in client.session
        assert client.get("/admin/")["Location"].startswith("/admin/login/")
        assert client.post(there, {"code": "000000"}).status_code == 200
        assert client.post(there, {"code": code_of()})["Location"] == "/admin/"
        assert client.get("/admin/").status_code == 200

    def test_a_session_from_before_the_enrolment_is_asked_too(self, boss, required):
        client, _there = signing_in(boss)
        TOTP.activate(boss, SECRET)  # on another device
        answer = client.get("/admin/", follow=True)
        assert answer.redirect_chain[-1][0].startswith("/accounts/mfa/reauthenticate/")
        answer = client.post("/accounts/mfa/reauthenticate/", {"code": code_of(), "next": "/admin/"})
        assert answer["Location"] == "/admin/"
        assert client.get("/admin/").status_code == 200

    def test_a_factor_that_was_taken_away_counts_no_longer(self, boss, required):
        TOTP.activate(boss, SECRET)
        client, there = signing_in(boss)
        client.post(there, {"code": code_of()})
        assert client.get("/admin/").status_code == 200
        Authenticator.objects.filter(user=boss).delete()
        assert client.get("/admin/").status_code == 302

    def test_readers_and_writers_go_on_as_before(self, required):
        writer, _there = signing_in(member_of(EDITORS))
        assert writer.get("/admin/").status_code == 200
        reader, there = signing_in(UserFactory(), "/me/")
        assert there == "/me/"
        assert reader.get("/me/").status_code == 200

    def test_who_signs_out_can(self, boss, required):
        client, _there = signing_in(boss)
        client.post("/admin/logout/")
        assert "_auth_user_id" not in client.session


class TestWhereItIsOffered:
    def test_it_is_shown_once_and_can_be_put_off(self, boss, offered):
        client, _there = signing_in(boss)
        page = client.get("/admin/review/", follow=True)
        answer = client.post("/accounts/second-factor/", {"next": page.request["QUERY_STRING"][5:]})
        assert answer.status_code == 302
        assert client.get("/admin/").status_code == 200

    def test_who_enrolled_cannot(self, boss, offered):
        client, _there = signing_in(boss)
        TOTP.activate(boss, SECRET)
        client.post("/accounts/second-factor/", {"next": "/admin/"})
        assert client.get("/admin/").status_code == 302

    def test_putting_off_leads_nowhere_else(self, boss, offered):
        client, _there = signing_in(boss)
        answer = client.post("/accounts/second-factor/", {"next": "https://evil.example/"})
        assert answer["Location"] == "/"


@pytest.mark.parametrize(
    ("value", "always", "deployed"),
    [
        ("required", [], []),
        ("offered", [], ["xinglin.E023"]),
        ("off", [], ["xinglin.E023"]),
        ("maybe", ["xinglin.E022"], ["xinglin.E023"]),
    ],
)
def test_the_checks_name_a_wrong_value(settings, value, always, deployed):
    settings.XINGLIN_SECOND_FACTOR = value
    assert [message.id for message in check_configuration(None)] == always
    assert [message.id for message in check_second_factor(None)] == deployed


def test_a_lost_phone_is_reset_on_record_and_the_person_is_told(boss, required):
    TOTP.activate(boss, SECRET)
    User.objects.filter(pk=boss.pk).update(last_login=timezone.now())
    call_command("reset_second_factor", boss.email.upper(), "--reason", "seen in person", verbosity=0)
    assert not Authenticator.objects.filter(user=boss).exists()
    event = AuditEvent.objects.get(subject=boss)
    assert (event.action, event.reason) == ("person_changed", "seen in person")
    assert Notice.objects.filter(user=boss, event=SECOND_FACTOR_CHANGED).exists()
    client, _there = signing_in(boss)
    assert client.get("/admin/")["Location"].startswith("/accounts/second-factor/")


@pytest.mark.parametrize("email", ["nobody@example.org", "reader@example.org"])
def test_there_must_be_one_to_take_away(email):
    UserFactory(email="reader@example.org")
    with pytest.raises(CommandError):
        call_command("reset_second_factor", email, "--reason", "r")
