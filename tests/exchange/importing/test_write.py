"""From file to article: created, published, refused, left alone, updated; and nothing half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from wagtail.models import Revision

from cms.models import ArticlePage, Contributor, ImportRecord, Publication, PublicationHead, XinglinImage
from exchange.importing import writer
from exchange.importing.notes import NoteKind
from exchange.importing.reading import SourceFile, Trouble
from exchange.importing.run import import_file
from exchange.importing.streamfield import Rights
from exchange.importing.writer import Options, Outcome, State
from tests.exchange.importing.golden import DOCUMENTS
from tests.factories.cms import ContributorFactory, ZonePageFactory, picture

pytestmark = pytest.mark.django_db

RIGHTS = Rights(licence="CC-BY-4.0", source="示例期刊")


@pytest.fixture
def zone():
    return ZonePageFactory(slug="oncology", audience="hcp")


@pytest.fixture
def publishing(zone):
    return Options(zone, publish=True, rights=RIGHTS)


@pytest.fixture
def paper(tmp_path):
    path = tmp_path / "paper.md"
    path.write_text((DOCUMENTS / "paper.md").read_text(encoding="utf-8"), encoding="utf-8")
    return SourceFile(path, "paper.md")


def write(tmp_path: Path, name: str, text: str) -> SourceFile:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return SourceFile(path, name)


def full(article: ArticlePage) -> dict:
    return json.loads(PublicationHead.objects.get(pk=article.uuid).publication.full_document)


def blocks(document: dict) -> list[dict]:
    found: list[dict] = []
    pending = list(document["body"])
    while pending:
        block = pending.pop(0)
        found.append(block)
        if block["type"] == "section":
            pending = [*block["body"], *pending]
    return found


def counts() -> tuple[int, ...]:
    models = (ArticlePage, Revision, Publication, ImportRecord, Contributor, XinglinImage)
    return tuple(model.objects.count() for model in models)


def test_a_paper_is_published_with_its_numbers(paper, publishing):
    report = import_file(paper, publishing)
    assert (report.outcome, report.state) == (Outcome.CREATED, State.PUBLISHED)
    article = ArticlePage.objects.get()
    document = full(article)
    figures = [block for block in blocks(document) if block["type"] == "figure"]
    assert document["title"] == "步行训练对示例人群夜间睡眠的影响"
    assert [user["name"] for user in document["byline"]] == ["林小禾", "周一舟", "沈南星"]
    assert [figure["label"] for figure in figures] == ["图1", "图2", "图3"]
    assert {figure["available"] for figure in figures} == {False}
    assert {(figure["source"], figure["licence"]) for figure in figures} == {("示例期刊", "CC-BY-4.0")}
    assert figures[0]["alt"] == "研究流程"
    assert "[图:" not in json.dumps(document, ensure_ascii=False)
    assert report.article_id == str(article.uuid)


def test_the_words_for_what_is_missing_are_in_the_language_of_the_zone(paper, publishing):
    import_file(paper, publishing)
    captions = [
        block["caption"] for block in blocks(full(ArticlePage.objects.get())) if block["type"] == "figure"
    ]
    assert captions[1] == "（来源文件中没有图题）"


def test_the_page_is_published_with_flag_source_steps_and_figure(zone, publishing):
    report = import_file(SourceFile(DOCUMENTS / "page.txt", "page.txt"), publishing)
    assert report.state == State.PUBLISHED
    document = full(ArticlePage.objects.get())
    (steps,) = [block for block in blocks(document) if block["type"] == "steps"]
    (figure,) = [block for block in blocks(document) if block["type"] == "figure"]
    assert (document["originality"], document["source"]["organisation"]) == ("republished", "示例胸科中心")
    assert document["date"] == "2026-03-05"
    assert document["byline"][0]["kind"] == "organisation"
    assert [(item["number"], item["title"]) for item in steps["items"]] == [
        (1, "准备记录本"),
        (2, "测量峰流速"),
    ]
    assert (figure["label"], figure["source"]) == ("图1", "www.example.org/peak-flow")
    assert "36 评论" not in json.dumps(document, ensure_ascii=False)


def test_a_second_run_changes_nothing(paper, publishing):
    import_file(paper, publishing)
    before = counts(), ImportRecord.objects.values().get(), PublicationHead.objects.values().get()
    report = import_file(paper, publishing)
    assert (report.outcome, report.state) == (Outcome.UNCHANGED, State.PUBLISHED)
    assert (counts(), ImportRecord.objects.values().get(), PublicationHead.objects.values().get()) == before


def test_refused_by_the_rules_it_stays_a_draft_and_says_why(paper, zone):
    report = import_file(paper, Options(zone, publish=True))
    article = ArticlePage.objects.get()
    assert (report.outcome, report.state) == (Outcome.CREATED, State.REFUSED)
    assert not article.live
    assert len(report.problems) == 6
    assert all("图" in problem for problem in report.problems)
    assert Publication.objects.count() == 0


def test_rights_given_later_publish_the_draft(paper, zone, publishing):
    import_file(paper, Options(zone, publish=True))
    report = import_file(paper, publishing)
    assert (report.outcome, report.state) == (Outcome.UPDATED, State.PUBLISHED)
    assert ArticlePage.objects.get().live


def test_without_publish_it_stays_a_draft_and_publishing_later_makes_no_revision(paper, zone, publishing):
    assert import_file(paper, Options(zone, rights=RIGHTS)).state == State.DRAFT
    revisions = Revision.objects.count()
    report = import_file(paper, publishing)
    assert (report.outcome, report.state) == (Outcome.UNCHANGED, State.PUBLISHED)
    assert Revision.objects.count() == revisions


def test_a_republished_article_without_source_is_refused(tmp_path, publishing):
    source = write(tmp_path, "a.txt", "标题一行\n\n2026-01-02作者:林小禾\n非原创\n\n正文一句，说明情况。\n")
    report = import_file(source, publishing)
    assert report.state == State.REFUSED
    assert len(report.problems) == 1


def test_a_changed_file_updates_and_publishes_its_article(paper, publishing):
    import_file(paper, publishing)
    article = ArticlePage.objects.get()
    paper.path.write_text(
        paper.path.read_text(encoding="utf-8").replace("步行有益", "步行很有益"), encoding="utf-8"
    )
    report = import_file(paper, publishing)
    assert (report.outcome, report.state) == (Outcome.UPDATED, State.PUBLISHED)
    assert ArticlePage.objects.get().uuid == article.uuid
    assert "步行很有益" in json.dumps(full(article), ensure_ascii=False)
    assert Publication.objects.count() == 2


def test_what_an_editor_changed_is_left_alone(paper, publishing):
    import_file(paper, publishing)
    page = ArticlePage.objects.get().get_latest_revision_as_object()
    page.summary = "编辑改写的摘要"
    page.save_revision().publish()
    paper.path.write_text(paper.path.read_text(encoding="utf-8") + "\n又一段。\n", encoding="utf-8")
    before = counts()
    report = import_file(paper, publishing)
    assert report.outcome == Outcome.EDITED
    assert counts() == before
    assert ArticlePage.objects.get().summary == "编辑改写的摘要"


def test_an_editor_who_only_saved_the_form_changed_nothing(paper, publishing):
    """Wagtail's form writes the markup anew: keys of blocks, <br/> for <br>, <b> with an attribute."""
    import_file(paper, publishing)
    page = ArticlePage.objects.get().get_latest_revision_as_object()
    raw = json.loads(json.dumps(page.body.get_prep_value()).replace("<p>", '<p data-block-key=\\"ab1\\">'))
    page.body = page.body.stream_block.to_python(raw)
    page.save_revision().publish()
    paper.path.write_text(paper.path.read_text(encoding="utf-8") + "\n又一段。\n", encoding="utf-8")
    assert import_file(paper, publishing).outcome == Outcome.UPDATED


