"""The task queue of every profile: `manage.py work` runs a thread for each queue (config/worker.py)."""

from __future__ import annotations

from typing import Any

TASKS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "config.queue.TaskQueue",
        # Separate queues, so that a slow receiver delays no mail and a long clean-up no index. "default" is
        # Wagtail's.
        "QUEUES": ["mail", "search", "publish", "webhooks", "registers", "upkeep", "default"],
        "OPTIONS": {
            "AT_ONCE": [
                "wagtail.tasks.update_reference_index_task",
                "modelsearch.tasks.insert_or_update_object_task",
            ]
        },
    }
}
