"""Who gets in: the menu, every address, and what staff without the right see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from gate.admin.desk.menu import review_desk_menu_item
from gate.models import AuditEvent
from gate.people import grants
from tests.factories.gate import UserFactory, gated_zone, permit, submitted
from tests.gate.admin.desk.conftest import names_in

pytestmark = pytest.mark.django_db


def staff(*permissions, **kwargs):
    return permit(UserFactory(**kwargs), "wagtailadmin.access_admin", *permissions)


def zone_reviewer(zone, **kwargs):
    user = staff()
    grants.grant(user=user, zone_id=zone.pk, right="review", reason="审核本专区", by=None, **kwargs)
    return user


WITHOUT_THE_RIGHT = {
    "editor": staff,
    "superuser": lambda: UserFactory(is_superuser=True),
    "may only see credentials": lambda: staff("gate.see_any_credential"),
    "may view the model": lambda: staff("gate.view_verification"),
    "whose right has ended": lambda: zone_reviewer(
        gated_zone(), expires_at=timezone.now() - timedelta(seconds=1)
    ),
}


def addresses(case):
    """(method, address) of everything the desk serves."""
    shown = case.credentials.get().uuid
    below = [("post", name, [case.uuid]) for name in ("claim", "release", "approve", "reject")]
    served = [
        ("get", "queue", []),
        ("get", "queue_results", []),
        ("post", "next", []),
        ("get", "case", [case.uuid]),
        *below,
        ("post", "reveal", [case.uuid, shown]),
        ("get", "look", [case.uuid, shown, 1]),
    ]
    return [(method, reverse(f"gate_desk:{name}", args=args)) for method, name, args in served]


@pytest.mark.parametrize("who", WITHOUT_THE_RIGHT)
def test_staff_without_the_review_right_are_turned_away_everywhere(who, sit_down):
    case = submitted(full_name="隐名甲")
    desk = sit_down(WITHOUT_THE_RIGHT[who]())
    for method, address in addresses(case):
        answer = getattr(desk.client, method)(address)
        assert (answer.status_code, answer["Location"]) == (302, reverse("wagtailadmin_home")), address
    case.refresh_from_db()
    assert case.state == "submitted"
    assert not AuditEvent.objects.filter(action="credential_viewed").exists()


def test_readers_and_strangers_are_sent_to_the_sign_in_page(sit_down):
    case = submitted()
    for client in (Client(), sit_down(UserFactory()).client):
        for method, address in addresses(case):
            answer = getattr(client, method)(address)
            assert answer.status_code == 302
            assert answer["Location"].startswith(reverse("wagtailadmin_login")), address


def test_what_changes_something_is_not_a_get(desk):
    case = submitted()
    for method, address in addresses(case):
        if method == "post":
            assert desk.client.get(address).status_code == 405
    case.refresh_from_db()
    assert case.state == "submitted"


def test_the_forms_are_protected_against_other_sites(desk):
    case = submitted()
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.user)
    for method, address in addresses(case):
        if method == "post":
            assert client.post(address).status_code == 403


def test_a_reviewer_of_one_zone_sees_that_zone_only(sit_down):
    mine, other = gated_zone("verification"), gated_zone("verification")
    inside, outside = submitted(zone=mine, full_name="本区甲"), submitted(zone=other, full_name="他区乙")
    submitted(full_name="无区丙")
    desk = sit_down(zone_reviewer(mine))
    assert names_in(desk.queue()) == ["本区甲"]
    assert desk.case(inside).status_code == 200
    for method, address in addresses(outside)[3:]:
        assert getattr(desk.client, method)(address).status_code == 404, address


def test_no_answer_of_the_desk_is_cached(desk):
    case = submitted()
    for answer in (desk.queue(), desk.case(case), desk.post("claim", case)):
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]


class TestMenu:
    def entry(self, user):
        request = RequestFactory().get("/admin/")
        request.user = user
        item = review_desk_menu_item()
        return item.render_component(request) if item.is_shown(request) else None

    def test_is_for_reviewers_and_counts_what_waits_for_them(self, desk):
        submitted()
        submitted()
        submitted(user=desk.user)
        assert self.entry(desk.user).attrs["data-review-waiting"] == "2"
        assert "2" in self.entry(desk.user).attrs["aria-label"]

    def test_has_no_number_when_nobody_waits(self, desk):
        assert "data-review-waiting" not in self.entry(desk.user).attrs

    @pytest.mark.parametrize("who", WITHOUT_THE_RIGHT)
    def test_is_hidden_from_everybody_else(self, who):
        assert self.entry(WITHOUT_THE_RIGHT[who]()) is None
