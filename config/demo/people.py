"""The demo's users: staff, and readers in every state of the gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone

from cms.models import ZonePage
from config.demo.cases import look_at, send_back
from config.demo.logins import READERS, REVIEWERS, STAFF, account_of
from config.demo.times import ago
from config.demo.walking import (
    STANDING_BEFORE,
    Applicant,
    allow_credentials,
    apply_for,
    decide_text,
    hand_in,
    walk,
)
from gate.models import Admission, User, Verification
from gate.people import Right, grant
from gate.verification import appeal, approve, confirm, propose_revocation, request_information, revoke

# Hours since they applied for verification, and hours from then to the desk's look at it.
ASKED = {
    "pending": (25, 0),
    "asked": (32, 5),
    "appealing": (76, 20),
    "rejected": (60, 9),
    "admitted": (15 * 24, 26),
    "expired": (30 * 24, 7),
    "withdrawn": (11 * 24, 14),
    "revoked": (9 * 24, 31),
    "changing": (40 * 24, 20),
}


def build_people(zone: ZonePage) -> None:
    """Create accounts, groups and records; existing users are left alone."""
    for login in STAFF:
        user, made = account_of(login)
        if made:
            user.groups.add(Group.objects.get(name=login.group))
    first, second = (User.objects.get(email=login.email) for login in REVIEWERS)
    for number, login in enumerate(READERS):
        user, made = account_of(login)
        if made and login.name in ASKED:
            who = Applicant(number, login.display_name)
            with ago(hours=ASKED[login.name][0]):
                case = apply_for(user, zone, who)
            with ago(hours=ASKED[login.name][0] - ASKED[login.name][1]):
                _look_at(login.name, case, first, second)
            _afterwards(login.name, user, zone, first, second, who)
        elif made:
            _begin(login.name, user, zone, number, first)


def _begin(state: str, user: User, zone: ZonePage, number: int, staff: User) -> None:
    """Users who have not applied for verification."""
    match state:
        case "press":
            grant(user=user, zone_id=zone.pk, right=Right.READ, reason="合作媒体试读", by=staff)
        case "refused":
            decide_text(user, zone, "agreement", "refused")
        case name if name in STANDING_BEFORE:
            walk(user, zone, number, STANDING_BEFORE[name])
            if name == "at-verification":
                allow_credentials(user)


def _look_at(state: str, case: Verification, first: User, second: User) -> None:
    """The desk's decision on the case; approved by two where the register does not list the applicant."""
    if state == "pending":
        return
    look_at(case, first)
    match state:
        case "asked":
            question = "您的执业地点是总院还是分院？请补充，或上传工作证。"
            request_information(case=case, reviewer=first, question=question)
        case "rejected" | "appealing":
            send_back(case, first)
        case _:
            if approve(case=case, reviewer=first).proposal:
                confirm(case=look_at(case, second), reviewer=second)


def _afterwards(state: str, user: User, zone: ZonePage, first: User, second: User, who: Applicant) -> None:
    """What happened to the verification after its decision."""
    match state:
        case "appealing":
            with ago(hours=4):
                appeal(user=user, reason="照片上的编号放大后可以看清，请再核对一次。")
        case "changing":
            with ago(hours=6):
                elsewhere = replace(who, institution="示范第二医院", department="内镜中心")
                hand_in(user, zone, elsewhere, picture=3000 + who.number)
        case "withdrawn":
            decide_text(user, zone, "agreement", "withdrawn")
        case "revoked":
            case = user.verifications.get()
            propose_revocation(case=case, reviewer=first, reason="执业机构通知已离职。")
            revoke(case=case, reviewer=second)
        case "expired":
            past = timezone.now() - timedelta(days=3)
            Verification.objects.filter(user=user).update(expires_at=past)
            Admission.objects.filter(user=user).update(expires_at=past)
