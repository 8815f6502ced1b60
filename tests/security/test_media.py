"""Files by their address: uploads are for the admin; readers get pictures through the gate."""

from __future__ import annotations

import pytest

from cms.models import XinglinImage
from tests.api.whole_article import GATED_IMAGE_ID, OPEN_IMAGE_ID
from tests.security.subjects import LOCKED_OUT, READERS
from tests.security.surfaces import World

pytestmark = pytest.mark.django_db

EVERYONE = LOCKED_OUT | READERS
READERS_OF_NO_ADMIN = {
    name: EVERYONE[name] for name in ("anonymous", "registered", "admitted", "service_account")
}


@pytest.mark.parametrize("make", READERS_OF_NO_ADMIN.values(), ids=READERS_OF_NO_ADMIN)
def test_no_reader_gets_a_file_by_its_address(world: World, make, client):
    admitted = READERS["admitted"](world.zone)
    for image_id in (OPEN_IMAGE_ID, GATED_IMAGE_ID):  # so that renditions exist
        admitted.get(f"/api/v1/articles/{world.article.uuid}/images/{image_id}/400").close()
    subject = make(world.zone)
    for image in XinglinImage.objects.all():
        rendition = image.renditions.get()
        for file in (image.file, rendition.file):
            for address in (f"/media/{file.name}", f"/media//{file.name}", f"/static/../media/{file.name}"):
                answer = subject.get(address)
                assert answer.status_code in (302, 403, 404), address
                assert b"PNG" not in answer.content, address


def test_paths_out_of_the_folder_are_not_served(world: World):
    subject = LOCKED_OUT["superuser"](world.zone)
    for path in ("../manage.py", "..%2f..%2fmanage.py", "/etc/passwd", "original_images/../../manage.py"):
        assert subject.get(f"/media/{path}").status_code in (302, 400, 404), path
