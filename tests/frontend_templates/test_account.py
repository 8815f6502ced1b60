"""The reader's own page, and signing in, up and out in our look."""

from __future__ import annotations

import pytest
from django.core import mail

from gate.decision.access import Access
from gate.decision.facts import Reason
from gate.models import ConsentRecord, User
from tests.factories.gate import PASSWORD, UserFactory, admitted_reader, gated_zone, steps_of, verification_in
from tests.frontend_templates.pages import code_in, filled, form_of, get, main_of, post, screen, soup

pytestmark = pytest.mark.django_db


def consent_of(user, kind):
    """The name of the person's last decision on a text of that kind."""
    return ConsentRecord.objects.filter(user=user, version__agreement__kind=kind).latest("pk").uuid


def test_my_page_is_for_whoever_is_signed_in(client):
    response = get(client, "/me/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/me/")


def test_my_page_without_anything(client):
    client.force_login(UserFactory())
    response = get(client, "/me/")
    assert len(main_of(response).select(".empty")) == 3  # verification, zones, consents
    assert response["Cache-Control"] == "private, no-store"


def test_my_page_lists_each_decision_with_its_version(client):
    zone = gated_zone(slug="z", title="消化专区")
    client.force_login(admitted_reader(zone))
    main = main_of(get(client, "/me/"))
    records = main.select("#consents ~ .record")
    assert len(records) == 3  # agreement, informed consent, and the use of credentials
    version = steps_of(zone)["agreement"].agreement.versions.get()
    (identity,) = (record for record in records if version.title in record.h3.text)
    assert identity.select_one(".state")["data-decision"] == "agreed"
    assert identity.code["title"] == f"SHA-256 {version.sha256}"
    assert "消化专区" in identity.text


def test_my_page_shows_nobody_elses(client):
    zone = gated_zone("agreement", slug="z")
    admitted_reader(zone)
    client.force_login(UserFactory())
    assert not main_of(get(client, "/me/")).select("#consents ~ .record")


def test_withdrawing_is_one_tap_and_closes_at_once(client):
    zone = gated_zone(slug="z")
    user = admitted_reader(zone)
    client.force_login(user)
    page = main_of(get(client, "/me/"))
    form = page.find("form", action=f"/me/consents/{consent_of(user, 'identity')}/withdraw/")
    response = post(client, form["action"], filled(form), follow=True)
    assert "Withdrawn" in soup(response).select_one(".messages").text
    assert Access(user).decide(zone.pk, "hcp").reason == Reason.WITHDRAWN
    again = main_of(response).select_one("a[href^='/gate/z/?step=']")
    assert screen(get(client, again["href"])) == "gate/agreement"
    assert screen(get(client, "/gate/z/")) == "gate/ended"


def test_withdrawing_the_informed_consent_leaves_the_zone_open(client):
    zone = gated_zone(slug="z")
    user = admitted_reader(zone)
    client.force_login(user)
    post(client, f"/me/consents/{consent_of(user, 'consent')}/withdraw/", {})
    assert Access(user).decide(zone.pk, "hcp").allowed


def test_everything_can_be_withdrawn_in_any_order(client):
    zone = gated_zone(slug="z")
    user = admitted_reader(zone)
    client.force_login(user)
    for kind in ("identity", "sensitive", "consent"):
        post(client, f"/me/consents/{consent_of(user, kind)}/withdraw/", {})
    main = main_of(get(client, "/me/"))
    decisions = {state["data-decision"] for state in main.select("#consents ~ .record .state")}
    assert decisions == {"withdrawn"}


def test_what_was_not_agreed_to_cannot_be_withdrawn(client):
    zone = gated_zone("agreement", slug="z", audience="registered")
    address = f"/me/consents/{consent_of(admitted_reader(zone), 'identity')}/withdraw/"  # somebody else's
    client.force_login(UserFactory())
    response = post(client, address, {}, follow=True)
    assert soup(response).select_one(".messages li")["data-level"] == "warning"
    assert get(client, address)["Location"] == "/me/"
    assert not ConsentRecord.objects.filter(decision="withdrawn").exists()


