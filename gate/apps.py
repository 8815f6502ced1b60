"""The gate as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GateConfig(AppConfig):
    name = "gate"
    label = "gate"
    verbose_name = _("Gate")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers for zones, and for users who come back during the grace period."""
        from allauth.account.signals import password_reset
        from django.contrib.auth.signals import user_logged_in
        from django.core.checks import register
        from django.db.models.signals import post_save

        from cms.signals import page_saved
        from gate.audit.record import record_casework
        from gate.models import VerificationEvent
        from gate.notify.catalogue import WAITING
        from gate.notify.send import register_facts
        from gate.people.signin.lock import forget_attempts
        from gate.privacy.erasure import keep_account
        from gate.privacy.retention import check_retention
        from gate.steps.gates import ZONE_EVENTS, keep_gate, zone_facts
        from gate.verification.reviewer_mails import waiting_facts

        self._register_steps()
        self._watch_accounts()
        page_saved.connect(keep_gate, dispatch_uid="gate.keep_gate")
        user_logged_in.connect(keep_account, dispatch_uid="gate.keep_account")
        password_reset.connect(forget_attempts, dispatch_uid="gate.forget_attempts")
        post_save.connect(record_casework, sender=VerificationEvent, dispatch_uid="gate.record_casework")
        register(check_retention)
        register_facts(zone_facts, *ZONE_EVENTS)
        register_facts(waiting_facts, WAITING)

    def _register_steps(self) -> None:
        """Register every kind of step, in the usual order of a gate."""
        from gate.consent.text_steps import AgreementStep, ConsentStep, SeparateConsentStep
        from gate.decision import step_kinds
        from gate.models.steps import step_checked
        from gate.questions.question_steps import ProfileStep, SurveyStep
        from gate.steps.checks import check_step
        from gate.steps.entering import EnterStep
        from gate.verification.verification_step import VerificationStep

        step_kinds.register(
            AgreementStep(),
            ConsentStep(),
            SeparateConsentStep(),
            ProfileStep(),
            SurveyStep(),
            VerificationStep(),
            EnterStep(),
        )
        step_checked.connect(check_step, dispatch_uid="gate.check_step")

    def _watch_accounts(self) -> None:
        """Notify users of every change to their account's password, second factor or rights."""
        from allauth.mfa.models import Authenticator
        from django.contrib.auth.models import Group
        from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save

        from gate.models import User, ZoneGroupObjectPermission, ZoneUserObjectPermission
        from gate.people.signin import changes
        from gate.people.signin.second_factor import keep_shown_factor

        pre_save.connect(changes.remember_before_saving, sender=User, dispatch_uid="gate.remember_account")
        post_save.connect(changes.follow_saving, sender=User, dispatch_uid="gate.follow_account")
        for through in (User.groups.through, User.user_permissions.through):
            m2m_changed.connect(
                changes.follow_membership, sender=through, dispatch_uid=f"gate.follow_{through.__name__}"
            )
        m2m_changed.connect(
            changes.follow_group_permissions,
            sender=Group.permissions.through,
            dispatch_uid="gate.follow_group_permissions",
        )
        post_save.connect(keep_shown_factor, sender=Authenticator, dispatch_uid="gate.keep_shown_factor")
        for model, receiver in (
            (ZoneUserObjectPermission, changes.follow_grant),
            (ZoneGroupObjectPermission, changes.follow_grant),
            (Authenticator, changes.follow_authenticator),
        ):
            name = f"gate.follow_{model.__name__}"
            post_save.connect(receiver, sender=model, dispatch_uid=f"{name}_saved")
            post_delete.connect(receiver, sender=model, dispatch_uid=f"{name}_deleted")
