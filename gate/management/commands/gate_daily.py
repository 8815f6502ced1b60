"""`manage.py gate_daily`: reminders, erasure and retention.

It opens and closes no zone: the policy does, in time.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from gate.notify import send
from gate.privacy import retention
from gate.privacy.erasure import due_for_erasure, erase_due
from gate.verification.decisions import expire_due
from gate.verification.files import vault
from gate.verification.registers.checks import check_again
from gate.verification.reminders import remind_due


class Command(BaseCommand):
    help = (
        "Mark verifications that have run out, remind whose run out soon, send mails that wait, finish "
        "moving credentials into the vault, erase accounts whose "
        "grace period is over, and delete what is kept no longer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Only say what erasure and the retention rules would do."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Safe to run at any time and twice at once."""
        if options["dry_run"]:
            self.stdout.write(f"accounts to erase: {len(due_for_erasure())}")
            self._retain(dry_run=True)
            return
        self.stdout.write(f"verifications expired: {expire_due()}")
        self.stdout.write(f"people reminded of the end of their verification: {remind_due()}")
        self.stdout.write(f"registers asked again: {check_again()}")
        self.stdout.write(f"mails sent: {send.send_due()}, forgotten: {send.forget_old()}")
        self.stdout.write(f"credentials stored in files: {vault.store_all_in_files()}")
        self.stdout.write(f"accounts erased: {erase_due()}")
        self._retain(dry_run=False)
        self.stdout.write(f"files of deleted credentials deleted: {vault.delete_orphans()}")

    def _retain(self, *, dry_run: bool) -> None:
        for carried in retention.carry_out(dry_run=dry_run):
            self.stdout.write(f"retention {carried.key}: {carried.count}")
