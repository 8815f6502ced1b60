"""Medical review by someone other than the author, then publishing; and what each group may do."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Page, Workflow

from cms import roles
from cms.models import ArticlePage, MedicalReviewTask, Publication
from tests.cms.page_form import post_data
from tests.factories.bodies import figure
from tests.factories.cms import ArticlePageFactory, ZonePageFactory, home
from tests.factories.gate import UserFactory

pytestmark = pytest.mark.django_db


def submitted(author, **facts) -> ArticlePage:
    page = ArticlePageFactory(published=False, owner=author, **facts)
    page.save_revision(user=author)
    page.get_workflow().start(page, author)
    return ArticlePage.objects.get(pk=page.pk)


def act(client, user, page, action):
    client.force_login(user)
    state = page.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    return client.post(url, {"comment": ""})


def is_live(page) -> bool:
    return ArticlePage.objects.get(pk=page.pk).live


def test_every_article_gets_the_ready_made_workflow():
    workflow = ArticlePageFactory().get_workflow()
    assert workflow.name == roles.WORKFLOW
    assert [type(task.specific) for task in workflow.tasks] == [MedicalReviewTask]


def test_a_reviewer_approves_and_the_article_is_published(client, editor, reviewer):
    page = submitted(editor)
    response = act(client, reviewer, page, "approve")
    assert response.status_code in (200, 302)
    assert is_live(page)
    assert Publication.objects.get(article_id=page.uuid).kind == "published"


def test_nobody_approves_what_they_submitted_though_they_are_a_reviewer(client, staff):
    both = staff(roles.EDITORS, roles.MEDICAL_REVIEWERS)
    page = submitted(both)
    act(client, both, page, "approve")
    assert not is_live(page)
    with pytest.raises(PermissionDenied):
        page.current_workflow_task_state.task.specific.on_action(
            page.current_workflow_task_state, both, "approve"
        )


def test_no_superuser_approves_their_own_work_either(client):
    boss = UserFactory(is_superuser=True)
    page = submitted(boss)
    act(client, boss, page, "approve")
    assert not is_live(page)


def test_who_wrote_the_last_revision_cannot_approve_it(client, editor, reviewer):
    page = submitted(editor)
    page.title = "审核人改过的标题"
    page.save_revision(user=reviewer)
    page.save_revision(user=editor)  # saving it again makes it nobody else's
    act(client, reviewer, page, "approve")
    assert not is_live(page)


def test_saving_again_unchanged_writes_nothing(client, editor, reviewer):
    page = submitted(editor)
    page.save_revision(user=reviewer)
    act(client, reviewer, page, "approve")  # of the revision before, which is no longer the latest
    act(client, reviewer, ArticlePage.objects.get(pk=page.pk), "approve")
    assert is_live(page)


def approve_from_the_editor(client, user, page, **changes):
    client.force_login(user)
    pressed = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    return client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), post_data(page, **changes) | pressed
    )


def test_approving_from_the_editor_publishes_what_was_submitted(client, editor, reviewer):
    page = submitted(editor)
    revisions = page.revisions.count()
    assert approve_from_the_editor(client, reviewer, page).status_code == 302
    assert is_live(page)
    assert page.revisions.count() == revisions


def test_an_approval_that_autosave_posts_again_is_one(client, editor, reviewer):
    page = submitted(editor)
    form = post_data(page) | {"action-workflow-action": "1", "workflow-action-name": "approve"}
    client.force_login(reviewer)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert client.post(address, form).status_code == 302
    again = client.post(address, form, headers={"X-Requested-With": "XMLHttpRequest"})
    assert again.status_code < 500
    assert Publication.objects.filter(article_id=page.uuid).count() == 1
    assert page.workflow_states.get().status == "approved"


def test_a_reviewer_who_changed_the_text_in_the_editor_does_not_approve_it(client, editor, reviewer):
    page = submitted(editor)
    response = approve_from_the_editor(client, reviewer, page, title="审核人改过的标题")
    assert response.status_code == 200
    assert len(response.context["form"].non_field_errors()) == 1
    assert not is_live(page)
    assert page.get_latest_revision().user == editor


def test_an_editor_outside_the_reviewers_cannot_approve(client, editor, staff):
    page = submitted(editor)
    act(client, staff(roles.EDITORS), page, "approve")
    assert not is_live(page)


def test_what_the_rules_would_refuse_cannot_be_approved(client, editor, reviewer):
    page = submitted(editor, body=[figure("a", alt="")])
    actions = page.current_workflow_task_state.task.specific.get_actions(page, reviewer)
    assert {action[0] for action in actions} == {"reject"}
    act(client, reviewer, page, "approve")
    assert not is_live(page)


def test_wagtails_own_groups_and_workflow_are_gone():
    names = {roles.EDITORS, roles.MEDICAL_REVIEWERS, roles.HCP_REVIEWERS, roles.ADMINISTRATORS}
    assert set(Group.objects.values_list("name", flat=True)) == names
    assert list(Workflow.objects.values_list("name", flat=True)) == [roles.WORKFLOW]
    assert not GroupApprovalTask.objects.exists()


@pytest.mark.parametrize(
    ("group", "edits", "publishes"),
    [
        (roles.EDITORS, True, False),
        (roles.MEDICAL_REVIEWERS, True, False),
        (roles.HCP_REVIEWERS, False, False),
        (roles.ADMINISTRATORS, True, True),
    ],
)
def test_rights_of_the_groups(staff, group, edits, publishes):
    user = staff(group)
    rights = ArticlePageFactory().permissions_for_user(user)
    assert user.has_perm("wagtailadmin.access_admin")
    assert rights.can_edit() is edits
    assert rights.can_publish() is publishes
    assert rights.can_unpublish() is publishes


def test_editors_add_articles_and_administrators_zones(editor, administrator):
    assert ZonePageFactory().permissions_for_user(editor).can_add_subpage()
    assert home().permissions_for_user(administrator).can_publish_subpage()
    assert not home().permissions_for_user(editor).can_publish_subpage()


def test_the_first_site_stands(client):
    assert [page.title for page in Page.objects.filter(depth=2)] == ["杏林"]
    assert home().locale.language_code == "zh-hans"
    assert home().sites_rooted_here.get().is_default_site
