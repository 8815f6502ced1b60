"""Numbers have bounds."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gate", "0014_outgoing_mail")]
    operations = [
        migrations.AddField(
            model_name="question",
            name="minimum",
            field=models.FloatField(blank=True, null=True, verbose_name="smallest number"),
        ),
        migrations.AddField(
            model_name="question",
            name="maximum",
            field=models.FloatField(blank=True, null=True, verbose_name="largest number"),
        ),
        migrations.AddField(
            model_name="question",
            name="whole_number",
            field=models.BooleanField(default=False, verbose_name="whole numbers only"),
        ),
    ]
