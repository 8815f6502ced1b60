"""A register in a CSV file (UTF-8): licence_number,name,profession,institution,valid_until.

For lists that an authority or an association publishes. The file is settings.XINGLIN_REGISTER_CSV; replacing
it takes effect with the next check. `profession` is a value of Profession or its Chinese or English label,
or empty; `valid_until` is 2027-12-31 or empty. Reviewers read settings.XINGLIN_REGISTER_NAME, or the file's
name, above the register's result.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation

from gate.models.verifications import Profession
from gate.verification import licences
from gate.verification.registers.asking import Application, RegistryResult, Verdict

COLUMNS = ("licence_number", "name", "profession", "institution", "valid_until")


class CsvRegister:
    """A RegistryCheck over the file; unavailable (by raising) when it is not there or lacks a column."""

    name = "CSV"

    def __init__(self) -> None:
        self.path = Path(settings.XINGLIN_REGISTER_CSV)
        self.name = settings.XINGLIN_REGISTER_NAME or self.path.stem or "CSV"

    def check(self, application: Application) -> RegistryResult:
        """Rows with the number; of several (a number can be given again) the one that agrees most."""
        wanted = plain(licences.normalise(application.licence_number))
        verdicts = [
            verdicts_of(row, application)
            for row in self._rows()
            if wanted and plain(licences.normalise(row["licence_number"])) == wanted
        ]
        now = timezone.now()
        if not verdicts:
            return RegistryResult("not_found", self.name, now)
        best = max(verdicts, key=lambda found: sum(verdict == "same" for verdict in found.values()))
        agrees = all(verdict in ("same", "missing") for verdict in best.values())
        return RegistryResult("found" if agrees else "differs", self.name, now, best)

    def _rows(self) -> Iterator[dict[str, str]]:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if lacking := set(COLUMNS) - set(reader.fieldnames or ()):
                raise ValueError(f"the register lacks {', '.join(sorted(lacking))}")
            for row in reader:
                yield {name: (row[name] or "").strip() for name in COLUMNS}


def verdicts_of(row: dict[str, str], application: Application) -> dict[str, Verdict]:
    """The verdicts by form field; a value that the register leaves empty is "missing"."""
    found: dict[str, Verdict] = {"licence_number": "same"}
    found["full_name"] = _compare(row["name"], application.full_name)
    found["institution"] = _compare(row["institution"], application.institution)
    if not row["profession"]:
        found["profession"] = "missing"
    else:
        found["profession"] = (
            "same" if _profession(row["profession"]) == application.profession else "differs"
        )
    if row["valid_until"] and date.fromisoformat(row["valid_until"]) < timezone.localdate():
        found["licence_number"] = "ended"
    return found


def plain(text: str) -> str:
    """Full-width forms, case, spaces and punctuation do not count: "李 四（示范）" is "李四示范"."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _compare(theirs: str, ours: str) -> Verdict:
    if not theirs:
        return "missing"
    return "same" if plain(theirs) == plain(ours) else "differs"


def _profession(text: str) -> str | None:
    for value in Profession.values:
        names = {value}
        for locale in ("zh-hans", "en"):
            with translation.override(locale):
                names.add(str(Profession(value).label))
        if plain(text) in {plain(name) for name in names}:
            return value
    return None
