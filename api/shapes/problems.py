"""The shape of RFC 9457 problems."""

from __future__ import annotations

from api.problem_kinds import KINDS
from api.shapes import Shape, integer, list_of, nullable, one_of, record, ref, text

SHAPES: dict[str, Shape] = {
    "FieldError": record("What is wrong with one field, parameter or place of the body.", {
        "field": text("A dotted path; empty when it concerns the whole request."),
        "message": text("For the reader, in the language of Accept-Language."),
        "code": text("For programs."),
    }),
    "Problem": record("An error (RFC 9457), sent as application/problem+json.", {
        "type": text("`/api/v1/problems/<code>`, where the problem is described."),
        "title": text("What kind of problem it is, for people."),
        "status": integer("The HTTP status.", minimum=400, maximum=599),
        "detail": text("What happened this time, for people."),
        "errors": list_of(ref("FieldError")),
        "next_step": nullable(ref("NextStep")),
        "reason": text("The gate's reason, where a gate was asked."),
        "consent": text("With `consent_required`: where the decision is taken."),
        "changes": ref("AgreementChanges"),
    }, optional=("next_step", "reason", "changes", "consent")),
    "ProblemKind": record("A kind of problem this API answers with.", {
        "type": text(),
        "code": one_of(*KINDS),
        "status": integer(),
        "title": text(),
        "meaning": text("What to do about it."),
    }),
    "ProblemKindList": record("All of them.", {"items": list_of(ref("ProblemKind"))}),
}  # fmt: skip
