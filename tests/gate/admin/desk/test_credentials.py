"""Looking at a credential: on record before a byte, once, for the assigned reviewer, drawn again."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image

from gate.models import AuditEvent, Verification
from gate.people import grants
from gate.people.reviewing import CLAIM_LASTS
from gate.verification.files import vault
from gate.verification.files.looks import LOOK_LASTS
from tests.factories.gate import (
    UserFactory,
    approve,
    gated_zone,
    permit,
    reviewer,
    submitted,
    verification_in,
)
from tests.gate.admin.desk.conftest import look_of

pytestmark = pytest.mark.django_db


def looks():
    return list(AuditEvent.objects.filter(action="credential_viewed").order_by("pk"))


def test_revealing_takes_the_case_records_the_look_and_then_shows_the_picture_once(desk):
    case = submitted()
    revealed = desk.reveal(case)
    case.refresh_from_db()
    assert (case.state, case.reviewer) == ("in_review", desk.user)
    (look,) = looks()
    assert (look.actor, look.subject, look.target) == (
        desk.user,
        case.user,
        f"credential:{case.credentials.get().pk}",
    )
    assert look.reason
    page = desk.client.get(revealed["Location"]).content.decode()
    assert f"/looks/{look.pk}/" in page
    assert desk.look(case, look.pk).status_code == 200
    assert desk.look(case, look.pk).status_code == 404
    assert f"/looks/{look.pk}/" not in desk.client.get(revealed["Location"]).content.decode()


def test_each_look_is_a_row(desk):
    case = submitted()
    for _ in range(3):
        desk.reveal(case)
    assert len(looks()) == 3


def test_what_arrives_is_a_jpeg_of_ours_with_strict_headers(desk):
    case = submitted()
    answer = desk.look(case, look_of(desk.reveal(case)))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Disposition"] == 'attachment; filename="credential.jpg"'
    assert {"private", "no-store"} <= set(answer["Cache-Control"].replace(" ", "").split(","))
    assert answer.content != vault.read(case.credentials.get())
    with Image.open(BytesIO(answer.content)) as picture:
        assert picture.format == "JPEG"
        assert not picture.getexif()


def test_opening_the_page_of_a_case_looks_at_nothing_and_takes_nothing(desk):
    case = submitted()
    desk.case(case)
    desk.case(case, look="1")
    desk.case(case, look="9" * 40)
    desk.case(case, look="²")
    case.refresh_from_db()
    assert case.state == "submitted"
    assert looks() == []


def test_a_guessed_look_shows_nothing(desk):
    case = submitted()
    desk.post("claim", case)
    assert desk.look(case, 1).status_code == 404
    assert looks() == []


def test_another_event_of_the_same_reviewer_is_no_look(desk):
    case = submitted()
    desk.post("claim", case)
    event = AuditEvent.objects.create(
        at=timezone.now(), actor=desk.user, action="grant_given", subject=case.user, target="credential:1"
    )
    assert desk.look(case, event.pk).status_code == 404


def test_a_look_is_its_reviewers_own(desk, sit_down):
    case = submitted()
    look = look_of(desk.reveal(case))
    assert sit_down().look(case, look).status_code == 404
    assert sit_down(reviewer(is_superuser=True)).look(case, look).status_code == 404
    assert desk.look(case, look).status_code == 200


def test_case_a_with_the_credential_of_case_b_is_not_found(desk):
    a, b = submitted(), submitted()
    of_b = b.credentials.get()
    assert desk.reveal(a, of_b).status_code == 404
    assert looks() == []
    look_at_a, look_at_b = look_of(desk.reveal(a)), look_of(desk.reveal(b))
    assert desk.look(a, look_at_a, of_b).status_code == 404
    assert desk.look(a, look_at_b, of_b).status_code == 404
    assert desk.look(a, look_at_b).status_code == 404
    assert desk.look(b, look_at_a).status_code == 404


def test_two_credentials_of_one_case_need_a_look_each(desk):
    user = UserFactory()
    case = submitted(user)
    first = case.credentials.get()
    other = vault.store(vault.CleanFile(vault.read(first), "image/jpeg"), verification=case)
    look = look_of(desk.reveal(case, first))
    assert desk.look(case, look, other).status_code == 404
    assert desk.look(case, look, first).status_code == 200


def test_a_look_is_over_soon(desk, monkeypatch):
    case = submitted()
    look = look_of(desk.reveal(case))
    later = timezone.now() + LOOK_LASTS + timedelta(seconds=1)
    monkeypatch.setattr("gate.verification.files.looks.timezone.now", lambda: later)
    assert desk.look(case, look).status_code == 404


def test_the_file_is_closed_to_everybody_but_the_assigned_reviewer(desk, sit_down):
    case = submitted()
    desk.post("claim", case)
    other = sit_down()
    other.reveal(case)
    assert looks() == []
    case.refresh_from_db()
    assert case.reviewer == desk.user


def test_after_the_claim_went_to_another_the_first_sees_nothing(desk, sit_down):
    case = submitted()
    look = look_of(desk.reveal(case))
    Verification.objects.filter(pk=case.pk).update(claimed_at=timezone.now() - CLAIM_LASTS)
    sit_down().post("claim", case)
    assert desk.look(case, look).status_code == 404


def test_after_the_decision_the_file_opens_for_nobody(desk):
    case = submitted()
    look = look_of(desk.reveal(case))
    approve(case=case, reviewer=desk.user)
    before = len(looks())
    assert desk.look(case, look).status_code == 404
    desk.reveal(case)
    assert len(looks()) == before


def test_the_request_after_the_right_was_taken_back_is_refused(sit_down):
    zone = gated_zone("verification")
    user = permit(UserFactory(), "wagtailadmin.access_admin")
    grants.grant(user=user, zone_id=zone.pk, right="review", reason="审核", by=None)
    sees = grants.grant(user=user, zone_id=zone.pk, right="see_credentials", reason="审核", by=None)
    case, desk = submitted(zone=zone), sit_down(user)
    look = look_of(desk.reveal(case))
    grants.revoke_grant(sees, by=None)
    assert desk.look(case, look).status_code == 404
    desk.reveal(case)
    assert len(looks()) == 1


def test_a_reviewer_without_the_right_to_credentials_decides_nothing_that_they_show(sit_down):
    user = permit(UserFactory(), "wagtailadmin.access_admin", "gate.review_verification")
    case, desk = submitted(), sit_down(user)
    desk.reveal(case)
    assert looks() == []
    page = desk.case(case).content.decode()
    assert "/reveal/" not in page
    desk.post("claim", case)
    desk.approve(case)
    desk.reject(case)
    case.refresh_from_db()
    assert case.state == "in_review"
    desk.reject(case, canned="institution_unknown")
    case.refresh_from_db()
    assert case.state == "rejected"


def test_nobody_sees_the_file_of_their_own_case(desk):
    case = submitted(desk.user)
    desk.reveal(case)
    case.refresh_from_db()
    assert case.state == "submitted"
    assert looks() == []
    assert "/reveal/" not in desk.case(case).content.decode()


@pytest.mark.parametrize("method", ["head", "post", "put", "delete", "options"])
def test_the_address_of_a_look_answers_get_only(desk, method):
    case = submitted()
    look = look_of(desk.reveal(case))
    address = f"/admin/review/{case.uuid}/credentials/{case.credentials.get().uuid}/looks/{look}/"
    answer = getattr(desk.client, method)(address)
    assert not answer.content.startswith(b"\xff\xd8")
    assert desk.look(case, look).status_code == 200, "and a HEAD uses nothing up"


def test_a_range_gets_the_whole_picture_or_nothing(desk):
    case = submitted()
    look = look_of(desk.reveal(case))
    address = f"/admin/review/{case.uuid}/credentials/{case.credentials.get().uuid}/looks/{look}/"
    first = desk.client.get(address, headers={"range": "bytes=0-99"})
    assert first.status_code == 200
    assert desk.client.get(address, headers={"range": "bytes=100-199"}).status_code == 404


def test_a_deleted_file_is_gone_and_the_page_says_so(desk):
    case = verification_in("submitted")
    vault.discard(case.credentials.get())
    assert desk.reveal(case).status_code == 404
    assert "/reveal/" not in desk.case(case).content.decode()
