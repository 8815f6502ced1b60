"""Screens of the admin cost the same with one row and with twenty."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms.models import ArticlePage
from tests.cms.test_workflow import submitted
from tests.factories.bodies import figure, paragraph
from tests.factories.cms import ContributorFactory, XinglinImageFactory, ZonePageFactory

pytestmark = pytest.mark.django_db

LISTS = [
    "wagtailadmin_reports:workflow",
    "wagtailadmin_reports:workflow_tasks",
    "wagtailadmin_reports:site_history",
    "wagtailadmin_reports:aging_pages",
    "wagtailadmin_reports:locked_pages",
    "wagtailadmin_reports:page_types_usage",
    "wagtailadmin_pages:search",
    "wagtailsnippets_cms_contributor:list",
    "wagtailimages:index",
]


def cost(client, user, address: str, *, first: bool = False) -> int:
    """Queries of a look. Before the first one, another fills what the process remembers."""
    client.force_login(user)
    if first:
        client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def edit(page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_screens_cost_the_same_with_one_article_and_with_twenty(client, editor, reviewer, administrator):
    zone = ZonePageFactory()
    image = XinglinImageFactory()

    def add() -> ArticlePage:
        """An article that is published, locked, and waits for a review again, and what belongs to it."""
        body = [paragraph("见[图:a]"), figure("a", image=image.pk)]
        page = submitted(editor, parent=zone, authors=[ContributorFactory()], body=body)
        now = timezone.now()
        ArticlePage.objects.filter(pk=page.pk).update(
            live=True, last_published_at=now, locked=True, locked_by=editor, locked_at=now
        )
        XinglinImageFactory(file=image.file)
        return page

    first = add()
    explore = reverse("wagtailadmin_explore", args=[zone.pk])
    screens = [(administrator, reverse(name)) for name in LISTS]
    home = reverse("wagtailadmin_home")
    screens += [(reviewer, home), (editor, home), (reviewer, edit(first)), (editor, explore)]
    one = [cost(client, user, address, first=True) for user, address in screens]
    for _ in range(19):
        add()
    twenty = [cost(client, user, address) for user, address in screens]
    grown = [(address, a, b) for (_user, address), a, b in zip(screens, one, twenty, strict=True) if b > a]
    assert grown == []
    client.force_login(reviewer)
    assert client.get(home).content.decode().count("/approve/") == 2 * 20


def test_the_editor_costs_the_same_after_one_revision_and_after_twenty(client, editor, reviewer):
    page = submitted(editor)
    one = cost(client, reviewer, edit(page), first=True)
    for number in range(19):
        page.title = f"第{number}稿"
        page.save_revision(user=editor)
    assert cost(client, reviewer, edit(page)) == one


def test_the_editor_costs_the_same_for_a_short_article_and_for_a_long_one(client, editor, reviewer):
    def long(figures: int) -> int:
        keys = [f"k{number}" for number in range(figures)]
        body = [block for key in keys for block in (paragraph(f"见[图:{key}]"), figure(key))]
        return cost(client, reviewer, edit(submitted(editor, body=body)), first=True)

    assert long(1) == long(20)
