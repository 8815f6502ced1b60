"""Every kind of step is complete, and nothing outside its class names it. docs/howto/add-a-step.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.template.loader import get_template
from django.utils import translation

from api.gate_steps import BODIES
from api.shapes.gate import SHAPES
from cms.audiences import Audience
from gate.decision.facts import Reason
from gate.decision.step_kinds import StepKind, kind_of, kinds, register, unregister
from gate.models import Agreement, GateStep, Questionnaire
from tests.factories.gate import add_step, gated_zone

ROOT = Path(__file__).parents[3]
PACKAGES = ("cms", "gate", "exchange", "search", "api", "frontend_templates", "config")
CODES = [kind.code for kind in kinds()]

CLASSES = {
    "gate/consent/text_steps.py",
    "gate/questions/question_steps.py",
    "gate/steps/entering.py",
    "gate/verification/verification_step.py",
}
CHOICE = "gate/models/steps.py"
"""The choice, and the constraint that says what a row of each kind points to."""
DEMO = {"config/demo/gates.py", "config/demo/people.py", "config/demo/walking.py"}
"""Data: a gate as an administrator would configure it, and readers at its steps."""
SCOPES = {"api/oidc.py"}
"""`"profile" in scopes`, of OpenID Connect."""
OTHER_MEANINGS = {
    "gate/audit/export.py": {"verification"},  # the target of an audit row
    "gate/admin/configuring/agreement_preview.py": {"agreement"},  # the text, in a template's context
    "gate/admin/configuring/gates.py": {"agreement"},  # a field of GateStep
    "gate/admin/desk/queue.py": {"verification"},  # the target of an audit row
    "gate/admin/hooks.py": {"verification"},  # a content type
    "gate/consent/decisions.py": {"consent"},  # a kind of agreement
    "gate/consent/receipts.py": {"consent", "separate_consent"},  # lawful bases of ISO/IEC TS 27560
    "gate/decision/selectors.py": {"agreement"},  # a field of GateStep
    "gate/models/agreements.py": {"agreement", "consent"},  # a field, a kind of agreement
    "gate/models/questionnaires.py": {"profile", "survey"},  # kinds of questionnaire
    "gate/models/verifications.py": {"verification"},  # the model's name
    "gate/steps/checks.py": {"agreement"},  # a field of GateStep
    "api/account.py": {"verification"},  # members of answers, from here on
    "api/gate_json.py": {"verification", "agreement"},
    "api/gate_problems.py": {"consent"},
    "api/identity/clients.py": {"profile"},  # a scope of OpenID Connect
    "api/oidc.py": {"profile"},
    "api/scopes.py": {"profile"},
    "api/shapes/account.py": {"verification"},
    "api/shapes/consent_examples.py": {"separate_consent"},
    "api/shapes/consents.py": {"consent", "separate_consent"},
    "api/shapes/gate.py": {"agreement", "consent", "verification"},
    "api/shapes/gate_examples.py": {"agreement", "consent", "profile", "verification"},
    "api/shapes/problems.py": {"consent"},
    "api/verification.py": {"consent", "verification"},
    "frontend_templates/urls.py": {"verification"},  # an address
    "frontend_templates/views/verification.py": {"verification"},  # a screen, and a form whose input is kept
    # A kind of agreement.
    "frontend_templates/templates/frontend_templates/account/consents.html": {"consent"},
}


class TestNamedNowhereElse:
    def test_no_other_file_names_a_kind(self):
        named = {path: codes for path, codes in found().items() if codes and path not in CLASSES | DEMO}
        assert named.pop(CHOICE) == set(CODES) - {"enter"}
        assert named == OTHER_MEANINGS, "ask gate.decision.step_kinds.kind_of() instead of naming a kind"

    def test_no_other_file_compares_with_a_kind(self):
        """Whatever the word means elsewhere: `== "agreement"`, `in ("agreement", …)`, `case "agreement"`."""
        for path in modules():
            name = str(path.relative_to(ROOT))
            if name not in CLASSES | SCOPES:
                assert not set(compared(parsed(path))) & set(CODES), name

    @pytest.mark.parametrize(
        "source", ['x.kind == "survey"', 'x in ("survey", 1)', "x == GateStep.Kind.SURVEY", '{"survey": 1}']
    )
    def test_the_search_finds_what_it_looks_for(self, source):
        assert words(ast.parse(source)) == {"survey"}

    def test_the_search_finds_comparisons(self):
        assert set(compared(ast.parse('match x:\n case "survey" | "profile": y in {"enter"}'))) == {
            "survey",
            "profile",
            "enter",
        }


class TestEachIsComplete:
    def test_every_choice_has_its_class_and_every_class_its_choice(self):
        assert {kind.code for kind in kinds() if not kind.enters} == set(GateStep.Kind.values)
        assert len([kind for kind in kinds() if kind.enters]) == 1

    @pytest.mark.parametrize("code", CODES)
    def test_it_has_a_template(self, code):
        assert get_template(settings.XINGLIN_GATE_SCREEN.format(kind_of(code).template))

    @pytest.mark.parametrize("code", CODES)
    def test_its_texts_are_chinese(self, code):
        kind = kind_of(code)
        texts = [kind.title, *kind.stages.values(), kind.elsewhere_here, kind.elsewhere]
        texts += [kind.message(reason) or "" for reason in Reason]
        texts += [GateStep.Kind(code).label] if code in GateStep.Kind.values else []
        with translation.override("zh-hans"):
            for text in texts:
                assert not re.search("[A-Za-z]", str(text) % {"address": "/"} if text else ""), text

    @pytest.mark.parametrize("code", CODES)
    def test_it_is_taken_with_a_body_or_at_an_address(self, code):
        kind = kind_of(code)
        assert (kind.body in BODIES) == (kind.address(asked=False) is None)
        assert bool(kind.elsewhere) == bool(kind.elsewhere_here) == (kind.body is None)

    @pytest.mark.parametrize("code", CODES)
    def test_the_openapi_document_names_it(self, code):
        assert code in SHAPES["NextStep"]["properties"]["kind"]["enum"]

    @pytest.mark.parametrize("code", CODES)
    def test_it_counts_under_stages_of_its_own(self, code):
        others = {stage for kind in kinds() if kind.code != code for stage in kind.stages}
        assert not set(kind_of(code).stages) & others
        assert kind_of(code).stages or kind_of(code).enters

    @pytest.mark.parametrize("code", CODES)
    def test_it_points_to_kinds_that_exist(self, code):
        assert kind_of(code).texts <= set(Agreement.Kind.values)
        assert kind_of(code).questionnaires <= set(Questionnaire.Kind.values)

    @pytest.mark.django_db
    @pytest.mark.parametrize("code", GateStep.Kind.values)
    def test_the_database_takes_a_row_of_it(self, code):
        zone = gated_zone("agreement")
        with transaction.atomic():
            step = add_step(zone, code)
        assert GateStep.objects.get(pk=step.pk).kind == code

    @pytest.mark.parametrize("audience", Audience)
    def test_what_an_audience_implies_it_also_asks_for(self, audience):
        for kind in kinds():
            assert kind.asked_at(audience) or not kind.implied_at(audience)


def test_an_unknown_kind_is_an_error():
    with pytest.raises(KeyError):
        kind_of("nonsense")


def test_registering_and_taking_out_leaves_the_others():
    class Other(StepKind):
        code, title, template = "other", "其他", "agreement"

        def shortfall(self, *args, **kwargs):
            return None

    before = kinds()
    register(Other())
    assert [kind.code for kind in kinds()] == [*CODES, "other"]
    unregister("other")
    assert kinds() == before


@cache
def found() -> dict[str, set[str]]:
    """The codes that each file names, by its path."""
    named = {str(path.relative_to(ROOT)): words(parsed(path)) for path in modules()}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.html"):
            compares = re.findall(r"kind\s*[!=]=\s*[\"'](\w+)[\"']", path.read_text())
            named[str(path.relative_to(ROOT))] = set(compares) & set(CODES)
    return named


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def words(tree: ast.AST) -> set[str]:
    """The codes in a source, as strings or as members of an enumeration."""
    strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    members = {
        node.attr.lower()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr.isupper() and "Kind" in ast.unparse(node.value)
    }
    return (strings | members) & set(CODES)


def compared(tree: ast.AST) -> Iterator[str]:
    """The strings with which a source compares something, or matches it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for side in sides:
                parts = side.elts if isinstance(side, ast.Tuple | ast.Set | ast.List) else [side]
                yield from (part.value for part in parts if isinstance(part, ast.Constant))
        elif isinstance(node, ast.MatchValue) and isinstance(node.value, ast.Constant):
            yield node.value.value
