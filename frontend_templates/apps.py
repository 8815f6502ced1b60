"""The reader site as a Django app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template


class FrontendTemplatesConfig(AppConfig):
    """Templates, static files and views of the reader site."""

    name = "frontend_templates"

    def ready(self) -> None:
        register(check_block_templates)


def check_block_templates(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Report each kind of block without a template: the site would leave it out."""
    from cms.blocks.registry import sent_kinds
    from frontend_templates.templatetags.blocks import template_of

    errors: list[CheckMessage] = []
    for kind in sent_kinds():
        try:
            get_template(template_of(kind.kind))
        except TemplateDoesNotExist:
            hint = f"Write frontend_templates/templates/{template_of(kind.kind)}."
            message = f"The reader site has no template for blocks of the kind {kind.kind!r}."
            errors.append(Error(message, hint=hint, id="frontend_templates.E001"))
    return errors
