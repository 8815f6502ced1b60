# What bin/services-up and bin/services-down share: versions, folders, ports. Sourced, never run.

# Debian 12 ships PostgreSQL 15; set XINGLIN_POSTGRES_VERSION where another one is installed.
version_postgres=${XINGLIN_POSTGRES_VERSION:-15}
# The Elasticsearch inside this SonarQube release is an unmodified 8.16.1, and Maven Central carries it.
version_elasticsearch=8.16.1
version_sonarqube=25.1.0.102122

# Ports of our own, so that a PostgreSQL or Redis that is already there stays untouched.
port_postgres=${XINGLIN_POSTGRES_PORT:-15432}
port_redis=${XINGLIN_REDIS_PORT:-16379}
port_elasticsearch=${XINGLIN_ELASTICSEARCH_PORT:-19200}

# Programs and data of the three services; nothing is written anywhere else.
home=${XINGLIN_SERVICES:-${XDG_CACHE_HOME:-$HOME/.cache}/xinglin-services}

say() { echo "services: $*" >&2; }
