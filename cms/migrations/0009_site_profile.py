"""Whose site this is, set in the admin by administrators."""

import django.db.models.deletion
import wagtail.fields
from django.db import migrations, models


def allow(apps, schema_editor):
    """Administrators change it. Django creates permissions after all migrations, so it is made by name."""
    get = apps.get_model
    content_type, _ = get("contenttypes", "ContentType").objects.get_or_create(
        app_label="cms", model="siteprofile"
    )
    permission, _ = get("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename="change_siteprofile", defaults={"name": "Can change site"}
    )
    for group in get("auth", "Group").objects.filter(name="管理员"):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0008_draft_pictures"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="SiteProfile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=40, verbose_name="name of the site")),
                (
                    "accent",
                    models.CharField(
                        blank=True,
                        help_text="Of links and buttons, such as #1b5e4f. Left empty: pine.",
                        max_length=7,
                        verbose_name="colour",
                    ),
                ),
                (
                    "accent_dark",
                    models.CharField(
                        blank=True,
                        help_text="For readers whose device shows dark pages, such as #7cc7b2.",
                        max_length=7,
                        verbose_name="colour on a dark ground",
                    ),
                ),
                (
                    "notice",
                    models.CharField(
                        blank=True,
                        help_text="Left empty: for the reference of healthcare professionals …",
                        max_length=200,
                        verbose_name="notice at the foot",
                    ),
                ),
                (
                    "operator",
                    models.CharField(
                        blank=True,
                        help_text="The institution that answers for the data; receipts name it.",
                        max_length=120,
                        verbose_name="who runs the site",
                    ),
                ),
                (
                    "contact_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
                ),
                ("contact_phone", models.CharField(blank=True, max_length=40, verbose_name="telephone")),
                (
                    "contact_address",
                    models.CharField(blank=True, max_length=200, verbose_name="postal address"),
                ),
                (
                    "numbers",
                    wagtail.fields.StreamField(
                        [("number", 3)],
                        blank=True,
                        block_lookup={
                            0: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "Shown before the number, if it needs one.",
                                    "label": "label",
                                    "max_length": 40,
                                    "required": False,
                                },
                            ),
                            1: ("wagtail.blocks.CharBlock", (), {"label": "legal number", "max_length": 80}),
                            2: (
                                "wagtail.blocks.URLBlock",
                                (),
                                {"label": "address", "max_length": 500, "required": False},
                            ),
                            3: (
                                "wagtail.blocks.StructBlock",
                                [[("label", 0), ("number", 1), ("url", 2)]],
                                {},
                            ),
                        },
                        verbose_name="numbers",
                    ),
                ),
                (
                    "links",
                    wagtail.fields.StreamField(
                        [("link", 2)],
                        blank=True,
                        block_lookup={
                            0: ("wagtail.blocks.CharBlock", (), {"label": "label", "max_length": 40}),
                            1: ("wagtail.blocks.URLBlock", (), {"label": "address", "max_length": 500}),
                            2: ("wagtail.blocks.StructBlock", [[("label", 0), ("url", 1)]], {}),
                        },
                        verbose_name="links",
                    ),
                ),
                (
                    "logo",
                    models.ForeignKey(
                        blank=True,
                        help_text="Stands beside the name, also in the admin. Everyone can see it.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="cms.xinglinimage",
                        verbose_name="mark",
                    ),
                ),
                (
                    "site",
                    models.OneToOneField(
                        editable=False, on_delete=django.db.models.deletion.CASCADE, to="wagtailcore.site"
                    ),
                ),
            ],
            options={
                "verbose_name": "site",
                "verbose_name_plural": "sites",
            },
        ),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
