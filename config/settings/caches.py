"""The caches of a profile with Redis: Redis itself, and the fallback for outages."""

from __future__ import annotations

from typing import Any


def redis_caches(url: str, *, prefix: str = "") -> dict[str, dict[str, Any]]:
    """CACHES for the server at `url`. The fallback's table is a model of ours (cms.CacheEntry)."""
    return {
        "default": {
            "BACKEND": "config.redis_cache.ResilientRedisCache",
            "LOCATION": url,
            "KEY_PREFIX": prefix,
            "OPTIONS": {"FALLBACK": "fallback"},
        },
        "fallback": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cms_cache_entry",
            "KEY_PREFIX": prefix,
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        },
    }
