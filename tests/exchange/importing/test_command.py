"""manage.py import_articles: reports, exit codes, and that one bad file stops no other."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Locale

from cms.models import ArticlePage
from tests.exchange.importing.golden import DOCUMENTS
from tests.factories.cms import ZonePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    for name in ("paper.md", "page.txt"):
        (tmp_path / name).write_bytes((DOCUMENTS / name).read_bytes())
    (tmp_path / "INDEX.tsv").write_text("id\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def zone():
    return ZonePageFactory(slug="oncology")


def run(*args, **options) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_articles", *map(str, args), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_a_folder_is_imported_published_and_reported(folder, zone):
    target = folder / "report.json"
    out, err = run(
        folder, zone="oncology", publish=True, licence="CC-BY-4.0", source="示例期刊", report=str(target)
    )
    report = json.loads(target.read_text(encoding="utf-8"))
    assert ArticlePage.objects.live().count() == 2
    assert "INDEX.tsv" in out
    assert "[1/2]" in err
    assert "[2/2]" in err
    assert report["totals"] | {"files": 2, "created": 2, "published": 2, "failed": 0} == report["totals"]
    assert report["files"][1]["counts"] == {
        "sections": 6,
        "paragraphs": 10,
        "steps": 2,
        "figures": 3,
        "tables": 2,
        "callouts": 2,
        "references": 4,
    }
    assert {"kind", "message", "line", "text"} == set(report["files"][0]["notes"][0])


def test_bad_files_are_told_and_the_others_go_on(folder, zone):
    (folder / "a_binary.md").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    (folder / "b_empty.txt").write_bytes(b"")
    (folder / "c_cut.md").write_bytes("# 题目\n\n正文".encode()[:-1])
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError) as stopped:
        call_command(
            "import_articles", str(folder), str(folder / "none"), zone="oncology", stdout=out, stderr=err
        )
    assert stopped.value.returncode == 1
    assert ArticlePage.objects.count() == 2
    for name in ("a_binary.md", "b_empty.txt", "c_cut.md", "none"):
        assert f"{name}: 未导入" in out.getvalue()
    assert "c_cut.md: 未导入、第 3 行" in out.getvalue()


def test_a_second_run_says_unchanged(folder, zone):
    run(folder, zone="oncology")
    out, _ = run(folder, zone="oncology")
    assert out.count("未变") >= 2
    assert ArticlePage.objects.count() == 2


def test_a_refusal_is_no_failure_and_names_the_place(folder, zone):
    out, _ = run(folder / "paper.md", zone="oncology", publish=True)
    assert "! 图1" in out or "› 图1" in out
    assert not ArticlePage.objects.get().live


def test_a_dry_run_stores_nothing(folder, zone):
    out, _ = run(folder, zone="oncology", dry_run=True)
    assert ArticlePage.objects.count() == 0
    assert "试运行" in out


def test_scanned_papers_can_be_named_by_hand(folder, zone):
    run(folder / "paper.md", zone="oncology", scanned="no")
    assert ArticlePage.objects.get().title == "临床研究"  # the column label over the title, which scans have


def test_an_unknown_zone_is_named_with_those_that_exist(folder, zone):
    with pytest.raises(CommandError, match=r"none.*oncology"):
        run(folder, zone="none")


def test_a_slug_in_two_languages_needs_the_locale(folder, zone):
    english = Locale.objects.get_or_create(language_code="en")[0]
    other = zone.copy_for_translation(english, copy_parents=True)
    other.slug = "oncology"
    other.save()
    with pytest.raises(CommandError, match="--locale"):
        run(folder, zone="oncology")
    run(folder / "paper.md", zone="oncology", locale="en")
    assert ArticlePage.objects.get().locale == english


def test_nothing_to_import_is_an_error(tmp_path, zone):
    with pytest.raises(CommandError):
        run(tmp_path, zone="oncology")


def test_a_report_that_cannot_be_written_stops_before_the_import(folder, zone):
    with pytest.raises(CommandError):
        run(folder, zone="oncology", report=str(folder / "none" / "report.json"))
    assert ArticlePage.objects.count() == 0
