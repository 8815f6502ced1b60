"""Files follow the text: originals, renditions and documents open to those who may edit the text around them.

The pictures of the world: one before the gate line, one behind it; and a document, which nothing uses. Here
are the addresses that give out files or list them; what else the admin has is walked by test_admin.py, which
looks for the same picture.
"""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.documents.models import Document
from wagtail.models import Page

from cms.models import DraftPicture, XinglinImage
from cms.roles import MEDICAL_REVIEWERS
from gate.models import User
from tests.api.whole_article import CANARY, GATED_IMAGE_ID, OPEN_IMAGE_ID
from tests.factories.bodies import figure, gate_line, paragraph
from tests.factories.cms import ArticlePageFactory, XinglinImageFactory
from tests.factories.gate import UserFactory
from tests.security.subjects import LOCKED_OUT, READERS, Subject, _signed_in
from tests.security.surfaces import World, routes
from tests.security.test_canary import body_of, shows_the_picture, told

pytestmark = pytest.mark.django_db

EVERYONE = LOCKED_OUT | READERS
EDITORS_OF_THE_TEXT = ("editor", "superuser")
STAFF = ("hcp_reviewer", "zone_reviewer", "editor_elsewhere")
OTHERS = [name for name in EVERYONE if name not in EDITORS_OF_THE_TEXT]


@pytest.fixture
def gated(world: World) -> XinglinImage:
    """The picture behind the line, with the canary for its title and every kind of rendition made."""
    XinglinImage.objects.filter(uuid=GATED_IMAGE_ID).update(title=f"流程图{CANARY}")
    image = XinglinImage.objects.get(uuid=GATED_IMAGE_ID)
    for spec in ("max-165x165", "width-400", "width-800", "original"):
        image.get_rendition(spec)
    Document.objects.create(title=f"文件{CANARY}", file=ContentFile(CANARY.encode(), name="canary.txt"))
    return image


def file_surfaces(world: World, image: XinglinImage) -> dict[str, list[str]]:
    """By route, the addresses that give out pictures and documents of the world, or list them."""
    document = Document.objects.get()
    wide = ("fields=*", f"search={CANARY}")
    pk, paper, names = image.pk, document.pk, [image.file.name, document.file.name]
    names += [rendition.file.name for rendition in image.renditions.all()]
    chooser = "/admin/images/chooser"
    return {
        "^media/(?P<path>.+)$": [
            f"/{prefix}/{name}"
            for name in names
            for prefix in ("media", "media/", "media/x/..", "static/../media")
        ],
        "api/v1/articles/<uuid:article_id>/images/<uuid:image_id>/<int:width>": [],  # test_canary.py
        "admin/api/main/^images/": [f"/admin/api/main/images/?{more}" for more in wide],
        "admin/api/main/^images/<int:pk>/": [f"/admin/api/main/images/{pk}/?fields=*"],
        "admin/api/main/^images/find/": [f"/admin/api/main/images/find/?id={pk}"],
        "admin/api/main/^documents/": ["/admin/api/main/documents/?fields=*"],
        "admin/api/main/^documents/<int:pk>/": [f"/admin/api/main/documents/{paper}/?fields=*"],
        "admin/api/main/^documents/find/": [f"/admin/api/main/documents/find/?id={paper}"],
        "admin/images/": ["/admin/images/", "/admin/images/?layout=list", "/admin/images/?q=流程图"],
        "admin/images/results/": ["/admin/images/results/"],
        "admin/images/<int:image_id>/": [f"/admin/images/{pk}/"],
        "admin/images/<int:image_id>/delete/": [f"/admin/images/{pk}/delete/"],
        "admin/images/<int:image_id>/generate_url/": [f"/admin/images/{pk}/generate_url/"],
        "admin/images/<int:image_id>/generate_url/output/": [f"/admin/images/{pk}/generate_url/output/"],
        "admin/images/<int:image_id>/preview/<str:filter_spec>/": [
            f"/admin/images/{pk}/preview/{spec}/" for spec in ("original", "width-800", "max-165x165")
        ],
        "admin/images/usage/<int:image_id>/": [f"/admin/images/usage/{pk}/"],
        "admin/images/multiple/<int:image_id>/": [f"/admin/images/multiple/{pk}/"],
        "admin/images/multiple/<int:image_id>/delete/": [f"/admin/images/multiple/{pk}/delete/"],
        "admin/images/chooser/": [f"{chooser}/", f"{chooser}/?layout=list"],
        "admin/images/chooser/results/": [f"{chooser}/results/", f"{chooser}/results/?q=流程图"],
        "admin/images/chooser/chosen/<str:pk>/": [f"{chooser}/chosen/{pk}/"],
        "admin/images/chooser/chosen-multiple/": [f"{chooser}/chosen-multiple/?id={pk}"],
        "admin/images/chooser/<int:image_id>/select_format/": [f"{chooser}/{pk}/select_format/"],
        "admin/documents/": ["/admin/documents/"],
        "admin/documents/results/": ["/admin/documents/results/"],
        "admin/documents/edit/<int:document_id>/": [f"/admin/documents/edit/{paper}/"],
        "admin/documents/delete/<int:document_id>/": [f"/admin/documents/delete/{paper}/"],
        "admin/documents/multiple/<int:doc_id>/": [f"/admin/documents/multiple/{paper}/"],
        "admin/documents/multiple/<int:doc_id>/delete/": [f"/admin/documents/multiple/{paper}/delete/"],
        "admin/documents/usage/<int:document_id>/": [f"/admin/documents/usage/{paper}/"],
        "admin/documents/chooser/": ["/admin/documents/chooser/"],
        "admin/documents/chooser/results/": ["/admin/documents/chooser/results/"],
        "admin/documents/chooser/chosen/<str:pk>/": [f"/admin/documents/chooser/chosen/{paper}/"],
        "admin/documents/chooser/chosen-multiple/": [f"/admin/documents/chooser/chosen-multiple/?id={paper}"],
        "admin/bulk/<str:app_label>/<str:model_name>/<str:action>/": [
            *(
                f"/admin/bulk/cms/xinglinimage/{act}/?id={pk}"
                for act in ("delete", "add_tags", "add_to_collection")
            ),
            *(f"/admin/bulk/wagtaildocs/document/{act}/?id={paper}" for act in ("delete", "add_tags")),
            "/admin/bulk/cms/xinglinimage/delete/?id=all",
        ],
        "admin/tag-autocomplete/": [],  # words only
    }  # fmt: skip


