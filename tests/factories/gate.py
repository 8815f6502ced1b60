"""People, gates and verifications for tests, made through the services so that they are what readers make.

zone = gated_zone()                      # agreement, consent, profile, survey, verification; hcp
reader = UserFactory()
admitted = admitted_reader(zone)         # has passed every step
case = verification_in("rejected")       # any state of CaseState
boss = reviewer()                        # may review and see credentials everywhere
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image, ImageDraw

from cms.models import ZonePage
from gate.consent.agreements import publish_agreement
from gate.consent.credential_decisions import decide_on_credentials
from gate.consent.sensitive_information import credential_consent
from gate.decision.facts import CaseState, ConsentDecision
from gate.decision.selectors import load_credential_rule, load_rules
from gate.decision.step_kinds import kind_of
from gate.models import (
    Agreement,
    AgreementVersion,
    AuditEvent,
    GateStep,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    User,
    Verification,
    ZoneGate,
)
from gate.questions.publish import publish_questionnaire
from gate.verification import decisions, revocations
from gate.verification.casework import request_information
from gate.verification.decisions import claim, expire_due
from gate.verification.files.looks import look_target, redeem
from gate.verification.revocations import propose_revocation
from gate.verification.submission import submit_verification
from tests.factories.cms import ZonePageFactory
from tests.factories.drawing import drawn_here
from tests.factories.steps import decide_agreement, submit_answers

PASSWORD = "a long password for tests"
STATEMENT = {
    "purpose": "核实专业身份。",
    "necessity": "不查看证件无法确认身份。",
    "controller": "示例出版社",
    "recipients": "本站审核员。",
    "retention": "决定后三十天。",
    "contact": "privacy@example.org",
}
ALL_STEPS = ("agreement", "consent", "profile", "survey", "verification")


class UserFactory(DjangoModelFactory[User]):
    """An active reader with the password PASSWORD and a confirmed address (`confirmed=False`: not yet)."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"reader{n}@example.org")
    display_name = factory.Sequence(lambda n: f"读者{n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", PASSWORD)
        confirmed = kwargs.pop("confirmed", True)
        user = model_class.objects.create_user(*args, password=password, **kwargs)
        EmailAddress.objects.create(user=user, email=user.email, verified=confirmed, primary=True)
        return user


def permit(user: User, *permissions: str) -> User:
    """Give global permissions such as "gate.review_verification"."""
    for name in permissions:
        app_label, codename = name.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app_label, codename=codename)
        )
    return User.objects.get(pk=user.pk)


def reviewer(**kwargs: Any) -> User:
    """A reviewer of every zone as an administrator makes one: a person in the group 认证审核, no more."""
    user = UserFactory(**kwargs)
    user.groups.add(Group.objects.get(name="认证审核"))
    return User.objects.get(pk=user.pk)


def looked(case: Verification, who: User) -> Verification:
    """The case, after `who` has looked at every file of it that exists now."""
    for row in case.credentials.filter(deleted_at=None):
        look = AuditEvent.record(
            AuditEvent.Action.CREDENTIAL_VIEWED, who, case.user, look_target(row), "deciding the case"
        )
        assert redeem(look=look.pk, credential=row, reviewer=who)
    return case


def approve(*, case: Verification, reviewer: User, **kwargs: Any) -> Verification:
    """decisions.approve() by a reviewer who has looked first; so are the next two."""
    return decisions.approve(case=looked(case, reviewer), reviewer=reviewer, **kwargs)


def reject(*, case: Verification, reviewer: User, **kwargs: Any) -> Verification:
    return decisions.reject(case=looked(case, reviewer), reviewer=reviewer, **kwargs)


def confirm(*, case: Verification, reviewer: User, **kwargs: Any) -> Verification:
    return decisions.confirm(case=looked(case, reviewer), reviewer=reviewer, **kwargs)


def revoke(*, case: Verification, reason: str = "执业证书已注销。") -> Verification:
    """Proposed by one reviewer and confirmed by another."""
    propose_revocation(case=case, reviewer=reviewer(), reason=reason)
    return revocations.revoke(case=case, reviewer=reviewer())


