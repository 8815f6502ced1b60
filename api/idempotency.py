"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a request sent twice is carried out once.

The first request reserves its key (a row that commits at once), prepares what is slow, then does its work
and stores its response in one transaction that holds the row locked. So a request that comes meanwhile finds
a reserved key and gets a problem to retry later, and a process that died has written nothing: after PATIENCE
its key is free again. Responses that refused the request are not stored: they wrote nothing, and what they
depend on may change.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from api.models import KeptAnswer
from api.problems import FieldError, Problem
from api.responses import PRIVATE
from gate import sealing
from gate.models import User

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT = timedelta(hours=24)
# A request without a response counts as dead after this; the slowest (files to decode) takes seconds.
PATIENCE = timedelta(minutes=2)
# A structured-field string, as the draft has it, or its content alone, as most clients send it.
KEY = re.compile(r'"?([!#-~]{1,255})"?')
KINDS = ("invalid_idempotency_key", "idempotency_key_in_use", "idempotency_key_reused")


def once(
    request: Request,
    user: User,
    handle: Callable[[], HttpResponse],
    prepare: Callable[[], None] = lambda: None,
) -> HttpResponse:
    """The response of `handle`, or the one it returned the last time under the request's key.

    `prepare` runs before it and outside its transaction: what is slow, such as decoding files. Problems:
    `invalid_idempotency_key`, `idempotency_key_reused` (another request), `idempotency_key_in_use`.
    """
    given = request.headers.get(HEADER)
    if given is None:
        prepare()
        return handle()
    match = KEY.fullmatch(given)
    if match is None:
        message = _("Send 1 to 255 visible ASCII characters.")
        raise Problem("invalid_idempotency_key", errors=(FieldError(HEADER, message, "invalid"),))
    key = sealing.keyed_hash(f"{user.pk}:{match[1]}", purpose="idempotency key")
    asked = sealing.keyed_hash(_fingerprint(request), purpose="idempotent request")
    kept = _reserve(user, key, asked)
    if kept.sealed is not None:
        return _replay(kept)
    try:
        prepare()
        return _carry_out(kept, handle)
    except BaseException:
        KeptAnswer.objects.filter(pk=kept.pk, sealed=None).delete()
        raise


def forget_old() -> int:
    """Delete what is older than KEPT. Returns the number."""
    return KeptAnswer.objects.filter(started_at__lt=timezone.now() - KEPT).delete()[0]


def _reserve(user: User, key: str, asked: str) -> KeptAnswer:
    """The row of this key: created now, or with its response."""
    now = timezone.now()
    KeptAnswer.objects.filter(user=user, key=key, started_at__lt=now - KEPT).delete()
    with suppress(IntegrityError), transaction.atomic():
        return KeptAnswer.objects.create(user=user, key=key, request=asked, started_at=now)
    kept = KeptAnswer.objects.filter(user=user, key=key).first()
    if kept is None:  # refused and released in this moment
        raise _in_use()
    if kept.request != asked:
        raise Problem("idempotency_key_reused")
    if kept.sealed is None:
        _take_over(kept)
    return kept


def _take_over(kept: KeptAnswer) -> None:
    """Of the requests that wait for a process that died, one takes its place; Problem for the others."""
    now = timezone.now()
    same = KeptAnswer.objects.filter(pk=kept.pk, sealed=None, started_at=kept.started_at)
    try:
        with transaction.atomic():
            dead = same.filter(started_at__lt=now - PATIENCE).select_for_update(nowait=True).exists()
            if not dead or not same.update(started_at=now):
                raise _in_use()
    except DatabaseError as error:  # locked: its process is alive
        raise _in_use() from error


def _carry_out(kept: KeptAnswer, handle: Callable[[], HttpResponse]) -> HttpResponse:
    with transaction.atomic():
        KeptAnswer.objects.select_for_update().get(pk=kept.pk)
        response = handle()
        keeps = response.status_code < 300 and not response.streaming
        if keeps:
            answer = {
                "status": response.status_code,
                "type": response["Content-Type"],
                "body": response.content.decode(),
            }
            sealed = sealing.seal(json.dumps(answer).encode(), context=kept.key.encode())
            KeptAnswer.objects.filter(pk=kept.pk).update(sealed=sealed)
    if not keeps:
        KeptAnswer.objects.filter(pk=kept.pk, sealed=None).delete()
    return response


def _replay(kept: KeptAnswer) -> HttpResponse:
    try:
        answer = json.loads(sealing.open_sealed(bytes(kept.sealed or b""), context=kept.key.encode()))
    except sealing.CannotOpen as error:  # its key was deleted within the day
        raise Problem("idempotency_key_reused") from error
    return HttpResponse(
        answer["body"],
        status=answer["status"],
        content_type=answer["type"],
        headers={"Cache-Control": PRIVATE, "X-Content-Type-Options": "nosniff", REPLAYED: "true"},
    )


def _fingerprint(request: Request) -> str:
    """What the request demands: method, address and the values of its body, whatever its encoding."""
    body: Any = request.data
    if hasattr(body, "lists"):
        files = set(request.FILES)
        body = {name: values for name, values in body.lists() if name not in files}
    sent = [[name, [_digest(file) for file in request.FILES.getlist(name)]] for name in sorted(request.FILES)]
    asked = [request.method, request.get_full_path(), body, sent]
    return json.dumps(asked, sort_keys=True, default=str)


def _digest(file: Any) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _in_use() -> Problem:
    return Problem("idempotency_key_in_use", headers={"Retry-After": "1"})
