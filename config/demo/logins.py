"""The demo's logins: one for each role, and readers in every state of the gate."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.utils.crypto import salted_hmac

from cms.roles import ADMINISTRATORS, EDITORS, HCP_REVIEWERS, MEDICAL_REVIEWERS
from gate.models import User

DOMAIN = "demo.example.org"


@dataclass(frozen=True, slots=True)
class Login:
    """One demo account. `note` describes what it shows; `group` makes it staff."""

    name: str
    display_name: str
    note: str
    group: str = ""

    @property
    def email(self) -> str:
        return f"{self.name}@{DOMAIN}"

    @property
    def password(self) -> str:
        """Derived from this installation's secret key: the same at each seed, different on each machine."""
        digest = salted_hmac("xinglin.demo-login", self.email, algorithm="sha256").digest()
        return "xl-" + base64.b32encode(digest).decode().lower()[:12]


STAFF = (
    Login("admin", "管理员·示范", "everything in the admin", ADMINISTRATORS),
    Login("editor", "编辑·示范", "writes and publishes articles", EDITORS),
    Login("medical", "医学审核·示范", "approves articles", MEDICAL_REVIEWERS),
    Login("reviewer", "认证审核·周示范", "decides verifications", HCP_REVIEWERS),
    Login("reviewer2", "认证审核·吴示范", "the second reviewer", HCP_REVIEWERS),
)
REVIEWERS = STAFF[3:]
READERS = (
    Login("reader", "新读者", "has passed no step yet"),
    Login("at-consent", "停在知情同意的读者", "stands before the informed consent"),
    Login("at-sharing", "停在单独同意的读者", "stands before the separate consent"),
    Login("at-profile", "停在完善信息的读者", "stands before the profile questions"),
    Login("at-survey", "停在收集问题的读者", "stands before the survey questions"),
    Login("at-verification", "停在身份认证的读者", "stands before the verification"),
    Login("refused", "拒绝协议的读者", "refused the agreement"),
    Login("pending", "待审核读者", "waits for the review"),
    Login("rejected", "被退回的读者", "was rejected with reasons"),
    Login("admitted", "已通过的读者", "reads the zone for professionals"),
    Login("expired", "认证过期的读者", "was verified long ago"),
    Login("withdrawn", "撤回同意的读者", "withdrew the agreement"),
    Login("revoked", "被撤销的读者", "lost the admission"),
    Login("press", "媒体读者", "reads by a grant of staff"),
    Login("asked", "被追问的读者", "was asked a question by the reviewer"),
    Login("appealing", "申请复核的读者", "asked for a review of the rejection"),
    Login("at-credentials", "停在材料同意的读者", "stands before the consent to the use of credentials"),
    Login("changing", "变更机构的读者", "reads on while a change of institution waits for review"),
)


def account_of(login: Login) -> tuple[User, bool]:
    """(the account, whether it was just created); an existing one is left alone."""
    found = User.objects.filter(email=login.email).first()
    if found is not None:
        return found, False
    make = User.objects.create_superuser if login.group == ADMINISTRATORS else User.objects.create_user
    user = make(login.email, login.password, display_name=login.display_name)
    EmailAddress.objects.create(user=user, email=login.email, verified=True, primary=True)
    return user, True
