"""Words of questions that are dropped from a query because they name no subject.

Dropping them from the query, while the whole query stays as a weak clause, was the largest single gain on
real questions (docs/search.md). A word belongs here only if no medical term contains it.
"""

from __future__ import annotations

import re

_PHRASES = (
    *(
        "请问一下",
        "我想问一下",
        "想请问",
        "想问一下",
        "想问",
        "请问",
        "请教",
        "求助",
        "谁知道",
        "有没有人知道",
    ),
    *("怎么办", "怎么回事", "怎么样", "怎么", "怎样", "咋办", "咋样", "如何", "为什么", "为何"),
    *("是什么意思", "是什么", "什么是", "什么意思", "什么样", "为了什么", "用什么", "吃什么", "什么"),
    *("有哪些", "哪些", "哪种", "哪个", "哪几种", "有几种", "是多少", "多少", "多久", "多长时间"),
    *("是否可以", "是否", "能不能", "可不可以", "可以不可以", "会不会", "要不要", "需不需要", "是不是"),
    *("有没有", "办法", "介绍一下", "说一下", "告诉我", "好不好", "谢谢"),
)
FUNCTION_CHARACTERS = "的了着是也都还就我你他她吗呢吧"
"""Characters that carry no meaning alone: they rank, but a pair with one of them is not required."""

_ENDINGS = "吗|呢|吧|啊|呀|么"
_ENGLISH = "what|which|how|why|when|is|are|does|do|can|should|the|of|to|for|and|or|please"

_ASKING = re.compile(
    "|".join(sorted(map(re.escape, _PHRASES), key=len, reverse=True))
    + rf"|(?:{_ENDINGS})(?=\s{{,20}}(?:[?!。,.;]|$))|(?<![\w-])(?:{_ENGLISH})(?![\w-])"
)


def without_asking_words(folded: str) -> str:
    """The query without them; the query itself when nothing else would be left.

    Takes and returns folded text. Where a word was dropped a gap stays, so that no pair of characters is
    formed across it.
    """
    rest = " ".join(_ASKING.sub(" ", folded).split())
    return rest if any(char.isalnum() for char in rest) else folded
