"""The consent that a verification asks for before it takes a credential, as one user sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gate.consent.shown_texts import AgreementText, agreement_texts
from gate.decision.facts import ConsentDecision, StepRule, Subject
from gate.decision.policy import last_decided, may_send_credentials
from gate.decision.selectors import load_credential_consent

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
    """Two queries, whatever was decided before."""
    rule, consents = load_credential_consent(user, now=now)
    if rule is None or user.pk is None:
        return CredentialConsent(None, None, None, given=False)
    return consent_under(rule, Subject(user.pk, consents))


def consent_under(rule: StepRule, subject: Subject) -> CredentialConsent:
    """The consent by facts that are loaded already. One query, for the text."""
    return CredentialConsent(
        rule=rule,
        agreement=agreement_texts([rule], subject, None).get(rule.id),
        decided=last_decided(subject, None, rule),
        given=may_send_credentials(subject, rule),
    )
