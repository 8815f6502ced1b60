"""A full disk: reading and search go on; what must write answers that there is no room, and keeps nothing.

The real server on a small disk that is filled while it runs. On SQLite the database lies on it too; on
PostgreSQL only files do.
"""

from __future__ import annotations

import http.client
import json
import random
import shutil
import urllib.parse
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from search import sync
from search.engines.base import get_engine
from search.index import rebuild
from tests.factories.cms import ArticlePageFactory, ZonePageFactory
from tests.factories.gate import UserFactory, gated_zone, steps_of
from tests.faults import small_disk, web_server

pytestmark = [
    pytest.mark.processes,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.enable_socket,
]

TOKEN = "t" * 32


class Disk:
    """A server on a small disk, and a superuser's browser."""

    def __init__(self, folder: Path, settings, client) -> None:
        self.path, self.seed = folder / "disk", folder / "seed"
        self.path.mkdir()
        self.seed.mkdir()
        zone = ZonePageFactory(audience="public")
        self.article = ArticlePageFactory(parent=zone, title="痛风的诊断")
        self.zone = gated_zone("agreement", audience="registered")
        self.step = steps_of(self.zone)["agreement"]
        client.force_login(UserFactory(is_superuser=True, is_staff=True))
        self.cookie = f"sessionid={client.cookies['sessionid'].value}; csrftoken={TOKEN}"
        rebuild(get_engine())
        sync.sync()
        self.server = web_server.start(folder, **self.options(settings))

    def options(self, settings) -> dict[str, object]:
        options = {
            "within": lambda *command: small_disk.inside(self.seed, self.path, *command),
            "DJANGO_SETTINGS_MODULE": "tests.faults.small_disk_settings",
            "SECRET_KEY": settings.SECRET_KEY,
            "XINGLIN_VAR": str(self.path),
            "XINGLIN_SEARCH_INDEX": settings.XINGLIN_SEARCH["INDEX"],
            "XINGLIN_TEST_ELASTICSEARCH_URL": settings.XINGLIN_SEARCH["URL"],
        }
        if not settings.XINGLIN_SEARCH["URL"]:
            shutil.copytree(settings.XINGLIN_SEARCH["PATH"], self.seed / "search")
        if connection.vendor == "sqlite":
            web_server.database_for_others(self.seed, "xinglin.sqlite3")
            options["XINGLIN_TEST_DATABASE_URL"] = ""
        return options

    def ask(self, method, path, data=None, *, content_type="", **headers):
        """(status, content type, text)."""
        line = http.client.HTTPConnection(web_server.HOST, self.server.port, timeout=20)
        headers = {"Cookie": self.cookie, "X-CSRFToken": TOKEN, "Accept-Language": "zh-hans"} | headers
        if content_type:
            headers["Content-Type"] = content_type
        try:
            line.request(method, path, data, headers)
            answer = line.getresponse()
            return answer.status, answer.headers["Content-Type"] or "", answer.read().decode(errors="replace")
        finally:
            line.close()

    def upload(self):
        file = SimpleUploadedFile("noise.png", noise(), "image/png")
        fields = {
            "title": "x", "file": file, "collection": 1, "default_alt": "图", "source": "医院",
            "licence": "CC-BY-4.0", "tags": "",
        }  # fmt: skip
        body = encode_multipart(BOUNDARY, fields)
        return self.ask("POST", "/admin/images/add/", body, content_type=MULTIPART_CONTENT)

    def agree(self, **headers):
        body = {"version": self.step.agreement.versions.get().pk, "decision": "agreed"}
        address = f"/api/v1/gate/zones/{self.zone.slug}/steps/{self.step.pk}"
        return self.ask("POST", address, json.dumps(body), content_type="application/json", **headers)

    def files(self) -> set[str]:
        root = Path(f"/proc/{self.server.process.pid}/root{self.path}")
        kept = (path for folder in ("media", "credentials") for path in (root / folder).rglob("*"))
        return {str(path.relative_to(root)) for path in kept if path.is_file()}


def noise() -> bytes:
    """A picture of two megabytes that no format makes smaller."""
    size = (850, 850)
    file = BytesIO()
    Image.frombytes("RGB", size, random.Random(1).randbytes(3 * size[0] * size[1])).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def disk(tmp_path, settings, client):
    made = Disk(tmp_path, settings, client)
    yield made
    made.server.stop()


def assert_reads(disk):
    article = disk.article.uuid
    for path in (
        "/healthz", "/", f"/articles/{article}/", "/search/?q=痛风", "/me/", "/admin/",
        "/api/v1/articles", f"/api/v1/articles/{article}", "/api/v1/search?q=痛风",
    ):  # fmt: skip
        for headers in ({}, {"Cookie": ""}):
            if headers and path in ("/me/", "/admin/"):
                continue
            status, _, text = disk.ask("GET", urllib.parse.quote(path, safe="/?="), **headers)
            assert status == 200, (path, status, text[:400])
            assert "痛风" in text or path in ("/healthz", "/me/", "/admin/"), path


def test_reading_goes_on_and_writing_says_that_there_is_no_room(disk):
    assert_reads(disk)
    small_disk.fill(disk.server.process.pid, disk.path)
    before = disk.files()
    assert_reads(disk)

    status, kind, text = disk.upload()
    assert (status, kind.split(";")[0]) == (507, "text/html")
    assert "存储空间已满" in text
    assert disk.files() == before

    if connection.vendor == "sqlite":  # the database is full too
        status, kind, text = disk.agree()
        assert (status, kind) == (507, "application/problem+json")
        assert json.loads(text)["type"] == "/api/v1/problems/storage_full"
        form = urllib.parse.urlencode({"email": "new@example.org", "password1": "a long password of mine"})
        status, kind, text = disk.ask(
            "POST",
            "/accounts/signup/",
            form,
            content_type="application/x-www-form-urlencoded",
            Cookie=f"csrftoken={TOKEN}",
        )
        assert (status, "存储空间已满" in text) == (507, True)
    assert_reads(disk)

    small_disk.make_room(disk.server.process.pid, disk.path)
    assert disk.agree()[0] == 200
    assert disk.upload()[0] == 302
