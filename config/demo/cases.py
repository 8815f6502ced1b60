"""The demo's review desk: verifications that wait, and three weeks of decisions."""

from __future__ import annotations

from django.utils.translation import override

from cms.models import ZonePage
from config.demo.logins import REVIEWERS, Login, account_of
from config.demo.times import ago
from config.demo.walking import Applicant, apply_for, hand_in
from gate.admin import REASON_BY_CODE
from gate.models import User, Verification
from gate.verification import approve, claim, confirm, record_look, reject, show_look

# Applicants, hours since they applied, and what happened before: "" is a first request.
QUEUE = (
    (Applicant(40, "陈甲"), 71, ""),
    (Applicant(41, "李乙", "nurse", "示范第二医院", "内镜中心"), 52, ""),
    (Applicant(42, "王丙", "pharmacist", "示范第一医院", "药学部"), 30, ""),
    (Applicant(43, "刘丁", "physician", "示范县人民医院", "普外科"), 26, ""),
    (Applicant(44, "孙辛", "physician", "示范第二医院"), 20, "sent back"),
    (Applicant(45, "钱壬", "physician", "示范县人民医院"), 14, "proposed"),
    (Applicant(41, "赵癸", "nurse", "示范第三医院", "内镜中心"), 11, ""),  # with a colleague's number
    (Applicant(46, "周戊", "technician", "示范医学检验所", ""), 9, ""),
    (Applicant(47, "吴己", "student", "示范医学院", ""), 5, ""),
    (Applicant(48, "郑庚", "nurse"), 2, ""),
)


# Invented applicants whose cases are decided, one or two a day.
DECIDED = tuple(
    Applicant(60 + number, family + given, profession, institution, department)
    for number, (family, given, (profession, institution, department)) in enumerate(
        zip(
            "冯褚卫蒋沈韩杨朱秦尤许何吕施",
            "子丑寅卯辰巳午未申酉戌亥春秋",
            (
                ("physician", "示范第一医院", "消化内科"),
                ("nurse", "示范第二医院", "内镜中心"),
                ("physician", "示范县人民医院", "普外科"),
                ("pharmacist", "示范第一医院", "药学部"),
                ("technician", "示范医学检验所", ""),
                ("physician", "示范第三医院", "消化内科"),
                ("student", "示范医学院", ""),
            )
            * 2,
            strict=True,
        )
    )
)
# Reasons for which every third of them was rejected: codes of the desk's canned reasons.
REASONS = ("unreadable", "institution_unknown", "licence_differs", "unreadable", "name_differs")


def build_cases(zone: ZonePage) -> None:
    """Create what is missing of the queue and of the decisions; the reviewers must exist."""
    reviewers = [User.objects.get(email=login.email) for login in REVIEWERS]
    for number, who in enumerate(DECIDED):
        user, made = account_of(Login(f"member{number + 1}", who.name, ""))
        if made:
            _decided(user, zone, who, number, reviewers)
    for number, (who, hours, before) in enumerate(QUEUE):
        user, made = account_of(Login(f"hcp{number + 1}", who.name, ""))
        if made:
            _waiting(user, zone, who, hours, before, reviewers[0])


def _decided(user: User, zone: ZonePage, who: Applicant, number: int, reviewers: list[User]) -> None:
    """Decided within two days, by the reviewers in turn; where a second review is required, by both."""
    hours = 24 * (20 - 1.4 * number)
    with ago(hours=hours):
        case = apply_for(user, zone, who)
    first, second = reviewers if number % 3 else reversed(reviewers)
    with ago(hours=hours - 3 - number * 7 % 40):
        look_at(case, first)
        if number % 3 == 0:
            send_back(case, first, REASONS[number // 3 % len(REASONS)])
        elif approve(case=case, reviewer=first).proposal:
            confirm(case=look_at(case, second), reviewer=second)


def _waiting(user: User, zone: ZonePage, who: Applicant, hours: int, before: str, reviewer: User) -> None:
    """An applicant whose case waits for a decision."""
    if before == "sent back":
        with ago(hours=hours + 30):
            case = apply_for(user, zone, who)
        with ago(hours=hours + 3):
            send_back(look_at(case, reviewer), reviewer)
        with ago(hours=hours):
            hand_in(user, zone, who, picture=2000 + who.number)
        return
    with ago(hours=hours):
        case = apply_for(user, zone, who)
    if before == "proposed":
        with ago(hours=hours - 2):
            approve(case=look_at(case, reviewer), reviewer=reviewer)


def look_at(case: Verification, reviewer: User) -> Verification:
    """Claim the case and look at every file, as a decision requires."""
    taken = claim(case=case, reviewer=reviewer)
    for row in taken.credentials.filter(deleted_at=None):
        look = record_look(credential=row, case=taken, reviewer=reviewer, reason="deciding the case")
        show_look(look=look.pk, credential=row, case=taken, reviewer=reviewer, draw=bytes)
    return taken


def send_back(case: Verification, reviewer: User, code: str = "unreadable") -> None:
    """Reject for one of the desk's canned reasons, in Chinese."""
    reason = REASON_BY_CODE[code]
    with override("zh-hans"):
        words = str(reason.text)
    reject(case=case, reviewer=reviewer, reason=words, field_reasons={reason.field: words})
