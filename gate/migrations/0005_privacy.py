"""Erasure of accounts; an audit log that administrators export and that is deleted after three years."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from gate.migrations._append_only import release_old

ADMINISTRATORS = "管理员"


def let_administrators_export(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    content_type, _ = ContentType.objects.get_or_create(app_label="gate", model="auditevent")
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename="export_auditevent",
        defaults={"name": "Can export the audit log"},
    )
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=ADMINISTRATORS)
    group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("gate", "0004_roles")]
    operations = [
        migrations.AlterModelOptions(
            name="auditevent",
            options={
                "ordering": ["-pk"],
                "permissions": [("export_auditevent", "Can export the audit log")],
                "verbose_name": "audit event",
                "verbose_name_plural": "audit events",
            },
        ),
        migrations.AddField(
            model_name="user",
            name="erased_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="erasure_due_at",
            field=models.DateTimeField(db_index=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="erasure_requested_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        # These change no column: on SQLite that would make the table anew, without its triggers.
        migrations.AlterField(
            model_name="auditevent",
            name="action",
            field=models.CharField(max_length=32, verbose_name="what"),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="actor",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who",
            ),
        ),
        migrations.AlterField(
            model_name="auditevent", name="at", field=models.DateTimeField(verbose_name="time")
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="detail",
            field=models.JSONField(default=dict, verbose_name="details"),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="reason",
            field=models.CharField(blank=True, max_length=500, verbose_name="reason"),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="subject",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="whom",
            ),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="target",
            field=models.CharField(blank=True, max_length=80, verbose_name="object"),
        ),
        migrations.AddIndex(model_name="auditevent", index=models.Index(fields=["at"], name="gate_audit_at")),
        release_old("gate_auditevent", "at", days=1095),
        migrations.RunPython(let_administrators_export, migrations.RunPython.noop),
    ]
