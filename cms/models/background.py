"""Rows that processes share: heartbeats, when each job is due next, the cache's fallback."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """One part of one worker process had a heartbeat `at`. `part`: a queue of settings.TASKS, or "schedule".

    `worker` names the process; the tasks it runs carry it too. A process that stops deletes its rows.
    """

    worker = models.CharField(max_length=40)
    part = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat of the worker")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["worker", "part"], name="cms_one_heartbeat")
        ]


class ScheduledJob(models.Model):
    """When a job of the schedule is due. Of several schedulers the one that advances `due_at` starts it."""

    name = models.CharField(primary_key=True, max_length=40)
    due_at = models.DateTimeField()
    last_run_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("scheduled job")


class CacheEntry(models.Model):
    """The table of Django's database cache, which is used while Redis is unavailable (config.redis_cache)."""

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "cms_cache_entry"
        verbose_name = _("cache entry")
