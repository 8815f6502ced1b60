"""Which mails a person wants."""

from __future__ import annotations

from django.db import transaction

from gate.models import MailChoice, User


@transaction.atomic
def choose_mails(*, user: User, optional_mails: bool) -> MailChoice:
    """Switch the mails that one can do without on or off; decisions and questions are always sent."""
    choice, _made = MailChoice.objects.update_or_create(
        user=user, defaults={"optional_mails": optional_mails}
    )
    return choice


def wants_optional_mails(user: User) -> bool:
    """True unless the person has switched them off."""
    return not MailChoice.objects.filter(user=user, optional_mails=False).exists()
