"""What is kept with a revision: the digest of its text, whether it may be published, and who wrote it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import PagePermissionTester, Revision

from cms import admin_lists, authorship, documents, roles
from cms.authorship import KEPT, is_own_work, kept_facts, writer_of
from cms.blocks.body import walk
from cms.documents import Outline
from cms.models import ArticlePage
from tests.cms.page_form import post_data
from tests.cms.test_workflow import act, is_live, submitted
from tests.factories.bodies import figure, paragraph
from tests.factories.cms import ArticlePageFactory, ContributorFactory, XinglinImageFactory, ZonePageFactory
from tests.factories.gate import UserFactory

pytestmark = pytest.mark.django_db


def reload(page) -> ArticlePage:
    return ArticlePage.objects.get(pk=page.pk)


def forget(page) -> None:
    """The revisions as they were before this was kept."""
    for revision in page.revisions.all():
        content = {name: value for name, value in revision.content.items() if name != KEPT}
        Revision.objects.filter(pk=revision.pk).update(content=content)


def test_saving_again_unchanged_makes_it_no_other_users(editor, reviewer):
    page = ArticlePageFactory(published=False)
    first = page.save_revision(user=editor)
    page.title = "新题"
    changed = page.save_revision(user=reviewer)
    again = page.save_revision(user=editor)
    assert [writer_of(one) for one in (first, changed, again)] == [None, reviewer.pk, reviewer.pk]
    page.title = "再改"
    assert writer_of(page.save_revision(user=editor)) == editor.pk


def test_a_revision_that_is_overwritten_belongs_to_who_changed_it(editor, reviewer):
    page = ArticlePageFactory(published=False)
    page.title = "新题"
    page.save_revision(user=editor)
    again = page.save_revision(user=reviewer)
    assert writer_of(again) == editor.pk
    page.title = "再改"
    assert writer_of(page.save_revision(user=reviewer, overwrite_revision=again)) == reviewer.pk


def test_what_was_saved_before_is_judged_alike(editor, reviewer):
    page = ArticlePageFactory(published=False)
    page.title = "新题"
    page.save_revision(user=reviewer)
    forget(page)
    assert writer_of(reload(page).latest_revision) == reviewer.pk
    assert writer_of(page.save_revision(user=editor)) == reviewer.pk
    forget(page)
    assert writer_of(reload(page).latest_revision) == reviewer.pk
    assert is_own_work(reload(page), reviewer)


def test_what_changes_beside_the_article_changes_no_text(editor, reviewer):
    image, author, zone = XinglinImageFactory(), ContributorFactory(), ZonePageFactory()
    link = f'<a linktype="page" id="{zone.pk}">专区</a>'
    body = [paragraph(f"<p>{link}</p>"), figure("a", image=image.pk, alt="", source="", licence="")]
    page = ArticlePageFactory(parent=zone, published=False, authors=[author], body=body)
    page.title = "新题"
    before = page.save_revision(user=editor)
    image.default_alt, author.name, zone.slug = "另一说明", "另一姓名", "elsewhere"
    for changed in (image, author, zone):
        changed.save()
    again = reload(page).get_latest_revision_as_object().save_revision(user=reviewer)
    assert kept_facts(again).digest == kept_facts(before).digest
    assert writer_of(again) == editor.pk


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "另"), ("summary", "另"), ("audience", "hcp"), ("source_url", "https://example.org/"),
     ("body", [("paragraph", "<p>另</p>")])],
)  # fmt: skip
def test_each_change_of_what_readers_see_changes_the_digest(field, value):
    page = ArticlePageFactory(published=False)
    before = authorship.text_digest(Outline(page))
    setattr(page, field, value)
    assert authorship.text_digest(Outline(page)) != before


def test_a_picture_that_got_its_rights_makes_the_article_complete(client, editor, reviewer):
    image = XinglinImageFactory(default_alt="")
    page = submitted(editor, body=[figure("a", image=image.pk, alt="")])
    assert not kept_facts(page.latest_revision).complete
    task = page.current_workflow_task_state.task.specific
    assert {action[0] for action in task.get_actions(page, reviewer)} == {"reject"}
    assert {action[0] for action in task.listed_actions(page, reviewer)} == {"reject"}
    image.default_alt = "结节"
    image.save()
    assert {action[0] for action in task.get_actions(page, reviewer)} == {"reject", "approve"}
    act(client, reviewer, page, "approve")
    assert is_live(page)


def test_a_picture_that_lost_its_rights_is_not_published_by_an_approval(client, editor, reviewer):
    image = XinglinImageFactory()
    page = submitted(editor, body=[figure("a", image=image.pk, alt="")])
    image.default_alt = ""
    image.save()
    act(client, reviewer, page, "approve")
    assert not is_live(page)


def test_a_draft_that_cannot_be_rendered_is_saved(monkeypatch, editor):
    page = ArticlePageFactory(published=False)
    monkeypatch.setattr(authorship, "text_digest", lambda outline: [][0])
    page.title = "新题"
    revision = page.save_revision(user=editor)
    assert (kept_facts(revision), revision.content["title"]) == (None, "新题")


def test_lists_offer_what_the_editor_offers(editor, reviewer):
    task = submitted(editor).current_workflow_task_state.task.specific
    own = submitted(reviewer)
    for page in (submitted(editor), own, submitted(editor, body=[figure("a", alt="")])):
        for user in (editor, reviewer, UserFactory(is_superuser=True)):
            assert task.listed_actions(page, user) == task.get_actions(page, user)
    forget(own)
    assert {action[0] for action in task.listed_actions(reload(own), reviewer)} == {"reject"}


@pytest.fixture
def walks(monkeypatch):
    """The articles that were walked, in their order."""
    found: list[str] = []
    monkeypatch.setattr(documents, "walk", lambda body: found.append(str(body)) or walk(body))
    return found


def test_a_publish_walks_the_article_once(walks):
    revision = ArticlePageFactory(published=False).get_latest_revision()
    walks.clear()
    revision.publish()
    assert len(walks) == 1


def test_an_approval_walks_the_article_once(client, editor, reviewer, walks):
    page = submitted(editor)
    walks.clear()
    act(client, reviewer, page, "approve")
    assert is_live(page)
    assert len(walks) == 1


def test_the_form_walks_what_was_sent_once_and_publishing_what_was_stored(client, walks):
    page = ArticlePageFactory(published=False)
    client.force_login(UserFactory(is_superuser=True))
    walks.clear()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert client.post(address, post_data(page) | {"action-publish": "1"}).status_code == 302
    assert is_live(page)
    assert len(walks) == 2


def test_no_screen_of_a_review_walks_anything(client, editor, reviewer, walks):
    page = submitted(editor)
    client.force_login(reviewer)
    walks.clear()
    client.get(reverse("wagtailadmin_home"))
    client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert walks == []


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("group", [roles.EDITORS, roles.MEDICAL_REVIEWERS, roles.ADMINISTRATORS, None])
def test_who_may_delete_an_article_is_decided_as_wagtail_does(group, live):
    user = UserFactory()
    user.groups.set(Group.objects.filter(name=group))
    page = ArticlePageFactory(published=live)
    for one in (page, page.zone):
        tester = one.permissions_for_user(user)
        for ignore_bulk in (True, False):
            expected = admin_lists._wagtails_can_delete(tester, ignore_bulk)
            assert PagePermissionTester.can_delete(tester, ignore_bulk) is expected
