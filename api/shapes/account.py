"""The shape of the signed-in user."""

from __future__ import annotations

from api.shapes import MOMENT, UUID, Shape, boolean, list_of, nullable, record, ref, text
from api.shapes.articles import AUDIENCE
from api.shapes.gate import REASON

SHAPES: dict[str, Shape] = {
    "Account": record("The user behind the session or token.", {
        "id": UUID,
        "email": text(format="email"),
        "display_name": text(),
        "locale": text(),
        "zones": list_of(record("A zone and whether it is open.", {
            "slug": text(),
            "title": text(),
            "audience": AUDIENCE,
            "allowed": boolean("Whether the zone is open to this user."),
            "reason": REASON,
            "expires_at": nullable(MOMENT),
            "gate": text("Where its gate is explained and walked."),
        })),
        "verification": nullable(ref("Verification")),
    }),
}  # fmt: skip
