"""The demo's people: one login for each role, readers in every state of the gate, and a queue to review."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cms.models import ZonePage
from cms.roles import ADMINISTRATORS, EDITORS, HCP_REVIEWERS, MEDICAL_REVIEWERS
from config.demo.pictures import draw_credential
from gate.facts import StepKind, StepRule
from gate.grants import Right, grant
from gate.models import Admission, QuestionnaireVersion, User, Verification
from gate.selectors import load_rules
from gate.services import (
    appeal,
    approve,
    claim,
    confirm,
    decide_agreement,
    reject,
    request_information,
    revoke,
    submit_answers,
    submit_verification,
)

# The readers who stand before a step, with the steps that they have done.
ON_TEXTS = (StepKind.AGREEMENT, StepKind.CONSENT, StepKind.SEPARATE_CONSENT)
STANDING_BEFORE = {
    "at-consent": (StepKind.AGREEMENT,),
    "at-sharing": (StepKind.AGREEMENT, StepKind.CONSENT),
    "at-profile": (*ON_TEXTS,),
    "at-survey": (*ON_TEXTS, StepKind.PROFILE),
    "at-verification": (*ON_TEXTS, StepKind.PROFILE, StepKind.SURVEY),
}
DOMAIN = "demo.example.org"


@dataclass(frozen=True, slots=True)
class Login:
    """One demo account. `note` says what it shows; `group` makes it staff."""

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
)
# Who waits, in which profession, at which (invented) institution, since how many hours.
QUEUE = (
    ("陈甲", "physician", "示范第一医院", "消化内科", 71),
    ("李乙", "nurse", "示范第二医院", "内镜中心", 52),
    ("王丙", "pharmacist", "示范第一医院", "药学部", 30),
    ("刘丁", "physician", "示范县人民医院", "普外科", 26),
    ("周戊", "technician", "示范医学检验所", "", 9),
    ("吴己", "student", "示范医学院", "", 5),
    ("郑庚", "nurse", "示范第一医院", "消化内科", 2),
)

DEPARTMENTS = ("消化内科", "内镜中心", "普外科")


def build_people(zone: ZonePage) -> None:
    """Accounts, groups and records; people who exist are left alone."""
    for login in STAFF:
        user, made = _account(login)
        if made:
            user.groups.add(Group.objects.get(name=login.group))
    reviewer = User.objects.get(email=STAFF[3].email)
    for login in READERS:
        user, made = _account(login)
        if made:
            _bring_into_state(login.name, user, zone, reviewer)
    for number, (name, profession, institution, department, hours) in enumerate(QUEUE):
        user, made = _account(Login(f"hcp{number + 1}", name, ""))
        if made:
            case = _apply(user, zone, number + 20, name, profession, institution, department)
            _backdate(case, hours)


def _account(login: Login) -> tuple[User, bool]:
    found = User.objects.filter(email=login.email).first()
    if found is not None:
        return found, False
    make = User.objects.create_superuser if login.group == ADMINISTRATORS else User.objects.create_user
    user = make(login.email, login.password, display_name=login.display_name)
    EmailAddress.objects.create(user=user, email=login.email, verified=True, primary=True)
    return user, True


def _bring_into_state(state: str, user: User, zone: ZonePage, reviewer: User) -> None:
    number = [login.name for login in READERS].index(state)
    match state:
        case "reader":
            return
        case "press":
            grant(user=user, zone_id=zone.pk, right=Right.READ, reason="合作媒体试读", by=reviewer)
            return
        case "refused":
            _decide(user, zone, StepKind.AGREEMENT, "refused")
            return
        case name if name in STANDING_BEFORE:
            _walk(user, zone, number, STANDING_BEFORE[name])
            return
    case = _apply(user, zone, number, user.display_name, "physician", "示范第一医院", "消化内科")
    _backdate(case, 4 + 3 * number)
    if state == "pending":
        return
    claim(case=case, reviewer=reviewer)
    if state in ("asked", "rejected", "appealing"):
        _send_back(state, user, case, reviewer)
        return
    _approve(case, reviewer)
    match state:
        case "withdrawn":
            _decide(user, zone, StepKind.AGREEMENT, "withdrawn")
        case "revoked":
            revoke(case=case, reviewer=reviewer, reason="执业机构通知已离职。")
        case "expired":
            past = timezone.now() - timedelta(days=3)
            Verification.objects.filter(user=user).update(expires_at=past)
            Admission.objects.filter(user=user).update(expires_at=past)


def _send_back(state: str, user: User, case: Verification, reviewer: User) -> None:
    """A question, a rejection, or a rejection that the person wants to have reviewed."""
    if state == "asked":
        question = "您的执业地点是总院还是分院？请补充，或上传工作证。"
        request_information(case=case, reviewer=reviewer, question=question)
        return
    notes = {"credentials": "照片反光，看不清编号，请重新拍摄。"}
    reject(case=case, reviewer=reviewer, reason="证件照片无法辨认，其余信息没有问题。", field_reasons=notes)
    if state == "appealing":
        appeal(user=user, reason="照片上的编号放大后可以看清，请再核对一次。")


def _approve(case: Verification, reviewer: User) -> None:
    """Approved, by two where the register knows nothing of the person."""
    if approve(case=case, reviewer=reviewer).proposal:
        confirm(case=case, reviewer=User.objects.get(email=STAFF[4].email))


def _apply(
    user: User, zone: ZonePage, number: int, name: str, profession: str, institution: str, department: str
) -> Verification:
    """Walk every step of the zone and ask for verification; odd numbers decline the informed consent."""
    _walk(user, zone, number, STANDING_BEFORE["at-verification"])
    data = {
        "full_name": name,
        "profession": profession,
        "licence_number": f"1103100000{number:05d}"
        if profession in {"physician", "nurse"}
        else f"SF{number:06d}",
        "institution": institution,
        "department": department,
        "professional_title": "主治医师" if profession == "physician" else "",
    }
    picture = io.BytesIO(draw_credential(1000 + number))
    return submit_verification(user=user, data=data, files=[picture], zone=zone)


def _walk(user: User, zone: ZonePage, number: int, kinds: tuple[StepKind, ...]) -> None:
    for kind in kinds:
        match kind:
            case StepKind.AGREEMENT:
                _decide(user, zone, kind, "agreed")
            case StepKind.CONSENT:
                _decide(user, zone, kind, "skipped" if number % 2 else "agreed")
            case StepKind.SEPARATE_CONSENT:
                _decide(user, zone, kind, "agreed" if number % 3 else "skipped")
            case _:
                _answer(user, zone, kind, number)


def _step(zone: ZonePage, kind: StepKind) -> StepRule:
    rules = load_rules(now=timezone.now(), zone_ids=[zone.pk])[zone.pk]
    return next(step for step in rules.steps if step.kind == kind)


def _decide(user: User, zone: ZonePage, kind: StepKind, decision: str) -> None:
    step = _step(zone, kind)
    decide_agreement(user=user, step=step, version_id=step.version_id, decision=decision, surface="demo")


def _answer(user: User, zone: ZonePage, kind: StepKind, number: int) -> None:
    step = _step(zone, kind)
    version = QuestionnaireVersion.objects.filter(pk__in=[step.version_id]).get()
    answers: dict[str, object] = {}
    for question in version.questions:
        match question["kind"]:
            case "single":
                answers[question["key"]] = question["choices"][number % len(question["choices"])]
            case "multiple":
                answers[question["key"]] = question["choices"][:1]
            case "number":
                # Years of work, or endoscopies in a year: some spread for the charts.
                many = "shown_when" in question
                answers[question["key"]] = 40 + number * 37 % 560 if many else number % 30
            case "department":
                answers[question["key"]] = DEPARTMENTS[number % len(DEPARTMENTS)]
            case _:
                answers[question["key"]] = "希望多讲一些随访的实例。"
    submit_answers(user=user, step=step, version_id=step.version_id, answers=answers)


def _backdate(case: Verification, hours: int) -> None:
    """The queue of a demo needs people who have waited; nothing else moves a submission's time."""
    Verification.objects.filter(pk=case.pk).update(submitted_at=timezone.now() - timedelta(hours=hours))
