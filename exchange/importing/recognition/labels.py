"""The words that label the parts of a paper's title page, and two questions about any text."""

from __future__ import annotations

import re

ABSTRACT = re.compile(
    r"^\s{,20}[【\[［(（]?\s{,20}(摘\s{,20}要|内容提要|提\s{,20}要|Abst?ract|ABSTRACT)\s{,20}[】\]］)）]?\s{,20}[:：]?\s{,20}"
)
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
    """Whether a text is mostly Chinese: one character says about as much as two letters."""
    wide = len(re.findall(r"[\u4e00-\u9fff]", text))
    return wide * 2 > len(re.findall(r"[A-Za-z]", text))


def shortened(text: str, limit: int = LONGEST_SUMMARY) -> str:
    """The first sentences of a text that fit, else the text cut with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    cut = max((m.end() for m in re.finditer(r"[。！？!?]|\.(?=\s)", text[:limit])), default=0)
    return text[:cut] if cut >= limit // 3 else text[: limit - 1].rstrip() + "…"
