"""The Django app of cms: connects signal receivers and policies at start-up."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    label = "cms"
    verbose_name = _("Content")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import pre_save
        from wagtail.models import Revision

        from cms import admin_lists, authorship, file_policy, ledger_triggers, no_page_privacy
        from cms.atomic_actions import make_page_actions_atomic
        from cms.characters import connect_forms
        from cms.spreadsheets import connect_exports

        connect_forms()
        connect_exports()
        file_policy.connect()
        make_page_actions_atomic()
        ledger_triggers.connect()
        no_page_privacy.connect()
        admin_lists.connect()
        pre_save.connect(authorship.note_writer, sender=Revision, dispatch_uid="cms.note_writer")
