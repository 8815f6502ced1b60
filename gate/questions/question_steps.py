"""Kinds of step that are answers to a questionnaire."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from gate.decision.facts import AnswerFact, Reason, StepRule, Subject, ZoneRules
from gate.decision.policy import answered, consented, not_asked
from gate.decision.step_kinds import Body, Shown, StepAnswer, StepKind, Written
from gate.errors import AlreadyDecided, InvalidAnswers, StaleVersion
from gate.models import AnswerSet, Questionnaire, QuestionnaireVersion
from gate.questions.answer_checks import clean_answers
from gate.questions.views import asked_of

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from gate.steps.turns import Turn


class QuestionStep(StepKind):
    """Questions to answer; `lacks` is the reason while they are not."""

    family = "questions"
    template = "questions"
    body = Body.ANSWERS
    lacks: ClassVar[Reason]

    def shortfall(self, subject: Subject, zone: ZoneRules, step: StepRule, *, now: datetime) -> Reason | None:
        """Whether every question that may be asked is answered."""
        return None if answered(subject, zone, step) else self.lacks

    def shown(self, steps: Sequence[StepRule], subject: Subject, rules: ZoneRules) -> Mapping[int, Shown]:
        """The questions that this user may be asked. One query, and two for suggestions."""
        views = asked_of(steps, asks_bound=consented(subject, rules))
        return {step_id: Shown(questionnaire=view) for step_id, view in views.items()}

    def skipped(self, subject: Subject, rules: ZoneRules, step: StepRule) -> bool:
        """All of it requires a consent that was declined."""
        return not_asked(subject, rules, step)

    def load(self, step: StepRule) -> QuestionnaireVersion | None:
        """The version in force. One query."""
        return QuestionnaireVersion.objects.filter(pk__in=[step.version_id]).first()

    def take(self, turn: Turn, answer: StepAnswer) -> Written:
        """Append the answers. AlreadyDecided, StaleVersion, InvalidAnswers.

        Questions that require consent are not asked without it, and what was sent for them is not stored.
        """
        if answered(turn.subject, turn.rules, turn.step):
            raise AlreadyDecided(next_step=turn.next_step)
        version = turn.version
        if version is None or answer.version_id != turn.step.version_id:
            raise StaleVersion(turn.step.version_id, turn.step)
        with_consent = consented(turn.subject, turn.rules)
        kept, problems = clean_answers(version.questions, answer.answers, with_consent=with_consent)
        if problems:
            raise InvalidAnswers(problems, next_step=turn.step)
        record = AnswerSet.objects.create(
            user=turn.user,
            zone_id=turn.zone_id,
            version=version,
            answers=kept,
            with_consent=with_consent,
            submitted_at=turn.now,
        )
        fact = AnswerFact(turn.zone_id, version.questionnaire_id, version.pk, with_consent)
        return Written(record, replace(turn.subject, answers=(*turn.subject.answers, fact)))

    def counted(self, within: Callable[..., Q]) -> Iterable[tuple[int, str, int]]:
        """Readers who answered, by kind of questionnaire. One query; corrections do not count."""
        rows = AnswerSet.objects.filter(within("submitted_at"), corrects=None).order_by()
        by_kind = rows.values_list("zone_id", "version__questionnaire__kind")
        return list(by_kind.annotate(people=Count("user_id", distinct=True)))


class ProfileStep(QuestionStep):
    """Questions about the reader."""

    code, lacks = "profile", Reason.PROFILE_REQUIRED
    title = _("Your profile")
    questionnaires = frozenset({Questionnaire.Kind.PROFILE})
    stages: ClassVar[Mapping[str, str | Promise]] = {code: _("Profile filled in")}


class SurveyStep(QuestionStep):
    """Questions of the editors' interest."""

    code, lacks = "survey", Reason.SURVEY_REQUIRED
    title = _("Questions")
    questionnaires = frozenset({Questionnaire.Kind.SURVEY})
    stages: ClassVar[Mapping[str, str | Promise]] = {code: _("Survey answered")}
