"""System checks of the search configuration, ids `search.E0xx`."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

ENGINES = (
    "search.engines.embedded.EmbeddedEngine",
    "search.engines.elasticsearch.ElasticsearchEngine",
)
_STEPS = ("search", "apply", "inventory", "create", "load", "swap", "discard", "drop")


def _engine_problems(name: str) -> list[CheckMessage]:
    hint = f"Set XINGLIN_SEARCH['ENGINE'] to {' or '.join(ENGINES)}."
    try:
        engine = import_string(name)
    except ImportError as error:
        return [Error(f"The search engine {name!r} cannot be imported: {error}", hint=hint, id="search.E002")]
    lacking = [step for step in _STEPS if not callable(getattr(engine, step, None))]
    if lacking:
        return [Error(f"The search engine {name!r} lacks {', '.join(lacking)}.", hint=hint, id="search.E003")]
    return []


def _place_problems(chosen: dict[str, Any]) -> list[CheckMessage]:
    if chosen["ENGINE"] == ENGINES[1]:
        url = urlsplit(str(chosen["URL"]))
        if url.scheme not in ("http", "https") or not url.hostname:
            return [Error("Elasticsearch has no address.", hint="Set ELASTICSEARCH_URL.", id="search.E004")]
    if chosen["ENGINE"] == ENGINES[0]:
        path = Path(chosen["PATH"])
        if path.exists() and not path.is_dir():
            return [Error(f"{path} is not a folder.", hint="Set XINGLIN_SEARCH['PATH'].", id="search.E005")]
    name = str(chosen["INDEX"])
    if not name or name != name.lower() or not name.replace("-", "").replace("_", "").isalnum():
        hint = "Lower-case letters, digits, hyphens and underscores."
        return [Error(f"{name!r} is no name for an index.", hint=hint, id="search.E006")]
    return []


@register()
def check_search(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """XINGLIN_SEARCH names an engine that exists and a place where it can work."""
    chosen = getattr(settings, "XINGLIN_SEARCH", None)
    if not isinstance(chosen, dict) or (lacking := {"ENGINE", "URL", "INDEX", "PATH"} - chosen.keys()):
        detail = f" lacks {', '.join(sorted(lacking))}" if isinstance(chosen, dict) else " is not a dict"
        return [Error(f"XINGLIN_SEARCH{detail}.", hint="See config/settings/base.py.", id="search.E001")]
    return _engine_problems(chosen["ENGINE"]) or _place_problems(chosen)
