"""Shapes of the gate: its state, steps and texts, the bodies that take a step, and the verification."""

from __future__ import annotations

from api.shapes import (
    MOMENT,
    UUID,
    Shape,
    boolean,
    integer,
    list_of,
    nullable,
    number,
    one_of,
    record,
    ref,
    text,
)
from api.shapes.articles import AUDIENCE
from gate.decision import CaseState, ConsentDecision, Reason, kinds
from gate.models import Profession, Question, Questionnaire

REASON = one_of(*(reason.value for reason in Reason), description="Why the zone is open or closed.")

_KIND = one_of(*(kind.code for kind in kinds()))
_STEP_LINE = {
    "id": integer("0 is entering; -1 the verification that the audience demands of itself."),
    "kind": _KIND,
    "title": text(),
    "minutes": integer("About how long it takes.", minimum=0),
    "state": one_of(
        "done",
        "now",
        "waiting",
        "todo",
        "skipped",
        description="`now` is the reader's to do; `waiting` is with the reviewers.",
    ),
}

_CASE = {
    "id": UUID,
    "state": one_of(*(state.value for state in CaseState)),
    "submitted_at": nullable(MOMENT),
    "decided_at": nullable(MOMENT),
    "expires_at": nullable(MOMENT),
    "reason": text("The reviewer's reason for the decision on the whole case."),
    "field_reasons": {
        "type": "object",
        "description": "The reviewer's reasons for single fields, by field.",
        "additionalProperties": text(),
    },
    "input": {
        "type": "object",
        "description": "What was entered, to fill the form again. Files never come back.",
        "additionalProperties": text(),
    },
    "credentials": integer("How many files belong to it.", minimum=0),
    "position": nullable(integer("Place in the queue while it is open; 1 has waited longest.", minimum=1)),
    "usual_wait_seconds": nullable(integer("The usual time to a decision lately.", minimum=0)),
    "question": nullable(ref("CaseWords")),
    "appeal": nullable(ref("CaseWords")),
    "appeal_until": nullable(MOMENT),
    "in_force": nullable(
        record(
            "The approval that counts now, perhaps of an earlier request.",
            {
                "id": UUID,
                "expires_at": nullable(MOMENT),
                "input": {
                    "type": "object",
                    "description": "With what you are recognised, also while a change waits or was rejected.",
                    "additionalProperties": text(),
                },
            },
        )
    ),
}

STATEMENT = {
    "type": "object",
    "description": "What is done with the data, by `purpose`, `necessity`, `controller`, `recipients`, "
    "`retention`, `contact`. Empty for texts that state it in their words only.",
    "additionalProperties": text(),
}
_GIVEN = {
    "id": UUID,
    "submitted_at": MOMENT,
    "number": integer("Of the version of the questions.", minimum=1),
    "answers": {"type": "object", "description": "By question key.", "additionalProperties": True},
}

