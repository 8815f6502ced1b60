"""Scheduled tasks that belong to no other package."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page, Revision

from cms import background
from gate.notify import forget_old_mails


@task(queue_name="publish")
def publish_scheduled() -> str:
    """Publish what is due and take down what has expired (Wagtail's own command)."""
    return _output_of("publish_scheduled")


def has_scheduled() -> bool:
    """Whether a revision is due or a page has expired."""
    now = timezone.now()
    return (
        Revision.objects.filter(approved_go_live_at__lt=now).exists()
        or Page.objects.filter(live=True, expire_at__lt=now).exists()
    )


@task(queue_name="upkeep")
def gate_daily() -> str:
    """Expiry, reminders, erasure and retention of the gate. Returns the figures."""
    return _output_of("gate_daily")


@task(queue_name="upkeep")
def tidy_up() -> str:
    """Delete what background work leaves behind: old messages and keys, mails, heartbeats, finished tasks."""
    figures = _output_of("deliver_webhooks")
    forget_old_mails()
    background.forget_old_heartbeats()
    # Each change leaves a row or two of no further use; failed tasks stay for inspection.
    ended = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - timedelta(days=1))
    ended.exclude(status=TaskResultStatus.FAILED).delete()
    return figures


def _output_of(command: str) -> str:
    """The output of a command: figures, which the task's row keeps for some days."""
    output = StringIO()
    call_command(command, stdout=output)
    return output.getvalue()
