"""The Redis cache with short deadlines, a breaker, and a fallback for outages.

While Redis is unavailable or hangs, one request every few seconds waits for it, twice PATIENCE at most. All
others use the fallback, a table of the database that every process shares: what must be stored for a moment
(limits of sign-in and mails, used codes, sign-ins of other applications) goes on. Reading needs none of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from cms.breaker import Breaker

PATIENCE = 0.25  # seconds, for connecting and for each reply
PAUSE = 5.0  # seconds between two tries during an outage
LONGEST_FALLBACK = 300
"""Seconds that the fallback keeps an entry: what one outage left there must not count in the next one."""


class CacheAway(Exception):
    """Redis did not respond, or was not called because a recent call failed."""


class ResilientRedisCache(RedisCache):
    """Django's Redis cache; during an outage every method uses the cache named by OPTIONS["FALLBACK"]."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        options = dict(params.get("OPTIONS", {}))
        self._fallback_alias = options.pop("FALLBACK")
        options.setdefault("socket_timeout", PATIENCE)
        options.setdefault("socket_connect_timeout", PATIENCE)
        options.setdefault("retry", Retry(NoBackoff(), 0))  # the fallback is faster than a second try
        super().__init__(server, params | {"OPTIONS": options})
        self.breaker = _breaker_of(str(server))

    @cached_property
    def fallback(self) -> BaseCache:
        """The cache that is used during an outage."""
        return caches[self._fallback_alias]

    def ask(self, call: Callable[[], Any]) -> Any:
        """The result of a call to Redis. Raises CacheAway."""
        if not self.breaker.allows():
            raise CacheAway
        try:
            result = call()
        except RedisError as error:
            self.breaker.failed(error)
            raise CacheAway from error
        except ValueError:  # Django's error for a missing counter
            self.breaker.succeeded()
            raise
        self.breaker.succeeded()
        return result

    def ping(self) -> None:
        """Return when Redis responds, else raise CacheAway. For health checks."""
        self.ask(lambda: self._cache.get_client(None, write=True).ping())

    def count(self, key: str, *, seconds: int) -> int:
        """Count one more event, for `seconds`; returns the count. One round trip; raises CacheAway."""
        made = self.make_and_validate_key(key)

        def call() -> int:
            pipeline = self._cache.get_client(made, write=True).pipeline(transaction=False)
            pipeline.incr(made)
            pipeline.expire(made, seconds)
            return int(pipeline.execute()[0])

        return int(self.ask(call))

    def _either(self, name: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return self.ask(lambda: getattr(RedisCache, name)(self, *args, **kwargs))
        except CacheAway:
            return getattr(self.fallback, name)(*args, **kwargs)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        try:
            return self.ask(lambda: super(ResilientRedisCache, self).add(key, value, timeout, version))
        except CacheAway:
            return self.fallback.add(key, value, self._shortened(timeout), version)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._either("get", key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        try:
            return self.ask(lambda: super(ResilientRedisCache, self).set(key, value, timeout, version))
        except CacheAway:
            return self.fallback.set(key, value, self._shortened(timeout), version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._either("touch", key, timeout, version)

    def delete(self, key: Any, version: Any = None) -> Any:
        return self._either("delete", key, version)

    def get_many(self, keys: Any, version: Any = None) -> Any:
        return self._either("get_many", list(keys), version)

    def has_key(self, key: Any, version: Any = None) -> Any:
        return self._either("has_key", key, version)

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        return self._either("incr", key, delta, version)

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._either("set_many", data, timeout, version)

    def delete_many(self, keys: Any, version: Any = None) -> Any:
        return self._either("delete_many", list(keys), version)

    def clear(self) -> Any:
        return self._either("clear")

    def _shortened(self, timeout: Any) -> Any:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return LONGEST_FALLBACK if seconds is None else min(seconds, LONGEST_FALLBACK)


_BREAKERS: dict[str, Breaker] = {}


def _breaker_of(server: str) -> Breaker:
    """One for the process: Django makes a cache object for each thread."""
    return _BREAKERS.setdefault(server, Breaker("redis", pause=PAUSE))
