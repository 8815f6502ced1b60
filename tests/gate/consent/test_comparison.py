"""gate.consent.diff: what changed between two versions, in words."""

from __future__ import annotations

from gate.consent.diff import LONGEST_PASSAGE, MOST_PASSAGES, Comparison, compare
from gate.models import AgreementVersion


def version(text: str, number: int = 1, title: str = "声明", links=()) -> AgreementVersion:
    return AgreementVersion(number=number, title=title, text=text, links=list(links))


def changes(old: str, new: str) -> list[tuple[str, str]]:
    found = compare(version(old), version(new, 2))
    return [(passage.kind, passage.text) for passage in found.passages]


def test_only_the_sentences_that_differ_are_named():
    old = "<p>请确认身份。我们保存两年。</p><p>您可以撤回。</p>"
    new = "<p>请确认身份。我们保存三年。</p><p>您可以撤回。</p>"
    assert changes(old, new) == [("removed", "我们保存两年。"), ("added", "我们保存三年。")]


def test_removed_and_added_paragraphs_and_list_items():
    old = "<ul><li>甲</li><li>乙</li></ul>"
    assert changes(old, "<ul><li>甲</li></ul><p>丙</p>") == [("removed", "乙"), ("added", "丙")]


def test_markup_alone_is_no_change_of_wording():
    assert changes("<p>请<b>确认</b>。</p>", "<p>请确认。</p>") == []


def test_what_comes_out_is_plain_text_whatever_went_in():
    assert changes("<p>a</p>", "<p>1 &lt; 2 &amp; <b>3</b></p>") == [("removed", "a"), ("added", "1 < 2 & 3")]


def test_numbers_do_not_end_a_sentence_and_latin_marks_do():
    assert changes("<p>Keep 1.5 mg. Ask us.</p>", "<p>Keep 1.5 mg. Call us.</p>") == [
        ("removed", "Ask us."),
        ("added", "Call us."),
    ]


def test_the_title_and_the_linked_documents_count_too():
    link = {"label": "隐私政策", "url": "https://example.org/privacy"}
    found = compare(version("<p>a</p>"), version("<p>a</p>", 2, "新声明", [link]))
    assert [(passage.kind, passage.text) for passage in found.passages] == [
        ("removed", "声明"),
        ("added", "新声明"),
        ("added", "隐私政策 (https://example.org/privacy)"),
    ]


def test_a_rewritten_text_is_cut_off_and_says_so():
    new = "".join(f"<p>新 {number}</p>" for number in range(MOST_PASSAGES + 5)) + f"<p>{'长' * 5000}</p>"
    found = compare(version(""), version(new, 2))
    assert (len(found.passages), found.more) == (MOST_PASSAGES, 6)
    (long,) = compare(version(""), version(f"<p>{'长' * 5000}</p>", 2)).passages
    assert len(long.text) == LONGEST_PASSAGE + 1


def test_it_names_both_versions():
    assert compare(version("<p>a</p>", 3), version("<p>a</p>", 5)) == Comparison(3, 5, ())
