"""`bound` is called `requires_consent`; the column of the append-only table keeps its name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gate", "0016_sensitive_consent"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField(
                    model_name="questionnaireversion", old_name="bound", new_name="requires_consent"
                ),
                migrations.AlterField(
                    model_name="questionnaireversion",
                    name="requires_consent",
                    field=models.CharField(db_column="bound", max_length=8),
                ),
            ]
        ),
    ]