def agreement_version(kind: str = "identity", **draft: Any) -> AgreementVersion:
    """A published version of a new agreement."""
    title = draft.pop("title", "身份声明" if kind == "identity" else "知情同意书")
    statement = {name: draft.pop(name) for name in STATEMENT if name in draft}
    agreement = Agreement.objects.create(
        kind=kind, title=title, draft_text=draft.pop("text", "<p>请确认。</p>"), **statement
    )
    return publish_agreement(agreement=agreement, by=None, **draft)


def questionnaire_version(
    kind: str = "profile", *, questions: list[dict[str, Any]] | None = None, **kwargs: Any
) -> QuestionnaireVersion:
    """A published version; without `questions` one required line and one consent-bound choice."""
    made = Questionnaire.objects.create(kind=kind, title="完善信息" if kind == "profile" else "收集问题")
    default = [
        {"text": "您的专业方向？", "kind": "text"},
        {"text": "愿意参加随访吗？", "kind": "single", "choices": "愿意\n不愿意", "consent_bound": True},
    ]
    for order, question in enumerate(questions if questions is not None else default):
        Question.objects.create(questionnaire=made, sort_order=order, **question)
    return publish_questionnaire(questionnaire=made, by=None, **kwargs)


def add_step(zone: ZonePage, kind: str, **kwargs: Any) -> GateStep:
    """Append one step with a text or questions of its own, unless `agreement`/`questionnaire` are given."""
    gate = ZoneGate.objects.get(pk=zone.pk)
    texts, questionnaires = kind_of(kind).texts, kind_of(kind).questionnaires
    if texts and "agreement" not in kwargs:
        kwargs["agreement"] = agreement_version("sharing" if "sharing" in texts else min(texts)).agreement
    if questionnaires and "questionnaire" not in kwargs:
        kwargs["questionnaire"] = questionnaire_version(min(questionnaires)).questionnaire
    order = GateStep.objects.filter(gate=gate).count()
    return GateStep.objects.create(
        **{"gate": gate, "kind": kind, "sort_order": order, "minutes": 2, **kwargs}
    )


def gated_zone(*kinds: str, audience: str = "hcp", **page: Any) -> ZonePage:
    """A zone with these steps in order (all five without any)."""
    zone = ZonePageFactory(audience=audience, **page)
    for kind in kinds or ALL_STEPS:
        add_step(zone, kind)
    return zone


def steps_of(zone: ZonePage) -> dict[str, GateStep]:
    """The zone's steps by kind."""
    return {step.kind: step for step in GateStep.objects.filter(gate_id=zone.pk).order_by("sort_order")}


def take_steps(
    user: User, zone: ZonePage, *, until: str | None = None, consent: str = ConsentDecision.AGREED
) -> None:
    """Take the zone's steps in order up to, and without, the kind `until`; a verification is approved."""
    for rule in load_rules(now=timezone.now(), zone_ids=[zone.pk])[zone.pk].steps:
        if rule.kind == until:
            return
        if kind_of(rule).texts:
            choice = ConsentDecision.AGREED if rule.kind == "agreement" else consent
            decide_agreement(
                user=user, step=rule, version_id=rule.version_id, decision=choice, surface="test"
            )
        elif rule.kind == "verification":
            approve(case=submitted(user, zone=zone), reviewer=reviewer())
        else:
            version = QuestionnaireVersion.objects.get(pk=rule.version_id)
            submit_answers(user=user, step=rule, version_id=version.pk, answers=answers_to(version))


def answers_to(version: QuestionnaireVersion) -> dict[str, Any]:
    """Valid answers to every question of the version."""
    samples: dict[str, Any] = {"number": "3", "date": "2026-03-01"}
    return {
        item["key"]: item["choices"][0] if item["choices"] else samples.get(item["kind"], "消化内科")
        for item in version.questions
    }


