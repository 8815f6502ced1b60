"""What was typed into a form that could not be taken yet, kept sealed until its reader is back at the form.

The session had ended, or a consent was missing. Each form carries a mark of its reader: another person who
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
    """Whose form it is, for a hidden field; says nothing to others."""
    return sealing.keyed_hash(str(user.pk), purpose="reader of a form")[:32] if user.pk else ""


def sign_in_and_come_back(request: HttpRequest, path: str, *, form: str = "") -> HttpResponse:
    """To the sign-in, and from there to `path`. What `form` was sent with is there again; files are not."""
    keep_input(request, form)
    return redirect_to_login(path)


def keep_input(request: HttpRequest, form: str) -> None:
    """Keep what `form` was sent with, without its files; nothing without a form or its reader's mark."""
    text = "".join(f"{name}{''.join(request.POST.getlist(name))}" for name in request.POST)
    mark = request.POST.get(MARK, "")
    if form and mark and len(text) <= LONGEST:
        fields = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_INPUT}
        data = json.dumps({"form": form, "mark": mark, "at": time.time(), "fields": fields}).encode()
        request.session[SESSION_KEY] = base64.b64encode(sealing.seal(data, context=CONTEXT)).decode()


def kept_input(request: HttpRequest, form: str) -> QueryDict | None:
    """What this reader sent with `form` when the session had ended; None when there is nothing."""
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
    """Call when a form arrives: what was kept is sent now, or no longer wanted."""
    request.session.pop(SESSION_KEY, None)
