"""`make messages` adds what is new, removes what is gone, and leaves every other line as it is."""

from __future__ import annotations

import re

from config.management.commands.makemessages import KEYWORDS, merged
from tests.test_architecture import product_modules

HEADER = '#, fuzzy\nmsgid ""\nmsgstr ""\n"Language: zh_Hans\\n"'
CATALOGUE = f"""{HEADER}

msgid "Second"
msgstr "第二"

#. For editors
#, python-format
msgid ""
"First of "
"%(all)s"
msgstr "第一（共 %(all)s）"

msgctxt "month"
msgid "May"
msgstr "五月"
"""
FIRST = '#. For editors\n#, python-format\nmsgid "First of %(all)s"\nmsgstr ""'
SECOND = '#: b.py:3\nmsgid "Second"\nmsgstr ""'
MAY = 'msgctxt "month"\nmsgid "May"\nmsgstr ""'


def template(*blocks: str) -> str:
    return "\n\n".join(['msgid ""\nmsgstr ""\n"POT-Creation-Date: now\\n"', *blocks]) + "\n"


def test_the_same_texts_in_another_order_change_nothing():
    assert merged(CATALOGUE, template(MAY, FIRST, SECOND)) == (CATALOGUE, [], [])


def test_a_new_text_is_appended_without_a_translation_or_a_place():
    new = '#: a.py:1\n#, python-format\nmsgid "Second of %(all)s"\nmsgstr ""'
    text, added, removed = merged(CATALOGUE, template(FIRST, new, SECOND, MAY))
    assert text == CATALOGUE + '\n#, python-format\nmsgid "Second of %(all)s"\nmsgstr ""\n'
    assert (added, removed) == (["Second of %(all)s"], [])


def test_a_text_that_is_gone_is_removed_and_nothing_else():
    text, added, removed = merged(CATALOGUE, template(FIRST, MAY))
    assert text == CATALOGUE.replace('msgid "Second"\nmsgstr "第二"\n\n', "")
    assert (added, removed) == ([], ["Second"])


def test_the_same_word_in_another_context_is_another_text():
    text, added, removed = merged(CATALOGUE, template(FIRST, SECOND, 'msgid "May"\nmsgstr ""'))
    assert (added, removed) == (["May"], ["May"])
    assert 'msgctxt "month"' not in text


def test_chinese_has_one_plural_form():
    new = 'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] ""\nmsgstr[1] ""'
    text, added, _ = merged(CATALOGUE, template(FIRST, SECOND, MAY, new))
    assert text.endswith('msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] ""\n')
    assert added == ["%(n)s day"]


def test_what_is_commented_out_is_removed_with_places_of_old():
    old = (
        CATALOGUE.replace('msgid "Second"', '#: gone.py\nmsgid "Second"')
        + '\n#~ msgid "Old"\n#~ msgstr "旧"\n'
    )
    assert merged(old, template(FIRST, SECOND, MAY)) == (CATALOGUE, [], [])


def test_every_name_of_gettext_is_collected():
    texts = [path.read_text(encoding="utf-8") for path in product_modules()]
    names = {name for text in texts for name in re.findall(r"\b\w*gettext\w* as (\w+)", text)}
    assert "_" in names
    assert names <= {"_", *KEYWORDS}