# What takes files in; it gives out what the same person has just sent.
TAKES_IN = {
    "admin/images/add/", "admin/images/multiple/add/", "admin/images/chooser/create/",
    "admin/images/multiple/create_from_uploaded_image/<int:uploaded_file_id>/",
    "admin/images/multiple/delete_upload/<int:uploaded_file_id>/",
    "admin/documents/add/", "admin/documents/multiple/add/", "admin/documents/chooser/create/",
    "admin/documents/multiple/create_from_uploaded_document/<int:uploaded_file_id>/",
    "admin/documents/multiple/delete_upload/<int:uploaded_file_id>/",
}  # fmt: skip


def assert_no_file(subject: Subject, address: str, image: XinglinImage) -> None:
    answer = subject.get(address)
    assert answer.status_code < 500, address
    text = told(answer)
    assert not shows_the_picture(answer), address
    assert CANARY not in text, address
    assert CANARY.encode("unicode_escape").decode() not in text, address
    stem = image.file.name.rpartition("/")[2].rpartition(".")[0]
    # A page that says "not found" may repeat what was asked for.
    assert stem in address or stem not in text, address


@pytest.mark.parametrize("name", OTHERS)
def test_who_may_not_edit_the_text_gets_no_file_and_no_list_of_files(world: World, gated, name):
    subject = EVERYONE[name](world.zone)
    for addresses in file_surfaces(world, gated).values():
        # Who has no door to the admin is tried at one address of each kind.
        for address in addresses if name in STAFF else addresses[:1]:
            assert_no_file(subject, address, gated)


@pytest.mark.parametrize("name", EDITORS_OF_THE_TEXT)
def test_who_edits_the_text_gets_its_files(world: World, gated, name):
    """So that silence above means something."""
    subject = EVERYONE[name](world.zone)
    for file in (gated.file, *(rendition.file for rendition in gated.renditions.all())):
        answer = subject.get(f"/media/{file.name}")
        assert shows_the_picture(answer), file.name
        assert answer["Cache-Control"] == "private, no-store"
    for address in ("/admin/images/", "/admin/images/chooser/results/"):
        assert CANARY in told(subject.get(address)), address
    found = subject.get(f"/admin/api/main/images/{gated.pk}/").json()
    assert found["id"] == gated.pk
    assert shows_the_picture(subject.get(f"/admin/images/{gated.pk}/preview/original/"))


def test_a_picture_of_a_draft_is_for_those_who_edit_it(world: World):
    """A published article keeps its draft in a revision, where the reference index does not look."""
    uploader, colleague = UserFactory(is_staff=True), LOCKED_OUT["editor"](world.zone)
    image = XinglinImageFactory(colour="maroon", uploaded_by_user=uploader)
    address = f"/media/{image.file.name}"
    assert not shows_the_picture(colleague.get(address)), "used nowhere: its uploader's only"
    article = world.article
    article.body = article.body.stream_block.to_python([gate_line(), figure("x", image=image.pk)])
    article.save_revision()
    assert shows_the_picture(colleague.get(address))
    assert not shows_the_picture(LOCKED_OUT["editor_elsewhere"](world.zone).get(address))
    article.body = article.body.stream_block.to_python([gate_line(), paragraph("无图")])
    article.save_revision()
    assert not shows_the_picture(colleague.get(address))


