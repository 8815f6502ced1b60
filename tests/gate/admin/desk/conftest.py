"""A reviewer at the desk, sending what a browser or an attacker would send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from gate.models import Credential, User, Verification
from tests.factories.gate import reviewer


@dataclass
class Desk:
    """One person's browser. `answer.wsgi_request` and the like are Django's."""

    user: User
    client: Client

    def queue(self, **query: Any) -> HttpResponse:
        return self.client.get(reverse("gate_desk:queue"), query)

    def case(self, case: Verification, **query: Any) -> HttpResponse:
        return self.client.get(reverse("gate_desk:case", args=[case.uuid]), query)

    def post(self, act: str, case: Verification | None = None, **data: Any) -> HttpResponse:
        return self.client.post(reverse(f"gate_desk:{act}", args=[case.uuid] if case else []), data)

    def reveal(self, case: Verification, credential: Credential | None = None) -> HttpResponse:
        shown = credential or case.credentials.get()
        return self.client.post(reverse("gate_desk:reveal", args=[case.uuid, shown.uuid]))

    def look(self, case: Verification, look: int, credential: Credential | None = None) -> HttpResponse:
        shown = credential or case.credentials.get()
        return self.client.get(reverse("gate_desk:look", args=[case.uuid, shown.uuid, look]))

    def approve(self, case: Verification, **data: Any) -> HttpResponse:
        return self.post("approve", case, **{"seen": last_event(case), **data})

    def reject(self, case: Verification, **data: Any) -> HttpResponse:
        return self.post("reject", case, **{"seen": last_event(case), "canned": "unreadable", **data})


def last_event(case: Verification) -> int:
    """What the page of the case carries as `seen`."""
    return int(case.events.latest("pk").pk)


def names_in(answer: HttpResponse) -> list[str]:
    """The names in the queue, from top to bottom."""
    return [row.full_name for row in answer.context["object_list"]]


def look_of(answer: HttpResponse) -> int:
    """The look that a reveal redirected to."""
    return int(answer["Location"].partition("look=")[2].partition("#")[0])


@pytest.fixture
def sit_down() -> Callable[..., Desk]:
    """sit_down(user) signs a person in; without a user an appointed reviewer of every zone."""

    def sit(user: User | None = None) -> Desk:
        user = user or reviewer()
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return Desk(user, client)

    return sit


@pytest.fixture
def desk(db: None, sit_down: Callable[..., Desk]) -> Desk:
    """An appointed reviewer of every zone."""
    return sit_down()
