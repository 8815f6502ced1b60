"""Labels of summaries and of the parts of a title page, and tests that apply to any text."""

from __future__ import annotations

import re


def alternatives(words: str) -> str:
    """A pattern for any of the words, which are separated by white space; `_` in one is a space.

    The longest comes first; Chinese words may hold spaces between their characters, Latin ones any case.
    """
    patterns = []
    for word in sorted(words.split(), key=len, reverse=True):
        if word.isascii():
            patterns.append(rf"(?i:{re.escape(word).replace('_', ' ')})")
        else:
            patterns.append(r"\s{,4}".join(map(re.escape, word)) if len(word) <= 4 else re.escape(word))
    return "|".join(patterns)


ABSTRACT = re.compile(
    r"^\s{,20}[【\[［(（]?\s{,20}(摘\s{,20}要|内容提要|提\s{,20}要|Abst?ract|ABSTRACT)\s{,20}[】\]］)）]?\s{,20}[:：]?\s{,20}"
)
_SUMMARIES = """
摘要 研究摘要 文章摘要 中文摘要 英文摘要
内容导读 内容提要 内容摘要 内容简介 提要 导语 导读 编者按 编者按语 编者的话 编者导语 核心提示
Abstract Summary Editor's_note Editor’s_note Editors'_note Standfirst
"""
_PARTS = """
目的 背景 背景与目的 目的与背景 目的和背景 背景和目的 研究目的
研究背景 方法 研究方法 结果 研究结果 主要结果 结论 研究结论 解读 意义
Objective Objectives Aim Aims Background Importance Design Setting Participants Intervention Interventions
Main_outcome Main_outcomes Method Methods Result Results Finding Findings Conclusion Conclusions
Interpretation Funding Trial_registration
"""
SUMMARY = re.compile(
    rf"^\s{{,20}}[【\[［(（]?\s{{,20}}({alternatives(_SUMMARIES)})\s{{,20}}(?:[】\]］)）]\s{{,20}}[:：]?|[:：|｜丨]|$)\s{{,20}}"
)
"""A label counts with a sign after it, or alone on its line."""
STRUCTURE = re.compile(rf"^\s{{,20}}[【\[]?\s{{,20}}(?:{alternatives(_PARTS)})\s{{,20}}[】\]:：]")
"""A part of a structured abstract."""
ABSTRACT_INSIDE = re.compile(r"(?<=[^【\[])[【\[]?(摘\s{,20}要|Abstract)\s{,20}[】\]]?\s{,20}[:：]")
KEYWORDS = re.compile(
    r"^\s{,20}[【\[［]?\s{,20}(关\s{,20}键\s{,20}[词字]|主题词|Key\s?-?words?)", re.IGNORECASE
)
PARTICULARS = re.compile(
    r"^\s{,20}[【\[［]?\s{,20}(中图分类号|分类号|文献标[志识]码|文章编号|DOI|收稿日期|基金项目|作者简介|通信作者|通讯作者|引用格式)",
    re.IGNORECASE,
)
LONGEST_SUMMARY = 200


def is_chinese(text: str) -> bool:
    """Whether a text is mostly Chinese: one character counts as much as two letters."""
    wide = len(re.findall(r"[\u4e00-\u9fff]", text))
    return wide * 2 > len(re.findall(r"[A-Za-z]", text))


def shortened(text: str, limit: int = 0) -> str:
    """The first sentences of a text that fit, else the text cut with an ellipsis.

    limit: characters; by default LONGEST_SUMMARY, twice as many in Latin letters.
    """
    text = " ".join(text.split())
    limit = limit or (LONGEST_SUMMARY if is_chinese(text) else 2 * LONGEST_SUMMARY)
    if len(text) <= limit:
        return text
    cut = max((m.end() for m in re.finditer(r"[。！？!?]|\.(?=\s)", text[:limit])), default=0)
    return text[:cut] if cut >= limit // 3 else text[: limit - 1].rstrip() + "…"