def test_what_an_editor_took_offline_is_not_published_again(paper, publishing):
    import_file(paper, publishing)
    ArticlePage.objects.get().unpublish()
    report = import_file(paper, publishing)
    assert (report.outcome, report.state) == (Outcome.UNCHANGED, State.TAKEN_OFFLINE)
    assert not ArticlePage.objects.get().live


def test_a_deleted_article_is_imported_anew(paper, publishing):
    import_file(paper, publishing)
    ArticlePage.objects.get().delete()
    assert import_file(paper, publishing).outcome == Outcome.CREATED


def test_the_same_file_goes_into_two_zones(paper, publishing):
    import_file(paper, publishing)
    other = Options(ZonePageFactory(slug="other"), publish=True, rights=RIGHTS)
    assert import_file(paper, other).outcome == Outcome.CREATED
    assert ArticlePage.objects.count() == 2


def test_a_contributor_is_kept_once(paper, publishing, tmp_path):
    known = ContributorFactory(name="林小禾", affiliation="示例大学")
    import_file(paper, publishing)
    assert Contributor.objects.filter(name="林小禾").get() == known


def test_a_contributor_keeps_title_and_affiliation_and_another_affiliation_is_another_person(tmp_path, zone):
    body = "正文的第一句话写在这里。"
    for name, line in (
        ("a", "作者：林小禾（示例医院心内科 主任医师）"),
        ("b", "作者：林小禾（示例大学）"),
        ("c", "作者：林小禾（示例医院心内科）"),
    ):
        import_file(write(tmp_path, f"{name}.md", f"# {name}\n\n{line}\n\n{body}\n"), Options(zone))
    people = Contributor.objects.values_list("name", "title", "affiliation").order_by("pk")
    assert list(people) == [("林小禾", "主任医师", "示例医院心内科"), ("林小禾", "", "示例大学")]


def test_no_paragraph_becomes_a_summary_that_everyone_may_read(tmp_path, publishing):
    import_file(write(tmp_path, "a.md", "# 题\n\n作者：林小禾\n\n只给医生看的一段话。\n"), publishing)
    article = ArticlePage.objects.get()
    assert article.summary == ""
    head = PublicationHead.objects.get(pk=article.uuid)
    assert "只给医生看" in head.publication.full_document
    assert "只给医生看" not in head.publication.public_document + head.publication.teaser


