"""The TeX commands that are read as text, and the text for each."""

from __future__ import annotations

_LOOKS = """
Big Bigl Bigr bf big bigl bigr boldsymbol cal displaystyle em it left limits mathbb mathbf mathcal
mathfrak mathit mathord mathrm mathsf mathtt mbox nolimits operatorname overbrace phantom pmb right
rm sc scriptscriptstyle scriptstyle sf small text textbf textit textrm textsf textstyle texttt tiny
tt underbrace underline
"""
LOOKS = frozenset(_LOOKS.split())
"""Commands that only change how their argument looks."""


def _pairs(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


SYMBOLS = _pairs(
    """
    alpha α  beta β  gamma γ  delta δ  epsilon ε  varepsilon ε  zeta ζ  eta η  theta θ  iota ι
    kappa κ  lambda λ  mu μ  textmu μ  nu ν  xi ξ  pi π  rho ρ  sigma σ  tau τ  upsilon υ  phi φ
    varphi φ  chi χ  psi ψ  omega ω  Gamma Γ  Delta Δ  Theta Θ  Lambda Λ  Xi Ξ  Pi Π  Sigma Σ  Phi Φ
    Psi Ψ  Omega Ω  pm ±  mp ∓  times ×  div ÷  cdot ·  cdots ⋯  ldots …  dots …  vdots ⋮  sim ~
    simeq ≃  approx ≈  equiv ≡  neq ≠  ne ≠  leq ≤  le ≤  leqslant ≤  geq ≥  ge ≥  geqslant ≥
    gtrsim ≳  lesssim ≲  ll ≪  gg ≫  infty ∞  propto ∝  in ∈  sum ∑  prod ∏  int ∫  partial ∂
    nabla ∇  circ ∘  degree °  textdegree °  prime ′  ast *  star ★  bullet •  odot ⊙  to →
    rightarrow →  longrightarrow ⟶  leftarrow ←  Rightarrow ⇒  leftrightarrow ↔  uparrow ↑
    downarrow ↓  updownarrow ↕  because ∵  therefore ∴  langle ⟨  rangle ⟩  mid |  vert |
    backslash \\  AA Å  textregistered ®  blacktriangle ▲  triangle △  bigtriangleup △  boxdot ⊡
    trianglerighteq ⊵  bot ⊥  perp ⊥  cup ∪  cap ∩  subset ⊂  forall ∀  exists ∃  dagger †
    ddagger ‡  S §  log log  ln ln  lg lg  exp exp  max max  min min  sin sin  cos cos  tan tan
    lim lim
    """
) | {"colon": ":", "quad": " ", "qquad": " "}

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

ESCAPED = {c: c for c in "%$&#_{}^"} | dict.fromkeys(" ,;:", " ") | dict.fromkeys("!-/", "") | {"|": "‖"}
"""What a backslash before one character means."""

HIGH = dict(zip("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ", strict=True))
LOW = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))
"""Raised and lowered characters that exist as such."""
