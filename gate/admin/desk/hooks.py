"""How Wagtail finds the desk; gate/wagtail_hooks.py imports this module."""

from __future__ import annotations

from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.utils.html import format_html
from wagtail import hooks

from gate.admin.desk.menu import ReviewDeskMenuItem, review_desk_menu_item


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern | URLResolver]:
    return [path("review/", include("gate.admin.desk.urls"))]


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> ReviewDeskMenuItem:
    return review_desk_menu_item()


@hooks.register("insert_global_admin_css")
def desk_css() -> str:
    """On every admin page: the number beside the menu entry is drawn there."""
    return format_html('<link rel="stylesheet" href="{}">', static("gate/desk/review-desk.css"))
