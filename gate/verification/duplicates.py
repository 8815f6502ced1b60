"""Finds cases of other accounts that may use the same credential. Reviewers compare; this decides nothing.

Two things are compared: the licence number, and the keyed hash of a picture's bytes, which stays when the
picture is deleted. Drafts do not count.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from gate.models import Credential, Verification


@dataclass(frozen=True, slots=True)
class Alike:
    """Another account's case, and in what it is alike."""

    case: Verification
    same_number: bool
    same_picture: bool


def has_duplicates() -> Q:
    """For annotate(): whether another account's case is alike."""
    others = Verification.objects.exclude(user_id=OuterRef("user_id")).exclude(state=Verification.State.DRAFT)
    same_number = others.filter(licence_number=OuterRef("licence_number"))
    twins = (
        Credential.objects.filter(content_hash=OuterRef("content_hash"))
        .exclude(verification__user_id=OuterRef("verification__user_id"))
        .exclude(verification__state=Verification.State.DRAFT)
    )
    same_picture = Credential.objects.filter(Exists(twins), verification_id=OuterRef("pk"))
    return (~Q(licence_number="") & Q(Exists(same_number))) | Q(Exists(same_picture))


def requests_alike(case: Verification) -> QuerySet[Verification]:
    """The other accounts' cases that are alike, the latest first."""
    hashes = case.credentials.values("content_hash")
    alike = Q(credentials__content_hash__in=hashes)
    if case.licence_number:
        alike |= Q(licence_number=case.licence_number)
    others = Verification.objects.exclude(user_id=case.user_id).exclude(state=Verification.State.DRAFT)
    return others.filter(pk__in=others.filter(alike).values("pk")).order_by("-pk")


def compared(case: Verification, others: list[Verification]) -> list[Alike]:
    """Add to each in what it is alike. One query for the hashes of all of them."""
    mine = {row.content_hash for row in case.credentials.all()}
    pictures = set(
        Credential.objects.filter(verification__in=others, content_hash__in=mine).values_list(
            "verification_id", flat=True
        )
    )
    return [
        Alike(
            other,
            same_number=bool(case.licence_number) and other.licence_number == case.licence_number,
            same_picture=other.pk in pictures,
        )
        for other in others
    ]
