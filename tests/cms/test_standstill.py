"""The admin shows when background work has stopped, and which articles are overdue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cms import background
from cms.models import Heartbeat
from tests.factories.cms import ArticlePageFactory
from tests.factories.gate import UserFactory

pytestmark = pytest.mark.django_db
STARTING = "manage.py work"


@pytest.fixture
def queued(settings):
    """The real profile, whose tasks wait for a worker."""
    tasks = settings.TASKS["default"]
    settings.TASKS = {"default": tasks | {"BACKEND": "config.queue.TaskQueue"}}
    return ["schedule", *tasks["QUEUES"]]


@pytest.fixture
def boss(client):
    client.force_login(UserFactory(is_superuser=True))


@pytest.fixture
def late():
    """An article whose time passed ten minutes ago."""
    page = ArticlePageFactory(published=False, title="迟到的文章")
    revision = page.get_latest_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=10)
    revision.save()
    return page


def home(client) -> str:
    return client.get(reverse("wagtailadmin_home")).text


def test_the_start_page_is_quiet_while_everything_goes_on(client, boss, queued):
    background.beat(worker="w", alive=queued)
    assert STARTING not in home(client)


def test_the_start_page_names_what_stands_still_and_since_when(client, boss, queued):
    background.beat(worker="w", alive=queued)
    Heartbeat.objects.filter(part="publish").update(at=timezone.now() - timedelta(hours=2))
    text = home(client)
    assert STARTING in text
    assert "已暂停：定时发布。" in text
    Heartbeat.objects.all().delete()
    assert "从未运行" in home(client)


def test_the_start_page_links_to_the_articles_that_are_late(client, boss, late, queued):
    background.beat(worker="w", alive=queued)
    text = home(client)
    assert reverse("wagtailadmin_pages:edit", args=[late.pk]) in text
    assert STARTING not in text


def test_editors_without_the_right_to_publish_are_not_bothered(client, queued):
    from django.contrib.auth.models import Permission

    author = UserFactory()
    author.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(author)
    assert STARTING not in home(client)


@pytest.mark.parametrize(("alive", "words"), [(False, "后台任务已停止"), (True, "发布失败或有延迟")])
def test_the_editor_of_a_late_article_says_that_nothing_publishes_it(
    client, boss, late, queued, alive, words
):
    if alive:
        background.beat(worker="w", alive=queued)
    page = client.get(reverse("wagtailadmin_pages:edit", args=[late.pk]))
    assert any(words in str(message) for message in page.context["messages"])


def test_an_article_whose_time_has_just_come_is_not_late(client, boss, queued, late):
    late.revisions.update(approved_go_live_at=timezone.now() - timedelta(seconds=30))
    page = client.get(reverse("wagtailadmin_pages:edit", args=[late.pk]))
    assert not [message for message in page.context["messages"] if "应于" in str(message)]
