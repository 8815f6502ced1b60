"""Sealed storage for form input that could not be accepted yet, until its reader returns to the form.

The session had ended, or a consent was missing. Each form carries a mark of its reader: another user who
signs in at the same computer gets nothing.
"""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.crypto import constant_time_compare

from gate import sealing

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from gate.models import User

SESSION_KEY = "kept_input"
CONTEXT = b"frontend_templates.kept_input"
MARK = "reader"
NOT_INPUT = frozenset({"csrfmiddlewaretoken", MARK, "next"})
LONGEST = 64 * 1024  # characters of the whole form
KEPT_FOR = 3600  # seconds


def mark_of(user: User | AnonymousUser) -> str:
    """The reader's mark for a hidden field; identifies no one to others."""
    return sealing.keyed_hash(str(user.pk), purpose="reader of a form")[:32] if user.pk else ""


def sign_in_and_come_back(request: HttpRequest, path: str, *, form: str = "") -> HttpResponse:
    """Redirect to the sign-in, and from there to `path`.

    The input of `form` is restored there; files are not.
    """
    keep_input(request, form)
    return redirect_to_login(path)


def keep_input(request: HttpRequest, form: str) -> None:
    """Store the input of `form` without its files; nothing is stored without a form or its reader's mark."""
    text = "".join(f"{name}{''.join(request.POST.getlist(name))}" for name in request.POST)
    mark = request.POST.get(MARK, "")
    if form and mark and len(text) <= LONGEST:
        fields = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_INPUT}
        data = json.dumps({"form": form, "mark": mark, "at": time.time(), "fields": fields}).encode()
        request.session[SESSION_KEY] = base64.b64encode(sealing.seal(data, context=CONTEXT)).decode()


def kept_input(request: HttpRequest, form: str) -> QueryDict | None:
    """The stored input of this reader for `form`; None when there is none."""
    sealed = request.session.get(SESSION_KEY)
    if not sealed:
        return None
    try:
        kept = json.loads(sealing.open_sealed(base64.b64decode(sealed), context=CONTEXT))
    except (sealing.CannotOpen, ValueError):
        return None
    mine = constant_time_compare(kept["mark"], mark_of(request.user))
    if kept["form"] != form or not mine or time.time() - kept["at"] > KEPT_FOR:
        return None
    data = QueryDict(mutable=True)
    for name, values in kept["fields"].items():
        data.setlist(name, values)
    return data


def forget_kept_input(request: HttpRequest) -> None:
    """Call when a form arrives: the stored input has been sent now, or is no longer wanted."""
    request.session.pop(SESSION_KEY, None)
