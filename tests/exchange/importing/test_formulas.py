"""TeX inside sentences: what is understood becomes text, what is not stays TeX."""

from __future__ import annotations

import pytest

from exchange.importing.formats import formulas


@pytest.mark.parametrize(
    ("tex", "text", "markup"),
    [
        (r"6 0 . 5 \%", "60.5%", "60.5%"),
        (r"P { < } 0 . 0 5", "P<0.05", "P&lt;0.05"),
        (r"\chi ^ { 2 } = 4 . 1", "χ²=4.1", "χ<sup>2</sup>=4.1"),
        (r"\mathrm { C D 4 } ^ { + }", "CD4⁺", "CD4<sup>+</sup>"),
        (r"3 7 ^ { \circ } \mathrm { C }", "37°C", "37°C"),
        (r"1 5 \ \mathrm { m m }", "15 mm", "15 mm"),
        (r"\bar { x } \pm s", "x\u0304±s", "x\u0304±s"),
        (r"\textcircled { 3 }", "③", "③"),
        (r"\frac { a } { b c }", "a/(bc)", "a/(bc)"),
        (r"w _ { i }", "wi", "w<sub>i</sub>"),
        (r"_ { ( P < 0 . 0 5 ) }", "(P<0.05)", "(P&lt;0.05)"),
        (r"\sqrt { n }", "√(n)", "√(n)"),
        (r"4 2 { \^ { \circ } C }", "42°C", "42°C"),
        (r"x ^ \mathrm { C }", "xC", "x<sup>C</sup>"),
        (r"12.5%", "12.5%", "12.5%"),
        (r"\varnothing \subseteq A", "∅⊆A", "∅⊆A"),
    ],
)
def test_what_is_understood(tex, text, markup):
    assert formulas.shown(tex) == (text, markup, True)


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin { array } x",
        r"\unknown",
        "{ x",
        "x }",
        r"a & b",
        "{" * 80 + "}" * 80,
        r"\sqrt" * 390,
        r"\(x\)",
        "x" * 3000,
    ],
)
def test_what_is_not_understood_stays_tex(tex):
    text, markup, understood = formulas.shown(tex)
    assert not understood
    assert text.startswith("$")
    assert text.endswith("$")
    assert "<" not in markup


@pytest.mark.parametrize("words", ["5 and ", "岁，平均", "a lot of money "])
def test_dollars_in_a_sentence_are_no_formula(words):
    assert formulas.shown(words)[0] == f"${words}$"
