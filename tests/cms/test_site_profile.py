"""Name, mark, colours, contacts and legal numbers of the site, as the admin sets them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from allauth.core import context
from django.contrib.auth.models import Group
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Site

from cms.colours import DARK, LIGHT, TEXT, contrast, mix, tokens, weakest
from cms.models import SiteProfile
from cms.roles import ADMINISTRATORS, EDITORS
from cms.site_profile import controller, site_facts, stylesheet
from gate.people.signin.adapter import AccountAdapter
from gate.people.signin.secrets import SecondFactorAdapter
from tests.factories.gate import UserFactory

TOKENS = Path(finders.find("site/css/tokens.css")).read_text(encoding="utf-8")


def profile(**fields):
    made = SiteProfile(site=Site.objects.get(is_default_site=True), **fields)
    made.full_clean()
    made.save()
    return made


class TestColours:
    @pytest.mark.parametrize(("scheme", "part"), [(LIGHT, 0), (DARK, 1)], ids=["light", "dark"])
    def test_the_grounds_are_those_of_the_reader_site(self, scheme, part):
        sheet = TOKENS.split("@media (prefers-color-scheme: dark)")[part]
        known = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", sheet))
        for name in ("ink", "ink-soft", "paper", "card", "apricot-wash"):
            assert getattr(scheme, name.replace("-", "_")) == known[name]
        assert weakest(known["pine"], scheme)[1] >= TEXT

    @pytest.mark.parametrize("accent", ["#1b5e4f", "#7a1f3d", "#1d3f8a", "#5b3a00"])
    def test_what_passes_is_readable_in_every_pair(self, accent):
        assert weakest(accent, LIGHT)[1] >= TEXT
        made = tokens(accent, LIGHT)
        for ink, ground in (
            (made["pine"], LIGHT.paper),
            (made["pine"], LIGHT.card),
            (made["pine"], made["pine-wash"]),
            (LIGHT.ink, made["pine-wash"]),
            (LIGHT.ink_soft, made["pine-wash"]),
            (made["on-pine"], made["pine"]),
            (made["on-pine"], made["pine-deep"]),
        ):
            assert contrast(ink, ground) >= TEXT

    def test_contrast_and_mix(self):
        assert contrast("#000000", "#ffffff") == pytest.approx(21)
        assert contrast("#777777", "#777777") == 1
        assert mix("#000000", "#ffffff", 0.5) == "#808080"


@pytest.mark.django_db
class TestFacts:
    def test_without_a_profile_there_are_defaults(self, settings):
        facts = site_facts()
        assert (facts.name, facts.logo, facts.numbers, facts.has_colours) == ("杏林", None, (), False)
        assert controller() == settings.XINGLIN_CONTROLLER
        assert stylesheet(facts) == ""

    def test_everything_is_one_query(self):
        profile(
            name="示范医学",
            operator="示范出版社",
            contact_email="a@example.org",
            numbers=[("number", {"label": "", "number": "京ICP备1号", "url": "https://beian.example.org/"})],
            links=[("link", {"label": "隐私政策", "url": "https://example.org/privacy"})],
        )
        with CaptureQueriesContext(connection) as queries:
            facts = site_facts()
        assert len(queries) == 1
        assert (facts.name, facts.numbers[0].number, facts.links[0].label) == (
            "示范医学",
            "京ICP备1号",
            "隐私政策",
        )

    def test_the_controller_of_receipts_is_who_runs_the_site(self, settings):
        profile(operator="示范出版社", contact_address="示范路 1 号")
        assert controller() == settings.XINGLIN_CONTROLLER | {"name": "示范出版社", "address": "示范路 1 号"}

    @pytest.mark.parametrize("field", ["accent", "accent_dark"])
    @pytest.mark.parametrize("value", ["#777777", "red", "#12345", "#1b5e4f;}"])
    def test_unreadable_and_unknown_colours_are_refused(self, field, value):
        with pytest.raises(ValidationError) as refusal:
            profile(**{field: value})
        assert set(refusal.value.message_dict) == {field}

    def test_a_light_accent_leaves_dark_pages_alone(self):
        profile(accent="#7a1f3d")
        sheet = stylesheet(site_facts())
        assert "--pine: #7a1f3d" in sheet
        assert sheet.startswith("@media not (prefers-color-scheme: dark)")


@pytest.mark.django_db
class TestAdmin:
    def address(self):
        return reverse(
            "wagtailsettings:edit", args=["cms", "siteprofile", Site.objects.get(is_default_site=True).pk]
        )

    def member(self, client, group):
        user = UserFactory(is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        return user

    def test_administrators_set_it_and_editors_do_not(self, client):
        self.member(client, EDITORS)
        assert client.get(self.address()).status_code != 200
        self.member(client, ADMINISTRATORS)
        assert client.get(self.address()).status_code == 200
        data = {
            "name": "示范医学",
            "accent": "#7a1f3d",
            "numbers-count": "1",
            "numbers-0-deleted": "",
            "numbers-0-order": "0",
            "numbers-0-type": "number",
            "numbers-0-id": "",
            "numbers-0-value-label": "",
            "numbers-0-value-number": "京ICP备1号",
            "numbers-0-value-url": "",
            "links-count": "0",
        }
        assert client.post(self.address(), data).status_code == 302
        assert (site_facts().name, site_facts().numbers[0].number) == ("示范医学", "京ICP备1号")

    def test_the_admin_bears_the_sites_name_and_no_bird(self, client):
        profile(name="示范医学")
        self.member(client, ADMINISTRATORS)
        page = client.get(reverse("wagtailadmin_home")).content.decode()
        assert "示范医学</title>" in page
        assert "site-mark" in page
        assert "favicon.ico" not in page


@pytest.mark.django_db
def test_mails_of_accounts_and_authenticator_apps_show_the_name(rf, mailoutbox):
    profile(name="示例医学")
    user = UserFactory(display_name="林知远")
    with context.request_context(rf.get("/", headers={"Host": "localhost"})):
        AccountAdapter().send_mail("account/email/password_reset", user.email, {"user": user})
    assert "示例医学" in mailoutbox[0].body
    assert "localhost" not in mailoutbox[0].body
    assert SecondFactorAdapter().get_totp_issuer() == "示例医学"
