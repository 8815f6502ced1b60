"""Reads pages as a reader does: by their structure, in English, so that no test depends on a translation."""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.core.mail import EmailMessage
from django.test import Client

ENGLISH = {"accept-language": "en"}


def get(client: Client, path: str, **kwargs: Any) -> Any:
    return client.get(path, headers=ENGLISH, **kwargs)


def post(client: Client, path: str, data: dict[str, Any], **kwargs: Any) -> Any:
    return client.post(path, data, headers=ENGLISH, **kwargs)


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def main_of(response: Any) -> Tag:
    """What stands between the bar and the foot."""
    found = soup(response).find("main")
    assert isinstance(found, Tag)
    return found


def screen(response: Any) -> str:
    """The template of the site that made the page."""
    name = response.templates[0].name
    return name.removeprefix("frontend_templates/").removesuffix(".html")


def form_of(response: Any) -> Tag:
    """The page's one form that posts (beside the one that leaves a half-done sign-in)."""
    forms = main_of(response).select("form[method=post]:not(#logout-from-stage)")
    assert len(forms) == 1
    return forms[0]


def code_in(message: EmailMessage) -> str:
    """The code that a mail carries."""
    (code,) = re.findall(r"^\d{6}$", message.body, re.MULTILINE)
    return str(code)


def filled(form: Tag, **changes: Any) -> dict[str, Any]:
    """What a browser would send for the form as it stands, with these changes."""
    data: dict[str, Any] = {}
    for control in form.find_all("input"):
        name, kind = control.get("name"), control.get("type")
        if name and kind not in ("radio", "checkbox", "file", "submit"):
            data[name] = control.get("value", "")
    for area in form.find_all("textarea"):
        data[area["name"]] = area.text
    for select in form.find_all("select"):
        chosen = select.find("option", selected=True)
        data[select["name"]] = chosen["value"] if chosen else ""
    return data | changes
