"""Ask the three services of XINGLIN_TEST_* for their versions; exit 1 naming whatever is missing or silent.

It does not matter how they were started: bin/services-up, `docker compose up`, or servers of your own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import psycopg
import redis
from elasticsearch import ApiError, Elasticsearch, TransportError


def postgres(url: str) -> str:
    """The server's version at a postgres:// address."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        return f"PostgreSQL {connection.info.parameter_status('server_version')}"


def redis_server(url: str) -> str:
    """The server's version at a redis:// address."""
    with redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
        return f"Redis {client.info('server')['redis_version']}"


def elasticsearch(url: str) -> str:
    """The server's version at an http:// address."""
    with Elasticsearch(url, request_timeout=10, max_retries=0) as client:
        return f"Elasticsearch {client.info()['version']['number']}"


SERVICES: dict[str, Callable[[str], str]] = {
    "XINGLIN_TEST_DATABASE_URL": postgres,
    "XINGLIN_TEST_REDIS_URL": redis_server,
    "XINGLIN_TEST_ELASTICSEARCH_URL": elasticsearch,
}


def main() -> int:
    """Print one line per service; 1 when any of them cannot be used."""
    failed = 0
    for variable, ask in SERVICES.items():
        url = os.environ.get(variable, "")
        try:
            answer = ask(url) if url else None
        except (psycopg.Error, redis.RedisError, ApiError, TransportError, ValueError) as error:
            answer = None
            print(f"{variable}: {type(error).__name__}: {error}", file=sys.stderr)
        if answer is None:
            print(f"{variable} names no service that answers: make services, or see docs/howto/services.md")
            failed = 1
        else:
            print(answer)
    return failed


if __name__ == "__main__":
    sys.exit(main())
