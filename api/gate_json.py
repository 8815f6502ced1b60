"""The gate's dataclasses as JSON: steps, texts, questions and the reader's own verification."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from gate.consent import AgreementText, Comparison, CredentialConsent
from gate.decision import Decision, GateState, Reason, StepRule, StepState, kind_of, step_title
from gate.questions import Condition, Questions
from gate.verification import CaseStatus, CaseWords, InForce

API = "/api/v1"
CONSENT_URL = f"{API}/gate/verification/consent"


def gate_url(slug: str, audience: str | None = None) -> str:
    """The address of a zone's gate, at the zone's audience or an article's narrower one."""
    return f"{API}/gate/zones/{slug}" + (f"?audience={audience}" if audience else "")


def step_url(slug: str, step: StepRule, audience: str | None = None, *, asked: bool = False) -> str:
    """The address of a step.

    `audience`: of an article with a narrower audience than its zone; the state that comes back is for it
    too. `asked`: a reviewer waits for an answer about the verification.
    """
    own = kind_of(step).address(asked=asked)
    if own is not None:
        return f"{API}{own}"
    return f"{gate_url(slug)}/steps/{step.id}" + (f"?audience={audience}" if audience else "")


def next_step_json(
    slug: str, decision: Decision, audience: str | None = None, *, step: StepRule | None = None
) -> dict[str, Any] | None:
    """The next step and its address: in locked articles, in the gate's state and in problems.

    None while staff review, and where there is nothing to do. `step`: instead of the decision's own.
    """
    step = step or decision.next_step
    if step is None:
        return None
    return {
        "id": step.id,
        "kind": step.kind,
        "title": step_title(step),
        "minutes": kind_of(step).minutes(step),
        "version": step.version_id,
        "url": step_url(slug, step, audience, asked=decision.reason == Reason.PENDING_REVIEW),
    }


def step_line(step: StepState) -> dict[str, Any]:
    """One line of the list of steps."""
    return {
        "id": step.id,
        "kind": step.kind,
        "title": step.title,
        "minutes": step.minutes,
        "state": step.state,
    }


def state_json(state: GateState) -> dict[str, Any]:
    """The whole gate as this reader sees it."""
    decision = state.decision
    narrower = state.audience.value if state.narrower else None
    return {
        "zone": {"slug": state.zone_slug, "title": state.zone_title},
        "audience": state.audience.value,
        "allowed": decision.allowed,
        "reason": decision.reason.value,
        "message": state.message,
        "expires_at": moment(decision.expires_at),
        "next_step": next_step_json(state.zone_slug, decision, narrower),
        "minutes_left": state.minutes_left,
        "countdown_seconds": state.countdown_seconds,
        "steps": [_step(state, step, narrower) for step in state.steps],
        "verification": case_json(state.verification),
    }


def case_json(case: CaseStatus | None) -> dict[str, Any] | None:
    """The reader's latest verification. `input` fills the form again; files are never returned."""
    if case is None:
        return None
    return {
        "id": str(case.uuid),
        "state": case.state.value,
        "submitted_at": moment(case.submitted_at),
        "decided_at": moment(case.decided_at),
        "expires_at": moment(case.expires_at),
        "reason": case.reason,
        "field_reasons": case.field_reasons,
        "input": case.previous_input,
        "credentials": case.credentials,
        "position": case.position,
        "usual_wait_seconds": int(case.usual_wait.total_seconds()) if case.usual_wait is not None else None,
        "question": _words(case.question),
        "appeal": _words(case.appeal),
        "appeal_until": moment(case.appeal_until),
        "in_force": _in_force(case.in_force),
    }


def consent_json(consent: CredentialConsent) -> dict[str, Any]:
    """The consent that comes before a credential is taken: its text, and the reader's decision on it."""
    return {
        "given": consent.given,
        "decision": consent.decided.value if consent.decided is not None else None,
        "agreement": _agreement(consent.agreement),
        "url": CONSENT_URL,
    }


def _in_force(approval: InForce | None) -> dict[str, Any] | None:
    if approval is None:
        return None
    return {
        "id": str(approval.uuid),
        "expires_at": moment(approval.expires_at),
        "input": approval.stated,
    }


def _words(words: CaseWords | None) -> dict[str, Any] | None:
    return {"text": words.text, "at": moment(words.at)} if words is not None else None


def moment(value: datetime | None) -> str | None:
    """RFC 3339 to the second, in the site's time zone."""
    return timezone.localtime(value).isoformat(timespec="seconds") if value is not None else None


def _step(state: GateState, step: StepState, audience: str | None) -> dict[str, Any]:
    asked = state.decision.reason == Reason.PENDING_REVIEW and step.state == "now"
    return step_line(step) | {
        "url": step_url(state.zone_slug, step.rule, audience, asked=asked),
        "decision": step.decided.value if step.decided is not None else None,
        "agreement": _agreement(step.agreement),
        "questionnaire": _questionnaire(step.questionnaire),
    }


def _agreement(text: AgreementText | None) -> dict[str, Any] | None:
    if text is None:
        return None
    return {
        "version": text.version_id,
        "number": text.number,
        "title": text.title,
        "html": text.text,
        "links": list(text.links),
        "locale": text.locale,
        "effective_from": moment(text.effective_from),
        "sha256": text.sha256,
        "statement": text.statement,
        "changes": changes_json(text.changes),
    }


def changes_json(changes: Comparison | None) -> dict[str, Any] | None:
    """The differences from the version that the reader knows: plain text, to be escaped like any other."""
    if changes is None:
        return None
    return {
        "from": changes.old,
        "to": changes.new,
        "passages": [{"kind": passage.kind, "text": passage.text} for passage in changes.passages],
        "more": changes.more,
    }


def _questionnaire(questions: Questions | None) -> dict[str, Any] | None:
    return questions_json(questions) if questions is not None else None


def questions_json(questions: Questions) -> dict[str, Any]:
    """The questions for one user, at the gate or to correct their answers."""
    return {
        "version": questions.version_id,
        "title": questions.title,
        "introduction": questions.introduction,
        "questions": [
            {
                "key": question.key,
                "kind": question.kind,
                "text": question.text,
                "hint": question.hint,
                "choices": list(question.choices),
                "required": question.required,
                "minimum": question.minimum,
                "maximum": question.maximum,
                "whole_number": question.whole_number,
                "shown_when": _condition(question.condition),
                "suggestions": list(question.suggestions),
            }
            for question in questions.questions
        ],
    }


def _condition(condition: Condition | None) -> dict[str, str] | None:
    return {"question": condition.question, "value": condition.value} if condition is not None else None
