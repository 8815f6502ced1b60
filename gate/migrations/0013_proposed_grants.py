"""Rights that two administrators give, and who may appoint staff: administrators as before."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import gate.models.proposed_grants

ADMINISTRATORS = "管理员"


def let_administrators_appoint(apps, schema_editor):
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="gate", model="user"
    )
    right, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename="appoint_staff",
        defaults={"name": "Can give staff rights that one does not hold"},
    )
    for group in apps.get_model("auth", "Group").objects.filter(name=ADMINISTRATORS):
        group.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("gate", "0012_credentiallook"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="user",
            options={
                "permissions": [("appoint_staff", "Can give staff rights that one does not hold")],
                "verbose_name": "person",
                "verbose_name_plural": "people",
            },
        ),
        migrations.CreateModel(
            name="ProposedGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("zone", "see credentials in a zone"),
                            ("membership", "join a group that sees credentials"),
                            ("permission", "see the credentials of every zone"),
                        ],
                        max_length=12,
                        verbose_name="right",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting for a second administrator"),
                            ("confirmed", "confirmed"),
                            ("declined", "declined"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("ends_at", models.DateTimeField(null=True, verbose_name="ends")),
                (
                    "proposed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="proposed"),
                ),
                (
                    "lapses_at",
                    models.DateTimeField(
                        default=gate.models.proposed_grants.lapse_date, verbose_name="lapses"
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "gate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="gate.zonegate",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="auth.group",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposed_grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "right to be confirmed",
                "verbose_name_plural": "rights to be confirmed",
                "ordering": ["-proposed_at", "-pk"],
            },
        ),
        migrations.RunPython(let_administrators_appoint, migrations.RunPython.noop),
    ]
