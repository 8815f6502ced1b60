"""Which files a path means, and why a file is not read."""

from __future__ import annotations

import pytest

from exchange.importing import reading
from exchange.importing.reading import NotImported, Trouble

CHINESE = "步行有益于睡眠，示例文字用于检验编码。" * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_encodings_that_are_read(encoding):
    assert reading.decode(CHINESE.encode(encoding)) == CHINESE


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (b"", Trouble.EMPTY),
        (b" \n\t\r\n", Trouble.EMPTY),
        (b"\xef\xbb\xbf", Trouble.EMPTY),
        (b"%PDF-1.7 \xe2\xe3", Trouble.BINARY),
        (b"\x89PNG\r\n\x1a\n", Trouble.BINARY),
        (b"text\x00\x01\x02", Trouble.BINARY),
        (b"\x01\x02\x03\x04\x05\x06\x07 word", Trouble.BINARY),
        (CHINESE.encode()[:-1], Trouble.TRUNCATED),
        ("Größe für Ärzte".encode("latin-1"), Trouble.ENCODING),
        ("これは日本語の文書です".encode("shift_jis"), Trouble.ENCODING),
        (b"\xff\xfe\x00", Trouble.ENCODING),
    ],
)
def test_bytes_that_are_no_text(data, trouble):
    with pytest.raises(NotImported) as refused:
        reading.decode(data)
    assert refused.value.trouble == trouble


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("第一行\n第二行\n第三".encode()[:-1], 3),
        ("Text\nGröße für Ärzte\n".encode("latin-1"), 2),
        (b"text\n\nmore\x00", 3),
        (b"text\n" + b"\x01\x02\x03\x04\x05\x06" * 9, 2),
        (b"", 0),
    ],
)
def test_the_place_of_the_trouble_is_named(data, line):
    with pytest.raises(NotImported) as refused:
        reading.decode(data)
    assert refused.value.line == line


def test_folders_are_searched_and_other_files_ignored(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("b.md", "a.txt", "in/c.MD", "INDEX.tsv", ".hidden.md", "in/d.docx"):
        (tmp_path / name).write_text("文", encoding="utf-8")
    found = reading.find([tmp_path])
    assert [source.name for source in found.files] == ["a.txt", "b.md", "in/c.MD"]
    assert [path.name for path in found.ignored] == ["INDEX.tsv", "d.docx"]
    assert [source.form for source in found.files] == ["text", "markdown", "markdown"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    outside = tmp_path / "outside.md"
    outside.write_text("文", encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.md").symlink_to(outside)
    found = reading.find([folder])
    assert found.files == []
    assert [path.name for path in found.ignored] == ["link.md"]


def test_paths_that_mean_nothing_are_told_and_the_same_file_is_taken_once(tmp_path):
    file = tmp_path / "a.md"
    file.write_text("文", encoding="utf-8")
    (tmp_path / "table.tsv").write_text("文", encoding="utf-8")
    found = reading.find([file, tmp_path, tmp_path / "none.md", tmp_path / "table.tsv"])
    assert [source.name for source in found.files] == ["a.md"]
    assert [trouble.trouble for _, trouble in found.troubles] == [Trouble.NO_SUCH_PATH, Trouble.NOT_SUPPORTED]


def test_a_huge_file_is_not_even_read(tmp_path, monkeypatch):
    file = tmp_path / "a.md"
    with file.open("wb") as handle:
        handle.truncate(reading.LARGEST + 1)
    monkeypatch.setattr(type(file), "read_bytes", lambda self: pytest.fail("read"))
    with pytest.raises(NotImported) as refused:
        reading.read(file)
    assert refused.value.trouble == Trouble.TOO_LARGE


def test_a_folder_named_as_a_file_cannot_be_read(tmp_path):
    with pytest.raises(NotImported) as refused:
        reading.read(tmp_path)
    assert refused.value.trouble == Trouble.NOT_READABLE
