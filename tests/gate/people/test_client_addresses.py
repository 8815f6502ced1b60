"""Which address counts as the client's: not what a client sends about itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.people.client_addresses import TrustedProxies, address_group, client_address

PEER, PROXY, READER, LIAR = "198.51.100.9", "10.0.0.1", "203.0.113.7", "1.1.1.1"
NOBODY = TrustedProxies()
ONE = TrustedProxies.parse(["1"])
TWO = TrustedProxies.parse(["2"])
OURS = TrustedProxies.parse(["10.0.0.0/8", "2001:db8:ffff::/48"])
SOCKET = TrustedProxies.parse(["unix"])


@pytest.mark.parametrize(
    ("peer", "header", "proxies", "expected"),
    [
        (PEER, f"{LIAR}, {READER}", NOBODY, PEER),
        # By number: the last untrusted hop.
        (PROXY, READER, ONE, READER),
        (PROXY, f"{LIAR}, {READER}", ONE, READER),
        (PROXY, f"{LIAR},{READER},10.0.0.2", TWO, READER),
        (PROXY, READER, TWO, PROXY),  # came past one of the two
        (PROXY, "", ONE, PROXY),
        (PROXY, "unknown", ONE, PROXY),
        # By network.
        (PROXY, f"{LIAR}, {READER}", OURS, READER),
        (PROXY, f"{LIAR}, {READER}, 10.0.0.2", OURS, READER),
        (PEER, f"{LIAR}, {READER}", OURS, PEER),
        (PROXY, "", OURS, PROXY),
        (PROXY, f"{READER}, nonsense", OURS, PROXY),
        ("2001:db8:ffff::1", "2001:db8::7", OURS, "2001:db8::7"),
        # By socket.
        ("", READER, SOCKET, READER),
        ("", READER, ONE, READER),
        ("", READER, NOBODY, ""),
        ("", READER, OURS, ""),
        ("", "", SOCKET, ""),
        (PEER, READER, SOCKET, PEER),
        # How addresses are written.
        (PROXY, f"{READER}:51234", ONE, READER),
        (PROXY, "[2001:db8::7]:443", ONE, "2001:db8::7"),
        ("::ffff:203.0.113.7", "", NOBODY, READER),
        ("fe80::1%eth0", "", NOBODY, "fe80::1"),
    ],
)
def test_the_last_hop_that_is_not_ours_is_the_client(peer, header, proxies, expected):
    assert client_address(peer, header, proxies) == expected


@given(st.text(max_size=200))
def test_without_a_proxy_of_ours_no_header_counts(header):
    assert client_address(PEER, header, NOBODY) == PEER
    assert client_address(PEER, header, OURS) == PEER


@given(st.text(alphabet="0123456789abcdef.:,[]% x", max_size=80))
def test_what_a_client_puts_in_front_changes_nothing(invented):
    for proxies in (ONE, OURS):
        assert client_address(PROXY, f"{invented},{READER}", proxies) == READER


def test_a_long_header_costs_no_time():
    assert client_address(PROXY, "10.0.0.2," * 100_000 + READER, OURS) == READER


@pytest.mark.parametrize(
    "values", [["many"], ["1", "2"], ["-1"], ["10.0.0.0/33"], ["10.0.0.1/8"], ["0.0.0.0/0"], ["::/0"], [""]]
)
def test_what_cannot_be_meant_is_refused(values):
    with pytest.raises(ValueError):  # noqa: PT011 - any, the caller names the setting
        TrustedProxies.parse(values)


@pytest.mark.parametrize(
    ("address", "group"),
    [
        (READER, READER),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::ffff:203.0.113.7", READER),
        ("", ""),
    ],
)
def test_limits_count_an_ipv6_subscriber_once(address, group):
    assert address_group(address) == group