@pytest.mark.parametrize(
    ("state", "words"),
    [("submitted", "Waiting for review"), ("rejected", "Not approved"), ("approved", "Approved")],
)
def test_my_page_says_how_the_verification_stands(client, state, words):
    user = UserFactory()
    verification_in(state, user)
    client.force_login(user)
    assert main_of(get(client, "/me/")).select_one(".state").text == words


def test_signing_up_goes_on_where_one_wanted_to(client):
    gated_zone("agreement", slug="z")
    page = get(client, "/accounts/signup/?next=/gate/z/")
    response = post(
        client,
        "/accounts/signup/",
        filled(form_of(page), email="neu@example.org", password1="ein langes Passwort"),
        follow=True,
    )
    assert screen(response) == "account/confirm_email_verification_code"
    assert "_auth_user_id" not in client.session
    (message,) = mail.outbox
    response = post(
        client, "/accounts/confirm-email/", filled(form_of(response), code=code_in(message)), follow=True
    )
    assert screen(response) == "gate/agreement"
    assert User.objects.get(email="neu@example.org").check_password("ein langes Passwort")


def test_signing_up_with_errors_keeps_the_address(client):
    page = get(client, "/accounts/signup/")
    response = post(
        client, "/accounts/signup/", filled(form_of(page), email="neu@example.org", password1="x")
    )
    form = form_of(response)
    assert form.find("input", attrs={"name": "email"})["value"] == "neu@example.org"
    wrong = form.find("input", attrs={"name": "password1"})
    assert (wrong["aria-invalid"] == "true" and "value" not in wrong.attrs) or wrong["value"] == ""
    assert main_of(response).select_one(".summary")


def test_signing_in_with_a_wrong_password_says_no_more_than_that(client):
    user = UserFactory()
    known = post(client, "/accounts/login/", {"login": user.email, "password": "falsch"})
    unknown = post(client, "/accounts/login/", {"login": "nobody@example.org", "password": "falsch"})
    words = [main_of(page).select_one(".summary").text for page in (known, unknown)]
    assert words[0] == words[1]


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example/"])
def test_signing_in_never_leads_away(client, evil):
    user = UserFactory()
    response = post(client, "/accounts/login/", {"login": user.email, "password": PASSWORD, "next": evil})
    assert response["Location"] == "/"


def test_signing_out_asks_once(client):
    client.force_login(UserFactory())
    page = get(client, "/accounts/logout/")
    assert screen(page) == "account/logout"
    assert "_auth_user_id" in client.session
    post(client, "/accounts/logout/", filled(form_of(page)))
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_set_anew_by_mail(client):
    user = UserFactory()
    page = get(client, "/accounts/password/reset/")
    done = post(client, "/accounts/password/reset/", filled(form_of(page), email=user.email), follow=True)
    assert screen(done) == "account/password_reset_done"
    (message,) = mail.outbox
    link = next(word for word in message.body.split() if "/accounts/password/reset/key/" in word)
    page = get(client, "/" + link.split("/", 3)[3], follow=True)
    new = {"password1": "noch ein langes Passwort", "password2": "noch ein langes Passwort"}
    form = form_of(page)
    action = form.get("action") or page.request["PATH_INFO"]
    post(client, action, filled(form, **new))
    assert User.objects.get().check_password(new["password1"])


@pytest.mark.parametrize(
    "path", ["/accounts/email/", "/accounts/password/change/", "/accounts/mfa/", "/accounts/logout/"]
)
def test_accounts_pages_stand_in_our_frame(client, path):
    client.force_login(UserFactory())
    response = get(client, path, follow=True)
    page = soup(response)
    assert response.status_code == 200
    assert page.select_one("header.top .brand")
    assert len(page.select("h1")) == 1
