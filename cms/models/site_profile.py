"""The site's name, mark, colours, contacts and legal numbers. Set in the admin, shown on every page."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.blocks import CharBlock, StructBlock, URLBlock
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from cms.colours import DARK, HEX, LIGHT, TEXT, weakest


class NumberBlock(StructBlock):
    """A number that the law requires to be shown, such as 京ICP备…号, with the address that confirms it."""

    label = CharBlock(
        label=_("label"),
        max_length=40,
        required=False,
        help_text=_("Shown before the number, if it needs one."),
    )
    number = CharBlock(label=_("legal number"), max_length=80)
    url = URLBlock(label=_("address"), required=False, max_length=500)

    class Meta:
        icon = "tag"
        label = _("legal number")


class LinkBlock(StructBlock):
    """A document that every page links to, such as the privacy policy."""

    label = CharBlock(label=_("label"), max_length=40)
    url = URLBlock(label=_("address"), max_length=500)

    class Meta:
        icon = "link"
        label = _("link")


@register_setting(icon="cog", order=10)
class SiteProfile(BaseSiteSetting):
    """One row for each site. For what is empty, the settings from the environment apply.

    Numbers and links are in the row itself, so that a page costs one query for all of it.
    """

    select_related = ["logo"]

    name = models.CharField(_("name of the site"), max_length=40, blank=True)
    logo = models.ForeignKey(
        "cms.XinglinImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("mark"),
        help_text=_("Stands beside the name, also in the admin. Everyone can see it."),
    )
    accent = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        help_text=_("Of links and buttons, such as #1b5e4f. Left empty: pine."),
    )
    accent_dark = models.CharField(
        _("colour on a dark ground"),
        max_length=7,
        blank=True,
        help_text=_("For readers whose device shows dark pages, such as #7cc7b2."),
    )
    notice = models.CharField(
        _("notice at the foot"),
        max_length=200,
        blank=True,
        help_text=_("Left empty: for the reference of healthcare professionals …"),
    )
    operator = models.CharField(
        _("who runs the site"),
        max_length=120,
        blank=True,
        help_text=_("The institution that answers for the data; receipts name it."),
    )
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    contact_address = models.CharField(_("postal address"), max_length=200, blank=True)
    numbers = StreamField([("number", NumberBlock())], blank=True, verbose_name=_("numbers"))
    links = StreamField([("link", LinkBlock())], blank=True, verbose_name=_("links"))

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("logo")], heading=_("Name and mark")),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("accent"), FieldPanel("accent_dark")])],
            heading=_("Colours"),
            help_text=_("Both are checked: text must stay readable on every ground (WCAG AA)."),
        ),
        MultiFieldPanel(
            [
                FieldPanel("operator"),
                FieldRowPanel([FieldPanel("contact_email"), FieldPanel("contact_phone")]),
                FieldPanel("contact_address"),
            ],
            heading=_("Contacts"),
        ),
        MultiFieldPanel(
            [FieldPanel("notice"), FieldPanel("numbers"), FieldPanel("links")],
            heading=_("Footer of every page"),
            help_text=_(
                "Numbers that the law requires to be shown (ICP filing, public security filing, licence "
                "for medical information on the internet), the privacy policy and the agreements."
            ),
        ),
    ]

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")

    def __str__(self) -> str:
        return self.name or str(self._meta.verbose_name)

    def clean(self) -> None:
        """Refuse colours with too little contrast to be read."""
        super().clean()
        wrong: dict[str, Any] = {}
        for field, scheme in (("accent", LIGHT), ("accent_dark", DARK)):
            value = getattr(self, field)
            if not value:
                continue
            if not HEX.fullmatch(value):
                wrong[field] = _("Give a colour as # and six digits, such as #1b5e4f.")
                continue
            pair, ratio = weakest(value, scheme)
            if ratio < TEXT:
                wrong[field] = _(
                    "Not readable enough (%(pair)s): contrast %(ratio)s, and 4.5 are needed."
                ) % {
                    "pair": PAIRS[pair],
                    "ratio": f"{ratio:.1f}",
                }
        if wrong:
            raise ValidationError(wrong)


PAIRS = {
    "accent on paper": _("links on the page"),
    "accent on cards": _("links on cards"),
    "accent on its tint": _("links on their tint"),
    "accent on notices": _("links on notices"),
    "text on its tint": _("text on the tint"),
    "buttons": _("words on buttons"),
    "buttons under the pointer": _("words on buttons under the pointer"),
}
"""What cms.colours.weakest() names, for staff."""