def test_slugs_come_from_file_names_and_differ(tmp_path, zone):
    (tmp_path / "b").mkdir()
    for name in ("Some File.md", "b/Some File.md", "中文.md"):
        import_file(write(tmp_path, name, "# 题目\n\n正文一句。\n"), Options(zone))
    assert set(ArticlePage.objects.values_list("slug", flat=True)) == {"some-file", "some-file-2", "中文"}


def test_a_dry_run_stores_nothing(tmp_path, paper, zone):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "flow.jpg").write_bytes(picture(form="JPEG"))
    before = counts()
    report = import_file(paper, Options(zone, publish=True, rights=RIGHTS, dry_run=True))
    assert (report.outcome, report.state) == (Outcome.CREATED, State.PUBLISHED)
    assert counts() == before
    assert report.article_id == ""
    assert not default_storage.exists("original_images/flow.jpg")


def test_pictures_beside_the_document_are_imported_once(tmp_path, paper, publishing):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "flow.jpg").write_bytes(picture(form="JPEG"))
    report = import_file(paper, publishing)
    image = XinglinImage.objects.get()
    figures = [block for block in blocks(full(ArticlePage.objects.get())) if block["type"] == "figure"]
    assert report.state == State.PUBLISHED
    assert (image.default_alt, image.source, image.licence) == ("研究流程", "示例期刊", "CC-BY-4.0")
    assert [figure["available"] for figure in figures] == [True, False, False]
    assert import_file(paper, publishing).outcome == Outcome.UNCHANGED
    paper.path.write_text(paper.path.read_text(encoding="utf-8") + "\n又一段。\n", encoding="utf-8")
    assert import_file(paper, publishing).outcome == Outcome.UPDATED
    assert XinglinImage.objects.count() == 1


def test_a_picture_that_comes_later_is_taken(tmp_path, paper, publishing):
    import_file(paper, publishing)
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "flow.jpg").write_bytes(picture(form="JPEG"))
    assert import_file(paper, publishing).outcome == Outcome.UPDATED
    assert XinglinImage.objects.count() == 1


def test_what_is_no_picture_is_refused_and_the_figure_stays(tmp_path, paper, publishing):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "flow.jpg").write_bytes(b"<svg onload=alert(1)>")
    report = import_file(paper, publishing)
    assert report.state == State.PUBLISHED
    assert NoteKind.PICTURE_REFUSED in {note.kind for note in report.notes}
    assert XinglinImage.objects.count() == 0


@pytest.mark.parametrize(
    "path",
    ["../secret.png", "/etc/passwd", "link.png", "https://example.org/a.png", "a%00.png", "//host/a.png"],
)
def test_no_picture_outside_the_folder_is_taken(tmp_path, publishing, path):
    (tmp_path / "secret.png").write_bytes(picture())
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    source = write(folder, "a.md", f"# 题目\n\n文字。\n\n![图示]({path})  \n图1 示意\n")
    assert import_file(source, publishing).state == State.PUBLISHED
    assert XinglinImage.objects.count() == 0


def test_a_failure_in_the_middle_leaves_neither_rows_nor_files(tmp_path, paper, publishing, monkeypatch):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "flow.jpg").write_bytes(picture(form="JPEG"))
    before = counts()

    def breaks(*args, **kwargs):
        raise OSError("no space left")

    monkeypatch.setattr(writer, "_publish", breaks)
    report = import_file(paper, publishing)
    assert (report.outcome, report.trouble) == (Outcome.FAILED, Trouble.NOT_STORED)
    assert "no space left" in report.detail
    assert counts() == before
    assert not default_storage.exists("original_images/flow.jpg")


def test_a_table_with_spans_and_maths_arrives(paper, publishing):
    import_file(paper, publishing)
    table = next(block for block in blocks(full(ArticlePage.objects.get())) if block["type"] == "table")
    assert (table["label"], table["note"]) == ("表1", "*P<0.05 与对照组比较")
    assert [(cell["text"], cell["colspan"], cell["rowspan"]) for cell in table["head"][0]] == [
        ("组别", 1, 2),
        ("年龄(岁)", 2, 1),
    ]
    assert table["rows"][0][2]["text"] == "±4.2"


def test_no_script_survives(tmp_path, publishing):
    text = "# 题目\n\n<script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:alert(1)) 文字。\n"
    import_file(write(tmp_path, "a.md", text), publishing)
    document = json.dumps(full(ArticlePage.objects.get()), ensure_ascii=False)
    assert "<script" not in document
    assert "onerror" not in document
    assert "<a" not in document


def test_a_file_without_text_is_no_article(tmp_path, publishing):
    report = import_file(write(tmp_path, "a.md", "# 只有题目\n"), publishing)
    assert (report.outcome, report.trouble) == (Outcome.FAILED, Trouble.NO_TEXT)
    assert ArticlePage.objects.count() == 0
