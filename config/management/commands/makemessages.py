"""`manage.py makemessages`, which changes only what changed: for `make messages`.

Django's own lets msgmerge write the whole catalogue, in the order of the code and with guesses from similar
texts. Here an entry that is still in the code stays as it is, where it is; others are removed; new ones are
appended without a translation.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from django.core.management.commands import makemessages

NAMED = re.compile(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) (".*")$')


# Names of gettext beside Django's own: where a module holds both, `_` is the lazy one.
KEYWORDS = ("_now",)


class Command(makemessages.Command):
    xgettext_options = [*makemessages.Command.xgettext_options, *(f"--keyword={name}" for name in KEYWORDS)]

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Bring the catalogue of `locale` beside `potfile` up to date."""
        catalogue = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        before = catalogue.read_text(encoding="utf-8")
        after, added, removed = merged(before, Path(potfile).read_text(encoding="utf-8"))
        if after != before:
            catalogue.write_text(after, encoding="utf-8")
        for word, names in (("to translate", added), ("removed", removed)):
            for name in names:
                self.stdout.write(f"{word}: {name}")


def merged(catalogue: str, template: str) -> tuple[str, list[str], list[str]]:
    """(the catalogue, texts that were added, texts that were removed) for a template of xgettext."""
    found = {key: block for block in _blocks(template) if (key := _key(block))}
    kept, removed, seen = [], [], set()
    for number, block in enumerate(_blocks(catalogue)):
        key = _key(block)
        if number == 0 or (key and key in found):
            kept.append(_without(block, "#:") if number else block)
            seen.add(key)
        elif key:
            removed.append(key[1])
    new = [(key, block) for key, block in found.items() if key not in seen]
    kept += [_untranslated(block) for _, block in new]
    return "\n\n".join(kept) + "\n", [key[1] for key, _block in new], removed


def _blocks(text: str) -> list[str]:
    return [block.strip("\n") for block in re.split(r"\n{2,}", text.strip("\n")) if block.strip()]


def _key(block: str) -> tuple[str, str, str] | None:
    """(context, text, plural) of an entry; None for the header and for entries that are commented out."""
    parts: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        if match := NAMED.match(line):
            name = match[1]
            parts[name] = ast.literal_eval(match[2])
        elif line.startswith('"'):
            parts[name] += ast.literal_eval(line)
    if not parts.get("msgid"):
        return None
    return parts.get("msgctxt", ""), parts["msgid"], parts.get("msgid_plural", "")


def _without(block: str, start: str) -> str:
    return "\n".join(line for line in block.splitlines() if not line.startswith(start))


def _untranslated(block: str) -> str:
    """An entry of the template as ours: no places, one plural form, as Chinese has."""
    return _without(_without(block, "#:"), "msgstr[1]")
