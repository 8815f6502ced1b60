"""Mails to be sent, choices of mails, reminders given, and what registers said."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from gate.migrations._append_only import guard


class Migration(migrations.Migration):
    dependencies = [("gate", "0005_privacy")]

    operations = [
        migrations.CreateModel(
            name="MailChoice",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="mail_choice",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("optional_mails", models.BooleanField(default=True, verbose_name="optional mails")),
            ],
            options={"verbose_name": "choice of mails"},
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event", models.CharField(max_length=40)),
                ("details", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("closed_at", models.DateTimeField(null=True)),
                ("given_up", models.BooleanField(default=False)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="gate.verification",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "mail to a person",
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["due_at"],
                        name="gate_notice_due",
                    ),
                    models.Index(fields=["user", "event"], name="gate_notice_user_event"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("register", models.CharField(max_length=80, verbose_name="register")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("found", "found in the register"),
                            ("differs", "differs from the register"),
                            ("not_found", "not in the register"),
                            ("unavailable", "the register could not be asked"),
                        ],
                        max_length=16,
                        verbose_name="result",
                    ),
                ),
                ("detail", models.JSONField(default=dict)),
                ("checked_at", models.DateTimeField(verbose_name="checked")),
                (
                    "verification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="register_checks",
                        to="gate.verification",
                    ),
                ),
            ],
            options={
                "verbose_name": "check in a register",
                "verbose_name_plural": "checks in registers",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("expires_at", models.DateTimeField()),
                ("days", models.PositiveSmallIntegerField()),
                ("given_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="gate.verification",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "constraints": [
                    models.UniqueConstraint(fields=("case", "expires_at", "days"), name="gate_one_reminder")
                ],
            },
        ),
        guard("gate_registercheck"),
    ]
