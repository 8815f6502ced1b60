"""Converts the gate's errors to problems, each with the step that comes next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from api.gate_json import API, CONSENT_URL, changes_json, next_step_json
from api.problems import FieldError, Problem
from cms.audiences import strictest
from gate import errors
from gate.decision import Access

if TYPE_CHECKING:
    from cms.models import ZonePage
    from gate.models import User


@contextmanager
def gate_problems(
    user: User, zone: ZonePage | None, audience: str | None = None, *, prefix: str = ""
) -> Iterator[None]:
    """Convert an error of a gate service to a Problem.

    `audience`: of the article that the reader wants, for the next step. `prefix` goes before fields' names.
    """
    try:
        yield
    except errors.UnknownStep as error:
        raise Problem("not_found") from error
    except errors.TakenElsewhere as error:
        address = {"address": f"{API}{error.kind.address(asked=False)}"}
        raise Problem(error.code, str(error.kind.elsewhere) % address) from error
    except (errors.UnknownConsent, errors.UnknownAnswers) as error:
        raise Problem("not_found", error.message) from error
    except errors.GateError as error:
        raise _problem(error, user, zone, audience, prefix) from error


def _problem(
    error: errors.GateError, user: User, zone: ZonePage | None, audience: str | None, prefix: str
) -> Problem:
    match error:
        case errors.InvalidAnswers():
            wrong = tuple(FieldError(prefix + name, text, "invalid") for name, text in error.fields.items())
            return Problem("invalid", error.message, wrong)
        case errors.InvalidConsentDecision():
            offered = _("Give one of: %(words)s.") % {"words": ", ".join(error.offered)}
            return Problem("invalid", error.message, (FieldError("decision", offered, error.code),))
        case errors.ConsentNeeded():
            return Problem(error.code, error.message, extra={"consent": CONSENT_URL})
        case errors.TooOften():
            return Problem("throttled", error.message, headers={"Retry-After": "3600"})
        case errors.DrawingBusy():
            return Problem("busy", error.message, headers={"Retry-After": "5"})
        case errors.UploadRefused():
            return Problem("invalid", error.message, (FieldError("credentials", error.message, error.code),))
    known = {errors.StepOutOfOrder, errors.AlreadyDecided, errors.StaleVersion, errors.UnderReview}
    problem = Problem(error.code if type(error) in known else "conflict", error.message)
    if zone is not None:
        level = strictest(zone.audience, audience or zone.audience)
        # Loaded again: another window may have gone on meanwhile.
        decision = Access(user).decide(zone.pk, level)
        narrower = level if level != zone.audience else None
        # The service knows the zone's own audience only.
        own = error.next_step if narrower is None or isinstance(error, errors.StaleVersion) else None
        problem.next_step = next_step_json(zone.slug, decision, narrower, step=own)
        problem.extra = {"reason": decision.reason.value}
    if problem.next_step is None and (zone is not None or isinstance(error, errors.UnderReview)):
        problem.extra = {**problem.extra, "next_step": None}
    if isinstance(error, errors.StaleVersion) and error.changes is not None:
        problem.extra = {**problem.extra, "changes": changes_json(error.changes)}
    return problem
