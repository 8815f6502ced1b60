"""The admin's form of an article: a draft may be incomplete, a published or submitted article may not."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from cms.documents import Outline
from cms.publish_rules import PublishProblem, problems_in

PUBLISHING_BUTTONS = ("action-publish", "action-submit", "action-restart-workflow")


class ArticlePageForm(WagtailAdminPageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # Wagtail renders no hidden initial values; without them a computed default always seems changed.
            field.show_hidden_initial = False

    def _post_clean(self) -> None:
        # Here the instance has the submitted values, and no error has been shown yet.
        super()._post_clean()
        if self.approves and not self.errors and self.changes_the_text():
            self.add_error(None, _("You changed the article. Save it, and let another reviewer approve it."))
        if self.wants_publishing and not self.errors:
            self.show(problems_in(self.outline))

    @property
    def approves(self) -> bool:
        """True when the submitted button approves the article in its workflow."""
        return bool(self.data.get("action-workflow-action")) and (
            self.data.get("workflow-action-name") == "approve"
        )

    def save(self, commit: bool = True) -> Any:
        article = super().save(commit)
        if "outline" in self.__dict__:
            # The revision that is saved next keeps facts of the same text.
            article.walked = self.outline
        return article

    def has_changed(self) -> bool:
        """Whether Wagtail stores a revision.

        An approval stores none when only the markup of the text differs.
        """
        if not self.approves:
            return bool(super().has_changed())
        return self.changes_the_text() or any(formset.has_changed() for formset in self.formsets.values())

    def changes_the_text(self) -> bool:
        """True when readers would get another text than that of the latest revision."""
        from cms.authorship import digest_of, text_digest

        latest = self.instance.get_latest_revision()
        return latest is None or text_digest(self.outline) != digest_of(latest)

    @cached_property
    def outline(self) -> Outline:
        """The submitted article, walked once."""
        return Outline(self.instance)

    @property
    def wants_publishing(self) -> bool:
        """True when the submitted button publishes, schedules, or submits the article for that."""
        return self.approves or any(button in self.data for button in PUBLISHING_BUTTONS)

    def show(self, found: list[PublishProblem]) -> None:
        """Add each problem to its field, and all of them with their places to the form's own errors."""
        for problem in found:
            if not problem.path and problem.field and problem.field != "body":
                self.add_error(problem.field, problem.message)
        in_body = [problem for problem in found if problem.path or problem.field == "body"]
        if in_body:
            self.add_error("body", body_error(in_body))
        for problem in found:
            self.add_error(None, ValidationError(str(problem), code=problem.code))
        if found:
            self.add_error(None, _("Save as a draft to go on later."))


def body_error(found: list[PublishProblem]) -> StreamBlockValidationError:
    """One nested error of the body in which every problem stands at its own block."""
    tree: dict[Any, Any] = {}
    general = [problem.message for problem in found if not problem.path]
    for problem in found:
        if problem.path:
            node = tree
            for index in problem.path[:-1]:
                node = node.setdefault(index, {}).setdefault("body", {})
            node.setdefault(problem.path[-1], {}).setdefault(problem.field, []).append(problem.message)
    error = _stream_error(tree, general)
    # Wagtail's message for it is for programmers.
    error.message = _("something is missing, see below")
    return error


def _stream_error(tree: dict[int, Any], general: list[str]) -> StreamBlockValidationError:
    return StreamBlockValidationError(
        block_errors={index: _block_error(fields) for index, fields in tree.items()}, non_block_errors=general
    )


def _block_error(fields: dict[str, Any]) -> ValidationError:
    """fields: messages by field name; under "body" a section's tree; under "" those of the whole block."""
    if set(fields) == {""}:
        return ValidationError(fields[""])
    errors: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            errors[name] = _stream_error(value, [])
        elif name:
            errors[name] = ValidationError(value)
    return StructBlockValidationError(block_errors=errors, non_block_errors=fields.get("", []))
