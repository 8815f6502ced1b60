"""Rate limits of the API: the defaults, and the notation of a rate. No Django: settings import it."""

from __future__ import annotations

import re
from dataclasses import dataclass

DEFAULT_RATES: dict[str, str] = {
    # A front end that renders on its own server reads for all its readers from one address.
    "read": "3000/min",
    # A search costs the engine a few milliseconds; a reader types a few a minute.
    "search": "240/min",
    # Steps of the gate and uploads: no reader reaches this.
    "write": "60/min",
}
OFF = "off"
_SECONDS = {"s": 1, "sec": 1, "min": 60, "hour": 3600, "day": 86400}
_WRITTEN = re.compile(r"([1-9]\d{0,8})/(s|sec|min|hour|day)")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in a window of so many seconds."""

    limit: int
    seconds: int


def parse_rate(text: str) -> Rate | None:
    """`600/min` (s, sec, min, hour, day), or None for `off`. ValueError for anything else."""
    if text == OFF:
        return None
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f"{text} is not a rate")
    return Rate(int(found[1]), _SECONDS[found[2]])


def wrong_rates(rates: dict[str, str]) -> list[str]:
    """Which entries of XINGLIN_API_RATES are unknown or cannot be read, as `name=value`."""
    return [f"{kind}={text}" for kind, text in rates.items() if not _is_right(kind, text)]


def _is_right(kind: str, text: str) -> bool:
    try:
        parse_rate(text)
    except ValueError:
        return False
    return kind in DEFAULT_RATES
