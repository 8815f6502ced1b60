"""The consent that a verification asks for before it takes a credential, as one person gets to see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gate.consent.shown_texts import AgreementText, agreement_texts
from gate.decision.facts import ConsentDecision, ConsentFact, StepRule, Subject
from gate.decision.policy import last_decided, may_send_credentials
from gate.decision.selectors import load_credential_rule
from gate.models import ConsentRecord

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from gate.models import User


@dataclass(frozen=True, slots=True)
class CredentialConsent:
    """`agreement` is None while the site has published no such text: no credential can be taken then.

    `decided` is the reader's last decision that counts. As a step on the screen it has a title.
    """

    rule: StepRule | None
    agreement: AgreementText | None
    decided: ConsentDecision | None
    given: bool

    @property
    def title(self) -> str:
        return self.agreement.title if self.agreement is not None else ""


def credential_consent(user: User | AnonymousUser, *, now: datetime) -> CredentialConsent:
    """Three queries, whatever was decided before."""
    rule = load_credential_rule(now=now)
    if rule is None or user.pk is None:
        return CredentialConsent(None, None, None, given=False)
    subject = consents_for_credentials(user, rule)
    return CredentialConsent(
        rule=rule,
        agreement=agreement_texts([rule], subject, None).get(rule.id),
        decided=last_decided(subject, None, rule),
        given=may_send_credentials(subject, rule),
    )


def consents_for_credentials(user: User | AnonymousUser, rule: StepRule) -> Subject:
    """The person with nothing but their decisions on that text."""
    rows = ConsentRecord.objects.filter(
        user_id=user.pk or 0, zone=None, version__agreement=rule.subject_id
    ).order_by("pk")
    facts = rows.values_list("zone_id", "version__agreement_id", "version_id", "decision")
    return Subject(
        user.pk,
        tuple(
            ConsentFact(zone, agreement, version, ConsentDecision(decided))
            for zone, agreement, version, decided in facts
        ),
    )
