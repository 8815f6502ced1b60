"""Documents for fuzzing: whole and broken structures in any order, each word unique and traceable."""

from __future__ import annotations

import itertools
import re

from hypothesis import strategies as st

MARKDOWN = """
# {t}
## {t}
# 1 {t}
# 1.1{t}
# 2.{t}
# （一）{t}
# (1){t}
# {t}，{t}，{t}{t}{t}
# 7
1.2 {t}
一、{t}
讨论
图1{t}
图2 {t} Fig.2 {t}
图12例{t}
续图1 {t}
# 图3{t}
Fig.1 {t}
Fig.5{t}
表1{t}
表21例{t}
Table 1 {t}
# 表4{t}
图4中的{t}。
![](pictures/x.png)
![{t}](x.png "{t}")
![](x.png)↵图5{t}
![](x.png)  ↵图6{t}↵{t}
{t}![](y.png){t}
<img src="z.png" alt="{t}">
(来源：{t})
<table><tr><td>{t}</td><td>{t}</td></tr><tr><td>{t}</td></tr></table>
<html><body><table><tr><td rowspan="2">{t}</td><td colspan="3">{t}</td></tr><tr><td>{t}</table>
<table><tr><td rowspan=9>{t}
<table>{t}
<table><caption>{t}</caption><tr><th>{t}</th></tr></table>
<table><tr><td>{t}<table><tr><td>{t}</td></tr></table>{t}</td></tr></table>
</table>
</td>{t}
| {t} | {t} |↵|---|---|↵| {t} | {t} |
- {t}↵- {t}
* {t}↵  - {t}↵↵    {t}
1. **{t}** {t}↵2. **{t}** {t}
7. {t}↵8. {t}
> {t}
```↵{t}↵```
    {t}
$ {t} $
$x ^ {2}$ {t} $\\foo{t}$
$$↵{t}↵$$
$$ {t}
参考文献：
# 参考文献
参考文献：↵[1]{t}↵[2]{t} [3]{t}↵{t}
[3]{t}
[9」{t}
[I]{t}
]{t}
(收稿日期：{t})
摘要：{t}
【摘要】
# 摘要
{t}摘要：{t}
关键词：{t}
Abstract: {t} some words in English here
# An English Title {t}
Key words: {t}
DOI: 10.1000/{t}
作者：{t}
作者｜{t} 审校｜{t}
文/{t}，{t}（{t}）
By {t}, MD
来源：{t} 2026年3月5日
发布时间：2026-03-05 来源：{t} 浏览次数：{t}
原文链接：https://example.org/{t}
导语：{t}
## 编者按
**{t}**
**01 {t}**
1 {t}
2 {t}
参考资料：↵1. {t}↵2. {t}
参考资料：① {t} ② {t}
（记者 {t} 通讯员 {t}）{t}
<div>{t}</div>
<div>↵{t}↵</div>
<b>{t}
{t}</b>{t}
<{t}>
<input {t}>
<!-- {t} -->
<!-- {t}
{t}  ↵{t}
{t}↵{t}
{t}，见图1、2和表3，图9A。
步骤如下：
{t}。
{t}
[{t}]: {t}
[{t}]({t})
[{t}](https://example.org/a)
[^1]: {t}
*P<0.05 {t}
注：{t}
\\{t}
~~{t}~~
**{t}
`{t}`
---
***
{t}↵===
&lt;{t}&gt; &amp; &nbsp;
""".strip().split("\n")

PLAIN = """
{t}
{t}。
{t}，{t}，{t}。
2025-12-24作者:{t}
2024年3月1日
2024-99-99
作者：{t}
非原创
【转载】
来源：{t}
(来源：{t})
作者｜{t} 审校｜{t}
原创 {t} {t} 2026年3月5日 07:30 {t}
2026-04-18 20:15 发表于{t}
文/{t} 图/{t}
译者：{t}
编者按：{t}
Published 5 March 2026 | By {t}
阅读 1024
1 {t}
2 {t}
参考来源：[1] {t} [2] {t}
① {t}
{t}医院
本报讯（记者 {t}）{t}。
一、{t}
（二）{t}
1.1 {t}
1. {t}
步骤如下：
{t}:
image.png
图1 {t}
图2{t}
表1 {t}
{t}→{t}↵{t}→{t}
参考文献
[1] {t}↵[2] {t}
[4] {t}
200 评论
查看更多
同意
(↵5↵s)
{{{{ item.{t} }}}}
https://example.org/{t}
见图1和表1，{t}
摘要：{t}
<b>{t}</b>
$ {t} $
# {t}
""".strip().split("\n")

_RARE = "鼋鼍麒麟魑魅魍魉饕餮貔貅獬豸"
_TOKENS = ["".join(letters) for letters in itertools.permutations(_RARE, 3)]
TOKEN = re.compile(f"[{_RARE}]{{3}}")


@st.composite
def documents(draw: st.DrawFn, templates: list[str]) -> str:
    """A document of up to 14 structures; every word of its own in it is unique."""
    lines = draw(st.lists(st.sampled_from(templates), min_size=1, max_size=14))
    joints = draw(st.lists(st.sampled_from(["\n", "\n\n"]), min_size=len(lines), max_size=len(lines)))
    tokens = iter(_TOKENS)
    text = "".join(line + joint for line, joint in zip(lines, joints, strict=True))
    text = text.replace("↵", "\n").replace("→", "\t").replace("{{", "\x01").replace("}}", "\x02")
    return re.sub(r"\{t\}", lambda _: next(tokens), text).replace("\x01", "{").replace("\x02", "}")


def words_of(source: str) -> list[str]:
    """The traceable words of a document."""
    return TOKEN.findall(source)
