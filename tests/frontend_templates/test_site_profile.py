"""The site's name, mark, colours and legal numbers on the pages of readers, in mails and receipts."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from cms.models import SiteProfile
from gate.consent.receipts import receipt_of
from gate.models import ConsentRecord
from tests.factories.cms import XinglinImageFactory
from tests.factories.gate import UserFactory, admitted_reader, allow_credentials, gated_zone, submitted
from tests.frontend_templates.pages import get, soup

pytestmark = pytest.mark.django_db
PAGES = [
    "/",
    "/zones/z/",
    "/search/?q=肝",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/consent-receipts/verify/",
    "/no-such-page/",
    "/me/",
    "/me/data/",
    "/me/data/erasure/",
    "/gate/z/",
    "/gate/verification/",
]


@pytest.fixture
def profile():
    return SiteProfile.objects.create(
        site=Site.objects.get(is_default_site=True),
        name="示范医学",
        operator="示范出版社",
        contact_email="contact@example.org",
        contact_phone="010-0000",
        numbers=[
            ("number", {"label": "", "number": "京ICP备1号", "url": "https://beian.example.org/"}),
            ("number", {"label": "资格证书", "number": "（京）-1", "url": ""}),
        ],
        links=[("link", {"label": "隐私政策", "url": "https://example.org/privacy"})],
    )


@pytest.mark.parametrize("path", PAGES)
def test_every_page_bears_the_name_and_the_numbers(client, profile, path):
    user = admitted_reader(gated_zone("verification", slug="z"))
    if not path.startswith(("/accounts/login", "/accounts/signup")):
        client.force_login(user)
    page = soup(get(client, path, follow=True))
    assert page.select_one("header .brand").text.strip() == "示范医学"
    assert page.title.text.strip().endswith("示范医学")
    foot = page.select_one("footer")
    for text in ("京ICP备1号", "资格证书 （京）-1", "示范出版社", "010-0000", "contact@example.org"):
        assert text in foot.text
    links = {link["href"] for link in foot.select("a")}
    assert {"https://beian.example.org/", "https://example.org/privacy"} <= links


def test_without_a_profile_the_foot_is_as_before(client):
    page = soup(get(client, "/"))
    assert page.select_one("footer .legal") is None
    assert page.select_one("footer p").text.strip()
    assert not page.select("link[href*='/brand/']")


def test_what_staff_typed_is_text(client, profile):
    SiteProfile.objects.update(name="<script>1</script>", operator="<b>x</b>")
    page = soup(get(client, "/"))
    assert page.select_one(".brand").text.strip() == "<script>1</script>"
    assert not page.select("footer b")


def test_a_page_reads_it_once(client, profile):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        return sum("cms_siteprofile" in query["sql"] for query in queries)

    assert cost() == 1
    profile.numbers = [("number", {"label": "", "number": f"第{n}号", "url": ""}) for n in range(12)]
    profile.save()
    assert cost() == 1


def test_colours_are_a_sheet_of_their_own(client, profile):
    SiteProfile.objects.update(accent="#7a1f3d", accent_dark="#f3a6bd")
    address = soup(get(client, "/")).select_one("link[href*='/brand/']")["href"]
    sheet = client.get(address)
    assert sheet["Content-Type"].startswith("text/css")
    assert "--pine: #7a1f3d" in sheet.content.decode()
    assert "--pine: #f3a6bd" in sheet.content.decode()
    SiteProfile.objects.update(accent="#1d3f8a")
    assert soup(get(client, "/")).select_one("link[href*='/brand/']")["href"] != address


def test_the_mark_is_open_to_everyone_and_no_other_picture_is(client, profile):
    assert client.get("/brand/mark/").status_code == 404
    profile.logo = XinglinImageFactory()
    profile.save()
    address = soup(get(client, "/")).select_one(".brand img")["src"]
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("image/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    shown = b"".join(answer.streaming_content)
    answer.close()
    again = client.get(f"/brand/mark/?v={XinglinImageFactory().pk}")
    assert b"".join(again.streaming_content) == shown
    again.close()


def test_receipts_and_mails_name_who_runs_the_site(profile, django_capture_on_commit_callbacks):
    user = allow_credentials(UserFactory())
    receipt = receipt_of(ConsentRecord.objects.get(user=user))
    assert receipt["party_identification"][0]["party_name"] == "示范出版社"
    with django_capture_on_commit_callbacks(execute=True):
        submitted(user)
    (message,) = [message for message in mail.outbox if message.to == [user.email]]
    assert "示范医学 · 示范出版社" in message.body