def admitted_reader(zone: ZonePage, **kwargs: Any) -> User:
    """A new reader who passed the whole gate of `zone` (and is verified, where the audience is hcp)."""
    user = UserFactory(**kwargs)
    take_steps(user, zone)
    if zone.audience == "hcp" and not user.verifications.filter(state="approved").exists():
        approve(case=submitted(user, zone=zone), reviewer=reviewer())
    return user


@cache
def credential_bytes(form: str = "JPEG", size: tuple[int, int] = (640, 400)) -> bytes:
    """A drawn card; nobody's."""
    card = Image.new("RGB", size, "#f4efe2")
    ImageDraw.Draw(card).rectangle((20, 20, size[0] - 20, size[1] - 20), outline="#20493c", width=4)
    out = BytesIO()
    card.save(out, form)
    return out.getvalue()


def card_of(user: User) -> bytes:
    """A card that is nobody else's: the same picture on two accounts is a possible duplicate."""
    card = Image.new("RGB", (320, 200), "#f4efe2")
    for bit in range(20):  # large spots: small differences do not outlive being drawn anew
        if user.pk >> bit & 1:
            card.paste("#20493c", (bit * 16, 40, bit * 16 + 16, 160))
    out = BytesIO()
    card.save(out, "JPEG")
    return out.getvalue()


def credential(name: str = "card.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    """An upload as a form hands it over."""
    return SimpleUploadedFile(
        name, data if data is not None else credential_bytes(), content_type="image/jpeg"
    )


def application(**changes: Any) -> dict[str, Any]:
    """Valid input of a verification request."""
    return {
        "full_name": "林一",
        "profession": "physician",
        "licence_number": "110110000000001",
        "institution": "示例医院",
        "department": "消化内科",
        "professional_title": "主治医师",
    } | changes


def credential_text() -> AgreementVersion:
    """The text on the use of credentials that is in force, published if there is none."""
    rule = load_credential_rule(now=timezone.now())
    if rule is not None:
        return AgreementVersion.objects.get(pk=rule.version_id)
    return agreement_version("sensitive", title="敏感信息单独同意", **STATEMENT)


def allow_credentials(user: User) -> User:
    """The user agrees to the use of their credentials, as a verification asks first; again is harmless."""
    version = credential_text()
    if not credential_consent(user, now=timezone.now()).given:
        decide_on_credentials(user=user, version_id=version.pk, decision="agreed", surface="test")
    return user


def submitted(user: User | None = None, *, zone: ZonePage | None = None, **changes: Any) -> Verification:
    """A request that waits in the queue. `zone` is where it came in (its order of steps is not checked)."""
    user = user or UserFactory()
    data = application(**{"licence_number": f"1101{user.pk:011d}"} | changes)
    picture = credential(data=card_of(user))
    allow_credentials(user)
    with drawn_here():
        case = submit_verification(user=user, data=data, files=[picture])
    if zone is not None:
        case.zone = zone
        case.save(update_fields=["zone"])
    return case


def verification_in(
    state: CaseState | str, user: User | None = None, *, zone: ZonePage | None = None, **changes: Any
) -> Verification:
    """A request in any state, with the events that led there."""
    wanted = CaseState(state)
    user = user or UserFactory()
    if wanted == CaseState.DRAFT:
        return Verification.objects.create(user=user, zone=zone, state=wanted, **application(**changes))
    case = submitted(user, zone=zone, **changes)
    if wanted == CaseState.SUBMITTED:
        return case
    who = reviewer()
    if wanted == CaseState.IN_REVIEW:
        return claim(case=case, reviewer=who)
    if wanted == CaseState.NEEDS_ANSWER:
        return request_information(case=case, reviewer=who, question="请补充进修证明。")
    if wanted == CaseState.REJECTED:
        return reject(
            case=case,
            reviewer=who,
            reason="照片不清晰，请重新拍摄。",
            field_reasons={"credentials": "看不清编号"},
        )
    case = approve(case=case, reviewer=who)
    if wanted == CaseState.REVOKED:
        return revoke(case=case)
    if wanted == CaseState.EXPIRED:
        Verification.objects.filter(pk=case.pk).update(expires_at=timezone.now() - timedelta(days=1))
        expire_due()
        case.refresh_from_db()
    return case
