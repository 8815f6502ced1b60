"""The text for each TeX command in medical articles, where pylatexenc has none or another one."""

from __future__ import annotations

from functools import cache

from pylatexenc.latex2text import get_default_latex_context_db
from pylatexenc.latexwalker import get_default_latex_context_db as get_walker_db
from pylatexenc.macrospec import LatexContextDb, std_macro

_DECLARATIONS = """
Big Bigl Bigr bf big bigl bigr cal displaystyle em it left limits nolimits right rm sc scriptscriptstyle
scriptstyle sf small textstyle tiny tt
"""
_WRAPPERS = """
boldsymbol mathbb mathbf mathcal mathfrak mathit mathord mathrm mathsf mathtt mbox operatorname overbrace
phantom pmb text textbf textit textrm textsf texttt underbrace underline
"""
LOOKS = frozenset((_DECLARATIONS + _WRAPPERS).split())
"""Commands that only change how what they hold looks."""

# The forms that medical texts use (ε and φ, not ϵ and ϕ), and what pylatexenc does not know.
_OURS = {
    "epsilon": "ε", "phi": "φ", "textmu": "μ", "sim": "~", "leqslant": "≤", "geqslant": "≥", "prime": "′",
    "ast": "*", "star": "★", "bullet": "•", "blacktriangle": "▲", "triangle": "△", "degree": "°", "ne": "≠",
    "bot": "⊥", "ddagger": "‡", "S": "§", "lg": "lg", "colon": ":", "quad": " ", "qquad": " ",
    "%": "%", "^": "^", "-": "", "/": "", "|": "‖",
}  # fmt: skip

MARKS = {
    "bar": "\u0304",
    "overline": "\u0304",
    "dot": "\u0307",
    "ddot": "\u0308",
    "vec": "\u20d7",
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
}
"""Commands that set a mark over one character."""

HIGH = dict(zip("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ", strict=True))
LOW = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))
"""Raised and lowered characters that exist as such."""

_TEXTS = get_default_latex_context_db()


def symbol(command: str) -> str | None:
    """The characters that a command without arguments stands for; None where it stands for nothing known."""
    if command in _OURS:
        return _OURS[command]
    spec = _TEXTS.get_macro_spec(command)
    found = spec.simplify_repl if spec else None
    known = isinstance(found, str) and "%" not in found and (found or command == "!")
    return str(found) if known else None


@cache
def context() -> LatexContextDb:
    """The commands and how many arguments they take."""
    commands = get_walker_db()
    ours = [std_macro(name, "{") for name in (*_WRAPPERS.split(), "textcircled", *MARKS)]
    ours += [std_macro(name, "{{") for name in ("frac", "dfrac", "tfrac")]
    commands.add_context_category("formulas", macros=ours, prepend=True)
    return commands
