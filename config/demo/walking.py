"""Takes the demo's readers through the steps of the gate, up to the verification."""

from __future__ import annotations

import io
from dataclasses import dataclass

from django.utils import timezone

from cms.models import ZonePage
from config.demo.pictures import draw_credential
from gate.consent import credential_consent, decide_on_credentials
from gate.decision import StepAnswer, StepRule, kind_of, load_rules
from gate.models import QuestionnaireVersion, User, Verification
from gate.steps import take_step
from gate.verification import submit_verification

# The readers who are at a step, with the steps that they have completed.
ON_TEXTS = ("agreement", "consent", "separate_consent")
STANDING_BEFORE = {
    "at-consent": ("agreement",),
    "at-sharing": ("agreement", "consent"),
    "at-profile": (*ON_TEXTS,),
    "at-survey": (*ON_TEXTS, "profile"),
    "at-credentials": (*ON_TEXTS, "profile", "survey"),
    "at-verification": (*ON_TEXTS, "profile", "survey"),
}
DEPARTMENTS = ("消化内科", "内镜中心", "普外科")


@dataclass(frozen=True, slots=True)
class Applicant:
    """What an invented applicant states. Each `number` gives a licence number of its own."""

    number: int
    name: str
    profession: str = "physician"
    institution: str = "示范第一医院"
    department: str = "消化内科"

    @property
    def licence_number(self) -> str:
        """The number in config/demo/register.csv for this applicant; an invented one where there is none."""
        if self.profession in {"physician", "nurse"}:
            return f"1103100000{self.number:05d}"
        return f"SF{self.number:06d}"


def apply_for(user: User, zone: ZonePage, who: Applicant) -> Verification:
    """Complete every step of the zone and apply for verification; odd numbers decline informed consent."""
    walk(user, zone, who.number, STANDING_BEFORE["at-verification"])
    return hand_in(user, zone, who, picture=1000 + who.number)


def hand_in(user: User, zone: ZonePage, who: Applicant, *, picture: int) -> Verification:
    """Agree to the use of credentials and submit a verification with one drawn credential."""
    allow_credentials(user)
    data = {
        "full_name": who.name,
        "profession": who.profession,
        "licence_number": who.licence_number,
        "institution": who.institution,
        "department": who.department,
        "professional_title": "主治医师" if who.profession == "physician" else "",
    }
    file = io.BytesIO(draw_credential(picture))
    return submit_verification(user=user, data=data, files=[file], zone=zone)


def allow_credentials(user: User) -> None:
    """Agree to the use of credentials, once."""
    consent = credential_consent(user, now=timezone.now())
    if not consent.given and consent.rule is not None:
        version_id = consent.rule.version_id
        decide_on_credentials(user=user, version_id=version_id, decision="agreed", surface="demo")


def walk(user: User, zone: ZonePage, number: int, kinds: tuple[str, ...]) -> None:
    """Complete these steps; `number` varies decisions and answers."""
    decisions = {
        "consent": "skipped" if number % 2 else "agreed",
        "separate_consent": "agreed" if number % 3 else "skipped",
    }
    for kind in kinds:
        if kind_of(kind).texts:
            decide_text(user, zone, kind, decisions.get(kind, "agreed"))
        else:
            _answer(user, zone, kind, number)


def _step(zone: ZonePage, kind: str) -> StepRule:
    rules = load_rules(now=timezone.now(), zone_ids=[zone.pk])[zone.pk]
    return next(step for step in rules.steps if step.kind == kind)


def decide_text(user: User, zone: ZonePage, kind: str, decision: str) -> None:
    """Agree, refuse, skip or withdraw, as in gate.decision.facts.ConsentDecision."""
    step = _step(zone, kind)
    _take(user, zone, step, StepAnswer(step.version_id, decision, surface="demo"))


def _take(user: User, zone: ZonePage, step: StepRule, answer: StepAnswer) -> None:
    take_step(user=user, zone_id=zone.pk, step_id=step.id, read=lambda turn: answer)


def _answer(user: User, zone: ZonePage, kind: str, number: int) -> None:
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
                # Years of work, or endoscopies in a year: varied for the charts.
                many = "shown_when" in question
                answers[question["key"]] = 40 + number * 37 % 560 if many else number % 30
            case "department":
                answers[question["key"]] = DEPARTMENTS[number % len(DEPARTMENTS)]
            case _:
                answers[question["key"]] = "希望多讲一些随访的实例。"
    _take(user, zone, step, StepAnswer(step.version_id, answers=answers))
