"""Front ends in the admin: made, listed, edited, given new secrets and deleted, by who may."""

from __future__ import annotations

import re

import pytest
from allauth.idp.oidc.models import Client as OIDCClient
from allauth.idp.oidc.models import Token
from django.contrib.contenttypes.models import ContentType

from api.identity.secrets import is_secret_of
from api.scopes import SCOPES
from api.wagtail_hooks import permissions
from gate.models import AuditEvent, User
from tests.api.test_oidc import REDIRECT, consent, exchange
from tests.factories.gate import UserFactory, permit, reviewer

pytestmark = pytest.mark.django_db

LIST = "/admin/clients/"
SECRET = re.compile(r"<code>([\w-]{43})</code>")


@pytest.fixture
def boss(client):
    rights = [f"allauth_idp_oidc.{act}_client" for act in ("add", "change", "delete", "view")]
    user = permit(UserFactory(), "wagtailadmin.access_admin", *rights)
    client.force_login(user)
    return user


def account(**kwargs) -> User:
    """One that nobody signs in with."""
    return UserFactory(password=None, **kwargs)


def make(client, **changes):
    data = {
        "name": "前端",
        "kind": "server",
        "redirect_uris": REDIRECT,
        "cors_origins": "",
        "account": "",
        "granted": list(SCOPES),
    } | changes
    return client.post(LIST + "new/", data)


def service(client, owner, **changes):
    data = {"kind": "service", "redirect_uris": "", "account": owner.email, "granted": ["articles:read"]}
    return make(client, **(data | changes))


def secret_on(page) -> str:
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    return SECRET.search(page.content.decode())[1]


def errors_of(page) -> set[str]:
    assert page.status_code == 200
    return set(page.context["form"].errors)


def test_the_secret_is_shown_once_and_kept_as_a_hash(client, boss):
    page = make(
        client, redirect_uris=f"{REDIRECT}\r\nhttp://localhost:5173/cb", cors_origins="http://localhost:5173/"
    )
    secret = secret_on(page)
    made = OIDCClient.objects.get()
    assert is_secret_of(made, secret)
    assert made.get_redirect_uris() == [REDIRECT, "http://localhost:5173/cb"]
    assert made.get_cors_origins() == ["http://localhost:5173"]
    assert "messages" not in page.cookies
    for address in (LIST, f"{LIST}edit/{made.pk}/", f"{LIST}history/{made.pk}/", "/admin/"):
        content = client.get(address).content.decode()
        assert secret not in content
        assert made.secret not in content


def test_what_is_made_signs_readers_in(client, boss):
    make(client, kind="browser")
    made = {"client_id": OIDCClient.objects.get().pk}
    client.force_login(UserFactory())
    assert exchange(client, made, consent(client, made)).status_code == 200


def test_the_list_shows_what_each_is(client, boss):
    make(client, kind="browser", name="手机应用", redirect_uris="http://127.0.0.1:9/cb")
    page = client.get(LIST).content.decode()
    assert "手机应用" in page
    assert OIDCClient.objects.get().pk in page
    assert "/clients/secret/" not in page  # it keeps none
    make(client, kind="server")
    made = OIDCClient.objects.get(type="confidential")
    assert f"{LIST}secret/{made.pk}/" in client.get(LIST).content.decode()


class TestEditing:
    @pytest.fixture
    def made(self, client, boss):
        make(client)
        return OIDCClient.objects.get()

    def edit(self, client, made, **changes):
        data = {
            "name": "改名",
            "redirect_uris": REDIRECT,
            "cors_origins": "",
            "granted": ["articles:read"],
        } | changes
        return client.post(f"{LIST}edit/{made.pk}/", data)

    def test_keeps_the_secret_and_the_kind(self, client, made):
        before = made.secret
        assert self.edit(client, made, kind="browser").status_code == 302
        made.refresh_from_db()
        assert (made.name, made.secret, made.type) == ("改名", before, "confidential")

    def test_takes_scopes_from_tokens_too(self, client, made):
        token = Token(client=made, type=Token.Type.ACCESS_TOKEN, user=UserFactory(), hash="x")
        token.set_scopes(["openid", "articles:read", "account:export"])
        token.save()
        self.edit(client, made)
        token.refresh_from_db()
        assert token.get_scopes() == ["openid", "articles:read"]

    def test_each_wrong_address_is_named(self, client, made):
        page = self.edit(
            client, made, redirect_uris="http://a.example/\nhttps://ok.example/\nhttps://*.example/"
        )
        assert len(page.context["form"].errors["redirect_uris"]) == 2
        assert errors_of(self.edit(client, made, redirect_uris="")) == {"redirect_uris"}
        assert errors_of(self.edit(client, made, cors_origins="https://a.example/path")) == {"cors_origins"}


