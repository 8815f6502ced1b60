"""Wagtail's admin: nearly every advisory of Wagtail was a secondary view that forgot the permission check.

Requested address by address, with the ids of the gated article, for every user without rights on its pages.
"""

from __future__ import annotations

import re
from itertools import product
from uuid import uuid4

import pytest

from cms.models import XinglinImage
from cms.selectors import head_of
from gate.models import Verification
from tests.api.whole_article import GATED_IMAGE_ID, WORD
from tests.factories.gate import submitted
from tests.security.subjects import LOCKED_OUT, READERS
from tests.security.surfaces import World, routes
from tests.security.test_canary import CANARIES, assert_silent, told

pytestmark = pytest.mark.django_db
PARAMETER = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")


def values(world: World) -> dict[str, list[str]]:
    """What to put into the parameters of the admin's routes. A parameter that is not here fails the test."""
    article = world.article
    image = XinglinImage.objects.get(uuid=GATED_IMAGE_ID)
    revision = str(article.latest_revision_id)
    case = Verification.objects.first() or submitted()
    numbers = [str(article.pk), str(image.pk)]
    return {
        "pk": numbers,
        "page_id": [str(article.pk)],
        "page_pk": [str(article.pk)],
        "object_id": [str(article.pk)],
        "parent_page_id": [str(world.zone.pk)],
        "page_to_move_id": [str(article.pk)],
        "destination_id": [str(world.zone.pk)],
        "image_id": [str(image.pk)],
        "revision_id": [revision],
        "revision_id_a": ["earliest", revision],
        "revision_id_b": ["live", "latest"],
        "filter_spec": ["width-800"],
        "action_name": ["publish", "copy"],
        "action": ["publish"],
        "app_label": ["cms"],
        "app_name": ["cms"],
        "model_name": ["articlepage", "zonepage", "xinglinimage"],
        "content_type_app_name": ["cms"],
        "content_type_model_name": ["articlepage"],
        "case": [str(case.uuid)],
        "credential": [str(uuid4())],
        "reader": [str(case.user.uuid)],
        "zone": [str(world.zone.pk)],
        "session_id": [str(uuid4())],
        "look": [str(uuid4())],
        "uidb64": ["MQ"],
        "token": ["set-password"],
        "document_id": ["1"],
        "doc_id": ["1"],
        "uploaded_file_id": ["1"],
        "task_state_id": ["1"],
        "task_id": ["1"],
        "workflow_state_id": ["1"],
        "workflow_pk": ["1"],
        "collection_id": ["1"],
        "number": ["1"],
    }


def admin_addresses(world: World) -> list[str]:
    """Every address under /admin/ with every choice of values."""
    known = values(world)
    addresses = []
    for route, _pattern in routes():
        # failwhale fails by design, to try the error page.
        if not route.startswith("admin/") or route in ("admin/^.*/$", "admin/failwhale/"):
            continue
        names = [first or second for first, second in PARAMETER.findall(route)]
        for choice in product(*(known[name] for name in names)):
            filled = iter(choice)
            path = PARAMETER.sub(lambda _match: next(filled), route)  # noqa: B023 - used up before the next turn
            addresses.append("/" + re.sub(r"[\\^$]", "", path))
    return addresses


@pytest.mark.parametrize("name", ["anonymous", "registered", "admitted"])
def test_readers_get_into_no_room_of_the_admin(world: World, name):
    subject = (LOCKED_OUT | READERS)[name](world.zone)
    open_to_all = (
        "/admin/login/",
        "/admin/password_reset/",
        "/admin/logout/",
        "/admin/jsi18n/",
        "/admin/sprite/",
    )
    for address in admin_addresses(world):
        answer = subject.get(address)
        assert_silent(answer, head_of(world.article.uuid).publication.digest, address)
        if not address.startswith(open_to_all):
            assert answer.status_code in (302, 401, 403, 404, 405), address


@pytest.mark.parametrize("name", ["hcp_reviewer", "zone_reviewer", "editor_elsewhere"])
def test_who_edits_no_article_of_the_zone_sees_none_nor_its_pictures(world: World, name):
    subject = LOCKED_OUT[name](world.zone)
    digest = head_of(world.article.uuid).publication.digest
    for address in admin_addresses(world):
        assert_silent(subject.get(address), digest, address)
        assert_silent(subject.get(f"{address}?q={WORD}&search={WORD}"), digest, address)


def test_the_walk_finds_the_canary_where_it_may_be(world: World):
    """So that silence above means something."""
    subject = LOCKED_OUT["superuser"](world.zone)
    text = told(subject.get(f"/admin/pages/{world.article.pk}/edit/"))
    assert any(canary in text for canary in CANARIES)
