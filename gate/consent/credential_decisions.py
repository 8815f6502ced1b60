"""Records decisions on the use of credentials, and checks them before a credential is taken."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from gate.consent.decisions import append_decision
from gate.consent.diff import comparison_of
from gate.decision.facts import ConsentDecision, StepRule, Subject
from gate.decision.policy import last_decided, may_send_credentials, standing
from gate.decision.selectors import load_credential_consent, load_credential_rule
from gate.errors import AlreadyDecided, ConsentNeeded, InvalidConsentDecision, StaleVersion
from gate.models import Agreement, ConsentRecord, User
from gate.steps.turns import lock_user

OFFERED = (ConsentDecision.AGREED, ConsentDecision.SKIPPED, ConsentDecision.WITHDRAWN)


@transaction.atomic
def decide_on_credentials(
    *, user: User, version_id: int | None, decision: ConsentDecision | str, surface: str, context: str = ""
) -> ConsentRecord:
    """Record one decision on the text in force. `context` as in append_decision.

    Raises ConsentNeeded where no text is in force, StaleVersion, InvalidConsentDecision, AlreadyDecided.
    """
    user = lock_user(user.pk)
    rule, consents = load_credential_consent(user, now=timezone.now())
    if rule is None:
        raise ConsentNeeded(published=False)
    if decision not in [decided.value for decided in OFFERED]:
        raise InvalidConsentDecision(offered=[decided.value for decided in OFFERED])
    decided, subject = ConsentDecision(decision), Subject(user.pk, consents)
    if decided == ConsentDecision.WITHDRAWN:
        given = standing(subject, None, rule.subject_id or 0)
        if given is None:
            raise AlreadyDecided
        version_id = given.version_id
    elif version_id is None or version_id != rule.version_id:
        changes = comparison_of(rule.subject_id, version_id, rule.version_id)
        raise StaleVersion(rule.version_id, None, changes=changes)
    elif last_decided(subject, None, rule) in (decided, ConsentDecision.AGREED):
        raise AlreadyDecided
    return append_decision(
        user=user,
        zone_id=None,
        version_id=version_id,
        agreement_kind=Agreement.Kind.SENSITIVE,
        decided=decided,
        surface=surface,
        context=context,
    )


def check_may_send(user: User, *, subject: Subject | None = None) -> StepRule:
    """Raise ConsentNeeded unless the user's credentials may be taken. Called before files are decoded, too.

    Returns the rule of the text in force. `subject`: the user's facts, if they are loaded already.
    """
    now = timezone.now()
    if subject is not None:
        rule = load_credential_rule(now=now)
    else:
        rule, consents = load_credential_consent(user, now=now)
        subject = Subject(user.pk, consents)
    if rule is None:
        raise ConsentNeeded(published=False)
    if not may_send_credentials(subject, rule):
        raise ConsentNeeded
    return rule
