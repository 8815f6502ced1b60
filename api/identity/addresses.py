"""Addresses of the provider, and checks of the addresses that a client may register."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
DEFAULT_PORTS = {"https": 443, "http": 80}
LONGEST = 500


def base_url() -> str:
    """The configured address of this site, never the Host header, which a proxy or a client chooses."""
    return str(settings.XINGLIN_BASE_URL).rstrip("/")


def absolute(path: str) -> str:
    """The public address of a path of ours."""
    return base_url() + path


def check_redirect(address: str) -> str:
    """The address unchanged; ValidationError unless its scheme is allowed.

    Allowed: https, http on the own machine, or an app's own scheme (`com.example.app:/callback`). It is
    compared as a string, so nothing in it is normalised.
    """
    parts = _split(address)
    if parts.scheme not in DEFAULT_PORTS:
        if "." not in parts.scheme:
            raise ValidationError(
                _("%(address)s: an app's own scheme is a reversed domain name.") % {"address": address},
                code="scheme",
            )
        return address
    _check_host(parts, address)
    return address


def check_origin(origin: str) -> str:
    """The origin as browsers send it (no path, no default port); ValidationError for anything else."""
    parts = _split(origin.rstrip("/"))
    _check_host(parts, origin)
    if parts.path or parts.query:
        raise ValidationError(
            _("%(address)s: an origin ends with the host or port.") % {"address": origin}, code="origin"
        )
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else str(parts.hostname)
    port = "" if parts.port in (None, DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def is_loopback(address: str) -> bool:
    """Whether it leads to the machine that opens it, as a developer's does."""
    return urlsplit(address).hostname in LOOPBACK


def _split(address: str) -> SplitResult:
    wrong = ValidationError(_("%(address)s is no address.") % {"address": address[:LONGEST]}, code="invalid")
    if (
        len(address) > LONGEST
        or not address.isascii()
        or not address.isprintable()
        or set(address) & set(' "<>\\^`{|}')
    ):
        raise wrong
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - reading it raises for a wrong one
    except ValueError as error:
        raise wrong from error
    if not parts.scheme:
        raise wrong
    if "*" in address or "#" in address:
        raise ValidationError(
            _("%(address)s: neither * nor # may stand in it.") % {"address": address}, code="pattern"
        )
    return parts


def _check_host(parts: SplitResult, address: str) -> None:
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.username or parts.password:
        raise ValidationError(_("%(address)s is no address.") % {"address": address}, code="invalid")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValidationError(
            _("%(address)s: http is for localhost, 127.0.0.1 and [::1] only; use https.")
            % {"address": address},
            code="insecure",
        )
