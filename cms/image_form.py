"""The admin's form of a picture (WAGTAILIMAGES_IMAGE_FORM_BASE): a file must decode."""

from __future__ import annotations

from typing import Any

from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from cms.pictures import verify_picture


class PictureFormField(WagtailImageField):
    def to_python(self, data: Any) -> Any:
        # Before Wagtail's own checks: they stop with a server error at a picture that is cut short.
        if data:
            verify_picture(data)
        return super().to_python(data)


class PictureForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            self.fields["file"] = PictureFormField(
                label=field.label, required=field.required, help_text=field.help_text, widget=field.widget
            )
