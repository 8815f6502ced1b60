"""Which pictures the newest draft of a page shows, filled from the drafts there are."""

import json

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def pictures_in(value):
    if isinstance(value, list):
        for item in value:
            yield from pictures_in(item)
    elif isinstance(value, dict):
        inner = value.get("value")
        if value.get("type") == "figure" and isinstance(inner, dict) and isinstance(inner.get("image"), int):
            yield inner["image"]
        for item in value.values():
            yield from pictures_in(item)


def fill(apps, schema_editor):
    DraftPicture = apps.get_model("cms", "DraftPicture")
    known = set(apps.get_model("cms", "XinglinImage").objects.values_list("pk", flat=True))
    pages = apps.get_model("wagtailcore", "Page").objects.exclude(latest_revision=None)
    for page in pages.select_related("latest_revision").iterator():
        body = page.latest_revision.content.get("body")
        if isinstance(body, str) and body:
            for image in set(pictures_in(json.loads(body))) & known:
                DraftPicture.objects.create(page_id=page.pk, image_id=image)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0007_cache_fallback"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="DraftPicture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "image",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cms.xinglinimage"
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("page", "image"), name="cms_draft_picture")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
