"""Scheduled publishing that the rules refuse does not stop the others, and records the reason."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from cms.models import ArticlePage, Publication
from tests.factories.bodies import figure
from tests.factories.cms import ArticlePageFactory
from tests.factories.gate import UserFactory

pytestmark = pytest.mark.django_db


def schedule(page, minutes_ago: int) -> None:
    revision = page.get_latest_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=minutes_ago)
    revision.save()


@pytest.fixture
def refused(caplog):
    page = ArticlePageFactory(published=False, body=[figure("a", licence="")])
    schedule(page, minutes_ago=5)
    return page


def test_the_command_goes_on_and_the_refused_stays_a_draft(refused, caplog):
    good = ArticlePageFactory(published=False)
    schedule(good, minutes_ago=1)
    with caplog.at_level(logging.WARNING, logger="cms.scheduling"):
        call_command("publish_scheduled")
    assert ArticlePage.objects.get(pk=good.pk).live
    assert not ArticlePage.objects.get(pk=refused.pk).live
    assert list(Publication.objects.values_list("article_id", flat=True)) == [good.uuid]
    assert "scheduled publishing refused" in caplog.text


def test_it_is_tried_once_only(refused, caplog):
    call_command("publish_scheduled")
    caplog.clear()
    call_command("publish_scheduled")
    assert caplog.text == ""


def test_the_editor_is_told_until_a_new_version_is_saved(refused, client):
    call_command("publish_scheduled")
    client.force_login(UserFactory(is_superuser=True))
    address = reverse("wagtailadmin_pages:edit", args=[refused.pk])
    told = [str(message) for message in client.get(address).context["messages"]]
    assert any("图1：缺少许可" in text for text in told)
    history = client.get(reverse("wagtailadmin_pages:history", args=[refused.pk]))
    assert "图1：缺少许可" in history.content.decode()
    ArticlePage.objects.get(pk=refused.pk).save_revision()
    assert not list(client.get(address).context["messages"])
