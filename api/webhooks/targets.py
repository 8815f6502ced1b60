"""Checks webhook targets at each attempt: public addresses over HTTPS only.

A name is resolved once, every address it has is checked, and the connection is made to a checked address. So
a name that points inside, or that changes between the check and the connection (rebinding), reaches nothing.
Redirects are not followed. Networks in settings.XINGLIN_WEBHOOK_NETWORKS are allowed although they are
private, also without TLS.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

TIMEOUT = 10.0  # seconds, for each of connecting, sending and waiting
DEADLINE = 20.0  # seconds for all of it: a receiver can send a byte every nine
NAME_TIMEOUT = 3.0  # seconds; the form in the admin waits for it too
LONGEST_ANSWER = 1024  # bytes; only the status counts

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class TargetRefused(Exception):
    """The address is no allowed target of webhooks."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Target:
    """A checked place: connect to `address`, speak to `host`."""

    url: SplitResult
    host: str
    port: int
    address: str


def check_url(url: str) -> SplitResult:
    """The parts of a well-formed address; where its name leads is not checked."""
    try:
        parts = urlsplit(url)
        has_host, _port = bool(parts.hostname), parts.port
    except ValueError as error:
        raise TargetRefused("bad_address", _("This is not an address.")) from error
    if parts.scheme not in ("https", "http") or not has_host:
        raise TargetRefused("bad_address", _("Give an address that starts with https://."))
    if parts.username or parts.password or parts.fragment:
        raise TargetRefused("bad_address", _("Give an address without a password and without #."))
    if parts.scheme == "http" and not settings.XINGLIN_WEBHOOK_NETWORKS:
        raise TargetRefused("bad_address", _("Give an address that starts with https://."))
    return parts


def resolve(url: str) -> Target:
    """Resolve once and check every address; TargetRefused, or OSError when the name is not known."""
    parts = check_url(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = _looked_up(host, port)
    addresses = list(dict.fromkeys(str(info[4][0]).partition("%")[0] for info in found))
    if not addresses:
        raise TargetRefused("unknown_host", _("This name has no address."))
    for text in addresses:
        address = _unwrapped(ipaddress.ip_address(text))
        inside = _is_allowed_inside(address)
        if not inside and (not address.is_global or address.is_multicast or parts.scheme != "https"):
            raise TargetRefused("private_address", _("This address is not public."))
    return Target(parts, host, port, addresses[0])


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of one POST. TargetRefused, OSError and http.client.HTTPException otherwise."""
    target = resolve(url)
    path = (target.url.path or "/") + (f"?{target.url.query}" if target.url.query else "")
    with closing(_connection(target)) as connection, _ended_in_time(connection):
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read(LONGEST_ANSWER)
        return answer.status


@contextmanager
def _ended_in_time(connection: http.client.HTTPConnection) -> Iterator[None]:
    """TimeoutError after DEADLINE, however busy the receiver looks: the socket is shut down."""
    ended = threading.Event()

    def end() -> None:
        ended.set()
        with suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(DEADLINE, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        if ended.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()


def _looked_up(host: str, port: int) -> list[Any]:
    """The result of getaddrinfo(). OSError when the name is not known or the name server does not respond."""
    result: Future[list[Any]] = Future()

    def look_up() -> None:
        try:
            result.set_result(
                socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
            )
        except Exception as error:  # noqa: BLE001 - it is raised where the name was asked for
            result.set_exception(error)

    # A thread of its own, as the C library's deadline is minutes; it ends by itself.
    threading.Thread(target=look_up, daemon=True).start()
    return result.result(NAME_TIMEOUT)


def _connection(target: Target) -> http.client.HTTPConnection:
    """A connection whose socket goes to the checked address and nowhere else."""
    connected = socket.create_connection((target.address, target.port), timeout=TIMEOUT)
    try:
        if target.url.scheme == "https":
            # The certificate is checked against the name, not the address.
            connected = _tls().wrap_socket(connected, server_hostname=target.host)
    except BaseException:
        connected.close()
        raise
    connection = http.client.HTTPConnection(target.host, target.port, timeout=TIMEOUT)
    connection.default_port = 443 if target.url.scheme == "https" else 80
    connection.sock = connected
    return connection


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _unwrapped(address: Address) -> Address:
    """An IPv4 address that travels as IPv6 (mapped, 6to4, NAT64) is checked as IPv4."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped or address.sixtofour:
            return address.ipv4_mapped or address.sixtofour or address
        if address in ipaddress.ip_network("64:ff9b::/96"):
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_allowed_inside(address: Address) -> bool:
    networks = [ipaddress.ip_network(text) for text in settings.XINGLIN_WEBHOOK_NETWORKS]
    return any(address.version == network.version and address in network for network in networks)