class TestANewSecret:
    @pytest.fixture
    def made(self, client, boss):
        self.first = secret_on(make(client))
        return OIDCClient.objects.get()

    @pytest.mark.parametrize(("former", "still_valid"), [("keep", True), ("end", False)])
    def test_leaves_the_former_for_a_day_or_ends_it_with_its_tokens(self, client, made, former, still_valid):
        Token.objects.create(client=made, type=Token.Type.ACCESS_TOKEN, user=UserFactory(), hash="x")
        assert client.get(f"{LIST}secret/{made.pk}/").status_code == 200
        secret = secret_on(client.post(f"{LIST}secret/{made.pk}/", {"former": former}))
        made.refresh_from_db()
        assert is_secret_of(made, secret)
        assert is_secret_of(made, self.first) is still_valid
        assert Token.objects.exists() is still_valid

    def test_is_not_for_apps_that_keep_none(self, client, boss):
        make(client, kind="browser")
        made = OIDCClient.objects.get()
        assert client.post(f"{LIST}secret/{made.pk}/").status_code in (302, 403)
        assert not AuditEvent.objects.filter(action="client_secret_replaced").exists()


def test_deleting_ends_every_token(client, boss):
    make(client)
    made = OIDCClient.objects.get()
    Token.objects.create(client=made, type=Token.Type.REFRESH_TOKEN, user=UserFactory(), hash="x")
    client.post(f"{LIST}delete/{made.pk}/")
    assert not OIDCClient.objects.exists()
    assert not Token.objects.exists()


def test_each_act_is_an_audit_row_without_the_secret(client, boss):
    secret = secret_on(make(client))
    pk = OIDCClient.objects.get().pk
    client.post(f"{LIST}edit/{pk}/", {"name": "x", "redirect_uris": REDIRECT, "granted": ["articles:read"]})
    again = secret_on(client.post(f"{LIST}secret/{pk}/", {"former": "end"}))
    client.post(f"{LIST}delete/{pk}/")
    rows = AuditEvent.objects.filter(target=f"client:{pk}").order_by("pk")
    assert [row.action for row in rows] == [
        "client_created",
        "client_changed",
        "client_secret_replaced",
        "client_deleted",
    ]
    assert {row.actor for row in rows} == {boss}
    assert all(word not in str(row.detail) for row in rows for word in (secret, again))


class TestAService:
    def test_reads_in_the_name_of_an_account_nobody_signs_in_with(self, client, boss):
        secret = secret_on(service(client, account()))
        data = {
            "grant_type": "client_credentials",
            "client_id": OIDCClient.objects.get().pk,
            "client_secret": secret,
        }
        assert client.post("/identity/o/api/token", data).status_code == 200

    @pytest.mark.parametrize(
        "owner",
        [
            lambda: UserFactory(),
            lambda: reviewer(),
            lambda: account(is_superuser=True),
            lambda: account(is_active=False),
            lambda: permit(account(), "wagtailadmin.access_admin"),
        ],
    )
    def test_never_in_the_name_of_a_person_or_of_staff(self, client, boss, owner):
        assert errors_of(service(client, owner())) == {"account"}
        assert not OIDCClient.objects.exists()

    def test_not_even_of_who_registers_it(self, client, boss):
        assert errors_of(service(client, boss)) == {"account"}

    @pytest.mark.parametrize("scope", sorted(set(SCOPES) - {"articles:read", "search:read", "gate:read"}))
    def test_asks_for_nothing_personal(self, client, boss, scope):
        assert errors_of(service(client, account(), granted=["articles:read", scope])) == {"granted"}


class TestWhoMay:
    PATHS = ("", "new/", "edit/{pk}/", "delete/{pk}/", "secret/{pk}/")

    @pytest.mark.parametrize("rights", [(), ("gate.change_user",), ("allauth_idp_oidc.view_client",)])
    def test_needs_the_permission(self, client, boss, rights):
        make(client)
        pk = OIDCClient.objects.get().pk
        client.force_login(permit(UserFactory(), "wagtailadmin.access_admin", *rights))
        before = list(OIDCClient.objects.values())
        for path in self.PATHS[1:]:
            for answer in (client.get(LIST + path.format(pk=pk)), client.post(LIST + path.format(pk=pk))):
                assert answer.status_code in (302, 403)
        assert list(OIDCClient.objects.values()) == before

    def test_can_be_given_to_a_group(self, client, boss):
        model = ContentType.objects.get_for_model(OIDCClient)
        assert permissions().filter(content_type=model).count() == 4
