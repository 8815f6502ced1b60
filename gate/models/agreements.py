"""Agreements, their versions, and readers' decisions on them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import Orderable

from gate.models.append_only import AppendOnlyModel
from gate.states import ConsentDecision

DRAFT_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]


class Agreement(ClusterableModel):
    """A text with versions. Edited here is the draft of the next one; readers see published ones.

    One text, one purpose: what the law requires a separate consent for (PIPL articles 23, 25, 29 and 39) has
    a kind, a text and a step of its own. `sensitive` is asked for by every verification before it takes a
    credential: there is one such text, and it is published with its whole statement (STATEMENT_FIELDS).
    """

    class Kind(models.TextChoices):
        IDENTITY = "identity", _("identity agreement")
        CONSENT = "consent", _("informed consent")
        PUBLICATION = "publication", _("separate consent: publication")
        SHARING = "sharing", _("separate consent: sharing with others")
        CROSS_BORDER = "cross_border", _("separate consent: transfer abroad")
        SENSITIVE = "sensitive", _("separate consent: sensitive information (credentials)")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    locale = models.CharField(
        _("language"), max_length=12, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    draft_text = RichTextField(
        _("text of the next version"),
        blank=True,
        features=DRAFT_FEATURES,
        help_text=_("Readers see it after you publish it as a version. A published version never changes."),
    )

    purpose = models.TextField(_("purpose"), blank=True, max_length=1000)
    necessity = models.TextField(
        _("why it is necessary, and what it means for you"), blank=True, max_length=1000
    )
    controller = models.TextField(_("who answers for the data"), blank=True, max_length=1000)
    recipients = models.TextField(_("who receives it"), blank=True, max_length=1000)
    retention = models.TextField(_("how long it is kept"), blank=True, max_length=1000)
    contact = models.TextField(_("contact"), blank=True, max_length=1000)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering: ClassVar[list[str]] = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(kind="sensitive"),
                name="gate_one_sensitive_agreement",
                violation_error_message=_(
                    "There is a text of this kind already: every verification asks for the same one."
                ),
            )
        ]
        permissions = [
            ("publish_agreement", "Can publish agreement versions"),
        ]

    def __str__(self) -> str:
        return self.title


STATEMENT_FIELDS = ("purpose", "necessity", "controller", "recipients", "retention", "contact")
"""What PIPL articles 17 and 30 require to be stated, as fields of the text and of its receipt."""


class AgreementLink(Orderable):
    """A document the text refers to, such as the service agreement or the privacy policy."""

    agreement = ParentalKey(Agreement, on_delete=models.CASCADE, related_name="draft_links")
    label = models.CharField(_("label"), max_length=80)
    url = models.URLField(_("address"), max_length=500)

    class Meta(Orderable.Meta):
        verbose_name = _("linked document")
        verbose_name_plural = _("linked documents")


class AgreementVersion(AppendOnlyModel):
    """One published text, frozen. `sha256` is over the exact content shown (gate.consent.agreements.digest).

    `links` is a list of {"label", "url"}; `statement` maps those of STATEMENT_FIELDS that were filled in to
    their text. `asks_again`: decisions on older versions no longer count.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    locale = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    text = models.TextField()
    links = models.JSONField(default=list)
    statement = models.JSONField(default=dict)
    effective_from = models.DateTimeField()
    asks_again = models.BooleanField(default=True)
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("agreement version")
        ordering: ClassVar[list[str]] = ["agreement_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="gate_agreement_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"

    @property
    def stated(self) -> dict[str, str]:
        """The statement in the order of STATEMENT_FIELDS, which PostgreSQL's JSON does not keep."""
        return {name: self.statement[name] for name in STATEMENT_FIELDS if name in self.statement}


class ConsentRecord(AppendOnlyModel):
    """One decision of one user on one version, in one zone. `uuid` names its receipt.

    `surface` is where it was made ("site", "api"), `context_hash` a keyed hash of address and user agent.
    The zone is stored without a constraint: the record outlives the page. None: it is for the whole site, as
    the consent to the use of credentials is.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consent_records"
    )
    zone = models.ForeignKey(
        "cms.ZonePage", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="records")
    decision = models.CharField(
        max_length=16, choices=[(decision.value, decision.value) for decision in ConsentDecision]
    )
    decided_at = models.DateTimeField()
    surface = models.CharField(max_length=32)
    locale = models.CharField(max_length=12)
    context_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("consent record")
        indexes = [models.Index(fields=["user", "zone"], name="gate_consent_user_zone")]
