"""Names keep what scripts and emoji are written with; nothing invisible turns or breaks a text."""

from __future__ import annotations

import unicodedata

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from cms.characters import MOST_MARKS, clean_line, clean_text, has_forbidden, is_visible

NATURAL = [
    "王小明",
    "👩🏽‍⚕️ 林医生",
    "👨‍👩‍👧‍👦",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "❤️‍🔥",
    "Việt",
    "ที่ปรึกษา",
    "مُحَمَّد",
    "می‌خواهم",
    "क्‍ष",
    "O'Connor-Müller, José",
    "שָׁלוֹם",
    "Александр",
    "𠮷野家",
]


@pytest.mark.parametrize("name", NATURAL)
def test_natural_names_stay_as_they_are(name):
    whole = unicodedata.normalize("NFC", name)
    assert clean_line(name) == whole
    assert not has_forbidden(name)
    assert clean_text(name) == name


def test_what_is_composed_of_parts_is_composed():
    assert clean_line(unicodedata.normalize("NFD", "Việt")) == "Việt"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("abc\u202etxt", "abctxt"),
        ("王\u2066小\u2069明", "王小明"),
        ("王\u200d小明", "王小明"),
        ("pay\u200dpal", "paypal"),
        ("\u200d王小明\u200c", "王小明"),
        ("a\u200bb", "ab"),
        ("a\x0bb\x00c\x1bd", "a bcd"),
        ("  王\u3000小明 \t ", "王 小明"),
        ("\ufeff王小明\uffff", "王小明"),
        ("a\U000e0041b", "ab"),
    ],
)
def test_what_is_not_seen_goes(given, kept):
    assert clean_line(given) == kept


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u200b", "\u3164", "\u2800", "\u200d\u200d", "\ufe0f", "\u115f\u1160", "\u3000", "\u00ad"],
)
def test_what_shows_nothing_is_empty(text):
    assert clean_line(text) == ""
    assert not is_visible(text)


def test_marks_do_not_cover_the_neighbours():
    heaped = clean_line("e" + "\u0301" * 30)
    assert len(heaped) == 1 + MOST_MARKS
    assert heaped[0] == "é"


def test_word_processors_line_breaks_become_line_breaks():
    assert clean_text("一\x0b二\r\n三\u2028四\x0c五\t六") == "一\n二\n三\n四\n五\t六"


@given(st.text(alphabet=st.characters(codec=None)))
def test_cleaning_twice_is_cleaning_once(text):
    once = clean_text(text)
    assert clean_text(once) == once
    assert not has_forbidden(once)
    line = clean_line(text)
    assert clean_line(line) == line
    assert "\n" not in line
    line.encode()


class TestForms:
    """Every form's text fields, whichever package brings them."""

    def test_text_is_clean(self):
        assert forms.CharField().clean("一\x0b二\x1b[31m") == "一\n二[31m"
        assert forms.EmailField().clean("a\x7f@example.org") == "a@example.org"

    def test_nul_is_refused_by_name(self):
        with pytest.raises(forms.ValidationError) as refusal:
            forms.CharField().clean("a\x00b")
        assert refusal.value.error_list[0].code == "null_characters_not_allowed"

    def test_passwords_are_left_alone(self):
        field = forms.CharField(strip=False, widget=forms.PasswordInput)
        assert field.clean("a\x0bb\u202e") == "a\x0bb\u202e"