def test_the_draft_holds_what_the_reference_index_finds(world: World):
    """The same pictures by two ways: a block that holds pictures otherwise would be missed by one."""
    drafted = set(DraftPicture.objects.filter(page=world.article).values_list("image__uuid", flat=True))
    indexed = {image.uuid for image in XinglinImage.objects.all() if image.get_usage()}
    assert drafted == indexed == {OPEN_IMAGE_ID, GATED_IMAGE_ID}


def test_what_nothing_uses_is_for_its_uploader(world: World):
    editor, other = LOCKED_OUT["editor"](world.zone), LOCKED_OUT["editor_elsewhere"](world.zone)
    image = XinglinImageFactory(colour="maroon", uploaded_by_user=editor.user or _user_of(editor))
    assert shows_the_picture(editor.get(f"/media/{image.file.name}"))
    assert not shows_the_picture(other.get(f"/media/{image.file.name}"))


def _user_of(subject: Subject) -> User:
    return User.objects.get(pk=subject.client.session["_auth_user_id"])


def test_a_picture_of_two_articles_follows_each(world: World, gated):
    """Also used in an article that an editor elsewhere may edit, it opens to them as well."""
    other = LOCKED_OUT["editor_elsewhere"](world.zone)
    address = f"/media/{gated.file.name}"
    assert not shows_the_picture(other.get(address))
    elsewhere = Page.objects.get(title="别处").specific
    ArticlePageFactory(parent=elsewhere, body=[gate_line(), figure("x", image=gated.pk)])
    assert shows_the_picture(other.get(address))


def test_a_medical_reviewer_opens_what_the_article_shows(world: World, gated):
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=MEDICAL_REVIEWERS))
    assert shows_the_picture(_signed_in(user).get(f"/media/{gated.file.name}"))


@pytest.mark.parametrize("address", ["/admin/images/", "/admin/images/chooser/results/"])
def test_lists_take_as_many_queries_for_twenty_pictures_as_for_two(world: World, address):
    subject = LOCKED_OUT["editor"](world.zone)
    subject.get(address)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert body_of(subject.get(address))
        return len(queries)

    for image in XinglinImage.objects.all():
        image.get_rendition("max-165x165")
    few = count()
    pictures = [XinglinImageFactory() for _ in range(18)]
    ArticlePageFactory(parent=world.zone, body=[figure(f"f{image.pk}", image=image.pk) for image in pictures])
    subject.get(address)  # which makes the thumbnails
    assert count() <= few


@pytest.mark.parametrize("name", ["hcp_reviewer", "zone_reviewer"])
def test_bulk_actions_name_nothing_that_one_may_not_act_on(world: World, name):
    subject = LOCKED_OUT[name](world.zone)
    user = UserFactory(display_name=f"柳{CANARY}")
    draft = ArticlePageFactory(parent=world.zone, title=f"草稿{CANARY}", published=False)
    for address in (
        *(f"/admin/bulk/wagtailcore/page/{act}/?id={draft.pk}" for act in ("publish", "move", "delete")),
        *(f"/admin/bulk/gate/user/{act}/?id={user.pk}" for act in ("delete", "assign_role")),
        "/admin/bulk/gate/user/set_active_state/?id=all",
    ):
        answer = subject.get(address)
        assert answer.status_code in (302, 404), address
        assert CANARY not in told(answer), address


def test_paths_out_of_the_folder_are_not_served(world: World):
    subject = LOCKED_OUT["superuser"](world.zone)
    for path in (
        "../manage.py",
        "..%2f..%2fmanage.py",
        "/etc/passwd",
        "original_images/../../manage.py",
        "a%00b",
    ):
        assert subject.get(f"/media/{path}").status_code in (302, 400, 404), path


def test_every_address_of_files_is_in_the_matrix(world: World, gated):
    known = {*file_surfaces(world, gated), *TAKES_IN}
    marks = ("image", "document", "media", "file", "picture", "rendition", "admin/bulk/")
    of_files = {route for route, _pattern in routes() if any(mark in route.lower() for mark in marks)}
    allowed = {route for route in of_files if route.startswith(("accounts/", "identity/"))}
    assert sorted(of_files - known - allowed) == [], "a new address of files: write it into file_surfaces()"
    assert sorted(known - of_files - {"admin/tag-autocomplete/"}) == []
