"""The worker and its schedule: each job once, nothing lost with a dead worker, orders to stop obeyed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cms import background
from cms.models import Heartbeat, ScheduledJob
from config import jobs, scheduler, worker
from gate.models import Notice, OutgoingMail
from gate.notify.notifications import send_notices
from search.models import OutboxEntry
from tests.factories.cms import ArticlePageFactory
from tests.factories.gate import submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(settings):
    """The real profile's task queue."""
    settings.TASKS = {"default": settings.TASKS["default"] | {"BACKEND": "config.queue.TaskQueue"}}
    return DBTaskResult.objects


def waiting(queue) -> list[str]:
    return sorted(row.task_path.rpartition(".")[2] for row in queue.filter(status=TaskResultStatus.READY))


class TestSchedule:
    def test_a_job_starts_when_it_is_due_and_not_again_before(self, queue):
        now = timezone.now()
        assert scheduler.start_due(now) == ["gate_daily", "tidy_up"]
        assert waiting(queue) == ["gate_daily", "tidy_up"]
        queue.all().delete()
        assert scheduler.start_due(now + timedelta(hours=23)) == []
        assert scheduler.start_due(now + timedelta(hours=25)) == ["gate_daily", "tidy_up"]

    def test_of_two_schedulers_one_starts_a_job(self, queue):
        now = timezone.now()
        scheduler.start_due(now)
        queue.all().delete()
        later = now + timedelta(days=2)
        known = dict(ScheduledJob.objects.values_list("name", "due_at"))
        daily = next(job for job in scheduler.JOBS if job.name == "gate_daily")
        # Both have read the same row before either wrote.
        assert scheduler._start(daily, known, later) is True
        assert scheduler._start(daily, known, later) is False
        assert waiting(queue) == ["gate_daily"]

    def test_a_job_whose_last_run_goes_on_is_not_started_twice(self, queue):
        now = timezone.now()
        scheduler.start_due(now)
        assert scheduler.start_due(now + timedelta(days=2)) == []
        assert len(waiting(queue)) == 2

    @pytest.mark.parametrize("name", ["notices", "search"])
    def test_what_a_crash_left_in_an_outbox_is_found(self, queue, name):
        """The change committed, and the process died before its task was queued."""
        if name == "notices":
            submitted()
        else:
            ArticlePageFactory()
        assert Notice.objects.exists() or OutboxEntry.objects.exists()
        queue.all().delete()
        assert name in scheduler.start_due()
        assert name not in scheduler.start_due()

    def test_every_queue_of_a_job_is_worked(self, queue, settings):
        for job in scheduler.JOBS:
            assert job.task.queue_name in settings.TASKS["default"]["QUEUES"]


class TestDrain:
    def test_mails_and_index_follow_a_change(self, queue, mailoutbox, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            submitted()
        assert not mailoutbox, "no request sends a mail"
        assert "send_notices" in waiting(queue)
        worker.drain()
        assert mailoutbox
        assert waiting(queue) == []

    def test_a_task_that_fails_stops_no_other(self, queue, monkeypatch):
        def fail(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr(jobs, "call_command", fail)
        jobs.gate_daily.enqueue()
        send_notices.enqueue()
        worker.drain()
        states = dict(queue.values_list("task_path", "status"))
        assert states["config.jobs.gate_daily"] == TaskResultStatus.FAILED
        assert states["gate.notify.notifications.send_notices"] == TaskResultStatus.SUCCESSFUL

    def test_finished_tasks_are_forgotten_and_failed_ones_kept_for_a_week(self, queue):
        for status in (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED):
            row = queue.get(pk=send_notices.enqueue().id)
            queue.filter(pk=row.pk).update(status=status, finished_at=timezone.now() - timedelta(days=2))
        jobs.tidy_up.call()
        assert queue.get().status == TaskResultStatus.FAILED


class TestRescue:
    def running(self, queue, process):
        row = queue.get(pk=send_notices.enqueue().id)
        row.claim(f"{process}:mail")
        return row

    def test_what_a_dead_worker_had_begun_runs_again(self, queue):
        row = self.running(queue, "dead")
        Heartbeat.objects.create(
            worker="dead", part="mail", at=timezone.now() - background.STALE - timedelta(seconds=1)
        )
        assert worker.rescue() == 1
        row.refresh_from_db()
        assert row.status == TaskResultStatus.READY
        worker.drain()
        row.refresh_from_db()
        assert row.status == TaskResultStatus.SUCCESSFUL

    def test_what_a_living_worker_does_is_left_to_it(self, queue):
        self.running(queue, "alive")
        background.beat(worker="alive", alive=["mail"])
        assert worker.rescue() == 0

    def test_a_worker_that_stops_in_order_leaves_its_work_to_the_next(self, queue):
        process = worker.WorkerProcess()
        process.threads = []
        row = self.running(queue, process.name)
        process.beat()
        process.stop()
        row.refresh_from_db()
        assert row.status == TaskResultStatus.READY
        assert not Heartbeat.objects.exists()


def test_a_hung_queue_gives_no_sign_of_life(monkeypatch):
    process = worker.WorkerProcess()
    for thread in process.threads:
        monkeypatch.setattr(thread, "is_alive", lambda: True)
    process.threads[0].loop.busy_since = -worker.LONGEST_TASK * 2
    process.beat()
    beating = set(Heartbeat.objects.values_list("part", flat=True))
    assert {thread.queue for thread in process.threads} - beating == {process.threads[0].queue}


def test_tasks_hold_no_personal_data(queue):
    """Their arguments are numbers and words of ours; the mails' own task has none."""
    submitted(full_name="金丝雀", licence_number="110110000000777")
    stored = repr(list(queue.values_list("args_kwargs", "traceback")))
    assert "金丝雀" not in stored
    assert not OutgoingMail.objects.exists(), "the suite's own backend"