SHAPES: dict[str, Shape] = {
    "NextStep": record("What the reader can do next, and where; nothing while staff review.", {
        "id": integer(),
        "kind": _KIND,
        "title": text(),
        "minutes": integer(minimum=0),
        "version": nullable(integer("The version of the agreement or questionnaire to send back.")),
        "url": text("POST there."),
    }),
    "StepLine": record("One line of the list of steps.", _STEP_LINE),
    "Locked": record("Why an article is locked, and the way in.", {
        "reason": REASON,
        "message": text("For the reader, in the language of Accept-Language."),
        "next_step": nullable(ref("NextStep")),
        "steps": list_of(ref("StepLine")),
        "gate": text("The gate's state, with texts and questions."),
    }),
    "Agreement": record("A text to decide on, exactly as published.", {
        "version": integer("Send it back with the decision."),
        "number": integer("Counts the versions of this agreement.", minimum=1),
        "title": text(),
        "html": text("Safe to insert."),
        "links": list_of(record("A document it refers to.", {"label": text(), "url": text()})),
        "locale": text(),
        "effective_from": MOMENT,
        "sha256": text("Of the exact text shown."),
        "statement": STATEMENT,
        "changes": nullable(ref("AgreementChanges")),
    }),
    "AgreementChanges": record("How a text differs from the version that the reader decided on, or sent.", {
        "from": integer("The number of the older version.", minimum=1),
        "to": integer("The number of the version in force.", minimum=1),
        "passages": list_of(record("In reading order.", {
            "kind": one_of("added", "removed"),
            "text": text("Plain text: escape it."),
        })),
        "more": integer("How many more there are: too many to list.", minimum=0),
    }),
    "Questionnaire": record("The questions that this reader may be asked.", {
        "version": integer("Send it back with the answers."),
        "title": text(),
        "introduction": text(),
        "questions": list_of(ref("Question")),
    }),
    "Question": record("One question; its answer is sent under `key`.", {
        "key": text(),
        "kind": one_of(*Question.Kind.values),
        "text": text(),
        "hint": text(),
        "choices": list_of(text()),
        "minimum": nullable(number("The smallest number that answers it; null without a bound.")),
        "maximum": nullable(number("The largest number that answers it; null as above.")),
        "whole_number": boolean("Whether only whole numbers answer it."),
        "required": boolean("Whether it must be answered, if it is shown."),
        "shown_when": nullable(ref("ShownWhen")),
        "suggestions": list_of(text("A name to offer while typing; any other is as good.")),
    }),
    "ShownWhen": record(
        "Show the question only when the answer to an earlier one is this, or contains it (several choices). "
        "A question that is not shown counts as unanswered; what is sent for it is not kept.", {
            "question": text("The key of the earlier question."),
            "value": text("As text; numbers are compared as numbers."),
        },
    ),
    "Step": record("One step with what is needed to take it.", _STEP_LINE | {
        "url": text("POST there while the step is `now`."),
        "decision": nullable(one_of(*(decision.value for decision in ConsentDecision))),
        "agreement": nullable(ref("Agreement")),
        "questionnaire": nullable(ref("Questionnaire")),
    }),
    "GateState": record("A zone's gate as this reader sees it.", {
        "zone": record("The zone.", {"slug": text(), "title": text()}),
        "audience": AUDIENCE,
        "allowed": boolean("Whether the zone is open to this reader."),
        "reason": REASON,
        "message": text("For the reader."),
        "expires_at": nullable(MOMENT),
        "next_step": nullable(ref("NextStep")),
        "minutes_left": integer("What remains for the reader to do.", minimum=0),
        "countdown_seconds": integer("How long the admitted screen stays.", minimum=0),
        "steps": list_of(ref("Step")),
        "verification": nullable(ref("Verification")),
    }),
    "DecisionBody": record("On an agreement or informed consent.", {
        "decision": one_of(
            *(decision.value for decision in ConsentDecision),
            description="`refused` is for an `agreement`, `skipped` for a `consent` or `separate_consent`.",
        ),
        "version": nullable(integer("The version that was shown. Left out to withdraw only.", minimum=1)),
    }, optional=("version",)),
    "AnswersBody": record("To profile or survey questions.", {
        "version": integer("The version that was shown.", minimum=1),
        "answers": {
            "type": "object",
            "description": "By question key: text, number, date (2026-03-01), or a list for several choices. "
            "Errors are keyed `answers.<key>`.",
            "additionalProperties": True,
        },
    }),
    "OwnAnswers": record("What you answered, newest first.", {"items": list_of(record("One questionnaire.", {
        **_GIVEN,
        "zone": nullable(record("Null where it is gone.", {"slug": text(), "title": text()})),
        "kind": one_of(*Questionnaire.Kind.values),
        "questionnaire": ref("Questionnaire"),
        "correct": nullable(text("POST there; null where the questions may not be asked any more.")),
        "earlier": list_of(record("A version before it, kept.", _GIVEN)),
    }))}),
    "CorrectionBody": record("All answers as they should be.", {"answers": {
        "type": "object",
        "description": "As in AnswersBody. What is left out counts as not answered.",
        "additionalProperties": True,
    }}),
    "EnterBody": record("To enter when everything is complete: nothing.", {}),
    "Verification": record("A request to be recognised as a healthcare professional.", _CASE),
    "CaseWords": record("What was written, and when: a reviewer's unanswered question, or your appeal.", {
        "text": text(),
        "at": MOMENT,
    }),
    "InformationForm": record("An answer to the reviewer's question: words, files, or both.", {
        "answer": text(),
        "credentials": list_of({"type": "string", "format": "binary"}),
    }, optional=("answer", "credentials")),
    "AppealBody": record("Why another reviewer should look at the rejection.", {"reason": text()}),
    "VerificationAnswer": record("Your latest request and what the form takes.", {
        "verification": nullable(ref("Verification")),
        "consent": record("To the use of credentials; without it none is taken.", {
            "given": boolean("Whether credentials are taken from this reader now."),
            "decision": nullable(one_of(*(decision.value for decision in ConsentDecision))),
            "agreement": nullable(ref("Agreement")),
            "url": text("POST a DecisionBody there: `agreed`, `skipped` or `withdrawn`."),
        }),
        "form": record("What a request consists of.", {
            "professions": list_of(record("A choice, and the form of those who make it.", {
                "value": one_of(*Profession.values),
                "label": text(),
                "fields": list_of(record("One field, in the order to show it.", {
                    "name": text("Send the value under it."),
                    "label": text("What this profession calls it."),
                    "hint": text("May be empty."),
                    "required": boolean("Whether this profession must fill it in."),
                    "max_length": nullable(integer("In characters.", minimum=1)),
                    "pattern": nullable(text(
                        "For the whole value, without white space, in upper case and half-width forms."
                    )),
                })),
            })),
            "files": record("Limits.", {
                "most": integer("Files in one request."),
                "bytes": integer("In one file."),
                "media_types": list_of(text()),
            }),
        }),
    }),
    "VerificationForm": record("The form.", {
        "full_name": text("As on the licence."),
        "profession": one_of(*Profession.values),
        "licence_number": text(),
        "institution": text(),
        "department": text(),
        "professional_title": text(),
        "zone": text("The slug of the zone the reader came from."),
        "credentials": list_of({"type": "string", "format": "binary"}),
    }, optional=("licence_number", "department", "professional_title", "zone", "credentials")),
}  # fmt: skip
