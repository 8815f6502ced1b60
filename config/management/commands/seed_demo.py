"""`manage.py seed_demo`: creates the demo, in Chinese, always the same; prints addresses and logins."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.test.utils import override_settings

from config.demo.cases import build_cases
from config.demo.content import build_articles, build_site, build_zones
from config.demo.gates import build_gate
from config.demo.logins import READERS, STAFF, Login
from config.demo.people import build_people
from config.demo.times import ago
from config.worker import drain
from gate.verification import check_registers


class Command(BaseCommand):
    """Creates what is missing of the demo; a second run changes nothing."""

    help = "Build the demo content, people and cases, and print addresses and logins."

    def handle(self, *args: Any, **options: Any) -> None:
        """Create, then print."""
        # The users of the demo do not exist, so their mails are discarded.
        nowhere = "django.core.mail.backends.dummy.EmailBackend"
        with override_settings(
            EMAIL_BACKEND=nowhere, XINGLIN_MAIL_TRANSPORT=nowhere, TASKS=_with_registers_at_once()
        ):
            build_site()
            zones = build_zones()
            with ago(days=60):
                build_gate(zones["digestive"])
            articles = build_articles()
            build_people(zones["digestive"])
            build_cases(zones["digestive"])
            drain()
        base = settings.XINGLIN_BASE_URL
        self.stdout.write(f"\nXinglin 杏林 · {len(zones)} zones, {len(articles)} articles")
        for name, path in (
            ("reader site", "/"),
            ("admin", "/admin/"),
            ("API", "/api/v1/articles"),
            ("API documentation", "/api/v1/docs"),
        ):
            self.stdout.write(f"  {name:<18} {base}{path}")
        self._print_logins("staff", STAFF)
        self._print_logins("readers", READERS)
        self.stdout.write(
            f"\nMails, the codes for registering among them, are written to {settings.XINGLIN_VAR / 'mail'}."
            "\nStop with Ctrl-C.\n"
        )

    def _print_logins(self, heading: str, logins: tuple[Login, ...]) -> None:
        self.stdout.write(f"\n{heading}")
        for login in logins:
            self.stdout.write(f"  {login.email:<33} {login.password:<18} {login.note}")


def _with_registers_at_once() -> dict[str, Any]:
    """settings.TASKS, but registers are asked at once, before the demo's reviewers decide."""
    tasks = deepcopy(settings.TASKS)
    options = tasks["default"].setdefault("OPTIONS", {})
    options["AT_ONCE"] = [*options.get("AT_ONCE", ()), check_registers.module_path]
    return tasks
