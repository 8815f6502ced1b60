"""The client's network address of a request, behind proxies or without.

config.clients computes it once for each request and writes it into REMOTE_ADDR, so that throttles, sign-in
limits, consent records and libraries read one and the same address. What a client states about itself
(`X-Forwarded-For` and similar) counts only where a proxy of ours put it there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.http import HttpRequest

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# What a subscriber gets: a client with one address of it has all of them.
IPV6_GROUP = 64
# Instead of a network: a proxy on this machine that connects by a Unix socket and so has no address.
UNIX = "unix"
MAX_HOPS = 32
_WITH_PORT = re.compile(r"\[([0-9a-fA-F:.]{2,45})\](?::\d{1,5})?|([0-9.]{7,15}):\d{1,5}")


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The trusted proxies: their number (`count`), or their `networks`; never both."""

    count: int = 0
    networks: tuple[Network, ...] = ()
    unix: bool = False

    @classmethod
    def parse(cls, values: Sequence[str]) -> TrustedProxies:
        """From XINGLIN_TRUSTED_PROXIES: `["1"]`, or networks and `unix`. ValueError for anything else."""
        if len(values) == 1 and values[0].isascii() and values[0].isdigit():
            return cls(count=min(int(values[0]), MAX_HOPS))
        networks = tuple(ip_network(value) for value in values if value != UNIX)
        if any(network.prefixlen == 0 for network in networks):
            raise ValueError("a network of all addresses trusts everybody")
        return cls(networks=networks, unix=UNIX in values)

    def trust_peer(self, peer: str) -> bool:
        """True when the headers of this peer of the connection ("": a Unix socket) can be trusted."""
        return self.count > 0 or self.trust(_parsed(peer))

    def trust(self, address: Address | None) -> bool:
        """True when the address (None: a Unix socket) is one of a proxy of ours."""
        return self.unix if address is None else any(address in network for network in self.networks)


def client_address(peer: str, forwarded_for: str, proxies: TrustedProxies) -> str:
    """The client's address; "" when there is none, which the caller refuses.

    `peer`: the connection's own address; `forwarded_for`: the value of X-Forwarded-For, to which each proxy
    appends the address that connected to it. The last one that no proxy of ours has is the client's.
    """
    near = _parsed(peer)
    if not proxies.trust_peer(peer):
        return str(near or "")
    hops = [_parsed(hop) for hop in forwarded_for.rsplit(",", MAX_HOPS)[-MAX_HOPS:]]
    if proxies.count:
        # Fewer hops than proxies: the request came past one of them, so nothing in the header is proved.
        found = hops[-proxies.count] if len(hops) >= proxies.count else None
        return str(found or near or "")
    found = near
    for hop in reversed(hops):
        if hop is None:
            break
        found = hop
        if not proxies.trust(hop):
            break
    return str(found or "")


def address_group(address: str) -> str:
    """The key of limits: an IPv4 address itself, of an IPv6 address its /64; "" stays ""."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, IPV6_GROUP), strict=False).network_address)
    return str(parsed or "")


def limited_address(request: HttpRequest) -> str | None:
    """The key of the limit on this request (AXES_CLIENT_IP_CALLABLE)."""
    return address_group(request.META.get("REMOTE_ADDR", "")) or None


def _parsed(text: str) -> Address | None:
    text = text.strip().partition("%")[0]  # without the scope of a link-local address
    match = _WITH_PORT.fullmatch(text)
    try:
        found = ip_address((match[1] or match[2]) if match else text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
